"""Semi-supervised networks, for digits from 100 labels (Salimans et al., 2016)."""

import math
from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import TensorLike
from keras_gan.layers import (
    InstanceNoise,
    SynchronizedBatchNormalization,
    WeightNormalization,
)
from keras_gan.networks.network import Network
from keras_gan.networks.shapes import (
    check_image_shape,
    check_sample_shape,
    check_widths,
)

LENGTH = math.sqrt(2)


def _direction():
    return keras.initializers.RandomNormal(stddev=0.1)  # how fast Adam turns it


@register
class SemiSupervisedGenerator(Network):
    """Semi-supervised generator: from latents to images in [-1, 1].

    Latents (batch, latent_dim) -> images (batch, *image_shape).

    The generator for MNIST of Salimans et al. (2016), by the authors' code: dense
    layers with batch normalization (without its scale) and softplus, and a last one
    with weight normalization, a sigmoid, and 2 x - 1. (A tanh is the same function of
    half the weights, and learns another way: with these rates it saturates.) Batch
    normalization takes the statistics of the global batch. The paper's latents are
    `priors.Uniform(100, 0, 1)`.

    Args:
        image_shape: (height, width, channels) with 1 to 4 channels.
        latent_dim: int >= 1.
        widths: units of the hidden layers.

    Raises:
        ValueError: for a shape that is not of this kind, or a width below 1.

    Example:

    >>> SemiSupervisedGenerator().output_shape
    (None, 28, 28, 1)
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (28, 28, 1),
        latent_dim: int = 100,
        widths: Sequence[int] = (500, 500),
        name: str | None = None,
    ):
        image_shape = check_image_shape(image_shape, "SemiSupervisedGenerator")
        latent_dim = check_integer(latent_dim, "latent_dim", 1)
        widths = check_widths(widths)
        inputs = keras.Input((latent_dim,), name="latents")
        x = inputs
        for level, width in enumerate(widths, 1):
            name = f"hidden_{level}"
            x = layers.Dense(width, use_bias=False, name=name)(x)
            x = SynchronizedBatchNormalization(
                scale=False, momentum=0.9, epsilon=1e-6, name=f"{name}_normalized"
            )(x)
            x = layers.Activation("softplus", name=f"{name}_softplus")(x)
        last = layers.Dense(math.prod(image_shape), name="last")
        x = WeightNormalization(last, name="last")(x)
        x = layers.Reshape(image_shape, name="shaped")(x)
        x = layers.Activation("sigmoid", dtype="float32", name="brightness")(x)
        outputs = layers.Rescaling(2.0, -1.0, dtype="float32", name="images")(x)
        super().__init__(
            inputs,
            outputs,
            name=name,
            image_shape=image_shape,
            latent_dim=latent_dim,
            widths=widths,
        )


@register
class SemiSupervisedDiscriminator(Network):
    """Semi-supervised discriminator: from samples to class logits and features.

    Samples -> class logits (batch, num_classes) and features (batch, widths[-1]).

    The discriminator for MNIST of Salimans et al. (2016), by the authors' code: dense
    layers with weight normalization and ReLU, and Gaussian noise before each of them,
    in training mode. Images are brought to [0, 1] first. There is no output for fakes:
    their logit is 0. The features are those of the last hidden layer, before the noise.

    In the code the lengths of the weights are chosen by 500 images before the training
    starts, and but for the last layer's they do not change. Here `adapt` chooses them;
    without it they are sqrt(2), as by He et al. (2015).

    Args:
        sample_shape: (height, width, channels), or (features,) for plain vectors.
        num_classes: int >= 1, K.
        widths: units of the hidden layers, at least one.
        input_noise: float >= 0, the deviation of the noise on samples; of images, on
            pixels in [0, 1].
        noise: float >= 0, the deviation of the noise before every other layer.

    Raises:
        ValueError: for a shape that is not one of these, a width below 1, or a negative
            deviation.

    Example:

    >>> discriminator = SemiSupervisedDiscriminator((8, 8, 1), widths=(20, 5))
    >>> discriminator.output_shape
    [(None, 10), (None, 5)]
    """

    def __init__(
        self,
        sample_shape: Sequence[int] = (28, 28, 1),
        num_classes: int = 10,
        widths: Sequence[int] = (1000, 500, 250, 250, 250),
        input_noise: float = 0.3,
        noise: float = 0.5,
        name: str | None = None,
    ):
        kind = "SemiSupervisedDiscriminator"
        sample_shape = check_sample_shape(sample_shape, kind, None)
        num_classes = check_integer(num_classes, "num_classes", 1)
        widths = check_widths(widths)
        if not widths:
            raise ValueError(
                f"{kind} has features, those of its last hidden layer, so widths is "
                "not empty. Received: widths=()."
            )
        inputs = keras.Input(sample_shape, name="samples")
        x = layers.Flatten(name="flat")(inputs)
        if len(sample_shape) == 3:
            x = layers.Rescaling(0.5, 0.5, name="brightness")(x)
        x = InstanceNoise(input_noise, name="input_noise")(x)
        for level, width in enumerate(widths, 1):
            name = f"hidden_{level}"
            dense = layers.Dense(
                width, "relu", kernel_initializer=_direction(), name=name
            )
            features = WeightNormalization(dense, "fixed", length=LENGTH, name=name)(x)
            x = InstanceNoise(noise, name=f"{name}_noise")(features)
        last = layers.Dense(
            num_classes, kernel_initializer=_direction(), dtype="float32", name="logits"
        )
        logits = WeightNormalization(last, length=LENGTH, name="logits")(x)
        super().__init__(
            inputs,
            [logits, features],
            name=name,
            sample_shape=sample_shape,
            num_classes=num_classes,
            widths=widths,
            input_noise=float(input_noise),
            noise=float(noise),
        )

    def adapt(self, samples: TensorLike) -> None:
        """Choose the lengths of the weights, and the biases, by a batch of samples.

        Each unit then has mean 0 and deviation 1 before its activation, with the noise
        (Salimans and Kingma, 2016). To be called before a game is made of the network.

        Args:
            samples: float array (batch, *sample_shape), some hundred.
        """
        x = samples
        for layer in self.layers[1:]:
            adapts = isinstance(layer, WeightNormalization)
            x = layer.adapt(x) if adapts else layer(x, training=True)
