"""Self-attention over the positions of feature maps."""

from typing import Any

import keras
from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Config, Tensor
from keras_gan.layers.spectral_normalization import SpectralNormalization


@register
class SelfAttention(keras.layers.Layer):
    """Self-attention: each position of a feature map takes from all the others.

    y_j = x_j + gamma W_v sum_i beta_ji h(x_i), beta_ji = softmax_i(f(x_i) . g(x_j)),

    with f, g, h and W_v linear, without biases (Zhang et al., 2019, SAGAN). gamma
    starts at 0: the layer begins as the identity and learns to look further. As in the
    authors' code f and g have an eighth of the C channels and h half of them, and f and
    h are the largest values of squares of 2 x 2: i counts a quarter of the positions.

    A sample looks at itself only, so a logit stays its own. Memory grows with the
    square of the number of positions: (h w)^2 / 4 weights a sample.

    Args:
        normalization: "spectral" for weights divided by their spectral norm, in
            discriminators (`layers.SpectralNormalization`; the authors have it in both
            networks), or None.
        **kwargs: `name`, `dtype`, `trainable`.

    Input and output (batch, height, width, channels), of even sides.

    Raises:
        ValueError: for other inputs, or another normalization.

    Example:

    >>> layer = SelfAttention()
    >>> maps = keras.random.normal((2, 8, 8, 16))
    >>> bool(keras.ops.all(layer(maps) == maps))  # gamma is 0
    True
    """

    def __init__(self, normalization: str | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        if normalization not in ("spectral", None):
            raise ValueError(
                "SelfAttention takes normalization='spectral' or None. Received: "
                f"normalization={normalization!r}."
            )
        self.normalization = normalization

    def build(self, input_shape: BatchShape) -> None:
        shape = tuple(input_shape)
        if len(shape) != 4 or any(side is None or side % 2 for side in shape[1:3]):
            raise ValueError(
                "SelfAttention compares the positions of maps (batch, height, width, "
                "channels) of even sides, known when it is built. Received: inputs of "
                f"shape {shape}."
            )
        channels = shape[-1]
        self.query = self._linear(max(1, channels // 8), "query")
        self.key = self._linear(max(1, channels // 8), "key")
        self.value = self._linear(max(1, channels // 2), "value")
        self.output_map = self._linear(channels, "output_map")
        for layer in (self.query, self.key, self.value):
            layer.build(shape)
        self.output_map.build((*shape[:-1], max(1, channels // 2)))
        self.gamma = self.add_weight((), "zeros", name="gamma")

    def _linear(self, channels, name):
        layer = keras.layers.Conv2D(
            channels,
            1,
            use_bias=False,
            kernel_initializer="glorot_uniform",
            dtype=self.dtype_policy,
            name=name,
        )
        if self.normalization == "spectral":
            return SpectralNormalization(layer, name=name)
        return layer

    def call(self, inputs: Tensor) -> Tensor:
        height, width = inputs.shape[1:3]
        queries = _rows(self.query(inputs))
        keys = _rows(_largest(self.key(inputs)))
        values = _rows(_largest(self.value(inputs)))
        scores = ops.matmul(queries, ops.transpose(keys, (0, 2, 1)))
        weights = ops.softmax(scores, axis=-1)  # beta
        seen = ops.matmul(weights, values)
        seen = ops.reshape(seen, (-1, height, width, values.shape[-1]))
        return inputs + self.gamma * self.output_map(seen)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return input_shape

    def get_config(self) -> Config:
        return {**super().get_config(), "normalization": self.normalization}


def _largest(maps):
    """The largest value of each square of 2 x 2.

    By reductions: XLA has no second derivative of pooling.
    """
    height, width, channels = maps.shape[1:]
    squares = (-1, height // 2, 2, width // 2, 2, channels)
    return ops.max(ops.reshape(maps, squares), axis=(2, 4))


def _rows(maps):
    """(batch, height, width, channels) -> (batch, height * width, channels)."""
    height, width, channels = maps.shape[1:]
    return ops.reshape(maps, (-1, height * width, channels))
