"""The formats of exports, and what is refused before anything is loaded."""

import importlib.util
import os

SUFFIXES = {"tf_saved_model": "", "onnx": ".onnx", "litert": ".tflite"}
DTYPES = ("float32", "float16")
MODULES = {  # of the extra of this name
    "onnx": ("onnx", "tf2onnx", "onnxruntime"),
    "litert": ("ai_edge_litert",),
}


def check(path: str, format: str, dtype: str, warm_up: bool) -> None:
    """Raise unless an export can be written in this way; TensorFlow is not needed.

    Args:
        path, format, dtype, warm_up: as of `models.GAN.export`.

    Raises:
        ValueError: for an unknown format or dtype, another suffix than the format's, or
            a warm-up of what is no SavedModel.
        FileExistsError: if something is there already.
        ImportError: if the format's extra is not installed.
    """
    if format not in SUFFIXES:
        raise ValueError(
            f"format is one of {', '.join(SUFFIXES)}. Received: format={format!r}."
        )
    if dtype not in DTYPES:
        raise ValueError(
            f"dtype is one of {', '.join(DTYPES)}; bytes drew other pictures, or took "
            f"longer. Received: dtype={dtype!r}."
        )
    if warm_up and format != "tf_saved_model":
        raise ValueError(
            "Only of a SavedModel is there a warm-up, for TF Serving: leave it out. "
            f"Received: warm_up={warm_up!r}, format={format!r}."
        )
    if not path.endswith(SUFFIXES[format]):
        raise ValueError(
            f"A file of the format {format} is called something{SUFFIXES[format]}. "
            f"Received: {path}"
        )
    if os.path.lexists(path):
        raise FileExistsError(
            f"{path} exists already, and an export never overwrites. Choose another "
            "name (TF Serving takes a new version number), or remove it."
        )
    check_installed(format)


def check_installed(format: str) -> None:
    """Raise an ImportError unless what a format needs is installed."""
    needed = MODULES.get(format, ())
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise ImportError(
            f"The format {format} needs {', '.join(needed)}, of which "
            f"{', '.join(missing)} is not installed. Install them with: "
            f'pip install "keras_gan[{format}]"'
        )
