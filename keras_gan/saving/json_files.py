"""JSON files from anybody, read with the standard library and within bounds."""

import json
import os
from typing import Any

MOST_BYTES = 4_000_000  # the largest networks take a tenth of it


def read(path: str | os.PathLike) -> Any:
    """The content of a JSON file.

    Raises:
        ValueError: for a file that is larger than any config, or no JSON.
        OSError: if it cannot be read.
    """
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(
            f"{path} has {max(size, len(content)):,} bytes, and a config or metadata "
            f"at most {MOST_BYTES:,}. It is none."
        )
    try:
        return json.loads(content.decode())
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{path} is no valid JSON: {error.msg} in line {error.lineno}, column "
            f"{error.colno}."
        ) from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is no text file: {error}.") from error
    except (ValueError, RecursionError) as error:  # numbers or nests without an end
        raise ValueError(f"{path} is no valid JSON: {error}.") from error
