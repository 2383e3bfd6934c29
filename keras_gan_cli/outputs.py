"""Where `sample` and `export` may write: nothing that is there is lost."""

import os

KINDS = (".png", ".npz", "")


def check_samples(path, overwrite):
    """Refuse a kind that is not made, and what would be lost.

    Raises:
        ValueError: for another file extension.
        FileExistsError: for a file without `overwrite`, and for any folder.
    """
    kind = os.path.splitext(path)[1]
    if kind not in KINDS:
        raise ValueError(
            "Samples are written as one picture (grid.png), as arrays (samples.npz), "
            f"or as pictures in a folder (samples). Received: --output {path}"
        )
    if os.path.isdir(path) or (os.path.lexists(path) and kind == ""):
        raise FileExistsError(
            f"{path} exists already, and only files are overwritten. Pass another "
            "--output, or remove it."
        )
    if os.path.lexists(path) and not overwrite:
        raise FileExistsError(
            f"{path} exists already. Pass --overwrite to replace it, or another "
            "--output."
        )


def check_export(path):
    """Refuse a folder that exists.

    Raises:
        FileExistsError: if something is there.
    """
    if os.path.lexists(path):
        raise FileExistsError(
            f"{path} exists already, and an export never overwrites. Pass another "
            "folder (TF Serving takes a new version number), or remove it."
        )
