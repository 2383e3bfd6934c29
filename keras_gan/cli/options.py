"""What the library says of its arguments, said of the command's options."""

import contextlib
import re

FLAGS = {
    "batch_size": "--batch-size",
    "image_size": "--image-size",
    "skip_corrupt": "--skip-corrupt",
    "value_range": "--value-range",
    "per_class": "--labels-per-class",
}
# Not in quotes and not after a dot: `"data.batch_size"` is an entry of a config.
_ARGUMENT = re.compile(rf"(?<![\w.\"'])({'|'.join(FLAGS)})(?:=(\w*))?(?![\w\"'])")
_PAIR = re.compile(r"(?<![\w.\"'])value_range=\(([^(),]+), ([^(),]+)\)")


def named(message):
    """A message of the library in which arguments are named as options.

    >>> named("Pass skip_corrupt=True, or image_size=64.")
    'Pass --skip-corrupt, or --image-size 64.'
    >>> named("Pass value_range=(0, 4095) to datasets.load.")
    'Pass --value-range 0:4095.'
    """

    def option(match):
        flag = FLAGS[match[1]]
        return flag if match[2] in (None, "", "True") else f"{flag} {match[2]}"

    message = message.replace(" to datasets.load", "")
    return _ARGUMENT.sub(option, _PAIR.sub(r"--value-range \1:\2", message))


@contextlib.contextmanager
def errors_named():
    """A block whose ValueErrors name options in place of arguments."""
    try:
        yield
    except ValueError as error:
        raise ValueError(named(str(error))) from error
