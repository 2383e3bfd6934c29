"""The reproduction of WGAN-GP's scores by a LeNet."""

import sys

import keras
import lenet_wgan_gp as reproduction
import numpy as np
import pytest

from keras_gan.saving import zoo


def test_the_lenet_is_the_papers():
    network = reproduction.lenet()
    convolutions = (25 + 1) * 32 + (25 * 32 + 1) * 64
    assert network.count_params() == convolutions + (49 * 64 + 1) * 512 + 513 * 10
    biases = [v for v in network.trainable_variables if "bias" in v.path]
    assert [np.unique(v).tolist() for v in biases] == [
        [0.0],
        *[[pytest.approx(0.1)]] * 3,
    ]
    kernel = np.asarray(network.get_layer("features").kernel)
    assert abs(kernel).max() <= 0.2 + 1e-6  # cut off at two deviations
    # 5e-4 times half the sum of squares, of the last two layers
    squares = sum(np.square(v).sum() for v in network.trainable_variables[4:])
    assert float(sum(network.losses)) == pytest.approx(2.5e-4 * squares, rel=1e-5)


def test_features_and_logits_are_those_of_the_network():
    keras.utils.set_random_seed(0)
    network = reproduction.lenet()
    pixels = np.random.default_rng(0).integers(256, size=(5, 28, 28, 1))
    features, logits = reproduction.seen(network, (pixels / 127.5 - 1).astype("f4"))
    assert features.shape == (5, 512) and features.min() >= 0
    expected = network(pixels / 255 - 0.5, training=False)
    np.testing.assert_allclose(logits, expected, atol=1e-3)  # of numbers up to 50


def test_a_lenet_learns(monkeypatch):
    monkeypatch.setattr(reproduction, "HELD_OUT", 64)
    classes = np.arange(320) % 2
    images = np.full((320, 28, 28, 1), -1.0, "f4")
    images[classes == 1, 4:10] = images[classes == 0, 18:24] = 1.0
    network = reproduction.trained(images, classes, seed=0, epochs=3)
    _, logits = reproduction.seen(network, images[:64])  # held out
    assert (np.argmax(logits, axis=1) == classes[:64]).all()


def rows_of(count, seed):
    return list(reproduction.resamplings(count, seed))


def test_the_score_is_the_mean_over_resamplings():
    classes = np.arange(60) % 3
    logits = 1000 * np.eye(10)[classes]  # sure: the score is exp(H(shares))
    expected = []
    for rows in rows_of(60, seed=1):
        shares = np.bincount(classes[rows], minlength=3) / 60
        expected.append(np.exp(-(shares * np.log(shares)).sum()))
    assert len(expected) == 10 and np.std(expected) > 0
    found = reproduction.resampled_score(logits, seed=1)
    assert found == pytest.approx(np.mean(expected))


def test_the_distance_is_the_mean_over_resamplings_of_both():
    generator = np.random.default_rng(0)
    features, reference = generator.normal(1, 2, 50), generator.normal(0, 1, 80)
    expected = []
    pairs = zip(rows_of(50, 3), rows_of(80, 1_000_003), strict=True)
    for one, other in ((features[a], reference[b]) for a, b in pairs):
        means = one.mean() - other.mean()
        deviations = one.std(ddof=1) - other.std(ddof=1)
        expected.append(means**2 + deviations**2)
    found = reproduction.resampled_distance(features[:, None], reference[:, None], 3)
    assert found == pytest.approx(np.mean(expected))


def with_ratios(score, distance):
    return reproduction.Scored(0.99, (score, 1.0), (distance, 1.0))


@pytest.mark.parametrize(
    ("found", "verdicts"),
    [
        ([with_ratios(0.94, 1.5)], [True, True]),
        ([with_ratios(0.93, 1.5)], [False, True]),
        ([with_ratios(0.94, 1.61)], [True, False]),
        ([with_ratios(0.92, 1.9), with_ratios(0.95, 1.2)], [True, True]),
        ([with_ratios(0.94, 1.5), with_ratios(0.92, 1.8)], [False, False]),
    ],
    ids=["both", "score", "distance", "means hold", "means miss"],
)
def test_the_verdicts(found, verdicts):
    made = reproduction.claims(found)
    assert [claim.holds for claim in made] == verdicts
    assert [claim.published[:5] for claim in made] == ["0.933", "1.61 "]


@pytest.mark.parametrize("name", ["mlp", "wgan_gp_mist"])
def test_a_preset_without_weights_is_an_error_at_once(name, monkeypatch):
    monkeypatch.setattr(reproduction, "PRESET", name)
    monkeypatch.setattr(reproduction, "images_of", None)
    monkeypatch.setattr(sys, "argv", ["lenet_wgan_gp.py"])
    with pytest.raises(SystemExit, match=f"nothing to score.*{name}"):
        reproduction.main()


def test_the_samples_are_the_presets(monkeypatch):
    monkeypatch.setattr(reproduction, "PRESET", "mlp_digits")
    monkeypatch.setattr(reproduction, "SAMPLES", 7)
    assert "mlp_digits" in zoo.names()
    assert reproduction.samples().shape == (7, 8, 8, 1)


def test_worse_than_the_paper_is_an_error(monkeypatch, capsys):
    found = {0: with_ratios(0.95, 1.4), 1: with_ratios(0.95, 1.6)}
    images = (np.zeros(1), np.zeros(1))
    monkeypatch.setattr(reproduction, "samples", lambda: None)
    monkeypatch.setattr(reproduction, "images_of", lambda split: images)
    monkeypatch.setattr(reproduction, "trained", lambda *given: None)
    monkeypatch.setattr(reproduction, "scored", lambda *given: found[given[-1]])
    monkeypatch.setattr(
        sys, "argv", ["lenet_wgan_gp.py", "--seeds", "2", "--epochs", "2"]
    )
    reproduction.main()
    shown = capsys.readouterr().out
    assert (
        "| seed 1, 2 epochs | 99.00% | 0.95 / 1.00 | 0.950 | 1.6 / 1 | 1.60 |" in shown
    )
    assert "| the paper's, 10 epochs |  | 9.12 / 9.78 | 0.933 |" in shown
    found[1] = with_ratios(0.95, 1.9)
    with pytest.raises(SystemExit, match="Worse than the paper.*Frechet.*1.65"):
        reproduction.main()
