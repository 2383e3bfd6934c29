"""The keys of a model's variables: words, alike in every process, and by name."""

import os
import re

import keras
import numpy as np
import pytest
from helpers.small import SHAPE, assert_equal, images, mlp

from keras_gan import callbacks, models, networks, priors
from keras_gan.saving import checkpoints, hubs, keys, zoo


def path_of(name):
    return os.path.join(zoo.folder(), name)


READY = [name for name in zoo.names() if hubs.METADATA in os.listdir(path_of(name))]


@pytest.mark.parametrize("name", READY)
def test_networks_of_the_package_name_every_layer_that_has_variables(name):
    one, other = (models.GAN.from_preset(name) for _ in range(2))
    first, second = keys.of_model(one), keys.of_model(other)
    assert list(first) == list(second)
    assert not any(map(keys.has_numbered_layers, one.networks().values()))
    # all that there is, each once
    everything = [*one.variables, *one.generator_optimizer.variables]
    everything += one.discriminator_optimizer.variables
    everything += [v for tracker in one.trackers for v in tracker.variables]
    assert {id(v) for v in first.values()} == {id(v) for v in everything}
    assert len(first) == len({id(v) for v in everything})
    for key, variable in first.items():
        assert second[key].shape == variable.shape


def test_a_key_says_player_network_layer_and_variable():
    gan = mlp(ema_decay=0.9)
    found = keys.of_model(gan)
    assert {
        "generator/generator/hidden_1/kernel",
        "discriminator/discriminator/logits/bias",
        "average/generator/hidden_1/kernel",
        "model/step",
        "generator_optimizer/iteration",
        "generator_optimizer/velocity/generator/generator/hidden_1/kernel",
        "metrics/d_loss/total",
    } <= set(found)
    kernel = gan.generator.get_layer("hidden_1").kernel
    assert found["generator/generator/hidden_1/kernel"] is kernel
    slot = found["generator_optimizer/velocity/generator/generator/hidden_1/kernel"]
    place = gan.generator.trainable_variables.index(kernel)
    assert slot is gan.generator_optimizer.variables[2 + 2 * place + 1]


class Inner(keras.layers.Layer):
    def __init__(self, **options):
        super().__init__(**options)
        self.first = keras.layers.Dense(2)
        self.second = keras.layers.Dense(2, name="own")
        self.drop = keras.layers.Dropout(0.5)

    def call(self, inputs):
        return self.drop(self.second(self.first(inputs)))


def test_layers_within_layers_have_paths():
    inputs = keras.Input((2,))
    network = keras.Model(inputs, Inner(name="block")(Inner()(inputs)))
    found = list(keys.of_network(network))
    assert found == [
        *("0.inner/first/kernel", "0.inner/first/bias"),
        *("0.inner/own/kernel", "0.inner/own/bias"),
        "0.inner/drop/seed_generator_state",
        *("block/first/kernel", "block/first/bias"),
        *("block/own/kernel", "block/own/bias"),
        "block/drop/seed_generator_state",
    ]


class Holding(keras.layers.Layer):
    """Layers in a list, a dict, twice, by Keras' own wrapper, and in a tuple."""

    def __init__(self):
        super().__init__(name="holder")
        self.blocks = [keras.layers.Dense(2), keras.layers.Dense(2, name="named")]
        self.heads = {"score": keras.layers.Dense(1), "pair": (keras.layers.Dense(1),)}
        self.again = self.blocks[0]
        self.wrapped = keras.layers.TimeDistributed(keras.layers.Dense(2))

    def call(self, inputs):
        for block in self.blocks:
            inputs = block(inputs)
        rows = self.wrapped(inputs[:, None])[:, 0]
        return self.heads["score"](rows) + self.heads["pair"][0](rows)


def test_unnamed_layers_in_a_class_of_ones_own_have_the_names_of_its_attributes():
    layer = Holding()
    layer(np.zeros((1, 2), "float32"))
    inputs = keras.Input((2,))
    network = keras.Model(inputs, layer(inputs))
    found = [key for key in keys.of_network(network) if key.endswith("kernel")]
    assert found == [
        "holder/again/kernel",
        "holder/named/kernel",
        "holder/heads.score/kernel",
        "holder/heads.pair.0/kernel",
        "holder/wrapped/layer/kernel",
    ]
    assert not keys.has_numbered_layers(network)


class Unnamed(keras.Model):
    """`TwoLayers` without names of their own."""

    def __init__(self, b_first=False):
        super().__init__(name="unnamed")
        for name in "ba" if b_first else "ab":
            setattr(self, name, keras.layers.Dense(4))
        self.last = keras.layers.Dense(1)

    def call(self, inputs):
        return self.last(self.a(inputs) - self.b(inputs))

    def get_config(self):
        return {}


def numbered(name):
    """The number of a layer that Keras has numbered."""
    return int((re.search(r"_(\d+)$", name) or ["", "0"])[1])


class TwoLayers(keras.Model):
    """x -> last(a(x) - b(x)), where the code can make b first."""

    def __init__(self, b_first=False):
        super().__init__(name="two_layers")
        for name in "ba" if b_first else "ab":
            setattr(self, name, keras.layers.Dense(4, name=name))
        self.last = keras.layers.Dense(1, name="logits")

    def call(self, inputs):
        return self.last(self.a(inputs) - self.b(inputs))

    def get_config(self):
        return {}


def of_two_layers(b_first=False, kind=TwoLayers):
    network = kind(b_first)
    network(np.zeros((1, 4), "float32"))
    return network


def of_unnamed_layers(apart=True):
    """Two layers side by side, or one behind the other; the shapes are the same."""
    inputs = keras.Input((4,))
    first = keras.layers.Dense(4)(inputs)
    second = keras.layers.Dense(4)(inputs if apart else first)
    last = keras.layers.Dense(1)(keras.layers.Subtract()([first, second]))
    return keras.Model(inputs, last)


def game(discriminator):
    gan = models.GAN(
        networks.MLPGenerator((4,), latent_dim=2, widths=(3,)),
        discriminator,
        priors.Normal(2),
    )
    gan.compile()
    return gan


ROWS = np.random.default_rng(0).normal(size=(16, 4)).astype("float32")


def play(gan, folder, epochs):
    backup = callbacks.BackupAndRestore(folder)
    gan.fit(ROWS, batch_size=4, epochs=epochs, verbose=0, callbacks=[backup])


def weights_of(gan, name):
    layer = getattr(gan.discriminator, name)
    return [np.asarray(v) for v in layer.weights]


@pytest.mark.filterwarnings("ignore:.*resumed by this script only")
@pytest.mark.parametrize("kind", [TwoLayers, Unnamed])
def test_layers_that_change_places_in_the_code_are_matched_by_name(tmp_path, kind):
    """By their own, or where they have none by that of their attribute."""
    gan = game(of_two_layers(kind=kind))
    play(gan, tmp_path, epochs=1)
    again = game(of_two_layers(b_first=True, kind=kind))
    assert again.discriminator.weights[0] is again.discriminator.b.kernel
    assert not np.array_equal(weights_of(gan, "a")[0], weights_of(gan, "b")[0])
    play(again, tmp_path, epochs=1)  # nothing is left to train
    for name in ("a", "b"):
        assert_equal(weights_of(gan, name), weights_of(again, name))
    # Adam's moments went with them: both go on to the same bits.
    for one in (gan, again):
        one.fit(ROWS, batch_size=4, verbose=0)
    for name in ("a", "b", "last"):
        assert_equal(weights_of(gan, name), weights_of(again, name))


def test_unnamed_layers_go_by_their_place_whatever_keras_numbers_them(tmp_path):
    gan = game(of_unnamed_layers())
    play(gan, tmp_path, epochs=1)
    for _ in range(5):  # the numbers of another process
        keras.layers.Dense(1)
    again = game(of_unnamed_layers())
    first, second = (
        [numbered(layer.name) for layer in one.discriminator.layers]
        for one in (gan, again)
    )
    assert first != second
    play(again, tmp_path, epochs=1)
    assert_equal(gan.discriminator.get_weights(), again.discriminator.get_weights())


def test_another_graph_of_unnamed_layers_is_refused(tmp_path):
    one, other = of_unnamed_layers(), of_unnamed_layers(apart=False)
    assert [v.shape for v in one.variables] == [v.shape for v in other.variables]
    assert keys.fingerprint(one) == keys.fingerprint(of_unnamed_layers())
    assert keys.fingerprint(one) != keys.fingerprint(other)
    gan = game(one)
    play(gan, tmp_path, epochs=1)
    _, manifest = checkpoints.newest(tmp_path)
    with pytest.raises(ValueError, match="discriminator that have no names"):
        checkpoints.check_graphs(game(other), manifest)
    checkpoints.check_graphs(game(of_unnamed_layers()), manifest)
    with pytest.raises(ValueError, match="belongs to another run"):
        play(game(of_unnamed_layers(apart=False)), tmp_path, epochs=1)


def test_what_is_missing_or_of_another_shape_is_named(tmp_path):
    gan = game(of_unnamed_layers())
    play(gan, tmp_path, epochs=1)
    arrays = checkpoints.load(checkpoints.newest(tmp_path)[0])
    before = gan.get_weights()
    key = "discriminator/discriminator/0.dense/kernel"
    for wrong, said in (
        ({k: v for k, v in arrays.items() if k != key}, key),
        (
            {**arrays, key: arrays[key][:2]},
            r"0.dense/kernel of shape \(2, 4\), not \(4, 4\)",
        ),
        ({**arrays, "more": arrays[key]}, "more"),
    ):
        with pytest.raises(ValueError, match=said):
            checkpoints.restore(gan, wrong)
    assert_equal(before, gan.get_weights())


def test_the_keys_are_those_of_every_run(tmp_path):
    """A stored form: who changes it changes `run_folders.FORMAT`."""
    gan = mlp()
    gan.fit(
        images(shape=SHAPE),
        verbose=0,
        callbacks=[callbacks.BackupAndRestore(tmp_path)],
    )
    path, manifest = checkpoints.newest(tmp_path)
    assert set(checkpoints.load(path)) == set(keys.of_model(gan))
    assert manifest["format"] == 2 and manifest["graphs"] == {}
