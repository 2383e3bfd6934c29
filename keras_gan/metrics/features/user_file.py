"""Files of weights that a user has: found, and known by their hash."""

import os
from collections.abc import Mapping

from keras_gan.core import files


def checked(
    path: str | os.PathLike,
    what: str,
    sha256: str | None,
    known: Mapping[str, str] | None = None,
) -> str:
    """The sha256 of a file of weights, if it is the one that is meant.

    Args:
        path: of the file.
        what: str, what the file holds, for messages.
        sha256: str, the beginning of the hash that it must have, or None: one of
            `known`, or any if none is known.
        known: names by hash, or None.

    Raises:
        ValueError: for a file that is not there, or of another hash.
    """
    path = os.path.expanduser(os.fspath(path))
    if not os.path.isfile(path):
        raise ValueError(f"There is no file {path} with {what}. Download it first.")
    found = files.sha256(path)
    if sha256 is not None and not found.startswith(sha256.lower()):
        raise ValueError(
            f"{path} has the sha256 {found}, expected {sha256}: it is another file, or "
            "truncated. Download it again, or pass the hash of the one that you mean."
        )
    if sha256 is None and known and found not in known:
        names = ", ".join(f"{digest} ({name})" for digest, name in known.items())
        raise ValueError(
            f"{path} has the sha256 {found}, which is none of {names}. It is another "
            f"file, or truncated; if you mean it, pass sha256={found[:12]!r}."
        )
    return found
