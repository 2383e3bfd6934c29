"""Model cards: a preset's README.md, what it is and how it is used, in plain Markdown.

What a folder of a preset does not know (the data, what it is good for) is left to who
publishes it. `saving.front_matter` writes what a hub reads, on top of it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import keras

README = "README.md"
PLACE = "FOLDER"  # in place of the name of a preset that is not published yet
UNKNOWN = (
    "This page was written by `save_to_preset`, which knows neither the data nor what "
    "the game is good for, and measures nothing: `keras-gan evaluate` does."
)


def of_game(game: keras.Model, metadata: dict[str, Any]) -> str:
    """The card of a game that was just saved.

    Args:
        game: the compiled game.
        metadata: dict, of its preset.

    Returns:
        str, Markdown.
    """
    family = type(game).__name__
    shape = game.sample_shape()
    samples = "samples" if shape is None else f"samples of shape {tuple(shape)}"
    rows = [("networks", ", ".join(_networks(game))), *_rules(game)]
    rows.append(("trained for", f"{int(game.step.numpy()):,} steps"))
    if names := metadata.get("class_names"):
        rows.append(("classes", ", ".join(names)))
    optimizers = "both optimizers" if len(game.players()) > 1 else "the optimizer"
    state = f"{optimizers} and counters too"
    rows.append(("holds", state if metadata["state"] == "training" else "networks"))
    rows.append(("made with", ", ".join(_versions(metadata))))
    table = "\n".join(f"| {name} | {_cell(value)} |" for name, value in rows)
    return f"""# {family}

A {family} of keras_gan: it draws {samples}.

```python
import keras_gan

{_reading(game)}
```

| | |
|---|---|
{table}

{UNKNOWN}
"""


def _reading(game: keras.Model) -> str:
    """The lines by which the preset is read and draws."""
    family = type(game)
    if family.__module__.startswith("keras_gan.relatives"):
        read = f'model = keras_gan.relatives.{family.__name__}.from_preset("{PLACE}")'
        return f"{read}\nsamples = model.sample(16, seed=0)"
    read = f'gan = keras_gan.models.GAN.from_preset("{PLACE}")'
    return f"{read}\nimages = gan.sample(16, seed=0)"


def _networks(game: keras.Model) -> Iterator[str]:
    for name, network in game.networks().items():
        kind = type(network).__name__
        yield f"{name} ({kind}, {network.count_params():,} parameters)"


def _rules(game: keras.Model) -> Iterable[tuple[str, str]]:
    for name in ("prior", "loss"):
        if getattr(game, name, None) is not None:
            yield name, type(getattr(game, name)).__name__
    if penalties := getattr(game, "penalties", ()):
        yield "penalties", ", ".join(type(penalty).__name__ for penalty in penalties)


def _versions(metadata: dict[str, Any]) -> Iterator[str]:
    for name, version in metadata["versions"].items():
        yield f"{name} {version}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
