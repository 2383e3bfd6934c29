"""Output paths: where the commands may write, so that nothing that is there is lost."""

import os

KINDS = (".png", ".npz", "")


def check_samples(path, overwrite):
    """Refuse a kind that is not made, and what would be lost.

    Raises:
        ValueError: for another file extension.
        FileExistsError: for a file without `overwrite`, and for any folder.
    """
    kind = os.path.splitext(path)[1].lower()
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
    _check_file(path, overwrite)


def of_version(path, version):
    """The folder of a version of a model: `path` itself, or a number in it.

    Args:
        path: str.
        version: None, a number as text, or "auto": the one after the largest there.

    Raises:
        ValueError: for another version.
    """
    if version is None:
        return path
    if version == "auto":
        there = os.listdir(path) if os.path.isdir(path) else []
        numbers = [int(name) for name in there if name.isascii() and name.isdecimal()]
        return os.path.join(path, str(max(numbers, default=0) + 1))
    if not (version.isascii() and version.isdecimal() and int(version) >= 1):
        raise ValueError(
            "--version is a number of at least 1, or auto for the next one. Received: "
            f"--version {version}"
        )
    return os.path.join(path, str(int(version)))


def check_scores(path, overwrite):
    """Refuse another kind than JSON, and what would be lost.

    Raises:
        ValueError: for another file extension.
        FileExistsError: for a file without `overwrite`, and for any folder.
    """
    if os.path.splitext(path)[1] != ".json":
        raise ValueError(f"Scores are written as JSON. Received: --output {path}")
    check_pictures([path], overwrite)


def check_curves(path, overwrite):
    """Refuse another kind than a PNG, and what would be lost.

    Raises:
        ValueError: for another file extension.
        FileExistsError: for a file without `overwrite`, and for any folder.
    """
    if os.path.splitext(path)[1].lower() != ".png":
        raise ValueError(f"Curves are written as a PNG. Received: --output {path}")
    check_pictures([path], overwrite)


def check_page(path, overwrite, option="--output"):
    """Refuse another kind than HTML, and what would be lost.

    Raises:
        ValueError: for another file extension.
        FileExistsError: for a file without `overwrite`, and for any folder.
    """
    if os.path.splitext(path)[1] != ".html":
        raise ValueError(f"A page is written as HTML. Received: {option} {path}")
    check_pictures([path], overwrite, option)


def check_pictures(paths, overwrite, option="--output"):
    """Refuse to write where a folder is, or, without `overwrite`, a file.

    Args:
        paths: of the pictures, all in one folder.
        overwrite: bool.
        option: str, the one that names them.

    Raises:
        FileExistsError: if one of them is there.
        NotADirectoryError: if their folder is a file.
    """
    folder = os.path.dirname(paths[0])
    if folder and os.path.lexists(folder) and not os.path.isdir(folder):
        raise NotADirectoryError(
            f"{folder} is a file, and pictures go to a folder. Pass another {option}."
        )
    for path in paths:
        if os.path.isdir(path):
            raise FileExistsError(f"{path} is a folder. Pass another {option}.")
        _check_file(path, overwrite, option)


def _check_file(path, overwrite, option="--output"):
    if os.path.lexists(path) and not overwrite:
        raise FileExistsError(
            f"{path} exists already. Pass --overwrite to replace it, or another "
            f"{option}."
        )
