"""Checks of image shapes: which a network can make, and the errors for others."""

from collections.abc import Sequence

from keras_gan.core.arguments import ArgumentError, check_integers


def check_widths(widths: Sequence[int]) -> tuple[int, ...]:
    """Return the widths of hidden layers as a tuple of ints, or raise."""
    if not isinstance(widths, list | tuple):
        raise ValueError(
            "widths is a tuple, the units of each hidden layer, such as (256, 512). "
            f"Received: widths={widths!r}."
        )
    return check_integers(widths, "widths", 1)


def _as_shape(shape):
    return tuple(shape) if isinstance(shape, list | tuple) else ()


def check_image_shape(
    image_shape: Sequence[int], network: str, most_channels: int | None = 4
) -> tuple[int, ...]:
    """Return (height, width, channels) as ints, or raise.

    Args:
        most_channels: int, or None for a discriminator: packed samples have many.
    """
    shape = _as_shape(image_shape)
    if len(shape) != 3:
        raise ValueError(
            f"{network} needs image_shape=(height, width, channels). "
            f"Received: image_shape={image_shape!r}."
        )
    return _checked_sides(shape, "image_shape", network, most_channels)


def check_sample_shape(
    sample_shape: Sequence[int], network: str, most_channels: int | None = 4
) -> tuple[int, ...]:
    """Return an image shape or a vector shape (features,) as ints, or raise."""
    shape = _as_shape(sample_shape)
    if len(shape) == 1:
        return check_integers(shape, "sample_shape", 1)
    if len(shape) != 3:
        raise ValueError(
            f"{network} needs sample_shape=(height, width, channels), or (features,) "
            f"for vectors. Received: sample_shape={sample_shape!r}."
        )
    return _checked_sides(shape, "sample_shape", network, most_channels)


def _checked_sides(shape, argument, network, most_channels):
    shape = check_integers(shape, argument, 1)
    if most_channels is not None and shape[2] > most_channels:
        raise ValueError(
            f"{network} makes images of 1 to {most_channels} channels, the last number "
            f"of {argument}=(height, width, channels). Received: {argument}={shape}."
        )
    return shape


def halvings(height: int, width: int) -> int:
    """The number of times both sides can be halved: while even, the smaller above 7.

    A DCGAN starts at the side that this leaves.

    >>> [halvings(side, side) for side in (8, 28, 32, 48, 64, 30)]
    [1, 2, 3, 3, 4, 1]
    """
    count = 0
    while height % 2 == 0 and width % 2 == 0 and min(height, width) > 7:
        height, width, count = height // 2, width // 2, count + 1
    return count


def fits(height: int, width: int) -> bool:
    """Whether halving ends at a smaller side of 4 to 7 pixels, after once or more."""
    count = halvings(height, width)
    return count > 0 and 4 <= min(height, width) // 2**count <= 7


def _nearest(height, width):
    """The nearest sizes that fit: the nearest not larger, the nearest not smaller."""
    reach = max(height, width) + 8
    if height == width:
        sizes = [(side, side) for side in range(8, 2 * reach) if fits(side, side)]
    else:
        # A smaller side of m * 2^n with m in 4..7 asks of the larger the factor 2^n.
        around = range(-16, 17)
        sizes = [
            (height + i, width + j)
            for i in around
            for j in around
            if min(height + i, width + j) >= 8 and fits(height + i, width + j)
        ]
    if not sizes:
        return [(8, 8)]

    def distance(size):
        return abs(size[0] - height) + abs(size[1] - width)

    smaller = [s for s in sizes if s[0] <= height and s[1] <= width]
    larger = [s for s in sizes if s[0] >= height and s[1] >= width]
    found = [min(group, key=distance) for group in (smaller, larger) if group]
    return found or [min(sizes, key=distance)]


def check_depth(image_shape: Sequence[int], network: str) -> int:
    """Return the number of halvings of an image shape, or raise naming what fits."""
    height, width, _ = image_shape
    if fits(height, width):
        return halvings(height, width)
    near = [str(h) if h == w else f"({h}, {w})" for h, w in _nearest(height, width)]
    sizes = " and ".join(near)
    verb = "are the nearest sizes" if len(near) > 1 else "is the nearest size"
    raise ArgumentError(
        f"{network} cannot make image_shape={image_shape}: it doubles a side of 4 to 7 "
        f"pixels, so {sizes} {verb}. Resize the images, or pass "
        f"image_size={near[0]} to datasets.load.",
        "image_shape",
    )
