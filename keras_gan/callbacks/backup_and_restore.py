"""Backup of a run as it goes, and its resumption where it was, bit for bit."""

import json
import os
import platform
import time
import warnings
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from keras_gan.callbacks.best import Best
from keras_gan.core import compat, distribution, leftovers, onednn, processor
from keras_gan.core.arguments import check_integer, is_integer
from keras_gan.saving import checkpoints, configs, folder_lock, objects, versions
from keras_gan.saving.folder_lock import FolderLock
from keras_gan.saving.known_classes import MODELS

MAY_CHANGE = ("name", "run_eagerly", "jit_compile", "steps_per_execution")
LARGEST_SHARE = 0.02  # of the time, for saving by save_freq="auto"
LONG_EPOCH = 300.0  # seconds, after which "auto" saves within an epoch
NOTED_EVERY = 1.0  # second, how far the run has come


class BackupAndRestore(keras.callbacks.Callback):
    """Backup and restore: save a run every n steps or seconds, and resume it.

    A checkpoint holds both networks, the averaged generator, both optimizers with
    moments and step counts, Dropout's seeds, counters, metrics in the middle of an
    epoch, the position in the data and the logged history: with op determinism on
    (`tf.config.experimental.enable_op_determinism()`), a run that was killed and taken
    up ends with the bits of one that was not. Keras' callback of this name knows
    `model.optimizer` only, and restarts the epoch.

    The position is exact for `keras_gan.datasets.load`, and for a
    `keras.utils.PyDataset` whose batches are a function of their number. A
    `tf.data.Dataset` of another make is resumed by skipping what was seen, which is
    exact if it is deterministic; so are generators and other iterables, of which a
    warning says so.

    It saves once all other callbacks were called, wherever it stands among them: what
    they change at the end of a batch or an epoch is saved with it.

    A run that goes on says so as `fit` begins: from which step, and how many steps that
    were trained before, after that checkpoint, are trained again.

    Args:
        directory: folder of checkpoints, made if it does not exist.
        save_freq: "auto": at ends of epochs, and within an epoch every 5 minutes, but
            not before 50 times as long as the last save took has passed, so that saving
            takes at most 2 % of the time; the end of the training is always saved.
            "epoch": at each end of an epoch; int: also every n steps. With several
            workers "auto" is "epoch", since each has a clock of its own.
        seconds: float or None: also when so much time has passed since the last save.
        keep: int >= 1, how many checkpoints to keep.
        best: None, or the name of a quantity that is logged at the ends of epochs, such
            as "val_frechet_distance" of `compile(metrics=[FrechetDistance()])` and
            `validation_data`. The checkpoint of the epoch in which it was best is kept
            too, and read by `from_preset("run@best")`. Which way is better the metric
            says; of a loss, less.
        verbose: "auto", bool: whether to say where a run goes on; "auto" does as `fit`.

    Raises:
        ValueError: at the start of `fit`, if the checkpoint belongs to another config,
            other data or another seed, with the differing entries named.
        FolderInUseError: at the start of `fit`, if another process trains into the
            folder (`keras_gan.saving.folder_lock`).
        OSError: if a checkpoint cannot be written; the ones before it are untouched.

    Example:

    >>> backup = BackupAndRestore("run/checkpoints", save_freq=500, keep=2)
    """

    def __init__(
        self,
        directory: str | os.PathLike,
        save_freq: int | str = "auto",
        seconds: float | None = None,
        keep: int = 3,
        best: str | None = None,
        verbose: str | int = "auto",
    ) -> None:
        super().__init__()
        named = save_freq in ("auto", "epoch")
        if not named and not is_integer(save_freq, 1):
            raise ValueError(
                'save_freq is "auto", "epoch" or a number of steps, at least 1. '
                f"Received: save_freq={save_freq!r}."
            )
        self.directory = directory
        self.save_freq = save_freq if named else int(save_freq)
        self.seconds = seconds
        self.keep = check_integer(keep, "keep", 1)
        self._best = None if best is None else Best(best)
        self.verbose = verbose
        self._data = None
        self._resumed = None
        self._lock = None
        self._begun = False  # whether it is known that this run may go on
        self._stopping = False

    def set_data(self, dataset: tf.data.Dataset) -> None:
        """Take the data that `GAN.fit` trains on, before training begins."""
        self._endless = getattr(dataset, "endless", False)
        by_steps = isinstance(self.save_freq, int)
        if self._endless and (by_steps or self.seconds is not None):
            raise ValueError(
                "Data without end can be resumed at the end of an epoch only. Leave "
                'save_freq="epoch" and seconds=None, or pass data that end.'
            )
        self._data = dataset

    # Restore ------------------------------------------------------------------------

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        strategy = self.model.distribute_strategy
        self._begun = self._stopping = False
        self._clocks_differ = distribution.several_workers(strategy)
        if self._clocks_differ and self.seconds is not None:
            raise ValueError(
                "All workers save at the same step, and each has a clock of its own: "
                f"pass save_freq=n steps. Received: seconds={self.seconds}."
            )
        noted = folder_lock.noted(self.directory)
        if distribution.is_chief(strategy):  # the one that writes
            self._lock = FolderLock(self.directory)
            leftovers.remove(self.directory)
            if noted is not None:  # if this run is refused, the last one has come there
                self._lock.note(noted[1], noted[0])
        self._history = {"epoch": [], "logs": {}}
        self._run_start = self._epoch_start = self._last_step = self._step()
        self._last_time, self._cost = time.monotonic(), 0.0
        self._noted = self._last_time
        self._resumed = self._next_epoch = None
        self._data.start = 0
        self._config = _config_of(self.model, self.directory)
        if self._best is not None:
            self._best.begin(self.model, self.directory)
        found = checkpoints.newest(self.directory)
        self._check_workers(found)
        if found is None:
            self._begun = True
            return
        path, manifest = found
        self._check_identity(path, manifest)
        checkpoints.check_graphs(self.model, manifest)
        versions.warn(
            f"The checkpoint {path}",
            manifest["versions"],
            self._versions(),
            "the run goes on, but its bits may differ from those of an uninterrupted "
            "one",
        )
        self._resumed = checkpoints.load(path)
        checkpoints.restore(self.model, self._resumed)
        self._history = _of_whole_epochs(manifest)
        self._run_start = manifest["run_start"]
        self._epoch_start = manifest["epoch_start"]
        self._last_step = manifest["step"]
        self._go_on_with_schedules(manifest["run_steps"])
        compat.begin_fit_at(self.model, manifest["keras_epoch"])
        begin = self._run_start if self._endless else self._epoch_start
        self._data.start = (self._last_step - begin) * self.model.minibatches_per_step
        self._begun = True
        if self._lock is not None:  # it may have come further before it was killed
            self._lock.note(max(self._last_step, noted[1] if noted else 0))
        said = self.params.get("verbose") if self.verbose == "auto" else self.verbose
        if said and self._lock is not None:
            place = described_resume(manifest, noted, self.params["epochs"])
            print(f"Resumed {place}.", flush=True)

    def _go_on_with_schedules(self, planned):
        """Schedules are relative to the whole run, from its first step on."""
        run = self.model.run_length
        before = run.share_of(self._run_start, planned)
        self.model.begin_run(run.steps, self._run_start)
        now = run.share_of(self._run_start, run.steps)
        if run.schedules and planned != run.steps:
            changes = "; ".join(
                f"{schedule!r} goes on from {float(schedule.at(now)):.4g}, not from "
                f"{float(schedule.at(before)):.4g}"
                for schedule in run.schedules
            )
            warnings.warn(
                f"The run was to have {planned} steps, and now has {run.steps}, which "
                f"its schedules are relative to. At step {self._last_step}, {changes}.",
                stacklevel=3,
            )

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._epoch = epoch
        self._game_epoch = int(self.model.epoch.numpy())
        if self._resumed is None:
            self._epoch_start = self._step()
            return
        # `fit` has just reset the metrics, and `History` forgot the epochs before. (At
        # the end of an epoch, the stored metrics are those of the epoch that is over.)
        if self._step() > self._epoch_start:
            checkpoints.restore(self.model, self._resumed, groups=("metrics",))
        self._resumed = None
        self._tell_history()

    def _tell_history(self):
        history = self.model.history
        history.epoch = list(self._history["epoch"])
        history.history = {k: list(v) for k, v in self._history["logs"].items()}

    def _step(self):
        return int(self.model.step.numpy())

    # Save ---------------------------------------------------------------------------

    def after_batch(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Save if it is time, once all callbacks have seen the end of a batch."""
        step, now = self._step(), time.monotonic()
        waited = now - self._last_time
        if now - self._noted >= NOTED_EVERY and self._lock is not None:
            self._lock.note(step)
            self._noted = now
        if isinstance(self.save_freq, int):
            due = step - self._last_step >= self.save_freq
        else:
            due = self._is_cheap() and waited >= LONG_EPOCH and not self._endless
        due = due or (self.seconds is not None and waited >= self.seconds)
        steps = self.params.get("steps")
        ends = steps is not None and step - self._epoch_start >= steps
        if ends:  # the end of the epoch saves itself
            return
        if due or (self._stopping and not self._endless):
            self.save(self._epoch)
        self._stop_if_asked()

    def after_epoch(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Save if it is time, once all callbacks have seen the end of an epoch."""
        whole = int(self.model.epoch.numpy()) > self._game_epoch
        if not whole and self._step() != self.model.run_length.end:  # interrupted
            if not self._endless:
                self.save(epoch)
            return
        self._history["epoch"].append(epoch)
        for name, value in (logs or {}).items():
            self._history["logs"].setdefault(name, []).append(float(value))
        if whole:
            self._data.start = 0
            self._epoch_start = self._step()
            self._next_epoch = epoch + 1
        is_best = self._best is not None and self._best.is_beaten_by(logs)
        freely = self.save_freq == "auto" and not self._clocks_differ
        ends = self.model.stop_training or epoch + 1 >= self.params["epochs"]
        ends = ends or self._stopping
        if is_best or ends or not freely or self._is_cheap():
            self.save(epoch + whole)
        if is_best and distribution.is_chief(self.model.distribute_strategy):
            self._best.write(self.directory, self._last_step, logs)
        self._stop_if_asked()

    def stop_after_step(self) -> None:
        """Ask for a checkpoint after the step that runs, and then a KeyboardInterrupt.

        Setting `stop_training` would not do: Keras then ends the epoch as if all of it
        had been trained.
        """
        self._stopping = True

    def _stop_if_asked(self):
        if self._stopping:
            raise KeyboardInterrupt

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        compat.begin_fit_at(self.model, None)
        if self._resumed is not None:  # no epoch was left to train
            self._tell_history()
            self._resumed = None
        ended = self._next_epoch is not None and self._step() == self._epoch_start
        if ended and self._last_step < self._epoch_start:
            self.save(self._next_epoch)

    def release(self) -> None:
        """Release the folder, at the end of `GAN.fit`, whatever has ended it."""
        if self._lock is not None:
            if self._begun:
                self._lock.note(self._step(), folder_lock.STOPPED)
            self._lock.release()
            self._lock = None

    def _is_cheap(self):
        """Whether a save as long as the last one keeps to its share of the time."""
        if self.save_freq != "auto" or self._clocks_differ:
            return False
        return self._cost <= LARGEST_SHARE * (time.monotonic() - self._last_time)

    def save(self, keras_epoch: int) -> None:
        """Write a checkpoint now; `keras_epoch` is the epoch that a resume begins."""
        manifest = {
            "run_start": self._run_start,
            "run_steps": self.model.run_length.steps,
            "epoch_start": self._epoch_start,
            "keras_epoch": keras_epoch,
            "history": self._history,
            "identity": self._identity(),
            "data": self._described(),
            "versions": self._versions(),
        }
        if self._lock is not None and not self._lock.is_there():
            self._lock.release()  # the folder was removed, and is made again whole
            self._lock = FolderLock(self.directory)
        began = time.monotonic()
        checkpoints.save(
            self.model,
            self.directory,
            manifest,
            self.keep,
            spared=self._best.spared if self._best is not None else (),
            config=self._config,
        )
        self._last_step = self._step()
        self._last_time = time.monotonic()
        self._cost = self._last_time - began

    def _check_workers(self, found):
        """All workers go on from the same step, or none does."""
        step = found[1]["step"] if found else 0
        if not distribution.all_have(step, self.model.distribute_strategy):
            raise ValueError(
                f"The workers do not see the same checkpoints: this one finds step "
                f"{step} in {self.directory}. All workers need the same folder, on a "
                "disk that they share."
            )

    # Identity -----------------------------------------------------------------------

    def _identity(self):
        """The identity of a run, what it is a function of, as JSON."""
        identity = {
            "model": _renumbered(self.model.get_config()),
            "compile": {
                **self.model.get_compile_config(),
                **self.model.optimizer_configs,
            },
            "data": {
                name: getattr(self._data, name, None)
                for name in ("fingerprint", "batch_size", "seed", "shuffled", "passes")
            },
        }
        return json.loads(json.dumps(identity, default=str))

    def _described(self):
        """The data in words, where they have any: for messages, no part of the run."""
        return getattr(self._data, "description", None)

    def _check_identity(self, path, manifest):
        differing = dict(_differences(manifest["identity"], self._identity()))
        differing = {k: v for k, v in differing.items() if _last(k) not in MAY_CHANGE}
        if differing:
            lines = "".join(
                f"\n  {key}: was {was!r}, is {now!r}"
                for key, (was, now) in list(differing.items())[:8]
            )
            words = ""
            if "data.fingerprint" in differing:
                words = _other_data(manifest.get("data"), self._described())
            raise ValueError(
                f"The checkpoint {path} belongs to another run; these entries differ:"
                f"{lines}\n{words}Give back the old values, or start anew in another "
                f"folder; with these weights: keras-gan train NAME --from {path}"
            )

    def _versions(self):
        """The versions that the bits of a run depend on besides its identity."""
        return {
            **versions.now(),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "cpu": " ".join([platform.machine(), *processor.vector_instructions()]),
            "onednn": onednn.setting(),
            "replicas": self.model.distribute_strategy.num_replicas_in_sync,
        }


def described_resume(manifest, noted, epochs):
    """The place where a run goes on, and how much is repeated, in words.

    Args:
        manifest: of the checkpoint that it goes on from.
        noted: what `folder_lock.noted` says of the folder, before it is locked anew.
        epochs: int, how many the run is to have.

    Example:

    >>> manifest = {"step": 40, "keras_epoch": 2}
    >>> described_resume(manifest, ("reached", 47), epochs=9)
    'at step 40, in epoch 3; at least 7 steps after it are trained again'
    """
    played = manifest["keras_epoch"]
    if played >= epochs:
        return f"at step {manifest['step']}, after {played} epochs; none is left"
    word, reached = noted or (None, 0)
    again, stopped = max(0, reached - manifest["step"]), word == folder_lock.STOPPED
    steps = "1 step after it is" if again == 1 else f"{again} steps after it are"
    if again:
        said = f"{'' if stopped else 'at least '}{steps} trained again"
    elif stopped:
        said = "nothing is trained again"
    else:
        said = "steps after it, if any, are trained again"
    return f"at step {manifest['step']}, in epoch {played + 1}; {said}"


def _of_whole_epochs(manifest):
    """The history of a checkpoint, but for an epoch in which its run ended early."""
    history, kept = manifest["history"], manifest["keras_epoch"]
    count = sum(epoch < kept for epoch in history["epoch"])
    logs = {name: values[:count] for name, values in history["logs"].items()}
    return {"epoch": history["epoch"][:count], "logs": logs}


def _other_data(was, now):
    """The message about data that are not those of the checkpoint."""
    if not was or not now:
        return "The data have changed. "
    if was == now:
        return (
            f"The data have changed: {now}, as then, but not with the same contents. "
        )
    return f"The data have changed: then {was}, now {now}. "


def _last(key):
    return key.rsplit(".", 1)[-1]


def _differences(was, now, key=""):
    """Pairs of (dotted key, (old, new)) where two JSON values differ."""
    if isinstance(was, dict) and isinstance(now, dict):
        for name in sorted(set(was) | set(now)):
            inner = f"{key}.{name}" if key else name
            yield from _differences(was.get(name), now.get(name), inner)
    elif was != now:
        yield key, (was, now)


def _config_of(model, directory):
    """The config that is stored with each checkpoint, or None with a warning.

    A run of networks of one's own goes on by the script that made it, and by no other.
    """
    try:
        return configs.of_game(model)
    except ValueError as error:
        warnings.warn(
            f"The checkpoints in {directory} are resumed by this script only: "
            f"from_preset and the command cannot read them. {error}",
            stacklevel=3,
        )
        return None


def _renumbered(value):
    """A config in which functional models number their layers alike in any process."""
    if isinstance(value, list | tuple):
        return [_renumbered(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") in MODELS and "layers" in value["config"]:
        config = objects.renumbered(value["config"])
        layers = config["layers"]
        if "input_layers" in config:  # where the order says nothing
            layers = {layer["name"]: layer for layer in layers}
        value = {**value, "config": {**config, "layers": layers}}
    return {key: _renumbered(item) for key, item in value.items()}
