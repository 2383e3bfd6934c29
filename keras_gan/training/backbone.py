"""The discriminator's backbone: what its logits are made of, and other heads share."""

import keras

from keras_gan.core import compat
from keras_gan.training import activations, checks


def discriminator_with_features(discriminator):
    """The discriminator, of the same layers, that also gives what heads look at.

    Returns:
        `keras.Model` from the discriminator's inputs to [logits, features], these being
        the input of its last layer with weights.

    Raises:
        ValueError: for a discriminator in which there is no such layer to be seen.
    """
    if not getattr(discriminator, "outputs", None):
        raise ValueError(
            "A head looks at what the discriminator's logits are made of, so the "
            "discriminator is a functional model, started with keras.Input(shape). "
            f"Received: {discriminator!r}."
        )
    tensor, weights = discriminator.outputs[0], ()
    while not weights:
        operation, node = compat.origin(tensor)
        inputs = compat.inputs_of_call(operation, node)
        if len(inputs) != 1 or isinstance(operation, keras.Model):
            raise ValueError(
                "A head looks at what the discriminator's logits are made of: the one "
                "input of its last layer with weights. "
                f"Received: a discriminator that ends in {operation.name!r}, "
                f"a {type(operation).__name__} with {len(inputs)} inputs."
            )
        tensor, weights = inputs[0], getattr(operation, "weights", ())
    return keras.Model(discriminator.inputs, [discriminator.outputs[0], tensor])


def check_is_head(head, name):
    """Raise a ValueError for what is no built network."""
    if not isinstance(head, keras.Model) or not head.built:
        raise ValueError(
            f"{name} is a head on the discriminator's backbone, a built keras.Model. "
            f"Received: {head!r}."
        )


def check_head(head, name, features, size, meaning):
    """Raise a ValueError for a network that is no head on a discriminator's backbone.

    Args:
        head: the network.
        name: str, what the game calls it.
        features: the shape of what the backbone gives, without the batch.
        size: int, how many numbers the head gives.
        meaning: str, a sentence on what these are.
    """
    features, taken = tuple(features), checks.first_input_shape(head)
    if taken is None or not checks.compatible(features, taken):
        raise ValueError(
            f"{name} looks at the input of the discriminator's last layer, which has "
            f"shape {features} here, but it takes {taken}. Let it begin with "
            f"keras.Input({features})."
        )
    made = checks.output_shape(head)[1:]
    if made != (size,):
        raise ValueError(f"{meaning} Received: {name} with an output of shape {made}.")
    activation = activations.last_activation(head)
    if activation not in (None, "linear"):
        raise ValueError(
            f"{name} ends in {activation}, but the game needs the numbers before it. "
            "Remove the last activation (activation=None)."
        )
