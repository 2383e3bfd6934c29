"""The page: one HTML file that holds a generator and what runs it in a browser."""

import gzip
import os
import tempfile
from pathlib import Path
from typing import Any

from keras_gan.explore import description, document

RUNTIME = document.HERE / "vendor" / "onnxruntime_web"
POLICY = (
    "default-src 'none'; "
    "script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; "
    "style-src 'unsafe-inline'; "
    "img-src data: blob:"
)
SCRIPTS = (
    "unpacking",
    "drawing",
    "latents",
    "pictures",
    "python_text",
    "controls",
    "inputs",
    "main",
)


def page(
    game: Any,
    filepath: str | os.PathLike,
    name: str | None = None,
    overwrite: bool = False,
) -> None:
    """Write a page, an HTML file, on which a trained generator draws, also offline.

    It holds the generator as ONNX and the runtime for it, and needs no server: a
    browser opens it from the disk. See `docs/exploring.md`.

    Args:
        game: a built game that draws images, of latents by a `Normal`, `Uniform` or
            `Categorical` prior, or a `Joint` of these.
        filepath: something.html.
        name: what `GAN.from_preset` loads the game by, for the title and the Python
            that the page gives; None says `gan`.
        overwrite: whether to replace a file that is there.

    Raises:
        ValueError: for another suffix, samples that are no images, or another prior.
        FileExistsError: if something is there, without `overwrite`.
        ImportError: if the extra "onnx" is not installed.
        NonFiniteError: if a variable holds NaN or Inf.
        RuntimeError: if the ONNX file draws other samples.

    Example:

    >>> import keras_gan
    >>> gan = keras_gan.models.GAN.from_preset("mlp_digits")
    >>> keras_gan.explore.page(gan, "digits.html", name="mlp_digits")
    """
    path = os.fspath(filepath)
    document.check(path, overwrite)
    facts = description.of_game(game, name)
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder, "generator.onnx")
        game.export(exported, format="onnx")
        model = exported.read_bytes()
    runtime = (RUNTIME / "ort.wasm.bundle.min.mjs").read_bytes()
    wasm = (RUNTIME / "ort-wasm-simd-threaded.wasm.gz").read_bytes()
    document.write(
        path,
        "page",
        SCRIPTS,
        facts,
        POLICY,
        licence=(RUNTIME / "LICENSE").read_text("utf-8"),
        generator=document.packed(gzip.compress(model, mtime=0)),
        runtime=document.packed(gzip.compress(runtime, mtime=0)),
        runtime_wasm=document.packed(wasm),
    )
