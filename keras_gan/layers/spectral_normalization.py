"""Spectral normalization: weights divided by their largest singular value."""

from typing import Any

import keras
from keras import ops

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Config, Tensor

# The axis of the kernel that counts outputs: (..., inputs, outputs) or, for transposed
# convolutions, (..., outputs, inputs).
OUTPUT_AXES = {
    keras.layers.Dense: -1,
    keras.layers.Embedding: -1,
    keras.layers.Conv2D: -1,
    keras.layers.Conv2DTranspose: -2,
}
SMALLEST = 1e-12  # a norm below this counts as this


def _unit(vector):
    return vector / ops.maximum(ops.norm(vector), SMALLEST)


@register
class SpectralNormalization(keras.layers.Wrapper):
    """Spectral normalization: W / sigma(W), by which a layer stretches no input.

    So |W/sigma(W) x| <= |x|. sigma, the largest singular value, is followed by power
    iteration: from the vector u of the call before, v = W'u / |W'u|, u = W v / |W v|,
    sigma = u'W v; the two vectors count as constants in the gradient (Miyato et al.,
    2018). A convolution's kernel is taken as the matrix (outputs, inputs * height *
    width), as in the paper, which is not the norm of the convolution as a map of
    images.

    The weight W itself is left alone. It keeps its scale, on which the output does not
    depend, so the gradient by W is orthogonal to W. Only u is kept, from calls in
    training mode; inference makes the same iteration and forgets it. A kernel of zeros
    has no direction and is used as it is.

    (Keras' own layer of this name overwrites W in each training call: the gradient does
    not go through sigma, and the discriminator changes in the generator's turn.)

    Args:
        layer: a `Dense`, `Conv2D`, `Conv2DTranspose` or `Embedding` layer.
        power_iterations: int >= 1, in each call; the paper takes 1.
        **kwargs: `name`, `dtype` (by default the layer's), `trainable`.

    Raises:
        ValueError: for a layer of another kind, or fewer than 1 iteration.

    Example:

    >>> layer = SpectralNormalization(keras.layers.Dense(1, use_bias=False))
    >>> x = keras.ops.ones((1, 4))
    >>> bool(keras.ops.abs(layer(x))[0, 0] <= 2.0 + 1e-6)  # |x| = 2
    True
    """

    def __init__(
        self, layer: keras.layers.Layer, power_iterations: int = 1, **kwargs: Any
    ):
        if not isinstance(layer, tuple(OUTPUT_AXES)):
            names = ", ".join(kind.__name__ for kind in OUTPUT_AXES)
            raise ValueError(
                f"SpectralNormalization knows the matrix of these layers: {names}. "
                f"Received: {layer!r}."
            )
        kwargs.setdefault("dtype", layer.dtype_policy)
        super().__init__(layer, **kwargs)
        self.power_iterations = check_integer(power_iterations, "power_iterations", 1)

    @property
    def kernel(self) -> keras.Variable:
        """The weight W of the wrapped layer, which is not changed."""
        embeds = isinstance(self.layer, keras.layers.Embedding)
        return self.layer.embeddings if embeds else self.layer.kernel

    def build(self, input_shape: BatchShape) -> None:
        super().build(input_shape)
        kind = next(kind for kind in OUTPUT_AXES if isinstance(self.layer, kind))
        self.output_axis = OUTPUT_AXES[kind]
        self.u = self.add_weight(
            (self.kernel.shape[self.output_axis],),
            "random_normal",
            name="u",
            trainable=False,
            autocast=False,
        )

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        exact = keras.backend.result_type(self.kernel.dtype, "float32")
        kernel = ops.cast(self.kernel, exact)
        u, sigma = self._iterate(kernel)
        if training:
            self.u.assign(u)
        # The scope hides the one around it, so it carries all values of the layer.
        values = [(variable, variable) for variable in self.layer.variables]
        with keras.StatelessScope([*values, (self.kernel, kernel / sigma)]):
            return self.layer(inputs)

    def _iterate(self, kernel):
        """The next u, and sigma as a differentiable function of the kernel."""
        columns = ops.moveaxis(kernel, self.output_axis, -1)
        weight = ops.transpose(ops.reshape(columns, (-1, self.u.shape[0])))
        constant = ops.stop_gradient(weight)
        u = _unit(self.u.value)
        for _ in range(self.power_iterations):
            v = _unit(ops.matmul(u, constant))
            u = _unit(ops.matmul(constant, v))
        sigma = ops.sum(u * ops.matmul(weight, v))
        has_direction = ops.stop_gradient(sigma) > 0
        u = ops.where(has_direction, u, self.u.value)
        return u, ops.where(has_direction, sigma, ops.ones_like(sigma))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return self.layer.compute_output_shape(input_shape)

    def get_config(self) -> Config:
        return {**super().get_config(), "power_iterations": self.power_iterations}
