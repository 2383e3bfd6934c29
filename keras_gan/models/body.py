"""What a discriminator's logits are made of: its body, which other heads may share."""

import keras


def body_of(discriminator):
    """The discriminator up to what its logits are made of, with the same layers.

    Returns:
        `keras.Model` from the discriminator's inputs to the input of its last layer
        with weights.

    Raises:
        ValueError: for a discriminator in which there is no such layer to be seen.
    """
    if not getattr(discriminator, "outputs", None):
        raise ValueError(
            "InfoGAN's recognition network looks at what the discriminator's logits "
            "are made of, so the discriminator is a functional model, started with "
            f"keras.Input(shape). Received: {discriminator!r}."
        )
    tensor, weights = discriminator.outputs[0], ()
    while not weights:
        operation, node, _ = tensor._keras_history
        inputs = operation._inbound_nodes[node].input_tensors
        if len(inputs) != 1 or isinstance(operation, keras.Model):
            raise ValueError(
                "InfoGAN's recognition network looks at what the discriminator's "
                "logits are made of: the one input of its last layer with weights. "
                f"Received: a discriminator that ends in {operation.name!r}, "
                f"a {type(operation).__name__} with {len(inputs)} inputs."
            )
        tensor, weights = inputs[0], getattr(operation, "weights", ())
    return keras.Model(discriminator.inputs, tensor)
