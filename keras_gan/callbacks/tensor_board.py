"""TensorBoard: all that is to be seen of a run, by the steps of the model."""

import os
import time
from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from keras_gan.callbacks import latent_pictures, settings_in_words
from keras_gan.callbacks.log_names import IMAGES, TRAINED, curve, place_of, player_of
from keras_gan.core import distribution
from keras_gan.core.arguments import check_integer
from keras_gan.core.randomness import check_seed
from keras_gan.datasets import EpochDataset, Resumable
from keras_gan.pixels import image_grid

SHOWN = ("samples", "latents", "gradients", "logits")
PLACE = ("epoch", "start")


class TensorBoard(keras.callbacks.Callback):
    """Write a run for TensorBoard: curves, pictures, histograms, settings.

    Everything stands at the model's own step (`model.step`, the steps since its first
    one), scalars, histograms and pictures alike, also in a run that was resumed. After
    each epoch:

    - every log of `fit`, in the group "curves". What belongs on one set of axes is one
      chart with a line for each: `loss` of "discriminator" and "generator", `score` of
      "real" and "fake". What validation found is `validation_loss` and so on;
    - `learning_rate` of both players, and `images_per_second` of the training alone,
      from its second call of TensorFlow on, so without the time that graphs take to be
      made.

    After every `every` epochs what `show` names, the same data and latents each time:

    - "samples": a grid of them, as `SampleGrid` writes it as PNG;
    - "latents": ways through the latents, one a row: "interpolation" between two
      samples, or of a `Joint` prior "traversal of part i";
    - "gradients": `gradient_norm` of both players, by `model.gradient_norms`: of the
      gradients they would take now, at one point, from the first minibatch of the data;
    - "logits": the histograms of `logits` for "real" and "fake", by `model.logits_now`
      on the same minibatch.

    The steps of the training are not touched: its weights are, to the bit, those of a
    run without this callback. What is not shown costs nothing; all of it costs a few
    steps an epoch. At the start, "hyper-parameters" (a table of entries as `keras-gan
    train --set` names them) and the whole "config" are written as texts. Keras' own
    `TensorBoard` may stand beside it, in another folder; its axis are epochs.

    Under several workers each of them has the callback; the first one writes.

    Args:
        log_dir: the folder that TensorBoard is to look at.
        show: some of "samples", "latents", "gradients" and "logits"; None: all that the
            model has.
        every: int >= 1, the epochs from one look to the next.
        num_samples: int >= 1, how many samples the grid shows.
        seed: int in [0, 2**31), which latents; see `GAN.sample`.
        config: dict, the run's config as it is to be shown; None for the model's own.

    Raises:
        ValueError: for another `show` or number; at the start of `fit`, for what the
            model does not have.

    Example:

    >>> board = TensorBoard("run/tensorboard", show=["samples", "gradients"])
    """

    each_step = False  # it may be called after several steps

    def __init__(
        self,
        log_dir: str | os.PathLike,
        show: Sequence[str] | None = None,
        every: int = 1,
        num_samples: int = 64,
        seed: int = 0,
        config: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.log_dir = os.fspath(log_dir)
        self.show = _checked_show(show)
        self.every = check_integer(every, "every", 1)
        self.num_samples = check_integer(num_samples, "num_samples", 1)
        self.seed = check_seed(seed)
        self.config = config
        self._writers, self._probe, self._shown = {}, None, ()

    def look_at_data(self, dataset: tf.data.Dataset) -> None:
        """Take the first minibatch of the data that `fit` trains on, to look at.

        That of the first epoch, where there are several orders, so that a resumed run
        looks at the same one.
        """
        self._dataset = dataset
        kept = isinstance(dataset, EpochDataset | Resumable)
        place = {n: getattr(dataset, n) for n in PLACE if kept and hasattr(dataset, n)}
        for name in place:
            setattr(dataset, name, 0)
        (self._probe,) = dataset.take(1)
        for name, value in place.items():
            setattr(dataset, name, value)

    # The run --------------------------------------------------------------------------

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        strategy = self.model.distribute_strategy
        self._writes = distribution.is_chief(strategy)
        self._shown = self._what_there_is()
        if self._writes:
            self._pictures()  # what cannot be drawn comes out now
            self._write_settings()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._first = self._trained = None

    def on_train_batch_end(
        self, batch: int, logs: dict[str, Any] | None = None
    ) -> None:
        if self._first is None:
            self._first = time.monotonic(), self._step()

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._end_of_steps()  # validation takes its own time

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._end_of_steps()
        if self._writes:
            self._write_scalars(logs or {})
        if (epoch + 1) % self.every == 0:
            self._look()
        for writer in self._writers.values():
            writer.flush()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        self.release()

    def release(self) -> None:
        """Close the files, also after an error."""
        for writer in self._writers.values():
            writer.close()
        self._writers = {}

    # What is written ------------------------------------------------------------------

    def _write_scalars(self, logs):
        found = {place_of(name): float(value) for name, value in logs.items()}
        for name, optimizer in self.model.optimizers().items():
            rate = keras.ops.convert_to_numpy(optimizer.learning_rate)
            found[player_of(name), curve("learning_rate")] = float(rate)
        speed = self._images_per_second()
        if speed is not None:
            found[TRAINED, curve("images_per_second")] = speed
        for (folder, tag), value in found.items():
            with self._writing(folder):
                tf.summary.scalar(tag, value)

    def _look(self):
        """Look at what `show` names; all workers look, and one of them writes."""
        norms, logits = {}, {}
        if "gradients" in self._shown:
            norms = self.model.gradient_norms(self._probe)
        if "logits" in self._shown:
            logits = self.model.logits_now(self._probe)
        if not self._writes:
            return
        for name, value in norms.items():
            with self._writing(player_of(name)):
                tf.summary.scalar(curve("gradient_norm"), value)
        for side, values in logits.items():
            with self._writing(side):
                tf.summary.histogram("logits", values)
        with self._writing(TRAINED):
            for name, images in self._pictures().items():
                tf.summary.image(f"{IMAGES}/{name}", image_grid(images)[None])

    def _pictures(self):
        found = {}
        if "samples" in self._shown:
            found["samples"] = self.model.sample(self.num_samples, seed=self.seed)
        if "latents" in self._shown:
            found |= latent_pictures.pictures(self.model, self.seed)
        return found

    def _write_settings(self):
        config = self.config or settings_in_words.config_of(self.model)
        facts = {"steps of the run": self.model.run_length.steps or "not known"}
        for name, network in self.model.networks().items():
            facts[f"parameters of the {name}"] = f"{network.count_params():,}"
        facts["data"] = getattr(self._dataset, "description", None) or "not described"
        facts["images in a minibatch"] = self._rows()
        facts["replicas"] = self.model.distribute_strategy.num_replicas_in_sync
        entries = [*facts.items(), *settings_in_words.entries_of(config)]
        with self._writing(TRAINED):
            tf.summary.text("hyper-parameters", settings_in_words.table(entries))
            tf.summary.text("config", settings_in_words.code(config))

    def _what_there_is(self):
        """The parts that are shown of this model; an error for one it does not have."""
        there = ["gradients"]
        if hasattr(self.model, "logits_now"):
            there.append("logits")
        if len(self.model.sample_shape() or ()) == 3:
            there += ["samples"] if hasattr(self.model, "sample") else []
            there += ["latents"] if hasattr(self.model, "prior") else []
        if self.show is None:
            return tuple(there)
        missing = [name for name in self.show if name not in there]
        if missing:
            raise ValueError(
                f"A {type(self.model).__name__} of samples of shape "
                f"{self.model.sample_shape()} has no {missing[0]!r} to be shown, but "
                f"{', '.join(there)}. Received: show={self.show!r}."
            )
        return self.show

    # Steps and seconds ----------------------------------------------------------------

    def _writing(self, folder):
        """A scope in which summaries go to a sub-folder, at the step reached."""
        if folder not in self._writers:
            path = os.path.join(self.log_dir, *folder.split("/"))
            self._writers[folder] = tf.summary.create_file_writer(path)
        return self._writers[folder].as_default(step=self._step())

    def _step(self):
        return int(self.model.step.numpy())

    def _rows(self):
        """The samples of a minibatch."""
        return int(tf.nest.flatten(self._probe)[0].shape[0])

    def _end_of_steps(self):
        if self._trained is None:
            self._trained = time.monotonic(), self._step()

    def _images_per_second(self):
        """The speed after the epoch's first call; None where there was no other."""
        if self._first is None or self._trained[1] <= self._first[1]:
            return None
        seconds, steps = (
            b - a for a, b in zip(self._first, self._trained, strict=True)
        )
        return steps * self.model.minibatches_per_step * self._rows() / seconds


def _checked_show(show):
    if show is None:
        return None
    names = show if isinstance(show, list | tuple) else [show]
    wrong = [name for name in names if name not in SHOWN]
    if wrong or isinstance(show, str):
        raise ValueError(
            f"show is a list of some of {', '.join(map(repr, SHOWN))}, or None for all "
            f"that the model has. Received: show={show!r}."
        )
    return tuple(names)
