"""The page: one HTML file that holds a generator and what runs it in a browser."""

import base64
import gzip
import html
import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from keras_gan.core import files
from keras_gan.explore import description

HERE = Path(__file__).parent
RUNTIME = HERE / "vendor" / "onnxruntime_web"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./[a-z_]+\.js";\n', re.M)
# In the order in which each is used by the next: they become one script.
SCRIPTS = (
    "unpacking",
    "drawing",
    "latents",
    "pictures",
    "python_text",
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
    check(path, overwrite)
    facts = description.of_game(game, name)
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder, "generator.onnx")
        game.export(exported, format="onnx")
        model = exported.read_bytes()
    with files.new_file(path) as file:
        file.write(_document(facts, model).encode())


def check(path: str, overwrite: bool) -> None:
    """Raise unless a page can be written there; TensorFlow is not needed.

    Raises:
        ValueError: for another suffix than .html.
        FileExistsError: for a file without `overwrite`, and for any folder.
    """
    if not path.endswith(".html"):
        raise ValueError(f"A page is called something.html. Received: {path}")
    if os.path.isdir(path):
        raise FileExistsError(f"{path} is a folder. Choose another name.")
    if os.path.lexists(path) and not overwrite:
        raise FileExistsError(
            f"{path} exists already. Pass overwrite=True (--overwrite) to replace it, "
            "or choose another name."
        )


def _document(facts, model):
    wasm = (RUNTIME / "ort-wasm-simd-threaded.wasm.gz").read_bytes()
    runtime = (RUNTIME / "ort.wasm.bundle.min.mjs").read_bytes()
    held = {
        "facts": json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c"),
        "generator": _packed(gzip.compress(model, mtime=0)),
        "runtime": _packed(gzip.compress(runtime, mtime=0)),
        "runtime-wasm": _packed(wasm),
    }
    parts = {
        "title": html.escape(facts["title"]),
        "style": _read("page.css"),
        "licence": (RUNTIME / "LICENSE").read_text("utf-8"),
        "script": "\n".join(_joined()),
        **held,
    }
    # One pass, so that nothing in a part is taken for the place of another.
    return re.sub(r"\{\{([a-z-]+)\}\}", lambda at: parts[at[1]], _read("page.html"))


def _packed(data):
    return base64.b64encode(data).decode()


def _read(name):
    return (HERE / "web" / name).read_text("utf-8")


def _joined() -> Iterator[str]:
    """The modules as one script: without imports of each other, and `export`."""
    for name in SCRIPTS:
        text = IMPORT.sub("", _read(f"{name}.js"))
        yield re.sub(r"^export ", "", text, flags=re.M)
