"""Docstrings: every example runs, and the first line can be found by its name."""

import ast
import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import keras_gan

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(keras_gan.__path__, "keras_gan.")
    if ".zoo" not in module.name
)
# what a class of these packages is, in the field's word
KINDS = {
    "augmentations": "augment|flip",
    "densities": "density",
    "losses": "loss",
    "optimizers": "adam",
    "networks": "generator|discriminator|head",
    "penalties": "penalty",
    "priors": "prior",
    "schedules": "schedule",
    "divergences.f_divergences": "divergence|distance|chi squared",
    "metrics.features": "feature",
}


@pytest.mark.parametrize("name", MODULES)
def test_examples(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    result = doctest.testmod(importlib.import_module(name), optionflags=options)
    assert result.failed == 0


def words(name):
    """`DCGANGenerator` -> dcgan, generator; `kl_lower_bound` -> kl, lower, bound."""
    found = re.findall(r"[A-Z]+\d*(?![a-z])|[A-Z]?[a-z]+\d*|\d+D?", name)
    return [word.lower() for word in found]


def missing(name, line):
    """The words of a name that its first line lacks: five letters of each suffice."""
    text = re.sub("[^a-z0-9]", "", line.lower())  # so "mini-max" and "mini max" are one
    return [word for word in words(name) if word[:5] not in text]


def public():
    """(package, name, first line, whether it is a class) of all of every `__all__`."""
    root = Path(keras_gan.__file__).parent
    for init in sorted(root.rglob("__init__.py")):
        package = ".".join(init.parent.relative_to(root).parts)
        namespace = importlib.import_module(f"keras_gan.{package}".rstrip("."))
        for node in ast.parse(init.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and node.targets[0].id == "__all__":
                for name in ast.literal_eval(node.value):
                    value = getattr(namespace, name)
                    if isinstance(value, type) or callable(value):
                        line = value.__doc__.strip().splitlines()[0]
                        yield package, name, line, isinstance(value, type)


def test_the_first_line_has_the_words_of_the_name():
    """Whoever searches for "spectral normalization" finds SpectralNormalization."""
    found = list(public())
    assert len(found) > 150
    assert {f"{p}.{n}": line for p, n, line, _ in found if missing(n, line)} == {}


def test_the_first_line_says_what_it_is():
    lines = {
        f"{package}.{name}": line
        for package, name, line, is_class in public()
        if is_class
        and package in KINDS
        and not re.search(KINDS[package], line, re.IGNORECASE)
    }
    assert lines == {}


QUESTIONS = re.compile("(What|Which|How|Where|Who|Why|When|That|Told|Of|As|By|From) ")


def test_no_first_line_begins_as_a_question():
    """Of classes, functions and modules, the private ones too."""
    root, found = Path(__file__).parents[1], []
    for folder in ("keras_gan", "benchmarks", "examples", "tests/helpers"):
        for path in sorted((root / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                    found.append((path.name, ast.get_docstring(node) or ""))
    assert len(found) > 1500
    assert [(name, text) for name, text in found if QUESTIONS.match(text)] == []


@pytest.mark.parametrize(
    ("name", "line", "lacking"),
    [
        ("NonSaturating", "Non-saturating loss (NSGAN): ...", []),
        (
            "NonSaturating",
            "The heuristic game that everybody trains.",
            ["non", "satur"],
        ),
        ("DCGANGenerator", "DCGAN generator: from latents to images.", []),
        ("entropy", "The surprise that p itself expects.", ["entro"]),
    ],
)
def test_a_riddle_is_found(name, line, lacking):
    assert [word[:5] for word in missing(name, line)] == lacking
