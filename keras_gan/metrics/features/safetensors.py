"""Arrays of a .safetensors file, read without running anything that it holds."""

import json
import math
import os

import numpy as np

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
LONGEST_HEADER = 100_000_000  # bytes, as the format's own library allows


def load(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """The arrays of a file by name, mapped into memory and not read before use.

    The format: 8 bytes, the length of a JSON header, little-endian; the header, of
    type, shape and place of each array; then the arrays one after the other.

    Returns:
        Dict of float arrays; those of bfloat16 are float32 here.

    Raises:
        ValueError: for a file that is none, is truncated, or holds other numbers than
            floats.
    """
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > min(LONGEST_HEADER, size - 8):
            raise _none(path, f"its header would have {length} bytes of {size}")
        try:
            header = json.loads(file.read(length))
        except ValueError as error:
            raise _none(path, f"its header is no JSON ({error})") from error
    if not isinstance(header, dict):
        raise _none(path, "its header is no JSON object")
    data = np.memmap(path, np.uint8, "r", offset=0)
    header.pop("__metadata__", None)
    return {
        name: _array(path, name, entry, data[8 + length :])
        for name, entry in header.items()
    }


def _array(path, name, entry, data):
    try:
        dtype, shape = entry["dtype"], tuple(entry["shape"])
        start, stop = entry["data_offsets"]
    except (TypeError, KeyError, ValueError) as error:
        raise _none(path, f"its header says nothing of {name!r}") from error
    if dtype not in DTYPES:
        raise ValueError(
            f"{os.fspath(path)} holds {name!r} as {dtype}. Floats are read: "
            f"{', '.join(DTYPES)}."
        )
    kind = np.dtype(DTYPES[dtype])
    if not 0 <= start <= stop <= len(data) or (
        stop - start != math.prod(shape) * kind.itemsize
    ):
        raise _none(path, f"{name!r} does not lie in it as its header says")
    array = data[start:stop].view(kind).reshape(shape)
    if dtype == "BF16":  # the upper half of a float32
        array = (array.astype(np.uint32) << 16).view(np.float32)
    return array


def _none(path, why):
    return ValueError(
        f"{os.fspath(path)} is no .safetensors file, or is truncated: {why}. Files of "
        "PyTorch (.pth, .bin) are pickles, which run code, and are not read."
    )
