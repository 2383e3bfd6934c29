"""Layers with a state or a say over rows, in every way of running a game."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.pace import only
from helpers.small import LARGER, dcgan, images

import keras_gan
from keras_gan import layers
from keras_gan.callbacks import BackupAndRestore
from keras_gan.divergences.batch_dependence import depends_on_batch

ROWS = np.random.default_rng(2).normal(size=(36, 6)).astype("float32")


def spectral():
    inputs = keras.Input((6,))
    hidden = layers.SpectralNormalization(keras.layers.Dense(16, "tanh"))(inputs)
    logits = layers.SpectralNormalization(keras.layers.Dense(1))(hidden)
    return keras.Model(inputs, logits)


def noisy():
    inputs = keras.Input((6,))
    hidden = keras.layers.Dense(16, "tanh")(layers.InstanceNoise(0.5)(inputs))
    return keras.Model(inputs, keras.layers.Dense(1)(hidden))


def compared():
    inputs = keras.Input((6,))
    hidden = layers.MinibatchDiscrimination(4, 3)(keras.layers.Dense(8)(inputs))
    return keras.Model(inputs, keras.layers.Dense(1)(hidden))


def packed():
    """Noise inside the pack: the layer sees half as many rows as the batch has."""
    inputs = keras.Input((12,))
    hidden = keras.layers.Dense(16, "tanh")(layers.InstanceNoise(0.5)(inputs))
    inner = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    return keras_gan.networks.Packed(inner, 2)


def convolved():
    """To features and back: each with a derivative of its own."""
    inputs = keras.Input((6,))
    images = keras.layers.Reshape((3, 2, 1))(inputs)
    hidden = layers.FastConv2D(8, 3, padding="same", activation="tanh")(images)
    hidden = layers.FastConv2DTranspose(2, 3, 2, "same", activation="tanh")(hidden)
    hidden = keras.layers.Flatten()(hidden)
    return keras.Model(inputs, keras.layers.Dense(1)(hidden))


DISCRIMINATORS = {
    "convolutions": convolved,
    "spectral normalization": spectral,
    "instance noise": noisy,
    "minibatch discrimination": compared,
    "packed": packed,
}


def game(kind, strategy=None, **rules):
    keras.utils.clear_session()  # layers named as in another process
    keras.utils.set_random_seed(11)
    with strategy.scope() if strategy else contextlib.nullcontext():
        gan = keras_gan.models.GAN(
            keras_gan.networks.MLPGenerator((6,), latent_dim=4, widths=(16,)),
            DISCRIMINATORS[kind](),
            keras_gan.priors.Normal(4),
            ema_decay=0.9,
            seed=5,
        )
        gan.compile(
            penalties=[keras_gan.penalties.R1(0.5, every=2)],
            generator_optimizer=keras.optimizers.SGD(0.05),
            discriminator_optimizer=keras.optimizers.SGD(0.05),
            **rules,
        )
    return gan


def data():
    return keras_gan.datasets.load(ROWS, 8, seed=3)


def state(gan):
    """All weights and the places of all seeds."""
    return [np.asarray(v) for v in gan.variables]


def play(*arguments, **rules):
    gan = game(*arguments, **rules)
    history = gan.fit(data(), epochs=3, verbose=0).history
    return [*state(gan), *map(np.array, history.values())]


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6 * max(1, abs(a).max()))


@pytest.fixture(scope="module")
def graph():
    known = {}

    def run(kind):
        if kind not in known:
            known[kind] = play(kind)
        return known[kind]

    return run


STATEFUL = ["spectral normalization"]  # a state of its own, besides seeds
WAYS = {"eager": {"run_eagerly": True}, "xla": {"jit_compile": True}}


@pytest.mark.parametrize("way", only(["xla"], WAYS))
@pytest.mark.parametrize("kind", only(STATEFUL, DISCRIMINATORS))
def test_one_trajectory(graph, kind, way):
    assert_same(graph(kind), play(kind, **WAYS[way]))


@pytest.mark.filterwarnings("ignore:evaluate leaves out")
@pytest.mark.parametrize("kind", ["instance noise", "packed"])
def test_the_noise_is_drawn_in_training_and_not_in_evaluation(kind):
    """A step with shared latents calls D on real and fake twice; penalties redraw."""
    gan = game(kind)
    [generator] = [
        layer.seed_generator
        for layer in gan.discriminator._flatten_layers()
        if isinstance(layer, layers.InstanceNoise)
    ]
    gan.fit(data(), verbose=0)  # 4 steps
    assert int(generator.state.numpy()[1]) == 4 * 4
    gan.evaluate(ROWS, verbose=0)
    assert int(generator.state.numpy()[1]) == 4 * 4


SPREAD = [kind for kind in DISCRIMINATORS if "minibatch" not in kind]


@pytest.mark.parametrize("kind", only([*STATEFUL, "packed"], SPREAD))
def test_two_replicas_play_the_game_of_one_device(graph, kind, two_replicas):
    assert_same(graph(kind), play(kind, two_replicas))


@pytest.mark.slow
def test_minibatch_discrimination_compares_the_rows_of_its_replica(graph, two_replicas):
    kind = "minibatch discrimination"
    spread = play(kind, two_replicas)
    assert all(np.isfinite(values).all() for values in spread)
    gaps = [abs(a - b).max() for a, b in zip(graph(kind), spread, strict=True)]
    assert max(gaps) > 1e-3  # as the docstring says


@pytest.mark.slow
@pytest.mark.parametrize("kind", only(STATEFUL, DISCRIMINATORS))
def test_resuming_has_the_same_bits(tmp_path, kind):
    whole = game(kind)
    history = whole.fit(data(), epochs=3, verbose=0).history

    class Break(BackupAndRestore):
        def after_batch(self, batch, logs=None):
            super().after_batch(batch, logs)
            if int(self.model.step.numpy()) == 6:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup = Break(tmp_path, save_freq=1)
        game(kind).fit(data(), epochs=3, verbose=0, callbacks=[backup])
    again = game(kind)
    backup = BackupAndRestore(tmp_path, save_freq=1)
    resumed = again.fit(data(), epochs=3, verbose=0, callbacks=[backup]).history
    for a, b in zip(state(whole), state(again), strict=True):
        np.testing.assert_array_equal(a, b)
    assert history == resumed


@pytest.mark.parametrize("kind", ["spectral normalization", "minibatch discrimination"])
def test_a_loaded_game_goes_on(tmp_path, kind):
    gan = game(kind)
    gan.fit(data(), verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    for one in (gan, loaded):
        one.fit(data(), verbose=0)
    for a, b in zip(gan.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


# Spectral normalization --------------------------------------------------------------


def iterated(kernel, u, times):
    weight = kernel.reshape(-1, kernel.shape[-1]).T.astype("float64")
    for _ in range(times):
        v = weight.T @ u / np.linalg.norm(weight.T @ u)
        u = weight @ v / np.linalg.norm(weight @ v)
    return u


def spectral_layers(network):
    return [x for x in network.layers if isinstance(x, layers.SpectralNormalization)]


@pytest.mark.parametrize("latents", ["shared", "fresh"])
def test_u_moves_in_the_discriminators_turn_only(latents):
    """Two iterations a step, for the real and the fake batch, with the kernel before
    the move: neither the penalty's calls nor the generator's turn count."""
    gan = dcgan(normalization="spectral", latents=latents, penalties=["r1"])
    inside = spectral_layers(gan.discriminator)
    before = [(x.kernel.numpy(), x.u.numpy()) for x in inside]
    gan.train_on_batch(images(8, shape=LARGER))
    for layer, (kernel, u) in zip(inside, before, strict=True):
        assert abs(layer.kernel.numpy() - kernel).max() > 1e-5  # it moved
        expected = iterated(kernel, u, times=2)
        np.testing.assert_allclose(layer.u, expected, atol=1e-5)


@pytest.mark.slow
def test_u_is_the_same_on_every_replica(two_replicas):
    with two_replicas.scope():
        gan = dcgan(normalization="spectral")
    data = tf.data.Dataset.from_tensor_slices(images(20, shape=LARGER)).batch(8)
    gan.fit(data, verbose=0)  # the last batch has 4 rows
    for layer in spectral_layers(gan.discriminator):
        copies = two_replicas.experimental_local_results(layer.u.value)
        np.testing.assert_array_equal(*[np.asarray(copy) for copy in copies])
        assert np.linalg.norm(layer.u.numpy()) == pytest.approx(1, abs=1e-6)


def test_the_logit_of_a_spectral_dcgan_is_its_samples_own(recwarn):
    gan = dcgan(normalization="spectral")
    gan.fit(images(shape=LARGER), batch_size=16, verbose=0)
    assert not depends_on_batch(
        lambda x: gan.discriminate(x, None, training=True), LARGER
    )
    logs = gan.evaluate(images(shape=LARGER), return_dict=True, verbose=0)
    assert "real_accuracy" in logs
    assert not [w for w in recwarn if "accuracy" in str(w.message)]


def test_a_sigmoid_in_the_wrapped_last_layer_is_seen():
    inputs = keras.Input((6,))
    last = layers.SpectralNormalization(keras.layers.Dense(1, "sigmoid"))
    with pytest.raises(ValueError, match="ends in sigmoid"):
        keras_gan.models.GAN(
            keras_gan.networks.MLPGenerator((6,), latent_dim=4),
            keras.Model(inputs, last(inputs)),
            keras_gan.priors.Normal(4),
        )
