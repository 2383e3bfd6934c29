"""Conditioning: the ways in which a network is told the class of a sample."""

from collections.abc import Sequence

import keras
from keras import KerasTensor, layers, ops
from keras.initializers import RandomNormal

from keras_gan.layers import ConditionalBatchNormalization


def check(conditioning: str, known: Sequence[str], network: str) -> None:
    """Raise a ValueError unless `conditioning` is one of the names `known`."""
    if conditioning not in known:
        names = ", ".join(repr(name) for name in known)
        raise ValueError(
            f"{network} takes conditioning={names}. "
            f"Received: conditioning={conditioning!r}."
        )


def labels_input() -> KerasTensor:
    """The input of classes: int32 (batch,)."""
    return keras.Input((), dtype="int32", name="labels")


def conditioned(
    latents: KerasTensor, labels: KerasTensor, num_classes: int, conditioning: str
) -> KerasTensor:
    """Latents that hold the class, by "concatenation" or "embedding"; else as they are.

    Args:
        latents: symbolic tensor (batch, latent_dim).
        labels: symbolic tensor (batch,).
        num_classes: int.
        conditioning: str.
    """
    if conditioning == "concatenation":
        classes = one_hot(labels, num_classes, latents)
        return layers.Concatenate(name="told")([latents, classes])
    if conditioning == "embedding":
        vectors = layers.Embedding(
            num_classes,
            latents.shape[-1],
            embeddings_initializer=RandomNormal(0.0, 1.0),
            name="classes",
        )
        return layers.Multiply(name="told")([latents, vectors(labels)])
    return latents


def one_hot(labels: KerasTensor, num_classes: int, like: KerasTensor) -> KerasTensor:
    """The one-hot classes (batch, num_classes), in the dtype of the tensor `like`."""
    return ops.one_hot(labels, num_classes, dtype=like.dtype)


def beside(images: KerasTensor, labels: KerasTensor, num_classes: int) -> KerasTensor:
    """Images with the one-hot class in further channels, the same at each pixel."""
    shape = (1, 1, num_classes)
    maps = layers.Reshape(shape, name="class")(one_hot(labels, num_classes, images))
    height, width = images.shape[1:3]
    maps = layers.UpSampling2D(
        (height, width), interpolation="nearest", name="class_maps"
    )(maps)
    return layers.Concatenate(name="told")([images, maps])


def normalized(
    x: KerasTensor,
    labels: KerasTensor,
    num_classes: int,
    synchronized: bool,
    name: str,
) -> KerasTensor:
    """x by batch normalization with a scale and a shift for each class.

    Args:
        x: symbolic tensor (batch, ..., channels).
        labels: symbolic tensor (batch,).
        num_classes: int.
        synchronized: bool, as of the layer.
        name: str, that of the layer before.
    """
    layer = ConditionalBatchNormalization(
        num_classes, synchronized=synchronized, name=f"{name}_normalized"
    )
    return layer([x, labels])


def chosen(numbers: KerasTensor, labels: KerasTensor, num_classes: int) -> KerasTensor:
    """The number of its class in each row of (batch, num_classes): (batch, 1)."""
    picked = numbers * one_hot(labels, num_classes, numbers)
    return ops.sum(picked, axis=-1, keepdims=True)
