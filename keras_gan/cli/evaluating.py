"""`keras-gan evaluate`: the scores of a trained game, and whether its card holds."""

import json
import os

from rich.box import SIMPLE_HEAD
from rich.table import Table

import keras_gan
from keras_gan.cli.reporting import console, say
from keras_gan.core import files
from keras_gan.datasets import tfds
from keras_gan.datasets.held_out import SPLIT
from keras_gan.evaluation import Protocol, card

FID_SAMPLES = 50_000


def protocol_of(config, asked, name):
    """The protocol that the options ask for, by a run's config where they say nothing.

    Args:
        config: dict, as `run_config.read` gives it.
        asked: dict of `Protocol`'s arguments.
        name: str, what the user called the preset, for messages.

    Raises:
        ValueError: without data, or for what `Protocol` refuses.
    """
    own = dict(config["data"])
    if "source" in asked:
        for key in (
            "value_range",
            "channels",
            "held_out",
        ):  # of the data it was trained on
            own.pop(key, None)
    data = {**own, **asked}
    source = data["source"]
    if source is None:
        raise ValueError(
            f"{name} does not say what it was trained on: pass --data with a folder or "
            "zip of images, an .npz, .npy or .h5 file, or a name such as digits or "
            "mnist."
        )
    known = source != "digits" and not os.path.exists(os.path.expanduser(source))
    known = known and tfds.is_dataset(source)
    is_mnist = known and source.split(":")[0] == "mnist"
    keys = ("source", "image_size", "num_samples", "seed", "value_range", "channels")
    keeps = data.get("held_out") is not None
    split = asked.get("split", SPLIT if keeps else "test" if known else "train")
    held_out = data["held_out"] if keeps and split in (SPLIT, "train") else None
    return Protocol(
        **{key: data[key] for key in keys if key in data},
        split=split,
        held_out=held_out,
        features=asked.get("features", "mnist_classifier" if is_mnist else "pixels"),
        weights=asked.get("weights"),
    )


def evaluate(preset, protocol, output):
    """Measure a preset, print the scores, and compare them with its card.

    Args:
        preset: path of a preset's folder.
        protocol: `evaluation.Protocol`, or None: the card's.
        output: None, or the path of a JSON file for the scores.

    Returns:
        False if the card says otherwise, True if it holds or was not asked.

    Raises:
        ValueError: for data that do not fit the game.
    """
    metadata = card.read(preset) if protocol is None else None
    protocol = protocol or card.protocol_of(metadata)
    game = keras_gan.models.GAN.from_preset(preset)
    with console.status("Reading data") as status:
        scores = protocol.evaluate(game, progress=status.update)
    promised = metadata["evaluation"]["scores"] if metadata else {}
    wrong = [name for name in promised if not _holds(name, scores, promised)]
    console.print(_table(scores, promised, wrong))
    for text in _protocol_lines(protocol, scores):
        say(text)
    if output:
        with files.new_file(output) as file:
            file.write(json.dumps(card.as_json(protocol, scores), indent=2).encode())
        say(f"Scores:   {os.path.abspath(output)}")
    if wrong:
        say(f"The card does not hold: {', '.join(wrong)}.")
    elif promised:
        say(f"The card holds: every score is {card.TOLERANCE}.")
    return not wrong


def _holds(name, scores, promised):
    return name in scores and card.holds(scores[name], promised[name])


def _table(scores, promised, wrong):
    """The scores, with those of the card or with what is best, in 80 columns."""
    table = Table(box=SIMPLE_HEAD)
    for column in ("Score", "Value", *(("Card", "") if promised else ("Best is",))):
        table.add_column(column, no_wrap=True)
    best = card.best()
    for name in {**scores, **promised}:
        cells = [name, "", best.get(name, "")]
        if name in scores:
            cells[1] = card.number(scores[name].value, scores[name].standard_error)
        if promised:
            cells[2:] = ["", "not in the card"]
        if name in promised:
            old = promised[name]
            cells[2] = card.number(old["value"], old["standard_error"])
            cells[3] = "differs" if name in wrong else "holds"
        table.add_row(*cells)
    return table


def _protocol_lines(protocol, scores):
    one = next(iter(scores.values()))
    size = f", resized to {protocol.image_size}" if protocol.image_size else ""
    yield (
        f"Samples:  {one.fake} at seed {protocol.seed}, against {one.real} images of "
        f"{protocol.source}, split {protocol.split}{size}"
    )
    for features in sorted({score.features for score in scores.values()}):
        yield f"Features: {features}"
    whole = protocol.split == "train" and one.fake >= FID_SAMPLES
    if protocol.features == "inception_2015" and not whole:
        yield (
            "The Frechet distance is no published FID: that is of 50000 samples and "
            "the whole training set (--split train -n 50000)."
        )
    yield "+- is a standard error, of new samples on both sides."
