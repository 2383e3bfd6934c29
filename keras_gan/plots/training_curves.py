"""Training curves: what `fit` logged, epoch by epoch."""

import json
import math
import os
from collections.abc import Mapping, Sequence
from typing import Protocol

from matplotlib.figure import Figure

from keras_gan.plots import style

FILE = "history.json"  # of a run of `keras-gan train`
# Title and unit -> the keys that are drawn together. Every other key is one picture.
GROUPS = {
    ("objectives", "what is minimised"): {
        "d_loss": style.DISCRIMINATOR,
        "g_loss": style.MODEL,
    },
    ("mean scores of D", "score"): {
        "real_score": style.DATA,
        "fake_score": style.MODEL,
    },
    ("called right by D", "share"): {
        "real_accuracy": style.DATA,
        "fake_accuracy": style.MODEL,
    },
}
COLUMNS = 4


class History(Protocol):
    """Logs of a fit: a `keras.callbacks.History`, without importing Keras.

    Attributes:
        history: dict of lists, key -> one number an epoch.
    """

    history: dict[str, list[float]]


def training_curves(
    history: str | os.PathLike | Mapping[str, Sequence[float]] | History,
) -> Figure:
    """Training curves: objectives, scores and penalties against the epochs.

    A validation's curve (`val_d_loss`) is dashed, in the colour of the training's.

    Args:
        history: the `keras.callbacks.History` that `fit` returns; a dict of its lists,
            key -> one number an epoch; or the path of a run of `keras-gan train`, or of
            its history.json.

    Returns:
        A `matplotlib.figure.Figure`, one axes a group of curves.

    Raises:
        ValueError: if nothing was logged, or lists have not one number an epoch.
        FileNotFoundError: for a path without a history.

    Example:

    >>> logs = {"d_loss": [1.2, 1.3], "g_loss": [0.8, 0.7], "r1": [0.2, 0.1]}
    >>> figure = training_curves(logs)
    >>> [ax.get_title(loc="left") for ax in figure.axes]
    ['objectives', 'r1']
    """
    logs = _logs(history)
    groups = _groups(logs)
    columns = min(COLUMNS, len(groups))
    rows = math.ceil(len(groups) / columns)
    width = 4.4 if columns == 1 else max(8, 2.4 * columns)
    figure, axes = style.new_figure(width, 2.7 * rows, rows, columns)
    for ax, ((title, unit), colours) in zip(axes.flat, groups.items(), strict=False):
        for key, colour in colours.items():
            _draw(ax, logs, key, colour)
        style.label(ax, title, x="epoch", y=unit)
        if len(ax.get_lines()) > 1:
            style.legend(ax)
    for ax in axes.flat[len(groups) :]:
        ax.remove()
    return figure


def _logs(history):
    if isinstance(history, str | os.PathLike):
        history = _read(os.fspath(history))
    logs = dict(getattr(history, "history", history))
    lengths = {key: len(values) for key, values in logs.items()}
    if not lengths or 0 in lengths.values():
        raise ValueError(
            "A history holds at least one key with one number an epoch. Received: "
            f"{lengths}."
        )
    training = [n for key, n in lengths.items() if not key.startswith("val_")]
    if len(set(training)) > 1:
        raise ValueError(
            f"All keys have one number an epoch. Received so many: {lengths}."
        )
    return logs


def _read(path):
    file = os.path.join(path, FILE) if os.path.isdir(path) else path
    if not os.path.isfile(file):
        raise FileNotFoundError(
            f"There is no {file}. A run of `keras-gan train` writes it at its end; "
            "before that, `keras-gan curves RUN` draws what its checkpoint holds."
        )
    with open(file, encoding="utf-8") as text:
        return json.load(text)


def _groups(logs):
    """(Title, unit) -> the keys to draw there, with their colours."""
    names = dict.fromkeys(key.removeprefix("val_") for key in logs)
    groups = {}
    for place, colours in GROUPS.items():
        present = {key: colour for key, colour in colours.items() if key in names}
        if present:
            groups[place] = present
        for key in present:
            del names[key]
    for key in names:
        groups[(key, None)] = {key: style.DISCRIMINATOR}
    return groups


def _draw(ax, logs, key, colour):
    for name, line in ((key, "-"), (f"val_{key}", "--")):
        if name not in logs:
            continue
        values = logs[name]
        # A validation may come every n epochs only.
        every = max(map(len, logs.values())) // len(values)
        epochs = [every * (index + 1) for index in range(len(values))]
        marker = "o" if len(values) == 1 else None
        ax.plot(epochs, values, line, marker=marker, color=colour, lw=1.4, label=name)
