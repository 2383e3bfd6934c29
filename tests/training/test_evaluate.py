"""`evaluate` and `sample` are functions of weights, data and seed."""

import keras
import numpy as np
import pytest
from helpers.small import LARGER, dcgan, images, mlp

import keras_gan
from keras_gan.core.randomness import seed_of
from keras_gan.training import checks


@keras.saving.register_keras_serializable("tests")
class MeanGap(keras.metrics.Metric):
    """E real - E fake, of all pixels."""

    def __init__(self, name="mean_gap", **kwargs):
        super().__init__(name=name, **kwargs)
        self.gap = self.add_variable((), "zeros")
        self.rows = self.add_variable((), "zeros")

    def update_state(self, real, fake):
        self.gap.assign_add(keras.ops.sum(real) - keras.ops.sum(fake))
        self.rows.assign_add(keras.ops.cast(keras.ops.shape(real)[0], "float32"))

    def result(self):
        return self.gap / self.rows

    def reset_state(self):
        self.gap.assign(0.0)
        self.rows.assign(0.0)


@pytest.fixture(scope="module")
def gan():
    gan = mlp(metrics=[MeanGap()], loss="least_squares", penalties=["r1"])
    gan.fit(images(), batch_size=16, epochs=2, verbose=0)
    return gan


def softmean(loss, *logits):
    return float(loss(*[keras.ops.concatenate(group) for group in logits]))


def test_evaluate_equals_its_definition(gan):
    data = images(40, seed=5)
    found = gan.evaluate(data, batch_size=16, return_dict=True, verbose=0)
    real, fake, gap = [], [], 0.0
    for batch, start in enumerate((0, 16, 32)):  # the last batch holds 8
        rows = data[start : start + 16]
        latents = gan.prior(len(rows), seed_of(gan.seed, "evaluate", batch))
        drawn = gan.ema_generator(latents, training=False)
        real.append(gan.discriminator(rows, training=False))
        fake.append(gan.discriminator(drawn, training=False))
        gap += float(rows.sum() - np.asarray(drawn).sum())
    real, fake = np.concatenate(real), np.concatenate(fake)
    assert found["d_loss"] == pytest.approx(
        float(gan.loss.discriminator_loss(real, fake)), rel=1e-5
    )
    assert found["g_loss"] == pytest.approx(
        float(gan.loss.generator_loss(real, fake)), rel=1e-5
    )
    assert found["real_score"] == pytest.approx(real.mean(), rel=1e-4)
    assert found["real_accuracy"] == pytest.approx((real > 0.5).mean())
    assert found["mean_gap"] == pytest.approx(gap / 40, rel=1e-4)
    assert "r1" not in found
    assert found == gan.evaluate(data, batch_size=16, return_dict=True, verbose=0)


def test_evaluate_changes_nothing(gan):
    before = gan.get_weights()
    gan.evaluate(images(), verbose=0)
    for a, b in zip(before, gan.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_validation_is_logged_and_the_best_can_be_kept(tmp_path):
    gan = mlp(metrics=[MeanGap()])
    best = keras.callbacks.ModelCheckpoint(
        str(tmp_path / "best.keras"),
        monitor="val_mean_gap",
        mode="min",
        save_best_only=True,
    )
    history = gan.fit(
        images(),
        batch_size=16,
        epochs=2,
        verbose=0,
        validation_data=images(seed=9),
        callbacks=[best, keras.callbacks.EarlyStopping("val_d_loss", mode="min")],
    ).history
    assert {"val_d_loss", "val_g_loss", "val_mean_gap"} <= set(history)
    loaded = keras.saving.load_model(tmp_path / "best.keras")
    assert loaded.evaluation_metrics[0].name == "mean_gap"


def test_a_logit_that_depends_on_its_batch_has_no_accuracy():
    gan = dcgan(normalization="batch")
    with pytest.warns(UserWarning, match="depends on the rest of its batch"):
        logs = gan.evaluate(images(shape=LARGER), return_dict=True, verbose=0)
    assert set(logs) == {"d_loss", "g_loss", "real_score", "fake_score"}


@pytest.mark.parametrize("normalization", ["layer", None])
def test_a_logit_of_its_own_has_an_accuracy(normalization, recwarn):
    gan = dcgan(normalization=normalization)
    logs = gan.evaluate(images(shape=LARGER), return_dict=True, verbose=0)
    assert {"real_accuracy", "fake_accuracy"} <= set(logs)
    assert not [w for w in recwarn if "accuracy" in str(w.message)]


def test_dropout_is_not_taken_for_batch_dependence(recwarn):
    logs = mlp(dropout=0.5).evaluate(images(), return_dict=True, verbose=0)
    assert "real_accuracy" in logs


def test_sample_is_a_function_of_its_seed(gan):
    images = gan.sample(20, seed=4)
    assert images.shape == (20, 8, 8, 1) and images.dtype == np.float32
    assert np.abs(images).max() <= 1
    np.testing.assert_array_equal(images, gan.sample(20, seed=4))
    # batches of other sizes may round sums of 12 terms otherwise
    np.testing.assert_allclose(images, gan.sample(20, 4, batch_size=7), atol=1e-6)
    np.testing.assert_allclose(images[:5], gan.sample(5, seed=4), atol=1e-6)
    assert not np.allclose(images, gan.sample(20, seed=5))
    assert not np.allclose(gan.sample(2), gan.sample(2))


@pytest.mark.parametrize(
    ("shape", "batch"),
    [((2,), 4096), ((28, 28, 1), 2674), ((64, 64, 3), 170), ((2048, 2048, 1), 1)],
    ids=["vectors", "MNIST", "64 x 64", "one too large"],
)
def test_batches_of_two_million_numbers(shape, batch, monkeypatch):
    networks = keras_gan.networks
    gan = keras_gan.models.GAN(
        networks.MLPGenerator((2,), 2),
        networks.MLPDiscriminator((2,)),
        keras_gan.priors.Normal(2),
    )
    monkeypatch.setattr(checks, "output_shape", lambda network: (None, *shape))
    sizes = []

    def draw(latents, condition):
        sizes.append(len(latents))
        return latents

    monkeypatch.setattr(gan._drawing, "_draw", draw)
    images = gan.sample(5000, seed=0)
    assert images.shape == (5000, 2) and sum(sizes) == 5000
    assert max(sizes) == batch


def test_sample_call_and_predict_use_the_average(gan):
    latents = gan.prior(6, seed_of(4, "sample"))
    expected = np.asarray(gan.ema_generator(latents, training=False))
    np.testing.assert_allclose(gan.sample(6, seed=4), expected, atol=1e-6)
    np.testing.assert_allclose(gan(latents), expected, atol=1e-6)
    np.testing.assert_allclose(gan.predict(latents, verbose=0), expected, atol=1e-6)
    raw = np.asarray(gan.generator(latents, training=False))
    assert not np.allclose(raw, expected)


def test_without_an_average_the_generator_draws():
    gan = mlp(ema_decay=None)
    latents = gan.prior(6, seed_of(4, "sample"))
    np.testing.assert_allclose(
        gan.sample(6, seed=4), gan.generator(latents, training=False), atol=1e-6
    )


def test_the_average_warms_up():
    gan = mlp(ema_decay=0.999, generator_optimizer=keras.optimizers.SGD(0.5))
    average = [v.numpy() for v in gan.ema_generator.weights]
    data = keras_gan.datasets.load(images(), 16)
    for t, batch in enumerate(data):
        gan.train_on_batch(batch)
        decay = min(0.999, (1 + t) / (10 + t))
        current = [v.numpy() for v in gan.generator.weights]
        average = [
            decay * a + (1 - decay) * c for a, c in zip(average, current, strict=True)
        ]
    for a, b in zip(average, gan.ema_generator.weights, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
