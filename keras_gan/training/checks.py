"""Checks of networks and data: what a game refuses before it is trained, and why."""

import keras
import numpy as np
import tensorflow as tf

from keras_gan.core import compat
from keras_gan.core.arguments import ArgumentError
from keras_gan.datasets import notices, value_range
from keras_gan.priors import Prior
from keras_gan.training import activations


def check_networks(generator, discriminator, prior):
    """Raise if the two networks and the prior cannot play together.

    Raises:
        TypeError: for a part of the wrong kind.
        ValueError: for an unbuilt network, for widths or shapes that do not match, for
            a discriminator that returns something else than logits, and for a generator
            of images whose last activation cannot reach [-1, 0).
    """
    for name, network in (("generator", generator), ("discriminator", discriminator)):
        if not isinstance(network, keras.Model):
            raise TypeError(
                f"{name} is a keras.Model, such as one of keras_gan.networks. "
                f"Received: {network!r} of type {type(network).__name__}."
            )
        if not network.built:
            raise ValueError(
                f"The {name} has no weights yet. Start it with keras.Input(shape), or "
                f"call it once on a batch, before it enters a game."
            )
    if generator is discriminator:
        raise ValueError("generator and discriminator are two networks, not one.")
    if not isinstance(prior, Prior):
        raise TypeError(
            "prior is the distribution of latents, such as "
            f"keras_gan.priors.Normal(64). Received: {prior!r}."
        )
    width = first_input_shape(generator)
    latent = (prior.latent_dim,)
    if width not in (None, latent) and first_input_shape(discriminator) == latent:
        raise ValueError(
            "generator and discriminator are swapped: the discriminator takes latents "
            f"of width {prior.latent_dim}, and the generator takes {width}. Pass "
            "GAN(generator=..., discriminator=..., prior=...)."
        )
    if width is not None and width != (prior.latent_dim,):
        raise ValueError(
            f"The prior draws latents of width {prior.latent_dim}, but the generator "
            f"takes inputs of shape {width}. Give both the same latent_dim."
        )
    made = output_shape(generator)[1:]
    taken = first_input_shape(discriminator)
    if taken is not None and made and not compatible(made, taken):
        raise ValueError(
            f"The generator makes samples of shape {made}, but the discriminator takes "
            f"{taken}. Give both the same shape of samples."
        )
    logits = output_shape(discriminator)
    if logits and not (len(logits) in (2, 4) and logits[-1] == 1):
        raise ValueError(
            "The discriminator gives one logit for a sample, (batch, 1), or a map of "
            "them for its patches, (batch, height, width, 1). Received: one whose "
            f"output has shape {logits}. Let it end in Dense(1) or Conv2D(1, ...)."
        )
    activation = activations.last_activation(discriminator)
    if activation in activations.SIGMOIDS:
        raise ValueError(
            f"The discriminator ends in {activation}, but a game needs logits: the "
            "losses apply the sigmoid themselves, and lose all precision if it is "
            "applied twice. Remove the last activation (activation=None)."
        )
    if activation in activations.LIMITS:
        raise ValueError(
            f"The discriminator ends in {activation}, which is "
            f"{activations.limits_in_words(activation)}, but a game needs logits: of "
            "any size, above 0 for what it thinks real, below 0 for what it thinks "
            "fake. Remove the last activation (activation=None)."
        )
    activation = activations.last_activation(generator)
    low, high = activations.LIMITS.get(activation, (-1, 1))
    if len(made) == 3 and (low > -1 or high < 1):
        raise ValueError(
            f"The generator makes images and ends in {activation}, which is "
            f"{activations.limits_in_words(activation)}, but images lie in [-1, 1] "
            "here: pictures and exports map -1 to black and 1 to white. End in tanh, "
            "and train on `images * 2 - 1` if the images are in [0, 1]."
        )


def check_outputs(generator, discriminator, family):
    """Raise a ValueError if a functional network gives more than its game takes.

    Args:
        generator, discriminator: networks; of those that are not functional nothing is
            known before they are called, nor whether the one output comes in a list or
            dict: see `check_is_tensor`.
        family: class of the game, with the number `discriminator_outputs`.
    """
    for name, network, wanted in (
        ("generator", generator, 1),
        ("discriminator", discriminator, family.discriminator_outputs),
    ):
        made = getattr(network, "outputs", None)
        if made and len(made) != wanted:
            raise ValueError(_one_tensor(name, family.__name__, wanted, made))


def check_is_tensor(made, name, family):
    """Raise a ValueError for what a network has given, if it is no single tensor."""
    if not hasattr(made, "dtype"):
        raise ValueError(_one_tensor(name, family.__name__, 1, made))


def _one_tensor(name, family, wanted, made):
    what = "samples" if name == "generator" else "logits"
    number = "one tensor" if wanted == 1 else f"{wanted} tensors"
    parts = tf.nest.map_structure(lambda tensor: tuple(tensor.shape), made)
    return (
        f"The {name} of {family} gives {number}{f', {what}' if wanted == 1 else ''}. "
        f"Received: one that gives a {type(made).__name__} of shapes {parts}. Let it "
        "give that tensor only, as keras.Model(inputs, output)."
    )


def check_inputs(generator, discriminator, family):
    """Raise a ValueError if a network is told less, or more, than its game tells.

    Args:
        generator, discriminator: functional networks; of others nothing is known.
        family: class of the game, with the names of the networks that take a
            condition, `conditioned`, and of the family that has one.
    """
    kind = family.__name__
    for name, network in (("generator", generator), ("discriminator", discriminator)):
        first = "latents" if name == "generator" else "samples"
        taken = len(getattr(network, "inputs", None) or ())
        if name in family.conditioned and taken == 1:
            raise ValueError(
                f"The {name} of {kind} takes [{first}, condition]. Received: one "
                f"that takes {first} only, {type(network).__name__}. Use a network "
                f"such as networks.ConditionalDCGAN{name.capitalize()}."
            )
        if name not in family.conditioned and taken > 1:
            raise ValueError(
                f"The {name} of {kind} takes {first} only. Received: one that takes "
                f"{taken} inputs, {type(network).__name__}. A game with classes is "
                f"models.{family.conditional_family}."
            )


def check_no_batch_normalization(discriminator, family):
    """Raise a ValueError if a discriminator's layers normalize over the batch."""
    for layer in compat.all_layers(discriminator):
        if isinstance(layer, keras.layers.BatchNormalization):
            raise ValueError(
                f"{family} penalises the slope of the logit at each sample by itself, "
                "but in this discriminator a logit depends on the rest of its batch. "
                f"Received: a discriminator with the {type(layer).__name__} "
                f"{layer.name!r}. Use normalization='layer' or None."
            )


def first_input_shape(network):
    """The shape (without the batch) of a functional network's first input, or None."""
    inputs = getattr(network, "inputs", None)
    return tuple(inputs[0].shape[1:]) if inputs else None


def output_shape(network):
    """The shape of a functional network's only output, () if it is not known."""
    outputs = getattr(network, "outputs", None)
    return tuple(outputs[0].shape) if outputs and len(outputs) == 1 else ()


def compatible(shape, other):
    return len(shape) == len(other) and all(
        a is None or b is None or a == b for a, b in zip(shape, other, strict=True)
    )


def check_latents(latents, latent_dim):
    """Raise a ValueError unless `latents` is (batch, latent_dim)."""
    shape = tuple(latents.shape)
    if len(shape) != 2 or shape[1] not in (None, latent_dim):
        raise ValueError(
            f"Latents are of shape (batch, {latent_dim}) here. Received: {shape}."
        )


def check_floats(spec, name, first):
    """Raise unless batches of samples are nests of float tensors.

    Args:
        spec: a data set's `element_spec`, of samples alone.
        name: what to call the data in the error.
        first: as of `check_spec`.
    """
    for index, leaf in enumerate(tf.nest.flatten(spec)):
        if not isinstance(leaf, tf.TensorSpec) or not leaf.dtype.is_floating:
            kind = leaf.dtype.name if isinstance(leaf, tf.TensorSpec) else leaf
            way = _way_to_floats(kind, lambda at=index: first()[at : at + 1])
            raise ValueError(
                f"{name} holds {kind}, but a model is trained on floats: images in "
                f"[-1, 1]. Map it with {way}, or use datasets.load."
            )


def first_of(dataset, part=lambda element: element):
    """A function without arguments to what a data set begins with.

    Args:
        dataset: `tf.data.Dataset`.
        part: callable from an element to the part that is asked for.

    Returns:
        Function to a list of the NumPy arrays in the first element, [] without one.
    """

    def first():
        for element in dataset.take(1):
            return [np.asarray(array) for array in tf.nest.flatten(part(element))]
        return []

    return first


def _way_to_floats(kind, first):
    """The expression that brings images of a type into [-1, 1], in words.

    Args:
        kind: str, the type.
        first: function to a list of the first images, or of none: bytes of 0 and 1 may
            be a mask, which is black if 255 is white.
    """
    cast = "tf.cast(images, tf.float32)"
    if kind == "bool":
        return f"`{cast} * 2 - 1`"
    if kind != "uint8":
        return (
            f"`{cast} * 2 / white - 1`, where white is the largest value there can be"
        )
    high = max((int(part.max()) for part in first() if part.size), default=0)
    if high == 1:
        return f"`{cast} * 2 - 1`, since the first ones hold 0 and 1 only"
    if high > value_range.DARK:
        return f"`{cast} / 127.5 - 1`"
    return (
        f"`{cast} / 127.5 - 1` if 255 is white, or with `{cast} * 2 / white - 1` if a "
        "smaller value is, such as 1 in masks"
    )


def check_not_empty(rows, name):
    """Raise a ValueError for a minibatch without a single sample."""
    if rows == 0:
        raise ValueError(
            f"{name} is empty, and a mean over no samples is no number. Leave out such "
            "minibatches, by dataset.filter(...), or filter samples before batch()."
        )


def check_finite(samples, name):
    """Raise if one of the arrays (batch, ...) of a minibatch holds NaN or Inf."""
    for part in tf.nest.flatten(samples):
        finite = np.isfinite(part)
        if not finite.all():
            where = tuple(int(i) for i in np.argwhere(~finite)[0])
            raise ValueError(
                f"{name} holds NaN or Inf, first at index {where}. Remove or repair "
                "such samples."
            )


def check_same_side(real_side, fake_side, name):
    """Raise if a penalty between real and fake finds them with different sides."""
    pairs = zip(tf.nest.flatten(real_side), tf.nest.flatten(fake_side), strict=True)
    if any(real is not fake for real, fake in pairs):
        raise ValueError(
            f"The penalty {name} looks at points between real and fake, which have one "
            "side. Received: a game that shows the discriminator real and fake samples "
            "with different ones. Use R1 and R2, which take each with its own, or make "
            "the side a part of the samples."
        )


def check_spec(spec, discriminator, name, first):
    """Raise unless batches of samples are floats of the discriminator's shape.

    Args:
        spec: the first component of a data set's `element_spec`.
        discriminator: the network that will look at them.
        name: what to call the data in the error.
        first: function without arguments to a list of the first samples' arrays.
    """
    if not isinstance(spec, tf.TensorSpec):
        raise ValueError(
            f"{name} must yield batches of samples, or (samples, labels). "
            f"Received elements of {spec}."
        )
    if not spec.dtype.is_floating:
        raise ValueError(
            f"{name} holds {spec.dtype.name}, but a game is trained on floats: images "
            f"in [-1, 1]. Map it with {_way_to_floats(spec.dtype.name, first)}, or use "
            "datasets.load."
        )
    taken = first_input_shape(discriminator)
    check_rank(spec, taken, name)
    if taken is not None:
        check_shape(tuple(spec.shape), taken, name)


def check_rank(spec, taken, name):
    """Raise a ValueError for batches of unknown rank, with which Keras cannot begin.

    Args:
        spec: `tf.TensorSpec` of a batch.
        taken: tuple, the shape of a sample that the network takes; None if unknown.
        name: what to call the data in the error.
    """
    if spec.shape.rank is None:
        shape = "shape" if taken is None else str((None, *taken))
        raise ValueError(
            f"{name} yields batches of unknown shape, as a tf.py_function does, or a "
            "generator without output_signature. Say it in the batched data set: "
            f"dataset.map(lambda x: tf.ensure_shape(x, {shape}))."
        )


def check_shape(received, taken, name):
    """Raise a ValueError for batches whose shape a discriminator does not take.

    Args:
        received: tuple, with the batch; None stands for a side of any length.
        taken: tuple, without the batch.
        name: what to call the data in the error.
    """
    if not compatible(received[1:], taken):
        raise ValueError(
            f"{name} yields batches of shape {received}, but the discriminator takes "
            f"(batch, {', '.join(str(side) for side in taken)})."
            f"{_way_from_channels_first(received[1:], taken)}"
        )


def _way_from_channels_first(sides, taken):
    """The way from images whose channels come first, as PyTorch has them, or ""."""
    if len(sides) != 3 or not compatible((*sides[1:], sides[0]), taken):
        return ""
    return (
        " Their channels seem to come first, as in PyTorch: permute the images, by "
        "x.permute(0, 2, 3, 1) of a tensor or np.moveaxis(x, 1, -1) of an array."
    )


def check_array_shape(shape, taken, name):
    """Raise a ValueError for an array of samples that a game does not take.

    Args:
        shape: tuple, of the array. Images may lack their channels' side.
        taken: tuple, the shape of a sample, without the batch.
        name: what to call the data in the error.
    """
    whole = (*shape, 1) if len(shape) == 3 and len(taken) == 3 else shape
    if not shape or not compatible(whole[1:], taken):
        sides = ", ".join(str(side) for side in taken)
        raise ValueError(
            f"{name} is an array of shape {shape}, but the game is played on samples "
            f"(n, {sides}).{_way_from_channels_first(shape[1:], taken)}"
        )


def check_parts(parts, family):
    """Raise a TypeError for a part of a model that is no object with a config."""
    for name, part in parts.items():
        if not callable(getattr(part, "get_config", None)):
            raise TypeError(
                f"{family} takes no argument {name!r}: its parts are networks, priors "
                f"and other objects with get_config(). Received: {name}={part!r}."
            )


def check_owners(parts, networks, family):
    """Raise a ValueError for a network that no player would train.

    Args:
        parts: dict, name -> part of a model.
        networks: dict, name -> network of the players.
        family: str, what to call the model in the error.
    """
    owned = {id(network) for network in networks.values()}
    for name, part in parts.items():
        if isinstance(part, keras.Model) and id(part) not in owned:
            raise ValueError(
                f"No player of {family} owns the network {name!r}, so it would never "
                "be trained. Name it in generator_networks() or "
                "discriminator_networks()."
            )


def check_packs(batch_size, last, discriminator, replicas, name):
    """Raise if batches do not hold whole packs of samples (`networks.Packed`).

    Args:
        batch_size: int, samples in a batch.
        last: int, samples in a smaller last batch; 0 if there is none, or none known.
        discriminator: the network that will look at them.
        replicas: int, over how many a batch is spread. A smaller batch leaves some of
            them without samples.
        name: what to call the data in the error.
    """
    pack_size = getattr(discriminator, "pack_size", 1)
    if pack_size == 1:
        return
    unit = pack_size * replicas
    if batch_size % unit == 0 and last % pack_size == 0 and (replicas == 1 or not last):
        return
    sizes = f"{batch_size}, the last one of {last}" if last else str(batch_size)
    places = f" on each of {replicas} replicas" if replicas > 1 else ""
    raise ArgumentError(
        f"{name} yields batches of {sizes}, but the discriminator packs {pack_size} "
        f"samples to one logit{places}, so a batch holds a multiple of {unit}. Change "
        "batch_size, or leave out a smaller last batch (drop_remainder=True).",
        "batch_size",
    )


def check_values(samples, generator, name):
    """Raise if samples hold NaN or Inf, or are images in another range than [-1, 1].

    The rule is that of `datasets.value_range`, on what is known of a data set whose
    range nobody declared: its first images. Of too few of them, or of images that are
    all one value, it is not said that their range is wrong.

    Args:
        samples: NumPy array (n, ...), the first batch, or a few.
        generator: the network whose last activation says what it can reach: images
            beyond [-1, 1] on both sides are refused for tanh only.
        name: what to call the data in the error.
    """
    check_finite(samples, name)
    if samples.ndim != 4 or not samples.size:
        return
    low, high = float(samples.min()), float(samples.max())
    bounded = activations.is_bounded(generator)
    said = value_range.doubt(low, high, len(samples), bounded)
    if said is None:
        return
    certain, reason = said
    found = f"{name} holds images in [{low:.3g}, {high:.3g}]"
    if certain:
        raise ValueError(f"{found}, but images lie in [-1, 1] here{reason}")
    notices.warn(f"{found}; images lie in [-1, 1] here{reason}")


def check_later_range(samples, bounded, name):
    """Raise if images are in another range than [-1, 1], though the first ones are.

    Args:
        samples: NumPy array (batch, height, width, channels).
        bounded: bool, whether the generator can reach [-1, 1] only.
        name: what to call the minibatch in the error.
    """
    if not samples.size:
        return
    low, high = float(samples.min()), float(samples.max())
    if value_range.is_beyond(low, high, len(samples), bounded):
        raise ValueError(
            f"{name} holds images in [{low:.3g}, {high:.3g}], but images lie in "
            f"[-1, 1] here, and the first ones do; up to {value_range.LARGEST:.3g} is "
            "let pass. Repair or leave out such images, or give all images to "
            "datasets.load with value_range=(low, high), which looks at each."
        )
