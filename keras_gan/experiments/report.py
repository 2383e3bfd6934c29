"""Reports of a comparison: JSON, CSV, Markdown, and pictures side by side."""

import csv
import io
import json
import math
import os

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from keras_gan import plots
from keras_gan.core import files
from keras_gan.experiments.comparison import Comparison
from keras_gan.saving import json_files

COLUMNS = ("variant", "runs", "mean", "spread", "standard_error", "metric_error")
WIDTH = 1400  # pixels
NOTE = (
    "Spread: standard deviation between seeds. Error: of the mean over them. Metric: "
    "standard error of one measurement, from new samples on both sides. Against the "
    "best: mean difference seed by seed with its 95 % interval (Student's t); * where "
    "it leaves out 0."
)


def write(comparison: Comparison) -> list[str]:
    """Write all reports of a comparison; returns their paths.

    results.json, results.csv and results.md hold every score, curves.png what was
    logged, samples.png the newest samples of each run, variants in rows, seeds in
    columns.
    """
    tables = {score: comparison.table(score) for score in comparison.scores}
    texts = {
        "results.json": json.dumps(_plain(tables), indent=1) + "\n",
        "results.csv": _csv(tables),
        "results.md": markdown(tables),
    }
    paths = []
    for name, text in texts.items():
        path = os.path.join(comparison.folder, name)
        with files.new_file(path) as file:
            file.write(text.encode())
        paths.append(path)
    for name, draw in (("curves.png", curves), ("samples.png", samples)):
        figure = draw(comparison)
        if figure is not None:
            path = os.path.join(comparison.folder, name)
            plots.write_png(path, figure, WIDTH)
            paths.append(path)
    return paths


def against(row) -> str:
    """The difference of a row from the best, in words."""
    found = row["against_best"]
    if found is None:
        return "best"
    if math.isnan(found.low):
        return f"{found.mean:+.3g}"
    told = " *" if found.is_told_apart else ""
    return f"{found.mean:+.3g} ({found.low:+.3g} to {found.high:+.3g}){told}"


def markdown(tables: dict[str, list[dict]]) -> str:
    """Tables of scores in Markdown."""
    parts = []
    for score, rows in tables.items():
        parts += [f"## {score}", ""]
        parts += ["| variant | runs | mean | spread | error | metric | against best |"]
        parts += ["|---|---|---|---|---|---|---|"]
        for row in rows:
            cells = [row["variant"], str(row["runs"])]
            cells += [number(row[key]) for key in COLUMNS[2:]]
            parts.append("| " + " | ".join([*cells, against(row)]) + " |")
        parts.append("")
    return "\n".join([*parts, NOTE, ""])


def number(value: float) -> str:
    """A number of three digits; "-" where there is none."""
    return "-" if math.isnan(value) else f"{value:.3g}"


def _csv(tables):
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["score", "variant", "seed", "value"])
    for score, rows in tables.items():
        for row in rows:
            for seed, value in sorted(row["values"].items()):
                writer.writerow([score, row["variant"], seed, value])
    return file.getvalue()


def _plain(tables):
    """Tables as JSON has them: no NaN, and differences as objects."""

    def plain(value):
        if isinstance(value, float) and math.isnan(value):
            return None
        if isinstance(value, dict):
            return {str(key): plain(item) for key, item in value.items()}
        return plain(value._asdict()) if hasattr(value, "_asdict") else value

    return {score: [plain(row) for row in rows] for score, rows in tables.items()}


def curves(comparison: Comparison) -> Figure | None:
    """Curves of what all runs have logged: a colour a variant, a line a seed."""
    logs = {}
    for run in comparison.runs:
        path = os.path.join(run.folder, "history.json")
        if os.path.isfile(path):
            logs[run.folder] = json_files.read(path)
    if not logs:
        return None
    keys = sorted(set.intersection(*(set(found) for found in logs.values())))
    columns = min(4, len(keys))
    rows = -(-len(keys) // columns)
    figure = Figure(figsize=(3.6 * columns, 2.6 * rows + 0.5), layout="constrained")
    places = figure.subplots(rows, columns, squeeze=False).ravel()
    names = [variant.name for variant in comparison.variants]
    for place, key in zip(places, keys, strict=False):
        for run in comparison.runs:
            found = logs.get(run.folder)
            if found is None:
                continue
            index = names.index(run.variant.name)
            epochs = range(1, len(found[key]) + 1)
            label = run.variant.name if run.seed == comparison.seeds[0] else None
            place.plot(epochs, found[key], color=f"C{index % 10}", lw=1, label=label)
        place.set_title(key, fontsize=9)
        place.set_xlabel("epoch", fontsize=8)
    for place in places[len(keys) :]:
        place.set_axis_off()
    handles, labels = places[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, fontsize=8)
    return figure


def samples(comparison: Comparison) -> Figure | None:
    """Samples of all runs: variants in rows, seeds in columns."""
    found = {}
    for run in comparison.runs:
        path = f"{os.path.join(run.folder, 'samples')}.png"
        if os.path.isfile(path):
            with Image.open(path) as picture:
                found[run.folder] = np.asarray(picture.convert("RGB"))
    if not found:
        return None
    shape = len(comparison.variants), len(comparison.seeds)
    figure = Figure(figsize=(3 * shape[1], 3.2 * shape[0]), layout="constrained")
    places = figure.subplots(*shape, squeeze=False).ravel()
    for place, run in zip(places, comparison.runs, strict=True):
        place.set_axis_off()
        place.set_title(f"{run.variant.name}, seed {run.seed}", fontsize=9)
        if run.folder in found:
            place.imshow(found[run.folder])
        else:
            place.text(0.5, 0.5, "no samples", ha="center", va="center")
    return figure
