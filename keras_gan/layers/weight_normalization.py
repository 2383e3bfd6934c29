"""Weight normalization: a layer's weights are a direction times a length."""

from typing import Any

import keras
from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import BatchShape, Config, Tensor, TensorLike

KINDS = (keras.layers.Dense, keras.layers.Conv2D)
SCALES = ("trainable", "fixed")
SMALLEST = 1e-12  # a squared norm, or a deviation, below this counts as this


@register
class WeightNormalization(keras.layers.Wrapper):
    """Weight normalization: w = g v / |v| for each unit, direction and length apart.

    v is the kernel of the wrapped layer, one vector for each output, and g its length
    (Salimans and Kingma, 2016, "Weight Normalization"). The output does not depend on
    |v|, so the gradient by v is orthogonal to v; but the longer v, the less a step of
    an optimizer turns it. g starts at |v|, and the layer is then the wrapped one, or at
    `length`.

    `adapt` is the paper's data-dependent initialization: it chooses g and the bias so
    that on the inputs given each unit has mean 0 and deviation 1 before its activation.
    (Keras has no such layer; that of TensorFlow Addons does not run on Keras 3.)

    Args:
        layer: a `Dense` or `Conv2D` layer.
        scale: "trainable", or "fixed": g stays what it is at the start, or what `adapt`
            made it.
        length: float > 0, where g starts; None is |v|.
        **kwargs: `name`, `dtype` (by default the layer's), `trainable`.

    Raises:
        ValueError: for a layer of another kind, another `scale`, or a `length` that is
            not positive.

    Example:

    >>> layer = WeightNormalization(keras.layers.Dense(3))
    >>> x = keras.random.normal((100, 5), seed=0) * 4.0 + 2.0
    >>> y = layer.adapt(x)
    >>> round(float(keras.ops.std(y[:, 0])), 3)
    1.0
    """

    def __init__(
        self,
        layer: keras.layers.Layer,
        scale: str = "trainable",
        length: float | None = None,
        **kwargs: Any,
    ):
        if not isinstance(layer, KINDS):
            names = " and ".join(kind.__name__ for kind in KINDS)
            raise ValueError(
                "WeightNormalization knows the vectors of these layers: "
                f"{names}. Received: {layer!r}."
            )
        if scale not in SCALES:
            raise ValueError(f"scale is one of {SCALES}. Received: scale={scale!r}.")
        if length is not None and not length > 0:
            raise ValueError(f"length is positive. Received: length={length!r}.")
        kwargs.setdefault("dtype", layer.dtype_policy)
        super().__init__(layer, **kwargs)
        self.scale = scale
        self.first_length = None if length is None else float(length)

    def build(self, input_shape: BatchShape) -> None:
        super().build(input_shape)
        self.length = self.add_weight(
            (self.layer.kernel.shape[-1],),
            self._first,
            name="length",
            trainable=self.scale == "trainable",
            autocast=False,
        )

    def _first(self, shape, dtype):
        if self.first_length is None:
            return ops.cast(self._norm(), dtype)
        return ops.full(shape, self.first_length, dtype)

    def _norm(self):
        """|v| of each unit, at least 1e-6, in float32 or better."""
        exact = keras.backend.result_type(self.layer.kernel.dtype, "float32")
        kernel = ops.cast(self.layer.kernel, exact)
        squares = ops.sum(ops.square(kernel), axis=tuple(range(kernel.ndim - 1)))
        return ops.sqrt(ops.maximum(squares, SMALLEST))

    def call(self, inputs: Tensor) -> Tensor:
        kernel = self.layer.kernel * (self.length / self._norm())
        # The scope hides the one around it, so it carries all values of the layer.
        values = [(variable, variable) for variable in self.layer.variables]
        with keras.StatelessScope([*values, (self.layer.kernel, kernel)]):
            return self.layer(inputs)

    def adapt(self, inputs: TensorLike) -> Tensor:
        """Set g, and the bias where there is one, by a batch of the layer's inputs.

        A unit that gives the same for every input keeps its g.

        Args:
            inputs: float tensor (batch, ...), some hundred.

        Returns:
            What the layer now makes of `inputs`.
        """
        activation, self.layer.activation = self.layer.activation, None
        try:
            made = self(inputs)
        finally:
            self.layer.activation = activation
        axes = tuple(range(made.ndim - 1))
        deviation = ops.std(made, axes)
        deviation = ops.where(deviation > SMALLEST, deviation, 1.0)
        self.length.assign(self.length / deviation)
        if self.layer.use_bias:
            bias = self.layer.bias
            bias.assign((bias - ops.mean(made, axes)) / deviation)
        return self(inputs)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return self.layer.compute_output_shape(input_shape)

    def get_config(self) -> Config:
        own = {"scale": self.scale, "length": self.first_length}
        return {**super().get_config(), **own}
