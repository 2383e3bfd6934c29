"""The zoo's folder, found without TensorFlow: the command lists it at once."""

import os

from keras_gan.saving.hubs import CONFIG

NEAR = 0.7  # of difflib: "mein" is near "mine" (0.75), "photos" is not "toto" (0.6)


def folder() -> str:
    """The folder of the zoo: inside an installed package, beside it in a checkout.

    Raises:
        FileNotFoundError: if there is none.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for parent in (package, os.path.dirname(package)):
        found = os.path.join(parent, "zoo")
        if os.path.isdir(found):
            return found
    raise FileNotFoundError(
        f"The zoo is not installed beside {package}. Install the package with pip."
    )


def contains(path: str | os.PathLike) -> bool:
    """Whether a folder is that of one of the zoo's entries."""
    parent = os.path.dirname(os.path.realpath(path))
    return parent == os.path.realpath(folder())


def names() -> list[str]:
    """The names of the zoo's entries, sorted."""
    place = folder()
    return sorted(
        name
        for name in os.listdir(place)
        if os.path.isfile(os.path.join(place, name, CONFIG))
    )
