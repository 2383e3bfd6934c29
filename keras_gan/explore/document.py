"""The document: a page of HTML whose places are filled, in one file."""

import base64
import html
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from keras_gan.core import files

HERE = Path(__file__).parent
IMPORT = re.compile(r'^import \{[^}]*\} from "\./[a-z_]+\.js";\n', re.M)


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


def write(
    path: str,
    template: str,
    scripts: Sequence[str],
    facts: dict[str, Any],
    policy: str,
    **parts: str,
) -> None:
    """Write a page.

    Args:
        path: str.
        template: the name of the page's body and its style, in `web`.
        scripts: names of modules in `web`, in the order in which each is used by the
            next: they become one script.
        facts: what the scripts read; its "title" is the page's.
        policy: the Content-Security-Policy; no address beyond the page.
        **parts: texts by the names of their places, `_` for `-`.
    """
    parts = {
        **{name.replace("_", "-"): text for name, text in parts.items()},
        "policy": policy,
        "title": html.escape(facts["title"]),
        "style": f"{_read('base.css')}\n{_read(f'{template}.css')}",
        "facts": json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c"),
        "script": "\n".join(_joined(scripts)),
    }
    # One pass, so that nothing in a part is taken for the place of another.
    page = re.sub(
        r"\{\{([a-z-]+)\}\}",
        lambda at: parts[at[1]],
        _read("head.html") + _read(f"{template}.html"),
    )
    with files.new_file(path) as file:
        file.write(page.encode())


def packed(data: bytes) -> str:
    """Bytes, of a gzip file where a script unpacks them, as text."""
    return base64.b64encode(data).decode()


def _read(name):
    return (HERE / "web" / name).read_text("utf-8")


def _joined(scripts) -> Iterator[str]:
    """The modules as one script: without imports of each other, and `export`."""
    for name in scripts:
        text = IMPORT.sub("", _read(f"{name}.js"))
        yield re.sub(r"^export ", "", text, flags=re.M)
