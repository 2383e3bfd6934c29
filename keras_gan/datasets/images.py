"""One image: from a file's bytes to grey or RGB pixels, upright, of the wanted size."""

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


def is_image(path):
    """Whether the contents of a regular file begin as those of an image do."""
    from PIL import Image

    marked = [name for name in formats() if name not in WITHOUT_MARK]
    try:
        with Image.open(path, formats=marked):
            return True
    except Image.DecompressionBombError:
        return True
    # Pillow's plugins raise many kinds of errors on files of another kind.
    except Exception:
        return False


def decode(data, image_size=None, value_range=None):
    """A Pillow image, mode "L" (grey) or "RGB", of a file's bytes.

    The first frame is taken and turned as EXIF says. Sixteen-bit grey becomes eight bit
    (x / 257, rounded); transparency shows white behind; other modes become RGB. With
    `image_size` the centre is cropped and resized as by `fit`.

    Args:
        data: bytes of an image of one of the `formats()`.
        image_size: (height, width), or None.
        value_range: (black, white), the stored values that become 0 and 255; None is
            all that the file can store.

    Raises:
        ValueError: if the bytes are no such image, are cut off, or would decode to more
            than `PIL.Image.MAX_IMAGE_PIXELS` pixels; or for floats and 32-bit integers
            without `value_range`.
    """
    with _told():
        image = _grey_or_rgb(_upright(data, image_size), value_range)
    return image if image_size is None else fit(image, image_size)


def examine(data, image_size=None, value_range=None):
    """The size, mode and levels that `decode` would give, or its error.

    `levels` is (dtype, low, high): of the values as they are stored, before any range
    is applied. `size` is (width, height).
    """
    with _told():
        image = _upright(data, image_size)
        levels = _levels(image, value_range)
        grey = image.mode[0] in "IF" or _mode(image) == "L"
    size = image.size if image_size is None else image_size[::-1]
    return size, "L" if grey else "RGB", levels


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


def _grey_or_rgb(image, value_range):
    from PIL import Image

    if image.mode[0] in "IF":
        _levels(image, value_range)  # which raises where the range is unknown
        return Image.fromarray(to_bytes(image, value_range or (0, 65535)))
    mapped = value_range not in (None, (0, 255))
    if not mapped and not image.has_transparency_data:
        return image.convert(_mode(image))
    mode, colours = _mode(image), _colours(image)
    alpha = None
    if image.has_transparency_data:
        alpha = image.convert("RGBA").getchannel("A")
    if mapped:
        table = to_bytes(np.arange(256), value_range).tolist()
        colours = colours.point(table * len(colours.getbands()))
    if alpha is not None:
        colours = colours.convert("RGBA")
        colours.putalpha(alpha)
        white = Image.new("RGBA", image.size, "white")
        colours = Image.alpha_composite(white, colours)
    return colours.convert(mode)


def fit(image, image_size):
    """Crop a Pillow image's centre to the aspect of `image_size`, then resize it.

    Args:
        image: Pillow image of mode "L", "RGB" or "F".
        image_size: (height, width). The resize is Lanczos', antialiased.
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
