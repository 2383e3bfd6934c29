"""Prose: what holds of all text that people read, whatever file it is in."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
# A point that begins a number: not that of 2.5, of x[0].5, of ".1.png", of a pattern's
# `\.5` or of a format's `:.3f`. The formatter writes 0.5 in code, so only prose is left
# to be read.
BARE_POINT = re.compile(r"(?<![\w.\\\])}~#:])(?<!:[+,<>^])\.\d+(?!\.[a-z])")


def bare_decimals(text):
    return BARE_POINT.findall(text)


def texts():
    """Every Markdown page and Python file by name; of the changelog what is to come."""
    names = ("keras_gan", "tests", "benchmarks", "docs", "examples", "zoo")
    folders = [ROOT / name for name in names]
    pages = [path for folder in folders for path in folder.rglob("*.md")]
    code = [path for folder in folders for path in folder.rglob("*.py")]
    for path in [*ROOT.glob("*.md"), *pages, *code]:
        text = path.read_text(encoding="utf-8")
        if path.name == "CHANGELOG.md":
            text = "".join(text.split("\n## [")[:2])
        yield str(path.relative_to(ROOT)), text


def test_decimals_have_a_zero_before_the_point():
    found = {name: bare_decimals(text) for name, text in texts()}
    assert len(found) > 400  # the package, its tests and its pages
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


def test_a_bare_decimal_is_found():
    text = "a rate of .?, (.?, 2.5), -.?; 1.5, x[0].5, \\.5, {x:.3f}, {x:+.2f}"
    assert bare_decimals(text.replace("?", "5")) == [f".{5}"] * 3


def test_keras_gan_is_imported_first():
    """On many processors TensorFlow is slow if it is imported before keras_gan."""
    looked_at = 0
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for block in re.findall(r"```python\n(.*?)```", path.read_text("utf-8"), re.S):
            lines = block.splitlines()
            others = [
                number
                for number, line in enumerate(lines)
                if re.match(r"(import|from) (keras|tensorflow)\b", line)
            ]
            own = [n for n, line in enumerate(lines) if line[:16] == "import keras_gan"]
            if others and own:
                looked_at += 1
                assert own[0] < others[0], f"{path.name}: {block[:200]}"
    assert looked_at >= 5
