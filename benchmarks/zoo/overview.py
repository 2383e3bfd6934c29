"""Writes zoo/README.md, the table of all entries that have a card.

python benchmarks/zoo/overview.py
"""

import json
import pathlib

from keras_gan.evaluation import card

ZOO = pathlib.Path(__file__).parents[2] / "zoo"
SCORES = {
    "frechet_distance": "Frechet distance",
    "classifier_score_share": "classifier score / real",
    "precision": "precision",
    "recall": "recall",
    "smallest_class": "rarest class",
    "largest_class": "commonest class",
    "memorization_rate": "memorization rate",
}
OF_CLASSES = {
    "class_accuracy": "class accuracy",
    "class_accuracy_smallest": "its worst class",
    "classifier_error": "classifier error",
    "code_error": "code error",
    "mutual_information": "information in the code, nats",
}


def entries():
    """The metadata of every entry that has a card, by name."""
    found = {}
    for path in sorted(ZOO.glob("*/metadata.json")):
        metadata = json.loads(path.read_text(encoding="utf-8"))
        if "evaluation" in metadata:
            found[path.parent.name] = metadata
    return found


def baselines():
    path = ZOO / "mnist_classifier" / "baselines.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def text():
    """The README of the zoo."""
    by_data = {}
    for name, metadata in entries().items():
        source = metadata["evaluation"]["protocol"]["source"]
        by_data.setdefault(source, {})[name] = metadata
    parts = [HEAD]
    for source, group in sorted(by_data.items()):
        protocol = next(iter(group.values()))["evaluation"]
        own = baselines() if source == "mnist" else {}
        parts.append(_group(source, group, own, protocol))
    return "\n".join(parts)


HEAD = """# The zoo

`keras-gan list` shows the configs, `keras-gan train NAME` trains one, `keras-gan sample
NAME` draws from those that have weights, and `keras-gan evaluate NAME` measures them
again and says whether their card holds.

This page is written by `python benchmarks/zoo/overview.py` from the cards. +- is a
standard error of new samples; of several trainings the mean is shown, and in brackets
their deviation. Scores of one table compare, those of two do not.
"""


def _group(source, group, baselines, evaluation):
    names = [name for name in SCORES if name in evaluation["scores"]]
    lines = [
        f"## {source}",
        "",
        f"{evaluation['real']:,} samples against as many images of the split "
        f'"{evaluation["protocol"]["split"]}". Features: '
        f"{'; '.join(evaluation['features'])}.",
        "",
        _line(["entry", *(SCORES[name] for name in names), "trainings", "seconds"]),
        _line(["---"] * (len(names) + 3)),
    ]
    for baseline, measured in baselines.items():
        scores = measured["scores"]
        cells = [_cell(scores[name]) if name in scores else "" for name in names]
        lines.append(_line([baseline, *cells, "", ""]))
    for name, metadata in group.items():
        cells = [_value(metadata, key) for key in names]
        trainings = len(metadata.get("seeds", {})) or 1
        trained = [f"{trainings}", f"{metadata['training']['seconds']:,}"]
        lines.append(_line([f"[{name}]({name}/README.md)", *cells, *trained]))
    return "\n".join([*lines, "", *_of_classes(group)])


def _of_classes(group):
    """The table of the games that can be asked about classes, if there are any."""
    asked = {
        name: metadata
        for name, metadata in group.items()
        if any(key in OF_CLASSES for key in metadata["evaluation"]["scores"])
    }
    if not asked:
        return []
    found = [metadata["evaluation"]["scores"] for metadata in asked.values()]
    names = [key for key in OF_CLASSES if any(key in scores for scores in found)]
    lines = [
        "What games say of classes, and how many samples show the class that was asked "
        "for:",
        "",
        _line(["entry", *(OF_CLASSES[name] for name in names)]),
        _line(["---"] * (len(names) + 1)),
    ]
    for name, metadata in asked.items():
        cells = [_value(metadata, key) for key in names]
        lines.append(_line([f"[{name}]({name}/README.md)", *cells]))
    return [*lines, ""]


def _value(metadata, key):
    """A score as text: of several trainings their mean; nothing if it is not there."""
    seeds = metadata.get("seeds", {})
    scores = metadata["evaluation"]["scores"]
    if key not in scores:
        return ""
    if seeds:
        return card.spread([found[key] for found in seeds.values()])
    return _cell(scores[key])


def _cell(score):
    return card.number(score["value"], score["standard_error"])


def _line(cells):
    return f"| {' | '.join(cells)} |"


def write():
    (ZOO / "README.md").write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    write()
