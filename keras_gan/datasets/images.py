"""One image: from a file's bytes to upright pixels of the wanted channels and size."""

import contextlib
import io

import numpy as np

from keras_gan.core.arguments import ArgumentError, check_integers

from .value_range import to_bytes

# Not in a folder of images from anywhere: EPS starts another program, WMF asks Windows,
# and of the others Pillow knows the names only.
NOT_OPENED = {"EPS", "WMF", "BUFR", "GRIB", "HDF5", "MPEG", "PDF"}
COMMON = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
# They begin with no mark of their own, so that other files may look like them.
WITHOUT_MARK = {"TGA", "SPIDER", "IPTC", "PCD", "PIXAR", "IM", "IMT"}
ORIENTATION = 0x0112  # the EXIF tag
MODES = {1: "L", 3: "RGB", 4: "RGBA"}  # of Pillow, by the number of channels


def parse_image_size(image_size):
    """(height, width) of an int (a square), a pair, or None (which stays None).

    Raises:
        ValueError: if a side is not a whole number of at least 1.
    """
    if image_size is None:
        return None
    sides = image_size if isinstance(image_size, (tuple, list)) else [image_size] * 2
    if len(sides) != 2:
        raise ArgumentError(
            "Expected image_size to be an int or (height, width). Received: "
            f"image_size={image_size!r}.",
            "image_size",
        )
    return check_integers(sides, "image_size", 1)


def check_channels(channels):
    """The number of channels that is asked for, or None (which stays None).

    Raises:
        ValueError: unless it is 1, 3 or 4.
    """
    if channels is None:
        return None
    known = isinstance(channels, int) and not isinstance(channels, bool)
    if not known or channels not in MODES:
        raise ArgumentError(
            "channels is 1 (grey), 3 (RGB) or 4 (RGB and alpha); None takes 1 if all "
            f"images are stored as grey, else 3. Received: channels={channels!r}.",
            "channels",
        )
    return channels


def formats():
    """The names of the image formats that are read, which plugins may add to."""
    from PIL import Image

    Image.init()
    # Each is asked in turn whether a file is its own.
    others = sorted(set(Image.ID) - NOT_OPENED - set(COMMON) - WITHOUT_MARK)
    last = sorted(WITHOUT_MARK & set(Image.ID))
    return [*(name for name in COMMON if name in Image.ID), *others, *last]


def extensions():
    """The endings, such as ".png", of files of these formats."""
    from PIL import Image

    Image.init()
    read = set(formats())
    return {end for end, name in Image.EXTENSION.items() if name in read}


def is_image(file):
    """Whether the contents of a regular file begin as those of an image do.

    Args:
        file: its path, or an open binary file.
    """
    from PIL import Image

    marked = [name for name in formats() if name not in WITHOUT_MARK]
    try:
        with Image.open(file, formats=marked):
            return True
    except Image.DecompressionBombError:
        return True
    # Pillow's plugins raise many kinds of errors on files of another kind.
    except Exception:
        return False


def decode(data, image_size=None, value_range=None, channels=None):
    """A Pillow image, mode "L" (grey), "RGB" or "RGBA", of a file's bytes.

    The first frame is taken and turned as EXIF says. Sixteen-bit grey becomes eight bit
    (x / 257, rounded); transparency shows white behind, unless it is asked for; other
    modes become RGB. With `image_size` the centre is cropped and resized as by `fit`.

    Args:
        data: bytes of an image of one of the `formats()`.
        image_size: (height, width), or None.
        value_range: (black, white), the stored values that become 0 and 255; None is
            all that the file can store. Alpha is never mapped.
        channels: 1, 3 or 4, or None: 1 of what is stored as grey, else 3. An image
            without transparency is opaque: its alpha is 255.

    Raises:
        ValueError: if the bytes are no such image, are cut off, or would decode to more
            than `PIL.Image.MAX_IMAGE_PIXELS` pixels; or for floats and 32-bit integers
            without `value_range`.
    """
    with _told():
        image = _converted(_upright(data, image_size), value_range, channels)
    return image if image_size is None else fit(image, image_size)


def examine(data, image_size=None, value_range=None, channels=None):
    """The image that `decode` gives, or its error, and the levels of what is stored.

    `levels` is (dtype, low, high), before any range is applied, and without alpha.
    """
    with _told():
        stored = _upright(data, image_size)
        levels = _levels(stored, value_range)
        image = _converted(stored, value_range, channels)
    return (image if image_size is None else fit(image, image_size)), levels


@contextlib.contextmanager
def _told():
    """A block in which whatever Pillow raises becomes a ValueError."""
    from PIL import UnidentifiedImageError

    try:
        yield
    except UnidentifiedImageError as error:  # which would name the BytesIO
        raise ValueError("it is no image of a kind that Pillow reads") from error
    except ArgumentError:
        raise
    # Pillow's plugins raise many kinds of errors on broken files.
    except Exception as error:
        raise ValueError(str(error) or type(error).__name__) from error


def _upright(data, image_size):
    """The decoded Pillow image in its own mode, turned as EXIF says."""
    from PIL import Image, ImageOps

    image = Image.open(io.BytesIO(data), formats=formats())
    limit = Image.MAX_IMAGE_PIXELS
    # Pillow only warns up to twice the limit.
    if limit is not None and image.width * image.height > limit:
        raise ValueError(
            f"it has {image.width} x {image.height} pixels, more than "
            f"PIL.Image.MAX_IMAGE_PIXELS = {limit}"
        )
    if image_size is not None:
        # JPEG can decode at 1/2, 1/4 or 1/8, which spares time on photographs; at
        # twice the wanted size, so that the antialiased resize decides the rest.
        image.draft(None, (2 * max(image_size), 2 * max(image_size)))
    image.load()
    if ORIENTATION in image.getexif():
        image = ImageOps.exif_transpose(image)
    return image


def _mode(image):
    return "L" if image.mode in ("1", "L", "LA", "La") else "RGB"


def _colours(image):
    """An 8-bit image as grey or RGB, its transparency left out."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
    return image if image.mode == _mode(image) else image.convert(_mode(image))


def _levels(image, value_range):
    """(dtype, low, high) of the stored values."""
    if image.mode[0] in "IF":
        pixels = np.asarray(image)
        if not np.isfinite(pixels).all():
            raise ValueError("it holds NaN or Inf")
        low, high = pixels.min(), pixels.max()
        if image.mode == "F":
            if value_range is None:
                raise ArgumentError(
                    f"it holds floats from {low:g} to {high:g}, whose range is "
                    "unknown: pass value_range=(low, high), the values that are black "
                    "and white",
                    "value_range",
                )
            return np.dtype(np.float32), low, high
        sixteen_bit = image.mode != "I" or value_range is None
        if sixteen_bit and low >= 0 and high <= 65535:
            return np.dtype(np.uint16), low, high
        if value_range is None:
            raise ArgumentError(
                f"it holds integers from {low} to {high}, not 16-bit grey: pass "
                "value_range=(low, high), the values that are black and white",
                "value_range",
            )
        return np.dtype(np.int32), low, high
    extrema = np.array(_colours(image).getextrema())
    return np.dtype(np.uint8), extrema.min(), extrema.max()


def _converted(image, value_range, channels):
    """An 8-bit image in the mode of so many channels, its colours mapped."""
    from PIL import Image

    if image.mode[0] in "IF":
        _levels(image, value_range)  # which raises where the range is unknown
        grey = Image.fromarray(to_bytes(image, value_range or (0, 65535)))
        return grey if channels in (None, 1) else grey.convert(MODES[channels])
    mode = _mode(image) if channels is None else MODES[channels]
    mapped = value_range not in (None, (0, 255))
    if not mapped and not image.has_transparency_data:
        # By way of grey or RGB, so that a palette's or a CMYK image's grey is that of
        # its colours.
        return image.convert(_mode(image)).convert(mode)
    colours = _colours(image)
    alpha = None
    if image.has_transparency_data:
        alpha = image.convert("RGBA").getchannel("A")
    if mapped:
        table = to_bytes(np.arange(256), value_range).tolist()
        colours = colours.point(table * len(colours.getbands()))
    if alpha is not None:
        colours = colours.convert("RGBA")
        colours.putalpha(alpha)
        if channels != 4:
            white = Image.new("RGBA", image.size, "white")
            colours = Image.alpha_composite(white, colours)
    return colours.convert(mode)


def fit(image, image_size):
    """Crop a Pillow image's centre to the aspect of `image_size`, then resize it.

    Args:
        image: Pillow image of mode "L", "RGB", "RGBA" or "F".
        image_size: (height, width). The resize is Lanczos', antialiased; colours weigh
            as much as they are opaque.
    """
    from PIL import Image

    height, width = image_size
    if image.size == (width, height):
        return image
    scale = min(image.width / width, image.height / height)
    left = (image.width - scale * width) / 2
    top = (image.height - scale * height) / 2
    box = (left, top, image.width - left, image.height - top)
    return image.resize((width, height), Image.Resampling.LANCZOS, box=box)


def resize_array(pixels, image_size):
    """`fit` of an array (height, width, channels), uint8 or float32 in [-1, 1]."""
    from PIL import Image

    channels = [
        np.asarray(fit(Image.fromarray(np.ascontiguousarray(channel)), image_size))
        for channel in np.moveaxis(pixels, -1, 0)
    ]
    resized = np.stack(channels, axis=-1)
    # Lanczos' filter has negative lobes and overshoots at edges; uint8 saturates.
    return resized if resized.dtype == np.uint8 else np.clip(resized, -1, 1)
