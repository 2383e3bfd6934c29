"""One image: from a file's bytes to grey or RGB pixels, upright, of the wanted size."""

import io

import numpy as np

from .order import whole_number

# Not in a folder of images from anywhere: EPS starts another program, WMF asks Windows,
# and of the others Pillow knows the names only.
NOT_OPENED = {"EPS", "WMF", "BUFR", "GRIB", "HDF5", "MPEG", "PDF"}
# They begin with no mark of their own, so that other files may look like them.
WITHOUT_MARK = {"TGA", "SPIDER", "IPTC", "PCD", "PIXAR"}
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
        raise ValueError(
            "Expected image_size to be an int or (height, width). Received: "
            f"image_size={image_size!r}."
        )
    return tuple(whole_number("image_size", side, 1) for side in sides)


def formats():
    """The names of the image formats that are read, which plugins may add to."""
    from PIL import Image

    Image.init()
    return [name for name in Image.ID if name not in NOT_OPENED]


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


def decode(data, image_size=None):
    """A Pillow image, mode "L" (grey) or "RGB", of a file's bytes.

    The first frame is taken and turned as EXIF says. Sixteen-bit grey becomes eight bit
    (x / 257, rounded); transparency shows white behind; other modes become RGB. With
    `image_size` the centre is cropped and resized as by `fit`.

    Args:
        data: bytes of an image of one of the `formats()`.
        image_size: (height, width), or None.

    Raises:
        ValueError: if the bytes are no such image, are cut off, or would decode to more
            than `PIL.Image.MAX_IMAGE_PIXELS` pixels.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
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
        image = _grey_or_rgb(image)
    except UnidentifiedImageError as error:  # which would name the BytesIO
        raise ValueError("it is no image of a kind that Pillow reads") from error
    # Pillow's plugins raise many kinds of errors on broken files.
    except Exception as error:
        raise ValueError(str(error) or type(error).__name__) from error
    return image if image_size is None else fit(image, image_size)


def _grey_or_rgb(image):
    from PIL import Image

    if image.mode.startswith("I"):
        return _eight_bit(image)
    if image.mode == "F":
        raise ValueError("it holds floats, whose range is unknown")
    mode = "L" if image.mode in ("1", "L", "LA", "La") else "RGB"
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    return image.convert(mode)


def _eight_bit(image):
    from PIL import Image

    pixels = np.asarray(image)
    if pixels.min() < 0 or pixels.max() > 65535:
        raise ValueError(
            f"it holds integers from {pixels.min()} to {pixels.max()}, not 16-bit grey"
        )
    return Image.fromarray(np.rint(pixels / 257).astype(np.uint8))


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
