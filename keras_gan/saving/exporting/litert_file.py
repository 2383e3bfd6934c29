"""A LiteRT file of the generator (once TensorFlow Lite), for phones."""

import contextlib
import io
import os
import re
import zipfile
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from keras_gan.core import files
from keras_gan.saving.exporting import about, agreement, plain, saved_model

SIGNATURE = "serving_default"
_DAY = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is written


def write(game: Any, path: str, dtype: str) -> None:
    """Write what `plain.of_game` computes as a LiteRT file of one signature.

    The batch is dynamic. What `about.of_game` says is in JSON files that are zipped to
    the end, as TensorFlow Lite's files of labels are. float16: weights are stored in
    two bytes, and computed with as float32 where the processor has no other.

    Args:
        game: a built game.
        path: of a file that does not exist yet.
        dtype: "float32" or "float16".

    Raises:
        RuntimeError: if the file draws other samples, or LiteRT lacks an operation.
        OSError: if it cannot be written; nothing stays behind then.
    """
    from ai_edge_litert import interpreter

    with files.draft(path) as temporary:
        with saved_model.errors_of_the_disk(temporary):
            model = _converted(game, os.path.dirname(temporary), dtype)
        with open(temporary, "wb") as file:
            file.write(model)
        with zipfile.ZipFile(temporary, "a") as archive:
            for name, text in about.of_game(game).items():
                archive.writestr(zipfile.ZipInfo(f"{name}.json", _DAY), text)
        loaded = interpreter.Interpreter(model_path=temporary)
        runner = loaded.get_signature_runner(SIGNATURE)
        agreement.check(
            game, lambda given: _first(runner(**given)), "LiteRT file", dtype
        )


def _converted(game, folder, dtype):
    """The bytes of the model; by way of a SavedModel, which keeps the names."""
    function, inputs = plain.of_game(game)
    archive = keras.export.ExportArchive()
    archive.add_endpoint(SIGNATURE, function, input_signature=inputs)
    saved = os.path.join(folder, "saved_model")
    with contextlib.redirect_stdout(io.StringIO()):
        archive.write_out(saved, verbose=False)
    converter = tf.lite.TFLiteConverter.from_saved_model(
        saved, signature_keys=[SIGNATURE]
    )
    if dtype == "float16":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    try:
        return converter.convert()
    except Exception as error:
        found = re.search(r"TF Select ops: (.+)", str(error))
        reason = f"it lacks {found[1]}" if found else str(error).strip()[:500]
        raise RuntimeError(
            f"LiteRT cannot compute {game.sampler.name}: {reason} (or has it for sides "
            "that are known only, as behind UpSampling2D in a batch of any size). "
            'Nothing is written. Pass format="onnx".'
        ) from error


def _first(found):
    return np.array(next(iter(found.values())))
