"""The sizes of image files, read from their headers."""

import contextlib
import io
import os
import pathlib

import numpy as np

from keras_gan.core.arguments import check_integer

from .image_files import ImageFiles
from .images import ORIENTATION
from .zip_files import ZippedImages

TURNED = (5, 6, 7, 8)  # EXIF orientations that swap the sides


def image_sizes(source: str | os.PathLike, most: int = 100) -> list[tuple[int, int]]:
    """Image sizes, (height, width), of a folder or zip, from headers alone.

    Nothing is decoded, so that even large photographs take milliseconds each. A file
    whose header cannot be read is left out; `load` names it.

    Args:
        source: folder or `.zip` of images, as for `load`.
        most: int >= 1, how many files are looked at, evenly from the first to the last.

    Returns:
        List of (height, width), in pixels and upright, in the order of the names.

    Raises:
        ValueError: as `load`, if there is no image.

    Example:

    >>> import tempfile
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Image.new("RGB", (40, 30)).save(f"{folder}/a.png")
    ...     print(image_sizes(folder))
    [(30, 40)]
    """
    from PIL import Image

    most = check_integer(most, "most", 1)
    path = pathlib.Path(source).expanduser()
    files = ImageFiles(path) if path.is_dir() else ZippedImages(path)
    names = [name for name in files.names if name not in files.broken]
    found = []
    for place in np.linspace(0, len(names) - 1, min(most, len(names))).astype(int):
        # What Pillow raises on a forged file is not limited to some classes.
        with (
            contextlib.suppress(Exception),
            Image.open(io.BytesIO(files.read(names[place]))) as image,
        ):
            turned = image.getexif().get(ORIENTATION) in TURNED
            found.append(image.size if turned else image.size[::-1])
    return found
