"""One logit for m samples: which samples, which penalty, which batches."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gan
from keras_gan import losses, penalties
from keras_gan.core import gradients
from keras_gan.networks import (
    DCGANDiscriminator,
    MLPDiscriminator,
    MLPGenerator,
    Packed,
)

ROWS = np.random.default_rng(0).normal(size=(24, 2)).astype("float32")


def game(pack_size, loss="non_saturating", **rules):
    gan = keras_gan.models.GAN(
        MLPGenerator((2,), latent_dim=3, widths=(8,)),
        Packed(MLPDiscriminator((2 * pack_size,), widths=(8,)), pack_size),
        keras_gan.priors.Normal(3),
    )
    gan.compile(loss=loss, **rules)
    return gan


@pytest.mark.parametrize("pack_size", [1, 2, 3])
def test_logits_of_vectors(pack_size):
    inner = MLPDiscriminator((2 * pack_size,), widths=(8,))
    logits = Packed(inner, pack_size)(ROWS)
    expected = inner(ROWS.reshape(-1, 2 * pack_size))
    np.testing.assert_array_equal(logits, expected)


def test_logits_of_images_of_many_channels():
    images = np.random.default_rng(0).normal(size=(8, 8, 8, 3)).astype("float32")
    inner = DCGANDiscriminator((8, 8, 12), filters=2, normalization=None)
    joined = np.stack([np.concatenate(images[i : i + 4], axis=-1) for i in (0, 4)])
    np.testing.assert_allclose(Packed(inner, 4)(images), inner(joined), atol=1e-6)


def test_r1_is_the_mean_over_samples_of_the_slope_by_each():
    """D(x_1, x_2) = a.x_1 + b.x_2: half the pack's |a|^2 + |b|^2, times gamma/2."""
    packed = Packed(MLPDiscriminator((4,), widths=()), 2)
    weights = np.array([1.0, 2.0, 3.0, 4.0], "float32")
    packed.discriminator.layers[-1].kernel.assign(weights[:, None])
    found = penalties.R1(gamma=6.0)(packed, tf.constant(ROWS), None, None)
    assert float(found) == pytest.approx(6 / 2 * (1 + 4 + 9 + 16) / 2)


def test_a_pack_of_one_is_the_plain_game():
    weights = []
    for discriminator in (
        lambda: MLPDiscriminator((2,), widths=(8,)),
        lambda: Packed(MLPDiscriminator((2,), widths=(8,)), 1),
    ):
        keras.utils.set_random_seed(5)
        gan = keras_gan.models.GAN(
            MLPGenerator((2,), 3, widths=(8,)),
            discriminator(),
            keras_gan.priors.Normal(3),
        )
        gan.compile(penalties=["r1"])
        gan.fit(ROWS, batch_size=8, epochs=2, verbose=0)
        weights.append(gan.get_weights())
    for a, b in zip(*weights, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_a_game_is_judged_without_accuracies():
    gan = game(3, penalties=["r1"])
    history = gan.fit(ROWS, batch_size=12, epochs=2, verbose=0).history
    assert np.isfinite(history["d_loss"]).all()
    with pytest.warns(UserWarning, match="packing"):
        logs = gan.evaluate(ROWS, batch_size=6, return_dict=True, verbose=0)
    assert set(logs) == {"d_loss", "g_loss", "real_score", "fake_score"}


@pytest.mark.parametrize("pack_size", [1, 4])
def test_a_pack_shows_a_collapse_that_a_sample_does_not(pack_size):
    """Data are +-1 at equal shares, a collapsed model always says +1.

    Of the data's packs the share s, about 2^-m, looks like the model's: there D =
    s/(1 + s), elsewhere D = 1, so the best loss is s log((1 + s)/s) + log(1 + s). It is
    0.955 for single samples and 0.24 for packs of four: a game that is all but lost.
    """
    real = np.random.default_rng(1).choice([-1.0, 1.0], (4096, 1)).astype("float32")
    packed = Packed(MLPDiscriminator((pack_size,), widths=(32,)), pack_size)
    variables = packed.trainable_variables
    optimizer = keras.optimizers.Adam(0.02)
    optimizer.build(variables)

    @tf.function
    def step():
        tape = gradients.tape_of(variables)
        with tape:
            logits = packed(real), packed(np.ones_like(real))
            loss = losses.NonSaturating().discriminator_loss(*logits)
        optimizer.apply(gradients.by_variables(tape, loss, variables), variables)
        return loss

    for _ in range(400):
        loss = step()
    s = np.mean(real.reshape(-1, pack_size).min(axis=1) > 0)
    best = s * np.log((1 + s) / s) + np.log(1 + s)
    assert best - 1e-4 < float(loss) < best + 0.01


NOT_WHOLE = {
    "array": (ROWS, {"batch_size": 8}, "multiple of 3"),
    "dataset": (
        tf.data.Dataset.from_tensor_slices(ROWS).batch(8),
        {},
        "batches of 8, but the discriminator packs 3",
    ),
}


@pytest.mark.parametrize("name", NOT_WHOLE)
def test_batches_that_hold_no_whole_packs_are_refused_before_the_first_step(name):
    data, options, message = NOT_WHOLE[name]
    gan = game(3)
    with pytest.raises(ValueError, match=message):
        gan.fit(data, verbose=0, **options)
    assert int(gan.step.numpy()) == 0


@pytest.mark.filterwarnings("ignore:evaluate leaves out")
def test_a_smaller_last_batch():
    gan = game(3)
    with pytest.raises(ValueError, match="of 9, the last one of 5"):
        gan.evaluate(ROWS[:14], batch_size=9, verbose=0)
    gan.fit(ROWS[:14], batch_size=9, verbose=0)  # which leaves it out
    data = tf.data.Dataset.from_tensor_slices(ROWS[:14]).batch(9)
    with pytest.raises(tf.errors.InvalidArgumentError, match="multiple of 3"):
        gan.fit(data, verbose=0)


@pytest.mark.filterwarnings("ignore:evaluate leaves out")
def test_replicas_need_whole_packs_each(two_replicas):
    with two_replicas.scope():
        gan = game(2)
    with pytest.raises(ValueError, match="on each of 2 replicas.*multiple of 4"):
        gan.fit(ROWS, batch_size=6, verbose=0)
    with pytest.raises(ValueError, match="the last one of 8"):
        gan.evaluate(ROWS, batch_size=16, verbose=0)
    gan.fit(ROWS, batch_size=8, verbose=0)


def test_it_is_loaded_with_its_weights(tmp_path):
    gan = game(2)
    gan.fit(ROWS, batch_size=8, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert isinstance(loaded.discriminator, Packed)
    np.testing.assert_array_equal(gan.discriminator(ROWS), loaded.discriminator(ROWS))
    gan.save_to_preset(tmp_path / "preset")
    again = keras_gan.models.GAN.from_preset(tmp_path / "preset")
    np.testing.assert_array_equal(gan.discriminator(ROWS), again.discriminator(ROWS))


def conditional():
    inputs = keras.Input((4,)), keras.Input((1,))
    both = keras.layers.Concatenate()(inputs)
    return keras.Model(inputs, keras.layers.Dense(1)(both))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Packed(MLPDiscriminator((3,)), 2), "Received: one that takes 3"),
        (lambda: Packed(MLPDiscriminator((4,)), 0), "pack_size=0"),
        (lambda: Packed(conditional(), 2), "one input"),
        (lambda: Packed("mlp", 2), "Received: 'mlp'"),
    ],
    ids=["width", "no sample", "two inputs", "no network"],
)
def test_what_it_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_generator_of_whole_packs_is_refused_by_the_game():
    with pytest.raises(ValueError, match=r"\(4,\), but the discriminator takes \(2,\)"):
        keras_gan.models.GAN(
            MLPGenerator((4,), 3),
            Packed(MLPDiscriminator((4,)), 2),
            keras_gan.priors.Normal(3),
        )
