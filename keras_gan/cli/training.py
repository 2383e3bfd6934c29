"""`keras-gan train`: from a checked config to a run folder with a preset."""

import contextlib
import json
import os
import pathlib
import shlex
import sys
import time
from typing import NamedTuple

import keras
import tensorflow as tf
from rich.panel import Panel
from rich.table import Table

import keras_gan
from keras_gan import callbacks, datasets
from keras_gan.callbacks.backup_and_restore import described_resume
from keras_gan.cli import (
    board,
    cluster,
    evaluating,
    photographs,
    placement,
    run_config,
    settings,
    timing,
    validating,
    warm_start,
    zoo,
)
from keras_gan.cli.building import build
from keras_gan.cli.interrupt import StopOnInterrupt
from keras_gan.cli.reporting import console, say
from keras_gan.core import distribution, files
from keras_gan.datasets import tfds
from keras_gan.saving import checkpoints, configs, folder_lock


class Asked(NamedTuple):
    """Requests beside a run's config, for when data and game are there.

    Attributes:
        settings: `settings.Setting`s of the model and the rules.
        minutes: float, how long the run is to take; None for the config's length.
        start: str, the preset or run whose weights it begins with; None for the
            config's.
        length_is_open: bool, whether the length is left to the command.
        measured: dict of `Protocol`'s arguments that the game is measured by at the
            end; without "num_samples" it is not.
        tensorboard: bool, whether TensorBoard is served as long as it trains.
        conditional: bool or None, whether a recipe's game is told the class.
        batch_size: int or None, that was given to a recipe.
    """

    settings: tuple = ()
    minutes: float | None = None
    start: str | None = None
    length_is_open: bool = False
    measured: dict | None = None
    tensorboard: bool = False
    conditional: bool | None = None
    batch_size: int | None = None


def train(config, run, name, strategy=None, workers=None, asked=None):
    """Play the game of `config`, keeping everything in `run`.

    Args:
        config: dict, as `run_config.read` gives it, with the options in it.
        run: `RunFolder`.
        name: str, what the user called the config, for messages.
        strategy: None or a `tf.distribute` strategy, see `placement.make`.
        workers: `cluster.Cluster`; None for a single process.
        asked: `Asked`, what is done once data and game are there; None for nothing.

    Raises:
        ValueError, OSError, RuntimeError: before anything is written, if the data or
            the config will not do; `OSError` later if the disk will not.
        keras_gan.callbacks.NonFiniteError: if a number became NaN or Inf.
        KeyboardInterrupt: after Ctrl-C, when what was reached is kept.
        FolderInUseError: if another process trains into `run`.
        WorkerLostError: when another worker is gone.
    """
    workers, asked = workers or cluster.Cluster(), asked or Asked()
    run.check_free()
    if config.get("recipe") is not None:
        config, asked = _by_recipe(config, asked, name, run)
    dataset = _load(config, name, run)
    if asked.start is not None:
        config = warm_start.with_start(config, asked.start, dataset)
    config = _for_data(config, dataset, name)
    with placement.scope(strategy):
        config = _with_settings(config, asked.settings, name)
        game = build(placement.playable(config, strategy), name)
        warm_start.begin(config, game, run)
    _check_few_labels(config, game, name)
    if run.mode == "resume" and _is_done(config, run):
        run.tidy()
        more = "--steps" if "steps" in config else "--epochs"
        say(f"{run.path} has been trained to its end. {more} adds more.")
        _measure(config, run, name, asked.measured)
        return
    held_out = validating.held_out(config)
    if asked.minutes is not None:
        config = _of_minutes(config, asked.minutes, name, strategy, dataset, held_out)
    elif asked.start is not None and asked.length_is_open:
        config = warm_start.with_length(config, dataset)
    of_epoch = int(dataset.cardinality()) // game.minibatches_per_step
    config = validating.with_frequency(config, _epochs(config, of_epoch))
    began = time.monotonic()
    if run.writes:
        devices = placement.describe(strategy, workers)
        _print_header(config, run, name, game, dataset, devices)
    else:
        say(f"Worker {workers.number + 1} of {workers.size}; the first one writes.")
    best = config.get("validation", {}).get("best")
    backup = callbacks.BackupAndRestore(run.checkpoints, best=best, verbose=False)
    whole = _whole(config, game)
    folder = _Begin(run, configs.dumps(whole))
    # A resumed run is checked by `backup` before anything in it is changed.
    first = [backup, folder] if run.mode == "resume" else [folder, backup]
    watching = [
        *validating.monitors(config, held_out),
        _board(run, whole, asked.tensorboard),
    ]
    watching += [callbacks.SampleGrid(run.samples), _Finish(run)] if run.writes else []
    left = [timing.TimeLeft()] if run.writes else []
    # A run that was stopped and resumed is to have the bits of an uninterrupted one.
    # Keras compiles nothing by XLA under this.
    tf.config.experimental.enable_op_determinism()
    serves = asked.tensorboard and run.writes
    serving = board.serving(run.tensorboard) if serves else contextlib.nullcontext()
    try:
        with serving, StopOnInterrupt(backup, alone=workers.size == 1):
            game.fit(
                dataset,
                **{key: config[key] for key in ("epochs", "steps") if key in config},
                verbose=_verbosity(run),
                callbacks=[*first, *watching, *left],
                **validating.of_fit(config, held_out, _epochs(config, of_epoch)),
            )
    except callbacks.NonFiniteError as error:
        raise callbacks.NonFiniteError(f"{error} {_kept(run)}") from error
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_kept(run)) from None
    if run.writes:
        if best is not None:
            validating.keep_best(run)
        _print_end(run, time.monotonic() - began)
        _measure(config, run, name, asked.measured)
    distribution.wait_for_all(game.distribute_strategy)  # one that leaves ends all


def _by_recipe(config, asked, name, run):
    """The config that its recipe makes of the data, and what is asked beside it."""
    if asked.minutes is None and asked.length_is_open:
        asked = asked._replace(minutes=photographs.MINUTES)
    config = photographs.with_size(config)

    def load(changed):
        return _load(changed, name, run)

    dataset = photographs.all_images(config, asked.conditional, load)
    return photographs.fitted(config, dataset, asked, name), asked


def _measure(config, run, name, asked):
    """Measure a run that has ended, if that is asked, into its folder."""
    asked = {key: value for key, value in (asked or {}).items() if value is not None}
    if "num_samples" in asked:
        protocol = evaluating.protocol_of(config, asked, name)
        evaluating.evaluate(run.preset, protocol, run.scores)


def _with_settings(config, asked, name):
    """The config in which settings of the model and the rules take place.

    They find every entry there, also those that the config leaves at their defaults.
    """
    late = [setting for setting in asked if not setting.is_early]
    if not late:
        return config
    whole = whole_of(config, name)
    if any(setting.path[0] == "from" for setting in late):
        raise ValueError(
            "--set does not choose the weights to begin with: pass --from."
        )
    return settings.apply(whole, late)


def whole_of(config, name):
    """The config of NAME with every argument, some of them made up.

    Where its data say shape and classes, these are those of small colour images.
    """
    if configs.needs_classes(config):
        config = configs.with_classes(config, 2)
    if configs.needs_shape(config):
        config = configs.with_shape(config, (32, 32, 3))
    return _whole(config, build(config, name))


def _of_minutes(config, minutes, name, strategy, dataset, held_out):
    """The config of as many steps as a copy of its game takes in some minutes.

    What the validations take of them is timed too, and their number is chosen.
    """
    say("Timing steps ...")
    tf.config.experimental.enable_op_determinism()
    with placement.scope(strategy):
        copy = build(placement.playable(config, strategy), name)
    number, seconds = 0, 0.0
    if held_out is not None:
        seconds = timing.seconds_of_evaluation(copy, held_out)
        number = validating.number_in(config, minutes, seconds)
    training = minutes - number * seconds / 60
    steps = timing.steps_in(training, copy, dataset)
    say(f"{minutes:g} minutes are about {steps:,} steps here, the length of this run.")
    if number:
        say(f"It is measured about {number} times, each of {seconds:.0f} seconds.")
    config = {key: value for key, value in config.items() if key != "epochs"}
    config = {**config, "steps": steps}
    of_epoch = int(dataset.cardinality()) // copy.minibatches_per_step
    return validating.with_frequency(config, _epochs(config, of_epoch), number)


def _whole(config, game):
    """The run's config with every argument, so that no later default changes it."""
    written = configs.of_game(game)
    # With replicas one step an execution is played, whatever the config says.
    at_once = config["compile"].get("steps_per_execution", "auto")
    written["compile"]["steps_per_execution"] = at_once
    return {**config, **written}


def _check_few_labels(config, game, name):
    """Raise a ValueError if labels are left out for a game that does without them."""
    few = isinstance(config["data"].get("labels"), dict)
    if few and not isinstance(game, keras_gan.models.SemiSupervisedGAN):
        raise ValueError(
            "--labels-per-class keeps few labels for a game that learns from samples "
            f"without one, a SemiSupervisedGAN. Received: {name}, a "
            f"{type(game).__name__}. Leave it out, or train semi_supervised_mnist."
        )


def _board(run, config, in_full):
    """The callback for TensorBoard, by default without a look at the players."""
    show = None if in_full else ("samples", "latents")
    return callbacks.TensorBoard(run.tensorboard, show, config=config)


def _verbosity(run):
    if not run.writes:
        return 0
    return 1 if sys.stdout.isatty() else 2


def _load(config, name, run):
    data = config["data"]
    if data["source"] is None and run.mode == "resume":
        raise ValueError(
            f"{name} names no data of its own, but the run does. Resume with: "
            f"keras-gan train {shlex.quote(run.path)} --resume"
        )
    if data["source"] is None:
        raise run_config.no_data(name)
    data["source"] = _absolute(data["source"])
    few = data["labels"] if isinstance(data.get("labels"), dict) else None
    asked = {**data, "labels": True} if few else data
    dataset = datasets.load(**asked, seed=config["seed"])
    return datasets.few_labels(dataset, **few) if few else dataset


def _absolute(source):
    """A path from here as a path from everywhere, since the config is kept."""
    path = pathlib.Path(source).expanduser()
    named = path.name == source and (source == "digits" or tfds.is_dataset(source))
    return source if named or not path.exists() else str(path.absolute())


def _for_data(config, dataset, name):
    """The config with the data's shape filled in, or an error if the shape is fixed."""
    shape = tuple(dataset.sample_shape)
    if len(shape) != 3:
        raise ValueError(
            "keras-gan trains on images. Received: data whose samples have shape "
            f"{shape}. Play games on vectors in Python, by GAN.fit."
        )
    if configs.needs_classes(config):
        if dataset.num_classes is None:
            raise ValueError(
                f"{name} is told classes, and the data have none: pass a folder that "
                "has one folder of images for each class, or labels beside the images."
            )
        config = configs.with_classes(config, dataset.num_classes)
    config = _with_class_names(config, dataset)
    if configs.needs_shape(config):
        return configs.with_shape(config, shape)
    fixed = run_config.fixed_shape(config)
    if fixed is None or fixed == shape:
        return config
    mend = ""
    if fixed[2] == shape[2]:
        size = f"{fixed[0]}" if fixed[0] == fixed[1] else f"{fixed[0]}x{fixed[1]}"
        mend = f"resize the images with --image-size {size}, or "
    raise ValueError(
        f"{name} is made for images of shape {fixed}, and the data have {shape} "
        f"(height, width, channels). To fix it, {mend}"
        f"{_made_for_the_data(config, name, dataset)}"
    )


def _made_for_the_data(config, name, dataset):
    """The way to the same kind of game on images of another shape, in words."""
    source = shlex.quote(config["data"]["source"])
    if config["model"]["class_name"] == "keras_gan>GAN":
        generic = "mlp" if "MLP" in json.dumps(config["model"]) else "dcgan"
        return (
            f"take the shape from the data: keras-gan train {generic} --data {source}"
        )
    parts = config["model"]["config"]
    entries = [f'each "image_shape" is {list(dataset.sample_shape)}']
    classes = dataset.num_classes
    known = {parts.get("num_classes"), *_of_networks(parts, "num_classes")} - {None}
    if classes is not None and known and known != {classes}:
        entries.append(f'each "num_classes" is {classes}')
        if "class_probabilities" in parts:
            entries.append('there are no "class_probabilities"')
    family = config["model"]["class_name"].removeprefix("keras_gan>")
    return (
        f"make a {family} for the data: copy {zoo.config_path(name)} to mine.json, "
        f"change it so that {', '.join(entries)}, then: keras-gan train mine.json "
        f"--data {source}"
    )


def _of_networks(parts, argument):
    """The values that the networks of a config have for an argument."""
    networks = [part for part in parts.values() if isinstance(part, dict)]
    return [part.get("config", {}).get(argument) for part in networks]


def _with_class_names(config, dataset):
    """The config in which a game that is told classes knows what the data call them."""
    parts = config["model"]["config"]
    named = dataset.named_classes and "num_classes" in parts
    plain = [str(number) for number in range(dataset.num_classes or 0)]
    if not named or dataset.class_names == plain or parts.get("class_names"):
        return config
    parts = {**parts, "class_names": dataset.class_names}
    return {**config, "model": {**config["model"], "config": parts}}


def _is_done(config, run):
    """Whether a run has come to its end, or has only its preset to be written."""
    found = checkpoints.newest(run.checkpoints)
    if "steps" in config:
        played = found[1]["step"] - found[1]["run_start"] if found else 0
        return _is_length(config["steps"], played, "steps", run)
    played = found[1]["keras_epoch"] if found else 0
    return _is_length(config["epochs"], played, "epochs", run)


def _is_length(length, played, unit, run):
    """Whether so many of `unit` were played, or an error if it were more."""
    if length < played:
        raise ValueError(
            f"{run.path} was trained for {played} {unit}, and a run cannot be "
            f"shortened. Received: {unit}={length}. Pass --{unit} {played + 1} or more "
            "to go on."
        )
    return length == played and os.path.isdir(run.preset)


class _Begin(keras.callbacks.Callback):
    """Makes the run's folder when `fit` has checked everything and begins."""

    def __init__(self, run, text):
        super().__init__()
        self._run, self._text = run, text

    def on_train_begin(self, logs=None):
        self._run.begin(self._text)
        distribution.wait_for_all(self.model.distribute_strategy)

    def on_epoch_end(self, epoch, logs=None):
        self._run.keep_config(self._text)


class _Finish(keras.callbacks.Callback):
    """Writes preset and history at the end, while `backup` still holds the folder."""

    def __init__(self, run):
        super().__init__()
        self._run = run

    def on_train_end(self, logs=None):
        self._run.save_preset(self.model)
        _, manifest = checkpoints.newest(self._run.checkpoints)
        with files.new_file(self._run.history) as file:
            file.write(json.dumps(manifest["history"]["logs"], indent=1).encode())


def _print_header(config, run, name, game, dataset, devices):
    taken = game.minibatches_per_step
    steps = int(dataset.cardinality()) // taken
    height, width, channels = dataset.sample_shape
    parameters = game.generator.count_params(), game.discriminator.count_params()
    rows = {
        "data": f"{config['data']['source']}: {dataset.num_samples} images"
        f"{dataset.part}, {height} x {width} x {channels}",
        "parameters": "generator {:,}, discriminator {:,}".format(*parameters),
        "steps": f"{_length(config, steps)}, batch size "
        f"{dataset.batch_size}{_left_out(dataset, steps * taken)}",
        **_resumed(run, _epochs(config, steps)),
        "seed": str(config["seed"]),
        "devices": devices,
        "output": run.path,
    }
    table = Table.grid(padding=(0, 2))
    for key, value in rows.items():
        table.add_row(key, value)
    console.print(Panel(table, title=f"keras-gan train {name}", expand=False))


def _epochs(config, of_epoch):
    """The epochs of a run, the last one perhaps not whole."""
    return config.get("epochs") or -(-config["steps"] // of_epoch)


def _length(config, of_epoch):
    """The length of a run in words."""
    if "epochs" in config:
        return f"{config['epochs']} epochs of {of_epoch}"
    return f"{config['steps']:,}, {config['steps'] / of_epoch:.3g} epochs of {of_epoch}"


def _resumed(run, epochs):
    """The step from which a run goes on, for its header."""
    found = checkpoints.newest(run.checkpoints) if run.mode == "resume" else None
    if found is None:
        return {}
    _, manifest = found
    noted = folder_lock.noted(run.checkpoints)
    return {"resumed": described_resume(manifest, noted, epochs)}


def _left_out(dataset, batches):
    items = dataset.num_samples * dataset.passes
    rest = items - batches * dataset.batch_size
    return f", {rest} images left out of each" if rest else ""


def _kept(run):
    """The files that a stopped run has kept, and how to go on, as sentences."""
    steps = checkpoints.steps(run.checkpoints)
    if not steps:
        return "No checkpoint was written yet."
    path = checkpoints.folder(run.checkpoints, steps[-1])
    go_on = f"keras-gan train {shlex.quote(run.path)} --resume"
    return f"The last checkpoint is {path}. Resume with: {go_on}"


def _print_end(run, seconds):
    path = shlex.quote(run.path)
    say(f"Trained in {seconds:.0f} s.")
    say(f"Draw more:  keras-gan sample {path}")
    say(f"Curves:     tensorboard --logdir {shlex.quote(run.tensorboard)}")
    say(f"Samples:    {os.path.abspath(run.newest_samples)}")
