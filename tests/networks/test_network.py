"""The base of networks: arguments become attributes and config, or are refused."""

import keras
import numpy as np
import pytest

from keras_gan.networks.network import Network


@keras.saving.register_keras_serializable(package="tests")
class Line(Network):
    """Numbers (batch, width) -> (batch, 1)."""

    def __init__(self, width, use_bias=True, slope=0.5, name=None):
        inputs = keras.Input((int(width),))
        x = keras.layers.LeakyReLU(slope)(inputs)
        outputs = keras.layers.Dense(1, use_bias=use_bias)(x)
        super().__init__(
            inputs,
            outputs,
            name=name,
            width=int(width),
            use_bias=use_bias,
            slope=float(slope),
        )


def test_the_config_has_every_argument_as_checked_in_their_order():
    line = Line("3", slope=1)
    assert list(line.get_config().items()) == [
        ("width", 3),
        ("use_bias", True),
        ("slope", 1.0),
        ("name", "line"),
    ]
    assert isinstance(line.get_config()["slope"], float)
    assert (line.width, line.use_bias, line.slope) == (3, True, 1.0)


def test_it_is_made_again_from_a_file(tmp_path):
    line = Line(2, use_bias=False, slope=0.25, name="mine")
    line.save(tmp_path / "line.keras")
    loaded = keras.saving.load_model(tmp_path / "line.keras")
    assert type(loaded) is Line and loaded.get_config() == line.get_config()
    rows = np.array([[1.0, -2.0]], "float32")
    np.testing.assert_array_equal(loaded(rows), line(rows))
    a, b = line.get_weights()[0][:, 0]
    np.testing.assert_allclose(line(rows), [[a - 0.5 * b]], rtol=1e-6)  # a leak of 1/4


def network(constructor):
    """A subclass with this constructor, which is given a graph to begin from."""
    return type("Mine", (Network,), {"__init__": constructor})


def graph(width):
    inputs = keras.Input((width,))
    return inputs, keras.layers.Dense(1)(inputs)


def forgets(self, width, rate=0.5, name=None):
    Network.__init__(self, *graph(width), name=name, width=width)


def invents(self, width, name=None):
    Network.__init__(self, *graph(width), name=name, width=width, rate=0.5)


def nameless(self, width):
    Network.__init__(self, *graph(width), width=width)


@pytest.mark.parametrize(
    ("constructor", "call", "received"),
    [
        (forgets, "name=name, width=width, rate=rate", "width"),
        (invents, "name=name, width=width", "width, rate"),
        (nameless, "name=name, width=width", "width"),
    ],
    ids=["forgets", "invents", "nameless"],
)
def test_a_config_that_would_not_make_it_again_is_refused_at_once(
    constructor, call, received
):
    with pytest.raises(TypeError) as error:
        network(constructor)(3)
    assert f"super().__init__(inputs, outputs, {call})" in str(error.value)
    assert str(error.value).endswith(f"Received: {received}.")
