"""Saves a run as it goes, and takes it up again where it was, bit for bit."""

import json
import platform
import time
import warnings

import keras
import numpy as np
import tensorflow as tf

from keras_gan import checkpoints

MAY_CHANGE = ("name", "run_eagerly", "jit_compile", "steps_per_execution")


class BackupAndRestore(keras.callbacks.Callback):
    """Save a run every n steps or seconds; on the next `fit`, go on from there.

    A checkpoint holds both networks, the averaged generator, both optimizers with
    moments and step counts, Dropout's seeds, counters, metrics in the middle of an
    epoch, the position in the data and the logged history: with op determinism on
    (`tf.config.experimental.enable_op_determinism()`), a run that was killed and taken
    up ends with the bits of one that was not. Keras' callback of this name knows
    `model.optimizer` only, and restarts the epoch.

    The position is exact for `keras_gan.datasets.load`. A `tf.data.Dataset` of another
    make is taken up by skipping what was seen, which is exact if it is deterministic.

    Args:
        directory: folder of checkpoints, made if it does not exist.
        save_freq: "epoch", or int: every n steps. Each end of an epoch is saved too.
        seconds: float or None: also when so much time has passed since the last save.
        keep: int >= 1, how many checkpoints to keep.

    Raises:
        ValueError: at the start of `fit`, if the checkpoint belongs to another config,
            other data or another seed, with the differing entries named.
        OSError: if a checkpoint cannot be written; the ones before it are untouched.

    Example:

    >>> backup = BackupAndRestore("run/checkpoints", save_freq=500, keep=2)
    """

    def __init__(self, directory, save_freq="epoch", seconds=None, keep=3):
        super().__init__()
        if save_freq != "epoch" and not (isinstance(save_freq, int) and save_freq >= 1):
            raise ValueError(
                'save_freq is "epoch" or a number of steps, at least 1. '
                f"Received: save_freq={save_freq!r}."
            )
        if keep < 1:
            raise ValueError(f"keep is at least 1. Received: keep={keep}.")
        self.directory = directory
        self.save_freq = save_freq
        self.seconds = seconds
        self.keep = keep
        self._data = None
        self._resumed = None

    def set_data(self, dataset):
        """Told by `GAN.fit` what it plays on, before training begins."""
        self._endless = getattr(dataset, "endless", False)
        if self._endless and (self.save_freq != "epoch" or self.seconds is not None):
            raise ValueError(
                "Data without end can be taken up at the end of an epoch only. Leave "
                'save_freq="epoch" and seconds=None, or pass data that end.'
            )
        self._data = dataset

    # Restore ------------------------------------------------------------------------

    def on_train_begin(self, logs=None):
        self._history = {"epoch": [], "logs": {}}
        self._run_start = self._epoch_start = self._last_step = self._step()
        self._last_time = time.monotonic()
        self._resumed = None
        self._data.start = 0
        found = checkpoints.newest(self.directory)
        if found is None:
            return
        path, manifest = found
        self._check_identity(path, manifest["identity"])
        _warn_of_versions(path, manifest["versions"])
        self._resumed = checkpoints.load(path)
        checkpoints.restore(self.model, self._resumed)
        self._history = manifest["history"]
        self._run_start = manifest["run_start"]
        self._epoch_start = manifest["epoch_start"]
        self._last_step = manifest["step"]
        self.model._initial_epoch = manifest["keras_epoch"]
        begin = self._run_start if self._endless else self._epoch_start
        self._data.start = (self._last_step - begin) * self.model.discriminator_steps
        if self._data.start:  # Keras warns of the shorter epoch that follows
            warnings.filterwarnings("ignore", message="Your input ran out of data")

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch
        self._game_epoch = int(self.model.epoch.numpy())
        if self._resumed is None:
            self._epoch_start = self._step()
            self._data.start = 0
            return
        # `fit` has just reset the metrics, and `History` forgot the epochs before. (At
        # the end of an epoch, the stored metrics are those of the epoch that is over.)
        if self._step() > self._epoch_start:
            checkpoints.restore(self.model, self._resumed, groups=("metrics",))
        self._resumed = None
        history = self.model.history
        history.epoch = list(self._history["epoch"])
        history.history = {k: list(v) for k, v in self._history["logs"].items()}

    def _step(self):
        return int(self.model.step.numpy())

    # Save ---------------------------------------------------------------------------

    def on_train_batch_end(self, batch, logs=None):
        step = self._step()
        due = self.save_freq != "epoch" and step - self._last_step >= self.save_freq
        if self.seconds is not None:
            due = due or time.monotonic() - self._last_time >= self.seconds
        steps = self.params.get("steps")
        ends = steps is not None and step - self._epoch_start >= steps
        if due and not ends:  # the end of the epoch saves itself
            self.save(self._epoch)

    def on_epoch_end(self, epoch, logs=None):
        if int(self.model.epoch.numpy()) == self._game_epoch:  # broken off
            if not self._endless:
                self.save(epoch)
            return
        if logs is not None and "d_loss" not in logs:  # taken up at its very end
            results = self.model.get_metrics_result()
            logs.update({name: float(value) for name, value in results.items()})
        self._history["epoch"].append(epoch)
        for name, value in (logs or {}).items():
            self._history["logs"].setdefault(name, []).append(float(value))
        self._epoch_start = self._step()
        self.save(epoch + 1)

    def on_train_end(self, logs=None):
        self.model._initial_epoch = None

    def save(self, keras_epoch):
        """Write a checkpoint now; `keras_epoch` is the epoch that a resume begins."""
        manifest = {
            "run_start": self._run_start,
            "epoch_start": self._epoch_start,
            "keras_epoch": keras_epoch,
            "history": self._history,
            "identity": self._identity(),
            "versions": _versions(),
        }
        checkpoints.save(self.model, self.directory, manifest, self.keep)
        self._last_step = self._step()
        self._last_time = time.monotonic()

    # Identity -----------------------------------------------------------------------

    def _identity(self):
        """What the run is a function of, as JSON."""
        identity = {
            "model": self.model.get_config(),
            "compile": self.model.get_compile_config(),
            "data": {
                name: getattr(self._data, name, None)
                for name in ("fingerprint", "batch_size", "seed", "shuffled")
            },
        }
        return json.loads(json.dumps(identity, default=str))

    def _check_identity(self, path, stored):
        differing = dict(_differences(stored, self._identity()))
        differing = {k: v for k, v in differing.items() if _last(k) not in MAY_CHANGE}
        if differing:
            lines = "".join(
                f"\n  {key}: was {was!r}, is {now!r}"
                for key, (was, now) in list(differing.items())[:8]
            )
            raise ValueError(
                f"The checkpoint {path} belongs to another run; these entries differ:"
                f"{lines}\nGive back the old values, or start anew in another folder."
            )


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


def _versions():
    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
        "cpu": " ".join([platform.machine(), *_cpu_flags()]),
    }


def _cpu_flags():
    """The vector instructions of this CPU, which decide how sums are grouped."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            line = next(line for line in file if line.startswith(("flags", "Features")))
    except (OSError, StopIteration):
        return []
    wanted = ("avx", "fma", "amx", "neon", "sve", "asimd")
    return sorted(f for f in line.split(":")[1].split() if f.startswith(wanted))


def _warn_of_versions(path, stored):
    differing = dict(_differences(stored, _versions()))
    if differing:
        changes = ", ".join(f"{k} {a} -> {b}" for k, (a, b) in differing.items())
        warnings.warn(
            f"The checkpoint {path} was written under other versions ({changes}): the "
            "run goes on, but its bits may differ from those of an unbroken one.",
            stacklevel=3,
        )
