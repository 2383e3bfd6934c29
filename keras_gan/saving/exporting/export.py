"""Export: what a game draws with, written in one of several formats."""

import os
from typing import Any

from keras_gan.saving.exporting import formats, litert_file, onnx_file, saved_model


def export(
    game: Any,
    filepath: str | os.PathLike,
    format: str,
    dtype: str,
    warm_up: bool,
    verbose: bool,
) -> None:
    """Write the generator of a game; the arguments are those of `models.GAN.export`."""
    path = os.fspath(filepath)
    formats.check(path, format, dtype, warm_up)
    if format == "tf_saved_model":
        saved_model.write(game, path, dtype, warm_up, verbose)
    elif format == "onnx":
        onnx_file.write(game, path, dtype)
    else:
        litert_file.write(game, path, dtype)
