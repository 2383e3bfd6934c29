"""Files of Keras, made in memory before any of it goes to the disk.

HDF5 cannot close a file on a full disk: it raises, and a while later, when Python
collects what it left, it ends the process. In memory it has the room it needs.
"""

import io
import os
from collections.abc import Callable
from typing import Any


def written(
    write: Callable[..., None], path: str | os.PathLike, **options: Any
) -> memoryview:
    """The bytes that a model's `save` or `save_weights` would write.

    Args:
        write: `keras.Model.save` or `save_weights` of a model.
        path: of the file, for its ending and for messages; nothing is written there.
        **options: of `write`.
    """
    file = _NamedBytes(os.fspath(path))
    write(file, **options)
    return file.getbuffer()


class _NamedBytes(io.BytesIO):
    """Bytes that have the name of a file, by whose ending Keras knows what to write."""

    def __init__(self, name):
        super().__init__()
        self._name = name

    def __str__(self):
        return self._name
