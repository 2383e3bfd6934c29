"""The card of a preset: what it is, how it was trained, and what was measured."""

import dataclasses
import json
import os
from collections.abc import Sequence
from typing import Any

from keras_gan.evaluation import evaluation_functions, measured
from keras_gan.evaluation.protocol import Protocol
from keras_gan.metrics.score import Score
from keras_gan.saving import front_matter
from keras_gan.saving.presets import METADATA

LICENSE = "mit"  # of the zoo, as of the package
TOLERANCE = "within 1 % of the card's, or half a standard error"


def best() -> dict[str, str]:
    """The best values: what a reader looks for in each score, by its name.

    Of a metric it is the metric's own `best`, so that a new one is in the cards.
    """
    return {**measured.best(), **evaluation_functions.BEST}


def as_json(protocol: Protocol, scores: dict[str, Score]) -> dict[str, Any]:
    """The "evaluation" entry of a card: a protocol, and scores with their errors."""
    return {
        "protocol": dataclasses.asdict(protocol),
        "features": sorted({score.features for score in scores.values()}),
        "real": next(iter(scores.values())).real,
        "scores": {
            name: {"value": score.value, "standard_error": score.standard_error}
            for name, score in scores.items()
        },
    }


def read(folder: str | os.PathLike) -> dict[str, Any] | None:
    """The metadata of a preset that has a card, or None.

    Args:
        folder: path of a preset.

    Returns:
        Dict with at least "evaluation".
    """
    path = os.path.join(folder, METADATA)
    with open(path, encoding="utf-8") as file:
        metadata = json.load(file)
    return metadata if "evaluation" in metadata else None


def protocol_of(metadata: dict[str, Any]) -> Protocol:
    """The `Protocol` that a card was measured by."""
    return Protocol(**metadata["evaluation"]["protocol"])


def holds(score: Score, promised: dict[str, Any]) -> bool:
    """Whether a score is the card's: within 1 %, or half a standard error.

    The same weights, latents and data give the same samples but for rounding, which
    differs between processors and moves few of them over a border; other samples would
    differ by about a standard error and a half.

    Args:
        score: a `metrics.Score`.
        promised: dict with "value" and "standard_error", of the card.
    """
    value, error = promised["value"], promised["standard_error"] or 0.0
    return abs(score.value - value) <= max(0.01 * abs(value), 0.5 * error)


def number(value: float, error: float | None) -> str:
    """A score as text: value and standard error with as many digits as it has."""
    return f"{value:.4g}" if error is None else f"{value:.4g} +- {error:.2g}"


def render(name: str, metadata: dict[str, Any]) -> str:
    """The card as Markdown.

    Args:
        name: str, the preset's.
        metadata: dict, see `read`, with "about", "training" and "evaluation".
    """
    about, training = metadata["about"], metadata["training"]
    evaluation = metadata["evaluation"]
    return f"""# {name}

{about["what"]}

![64 samples at seed 0](samples.png)

```python
import keras_gan

gan = keras_gan.models.GAN.from_preset("{name}")
{about.get("use", "images = gan.sample(16, seed=0)")}
```

| | |
|---|---|
| game | {about["game"]} |
| paper | {about["paper"]} |
| data | {about["data"]} |{_classes(metadata)}
| networks | {_sizes(metadata["parameters"])} |
| trained by | `{training["command"]}` |
| training | {training["epochs"]} epochs, {training["steps"]:,} steps, \
{training["seconds"]:,} s on {training["machine"]} |

## Scores

`keras-gan evaluate {name}` measures them again and says whether they hold.

{scores(evaluation, evaluation["protocol"]["source"], metadata.get("seeds", {}))}

Samples (left column) and the training images nearest to them by their pixels:

![Nearest training images](nearest.png)

## Limits

{about["limits"]}
"""


def page(name: str, config: dict[str, Any], metadata: dict[str, Any]) -> str:
    """The card of an entry of the zoo as it is published: front matter, and `render`.

    Args:
        name, metadata: as for `render`.
        config: dict, the entry's.

    Raises:
        ImportError: if the hub's client, whose classes write it, is not installed.
    """
    source = metadata["evaluation"]["protocol"]["source"]
    data = front_matter.of_preset(name, config, metadata, source, LICENSE)
    return front_matter.on_top(render(name, metadata), data)


def scores(
    evaluation: dict[str, Any],
    source: str,
    seeds: dict[str, dict[str, float]] | None = None,
) -> str:
    """The scores of a card as a table, and the protocol that they are of.

    Args:
        evaluation: dict, see `as_json`.
        source: str, what the data are called.
        seeds: dict of the scores of several trainings, if there were any.
    """
    protocol = evaluation["protocol"]
    return f"""{_table(evaluation, seeds or {})}

{evaluation["real"]:,} samples at seed {protocol["seed"]} against as many \
images of the split "{protocol["split"]}" of \
{source}. Features: {"; ".join(evaluation["features"])}. +- is a standard \
error, of new samples on both sides; it says nothing of other trainings."""


def _classes(metadata):
    """A row of what the classes are called, if they have names."""
    names = [name.replace("|", "\\|") for name in metadata.get("class_names", ())]
    return f"\n| classes | {', '.join(names)} |" if names else ""


def _sizes(parameters):
    sizes = [f"{name} {count:,}" for name, count in parameters.items()]
    return ", ".join([f"{sizes[0]} parameters", *sizes[1:]])


def _table(evaluation, seeds):
    head = ["score", "value", "best is"]
    if seeds:
        head.insert(2, f"mean and deviation of {len(seeds)} trainings")
    lines = [_line(head), _line(["---"] * len(head))]
    for name, score in evaluation["scores"].items():
        cells = [name, number(score["value"], score["standard_error"])]
        if seeds:
            cells.append(spread([found[name] for found in seeds.values()]))
        lines.append(_line([*cells, best()[name]]))
    return "\n".join(lines)


def spread(values: Sequence[float]) -> str:
    """The mean and the deviation of trainings with several seeds, as text."""
    mean = sum(values) / len(values)
    deviation = (sum((v - mean) ** 2 for v in values) / (len(values) - 1)) ** 0.5
    return f"{mean:.4g} ({deviation:.2g})"


def _line(cells):
    return f"| {' | '.join(cells)} |"
