"""The reproduction of the first GAN paper's Table 1: networks, protocol and verdict."""

import json
import math
import sys

import keras
import numpy as np
import parzen
import pytest

from keras_gan.metrics.parzen_window import ParzenEstimate


def test_the_networks_are_those_of_the_paper(plain):
    generator = 100 * 1200 + 1200 + 1200 * 1200 + 1200 + 1200 * 784 + 784
    assert parzen.generator().count_params() == generator
    maxout = 784 * 1200 + 1200 + 240 * 1200 + 1200  # 240 units of 5 pieces, twice
    discriminator = parzen.discriminator()
    weights = sum(np.prod(v.shape) for v in discriminator.trainable_variables)
    assert weights == maxout + 240 + 1
    kinds = [type(layer) for layer in discriminator.layers]
    assert kinds.count(keras.layers.Dropout) == 3
    rates = [layer.rate for layer in discriminator.layers if hasattr(layer, "rate")]
    assert rates == [0.2, 0.5, 0.5]


def test_the_discriminator_is_maxout_on_pixels_from_0_to_1():
    generator = np.random.default_rng(0)
    network = parzen.discriminator(units=4, pieces=3)
    weights = [generator.normal(size=w.shape) for w in network.get_weights()]
    network.set_weights(weights)
    images = generator.uniform(-1, 1, size=(5, 28, 28, 1))
    x = (images.reshape(5, 784) + 1) / 2
    for kernel, bias in (weights[:2], weights[2:4]):
        x = (x @ kernel + bias).reshape(5, 4, 3).max(axis=-1)
    expected = x @ weights[4] + weights[5]
    # float32 sums of 784 terms of about 1, thrice
    found = network(images, training=False)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)


@pytest.fixture
def plain(monkeypatch):
    """Images of one brightness each: 2000 held out, of which the last 1000 are odd."""
    brightness = {
        parzen.TEST: np.full(10, 0.3),
        parzen.HELD_OUT: np.repeat([0.2, 0.9], 1000),
        parzen.TRAIN: np.linspace(0, 1, 12),
    }
    monkeypatch.setattr(parzen, "images", lambda split: flat(brightness[split]))


def flat(brightness):
    """Images (n, 28, 28, 1) in [-1, 1] of these pixels in [0, 1]."""
    return np.full((1, 28, 28, 1), 2.0) * np.reshape(brightness, (-1, 1, 1, 1)) - 1


def test_the_generator_starts_at_the_pixels_means(plain, monkeypatch):
    """Where no unit is on, a pixel is its mean: here 0.9 in [0, 1], 0.8 in [-1, 1]."""
    monkeypatch.setattr(parzen, "images", lambda split: flat([0.8, 1.0]))
    network = parzen.generator(widths=(8,))
    kernel, bias, *last = network.get_weights()
    network.set_weights([kernel * 0, bias, *last])
    found = network(np.ones((2, 100)), training=False)
    np.testing.assert_allclose(found, 0.8, atol=1e-6)  # float32
    assert abs(kernel).max() == pytest.approx(0.05, rel=0.05)  # of 800 uniform draws


def test_the_rules_are_those_of_the_papers_code(plain, monkeypatch):
    """Rates after 1000 steps: e^-0.004 of the first ones."""
    monkeypatch.setattr(parzen, "HOW", {"jit_compile": False})
    gan = parzen.game(0)
    optimizers = gan.generator_optimizer, gan.discriminator_optimizer
    rates = [float(optimizer._learning_rate(1000)) for optimizer in optimizers]
    assert rates == pytest.approx([0.1 * 0.996008, 0.05 * 0.996008], rel=1e-5)
    assert [optimizer.momentum for optimizer in optimizers] == [0.5, 0.5]
    assert gan.updates == "simultaneous" and gan.penalties == ()


def test_the_protocol(plain):
    """One black sample: N(0, sigma^2 I), its width chosen by the first 1000 held out.

    They are likeliest under sigma = 0.2, their own deviation, and of the ten widths
    logspace(-1, 0, 10) 10^(-2/3) = 0.215 is likeliest: with the other 1000, whose
    pixels are 0.9, it would be a wider one.
    """
    found = parzen.scored(flat([0.0]))
    sigma = 10 ** (-2 / 3)
    assert found.sigma == pytest.approx(sigma)
    logs = -(0.3**2) / (2 * sigma**2) - math.log(sigma * math.sqrt(2 * math.pi))
    assert found.value == pytest.approx(784 * logs)
    assert found.standard_error == pytest.approx(0, abs=1e-9)  # all alike


def test_sets_that_no_network_made(plain, monkeypatch):
    monkeypatch.setattr(parzen, "SAMPLES", 4)
    sets = list(parzen.no_network())
    assert [samples.shape for _, samples in sets] == [(4, 28, 28, 1)] * 3
    (_, real), (_, blurred), (_, centres) = sets
    np.testing.assert_array_equal(real, parzen.images(parzen.TRAIN)[:4])
    # Far from the border an even image stays as it is; black flows in from outside.
    np.testing.assert_allclose(blurred[:, 14, 14], real[:, 14, 14], atol=1e-9)
    assert np.all(blurred[1:, 0, 0] < real[1:, 0, 0])
    assert len(np.unique(centres[:, 0, 0])) == 4


def test_what_counts_as_a_miss():
    assert parzen.verdict([220.0, 226.0]).holds  # a mean of 223
    claim = parzen.verdict([219.9, 226.0])
    assert not claim.holds
    assert claim.ours == "222.9 (219.9 to 226.0)" and claim.seeds == 2
    assert claim.published == "225 ± 2"


@pytest.fixture
def short(plain, monkeypatch, tmp_path):
    """Small networks, uncompiled, on 12 images; a function that runs the command."""
    monkeypatch.setattr(parzen, "HOW", {"jit_compile": False})
    monkeypatch.setattr(parzen, "SAMPLES", 4)
    monkeypatch.setattr(parzen, "BATCH_SIZE", 6)
    generator, discriminator = parzen.generator, parzen.discriminator
    monkeypatch.setattr(parzen, "generator", lambda: generator(widths=(8,)))
    monkeypatch.setattr(parzen, "discriminator", lambda: discriminator(units=4))
    data = parzen.images(parzen.TRAIN).astype("float32")
    load = parzen.datasets.load
    monkeypatch.setattr(
        parzen.datasets,
        "load",
        lambda _, size, split, seed: load(data, size, seed=seed),
    )

    def command(*options):
        arguments = ["parzen.py", "--folder", str(tmp_path), "--seeds", "1", *options]
        monkeypatch.setattr(sys, "argv", [*arguments, "--epochs", "2"])
        parzen.main()

    return command


def test_a_run_is_kept_and_not_played_again(short, tmp_path, monkeypatch, capsys):
    with pytest.raises(SystemExit, match="is below 223"):  # two epochs are few
        short()
    path = tmp_path / "seed0-epochs2.json"
    kept = ParzenEstimate(**json.loads(path.read_text()))
    assert path.with_suffix(".png").exists()
    monkeypatch.setattr(parzen, "play", None)
    with pytest.raises(SystemExit, match=f"{kept.value:.1f}, is below 223"):
        short()
    with pytest.raises(TypeError):  # another seed has not been played
        short("--seeds", "2")
    path.write_text(json.dumps(kept._replace(value=225.0)._asdict()))
    capsys.readouterr()
    short()
    assert "| adversarial nets, seed 0 | 225.0 ±" in capsys.readouterr().out


@pytest.mark.slow
def test_a_stopped_run_goes_on_where_it_was(short, tmp_path, monkeypatch):
    class StoppedError(Exception):
        pass

    class Backup(parzen.keras_gan.callbacks.BackupAndRestore):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                raise StoppedError
            super().on_epoch_begin(epoch, logs)

    whole = parzen.play(0, 2, tmp_path / "whole")
    with monkeypatch.context() as patch, pytest.raises(StoppedError):
        patch.setattr(parzen.keras_gan.callbacks, "BackupAndRestore", Backup)
        parzen.play(0, 2, tmp_path / "stopped")
    saved = tmp_path / "stopped" / "checkpoints" / "seed0-epochs2"
    assert [path.name for path in saved.glob("step-*")] == ["step-000000002"]
    resumed = parzen.play(0, 2, tmp_path / "stopped")
    np.testing.assert_allclose(resumed, whole, atol=1e-6)  # float32, summed by threads
