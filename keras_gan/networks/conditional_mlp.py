"""Conditional multilayer perceptrons: networks that are told the class."""

import math
from collections.abc import Sequence

import keras
from keras import layers

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.networks import conditioning as told
from keras_gan.networks import mlp
from keras_gan.networks.network import Network
from keras_gan.networks.shapes import check_sample_shape, check_widths


@register
class ConditionalMLPGenerator(Network):
    """Conditional MLP generator: from latents and classes to samples.

    Latents (batch, latent_dim), labels (batch,) -> samples (batch, *sample_shape).

    The layers of `MLPGenerator`, told the class by "concatenation": the one-hot class
    beside the latents; or by "embedding": the latents times a learned vector of the
    class.

    Args:
        sample_shape: (height, width, channels), or (features,) for plain vectors.
        latent_dim: int >= 1.
        num_classes: int >= 1; labels are ints from 0 to num_classes - 1.
        widths: units of the hidden layers.
        conditioning: one of the two.
        activation: the last activation, as for `MLPGenerator`.

    Raises:
        ValueError: for another conditioning; else as `MLPGenerator`.

    Example:

    >>> generator = ConditionalMLPGenerator((8, 8, 1), latent_dim=16, num_classes=10)
    >>> generator([keras.ops.ones((2, 16)), keras.ops.array([3, 7])]).shape
    TensorShape([2, 8, 8, 1])
    """

    def __init__(
        self,
        sample_shape: Sequence[int],
        latent_dim: int,
        num_classes: int,
        widths: Sequence[int] = (256, 512),
        conditioning: str = "concatenation",
        activation: str | None = None,
        name: str | None = None,
    ):
        network = "ConditionalMLPGenerator"
        sample_shape = check_sample_shape(sample_shape, network)
        latent_dim = check_integer(latent_dim, "latent_dim", 1)
        num_classes = check_integer(num_classes, "num_classes", 1)
        widths = check_widths(widths)
        told.check(conditioning, ("concatenation", "embedding"), network)
        last = mlp.last_activation(activation, sample_shape)

        latents = keras.Input((latent_dim,), name="latents")
        labels = told.labels_input()
        x = told.conditioned(latents, labels, num_classes, conditioning)
        x = mlp.hidden(x, widths)
        x = layers.Dense(math.prod(sample_shape), name="last")(x)
        x = layers.Reshape(sample_shape, name="shaped")(x)
        samples = layers.Activation(last, dtype="float32", name="samples")(x)
        super().__init__(
            [latents, labels],
            samples,
            name=name,
            sample_shape=sample_shape,
            latent_dim=latent_dim,
            num_classes=num_classes,
            widths=widths,
            conditioning=conditioning,
            activation=activation,
        )


@register
class ConditionalMLPDiscriminator(Network):
    """Conditional MLP discriminator: from samples and classes to logits.

    Samples (batch, *sample_shape), labels (batch,) -> logits (batch, 1).

    The layers of `MLPDiscriminator`, told the class by "concatenation": the one-hot
    class beside the sample; or by "projection": to the logit of the last hidden layer
    phi(x) comes v_y . phi(x), with a learned vector v_y of each class (Miyato and
    Koyama, 2018).

    Args:
        sample_shape: (height, width, channels), or (features,) for plain vectors.
        num_classes: int >= 1; labels are ints from 0 to num_classes - 1.
        widths: units of the hidden layers.
        conditioning: one of the two.

    Raises:
        ValueError: for another conditioning; else as `MLPDiscriminator`.

    Example:

    >>> discriminator = ConditionalMLPDiscriminator((3,), num_classes=10)
    >>> discriminator([keras.ops.ones((2, 3)), keras.ops.array([3, 7])]).shape
    TensorShape([2, 1])
    """

    def __init__(
        self,
        sample_shape: Sequence[int],
        num_classes: int,
        widths: Sequence[int] = (512, 256),
        conditioning: str = "concatenation",
        name: str | None = None,
    ):
        network = "ConditionalMLPDiscriminator"
        sample_shape = check_sample_shape(sample_shape, network, None)
        num_classes = check_integer(num_classes, "num_classes", 1)
        widths = check_widths(widths)
        told.check(conditioning, ("concatenation", "projection"), network)

        samples = keras.Input(sample_shape, name="samples")
        labels = told.labels_input()
        x = layers.Flatten(name="flat")(samples)
        if conditioning == "concatenation":
            classes = told.one_hot(labels, num_classes, x)
            x = layers.Concatenate(name="told")([x, classes])
        x = mlp.leaky_hidden(x, widths)
        logits = layers.Dense(1, dtype="float32", name="logits")(x)
        if conditioning == "projection":
            projections = layers.Dense(
                num_classes, use_bias=False, dtype="float32", name="projections"
            )
            logits += told.chosen(projections(x), labels, num_classes)
        super().__init__(
            [samples, labels],
            logits,
            name=name,
            sample_shape=sample_shape,
            num_classes=num_classes,
            widths=widths,
            conditioning=conditioning,
        )
