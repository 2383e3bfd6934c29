"""Options of a command that errors of the library are about."""

import inspect

# Argument -> option, with its form where Python writes the value in another way.
OPTIONS = {
    "batch_size": "--batch-size",
    "channels": "--channels",
    "held_out": "--held-out",
    "image_shape": "--image-size",
    "image_size": "--image-size",
    "per_class": "--labels-per-class",
    "skip_corrupt": "--skip-corrupt",
    "split": "--split",
    "value_range": "--value-range LOW:HIGH",
}


def named(error, command):
    """The text of an error, after the option that it is about.

    Args:
        error: an exception; one with an `argument` (`core.arguments.ArgumentError`)
            may be about an option.
        command: the function of a command, which has an option for each parameter.

    Returns:
        str, the error's own text where the command has no such option.

    >>> from keras_gan.core.arguments import ArgumentError
    >>> error = ArgumentError("batch_size=9 is larger than the data.", "batch_size")
    >>> named(error, lambda batch_size: None)
    '--batch-size: batch_size=9 is larger than the data.'
    >>> named(error, lambda seed: None)
    'batch_size=9 is larger than the data.'
    """
    option = OPTIONS.get(getattr(error, "argument", None), "")
    parameter = option.split(" ")[0].removeprefix("--").replace("-", "_")
    if parameter in inspect.signature(command).parameters:
        return f"{option}: {error}"
    return str(error)
