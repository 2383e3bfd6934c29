"""The value range of images, what is black and white: one rule for all sources."""

import math
import numbers

import numpy as np

from keras_gan.core.arguments import ArgumentError

from .notices import warn

OVERSHOOT = 0.05  # of the range: what resampling adds at edges, and what is clipped
BELOW_ZERO = 0.1  # of the largest value: less than this below 0 is overshoot too
ENOUGH = 8  # images, of which one would be expected to have a value below 0
ROUNDING = 0.0005  # of the range: of this nothing is said
LARGEST = 1 + 2 * OVERSHOOT  # of what is taken for an image in [-1, 1]
DARK = 16  # of 255: almost black if nothing is brighter; 4 bits have as many levels
BITS = (1, 8, 10, 12, 14, 16)  # of the grey levels that cameras and masks have


def parse_value_range(value_range):
    """(black, white) as floats of a pair, or None (which stays None).

    Raises:
        ValueError: unless it is two finite numbers, the first one smaller.
    """
    if value_range is None:
        return None
    pair = value_range if isinstance(value_range, (tuple, list)) else ()
    try:
        black, white = map(_finite, pair)
    except (ValueError, OverflowError):
        black = white = 0.0
    if not (black < white and math.isfinite(white - black)):
        raise ArgumentError(
            "value_range is (low, high), two finite numbers with low < high: the "
            "values that are black and white, such as (0, 255) or (0, 4095). Received: "
            f"value_range={value_range!r}.",
            "value_range",
        )
    return black, white


def _finite(value):
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise ValueError
    if not math.isfinite(value):
        raise ValueError
    return float(value)


def range_of(dtype, low, high, name, declared=None):
    """(black, white): the values that become -1 and 1.

    | values | range |
    |---|---|
    | declared | as declared |
    | bool | (0, 1) |
    | uint8 | (0, 255); ambiguous if there are only 0 and 1 |
    | uint16 | (0, 65535); ambiguous if 14 bits hold them all |
    | floats, some clearly below 0 | (-1, 1) |
    | other floats, other integers | ambiguous |

    What is ambiguous is an error that says what was found and offers `value_range`. It
    never tells to map the values, since that spoils them if the guess is wrong. Values
    that go beyond the range by at most 5 % of it are for the caller to clip, and a
    warning says so; those that go further are an error. A warning says too that all
    values are one.

    Args:
        dtype: NumPy dtype of the values.
        low, high: the smallest and the largest of all values, not of one image.
        name: str, what holds the values, in the plural.
        declared: (black, white), as of `parse_value_range`, or None.

    Raises:
        ValueError: if the range is ambiguous, or the values lie beyond it.

    Example:

    >>> import numpy as np
    >>> range_of(np.dtype(np.uint8), 3, 250, "The images")
    (0.0, 255.0)
    """
    dtype = np.dtype(dtype).newbyteorder("=")
    found = f"{name} hold values from {number(low)} to {number(high)} ({dtype})"
    pair = _pair(dtype, low, high, found, declared)
    if low == high:
        warn(
            f"{found}: all of them are of one colour, and there is nothing in them to "
            "learn. Check what is read, and the value_range if one was declared."
        )
    return pair


def _pair(dtype, low, high, found, declared):
    if declared is not None:
        return _within(declared, low, high, found)
    if dtype.kind == "b":
        return 0.0, 1.0
    if dtype == np.uint8:
        return _of_bytes(high, found)
    if dtype == np.uint16:
        return _of_sixteen_bits(high, found)
    if dtype.kind == "f":
        return _of_floats(low, high, found)
    raise ArgumentError(
        f"{found}, and integers of this dtype may have any range. Pass "
        "value_range=(low, high) to datasets.load, the values that are black and "
        "white, such as value_range=(0, 255).",
        "value_range",
    )


def doubt(low, high, count, bounded):
    """The reason why a data set's first float images may not be in [-1, 1], or None.

    Args:
        low, high: their smallest and largest value.
        count: int, how many images they are.
        bounded: bool, whether the generator can reach [-1, 1] only.

    Returns:
        None if nothing is to be said; else (certain, reason): bool, whether the range
        is wrong for sure or to all appearance, and the end of a sentence.
    """
    beyond = max(-1 - low, high - 1)
    if looks_positive(low, high) and high <= LARGEST:
        if low == high:  # a black or a blank image, which is so in many ranges
            return None
        return count >= ENOUGH, (
            ": pictures and exports map -1 to black. If 0 is black in the data, map "
            "them with `images * 2 - 1`, for a generator that ends in tanh. If -1 is, "
            "and the first images are bright, shuffle the data, or give the images to "
            "datasets.load with value_range=(-1, 1)."
        )
    if low >= 0 or (bounded and looks_positive(low, high)):
        return True, (
            ". If they are bytes, 0 black and 255 white, map them with `images / 127.5 "
            "- 1`; else give them to datasets.load with value_range=(low, high), the "
            "values that are black and white."
        )
    if not bounded or beyond <= 2 * ROUNDING:
        return None
    return beyond > 2 * OVERSHOOT, (
        ", which is all that a generator that ends in tanh can reach. Give them to "
        "datasets.load with value_range=(low, high), the values that are black and "
        "white; it clips a little overshoot, as of resampled images."
    )


def is_beyond(low, high, count, bounded):
    """Whether images that come after others in [-1, 1] are of another range for sure.

    By the tolerance of the first ones, but what these left open is settled: images
    above 0 may be bright ones.

    Args:
        low, high, count, bounded: as of `doubt`.
    """
    if bounded:
        return max(-low, high) > LARGEST
    return low >= 0 and high > LARGEST and count >= ENOUGH


def to_unit(values, value_range):
    """float32 values in [-1, 1], linearly; what lies beyond is clipped."""
    black, white = value_range
    mapped = (np.asarray(values, np.float64) - black) * 2 / (white - black) - 1
    return np.clip(mapped, -1, 1).astype(np.float32)


def to_bytes(values, value_range):
    """uint8 pixels in [0, 255], linearly and rounded; what lies beyond is clipped."""
    black, white = value_range
    mapped = (np.asarray(values, np.float64) - black) * 255 / (white - black)
    return np.rint(np.clip(mapped, 0, 255)).astype(np.uint8)


def looks_positive(low, high):
    """Whether float values are of a range that begins at 0, but for an overshoot."""
    return low >= -BELOW_ZERO * high


def number(value):
    """A value in an error: whole numbers in full, others to six digits."""
    return str(int(value)) if float(value).is_integer() else f"{float(value):g}"


def _within(value_range, low, high, found):
    black, white = value_range
    words = f"[{number(black)}, {number(white)}]"
    beyond = max(black - low, high - white)
    if beyond > OVERSHOOT * (white - black):
        raise ArgumentError(
            f"{found}, which go beyond {words}. Pass value_range=(low, high) to "
            "datasets.load, the values that are black and white, so that they hold "
            "all values of the images.",
            "value_range",
        )
    if beyond > ROUNDING * (white - black):
        warn(
            f"{found}, a little beyond {words}, as resampled images do. They are "
            "clipped."
        )
    return value_range


def _of_bytes(high, found):
    if high == 1:
        raise ArgumentError(
            f"{found}, which are all black if 255 is white. Pass to datasets.load "
            "value_range=(0, 1) if 1 is white, as in masks, or value_range=(0, 255).",
            "value_range",
        )
    if 0 < high <= DARK:
        warn(
            f"{found}, which are almost black, since 255 is white. If {number(high)} "
            f"is white, pass value_range=(0, {number(high)}) to datasets.load; if they "
            "are so dark, value_range=(0, 255)."
        )
    return 0.0, 255.0


def _of_sixteen_bits(high, found):
    bits = next(bits for bits in BITS if high < 2**bits)
    if high > 0 and bits < 16:
        raise ArgumentError(
            f"{found}, for which {bits} bits are enough. Pass to datasets.load "
            f"value_range=(0, {2**bits - 1}) if {2**bits - 1} is white, or "
            "value_range=(0, 65535) if 65535 is and the images are so dark.",
            "value_range",
        )
    return 0.0, 65535.0


def _of_floats(low, high, found):
    if not looks_positive(low, high):
        return _within((-1.0, 1.0), low, high, found)
    if high <= LARGEST:
        raise ArgumentError(
            f"{found}, which may be in [0, 1], or bright images in [-1, 1]. Pass to "
            "datasets.load value_range=(0, 1) if 0 is black, or value_range=(-1, 1) if "
            "-1 is.",
            "value_range",
        )
    white = 255 if high <= 255 * (1 + OVERSHOOT) else "high"
    raise ArgumentError(
        f"{found}. Floats without a declared range are in [-1, 1]. Pass to "
        f"datasets.load value_range=(0, {white}) if 0 is black and {white} is white, "
        "or else the values that are.",
        "value_range",
    )
