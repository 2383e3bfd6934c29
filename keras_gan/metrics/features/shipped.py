"""Files of the zoo's classifiers, of which an extractor is made."""

import json
import os

from keras_gan.core import files
from keras_gan.saving import zoo


def path_of(entry: str, name: str) -> str:
    """The path of a file of the zoo, whose hash is that of its metadata.json.

    Args:
        entry: str, a folder of the zoo with "file_sha256" in its metadata.json.
        name: str, the file.

    Raises:
        ValueError: for a file that is missing, truncated or changed.
    """
    folder = os.path.join(zoo.folder(), entry)
    path = os.path.join(folder, name)
    with open(os.path.join(folder, "metadata.json"), encoding="utf-8") as file:
        expected = json.load(file)["file_sha256"]
    found = files.sha256(path) if os.path.isfile(path) else "of no file"
    if found != expected:
        raise ValueError(
            f"{path} is missing, truncated or changed: its sha256 is {found}, and "
            f"metadata.json says {expected}. Install keras_gan again."
        )
    return path
