"""Monitoring a run: NaN and Inf, which stop it, and games that go wrong."""

import math
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from keras_gan.callbacks import symptoms
from keras_gan.callbacks.diagnoses import DIAGNOSES, FIRST
from keras_gan.core import distribution
from keras_gan.core.arguments import check_integer
from keras_gan.core.finite import NonFiniteError
from keras_gan.core.randomness import check_seed
from keras_gan.datasets import notices
from keras_gan.metrics.checks import chunks

ROWS = 64  # of a minibatch, where the data do not say it
SEARCHED = 10_000  # training images, at most, among which copies are looked for
NAMES = (
    *("diversity", "distance", "fake_copies", "real_copies"),
    *("d_auc", "d_overfitting"),
)


class HealthMonitor(keras.callbacks.Callback):
    """Monitor a run's health: stop at NaN or Inf, and warn of a game that goes wrong.

    As soon as a logged quantity is NaN or Inf it raises. `GAN.fit` puts one before all
    other callbacks, so that nothing is saved over the last good checkpoint. (Keras'
    `TerminateOnNaN` looks at `loss` only, which a game does not log, and lets the end
    of the epoch save.)

    Given images, it measures samples and discriminator at the ends of epochs. What it
    finds is logged, so that it is in the history, in CSV files and in TensorBoard:

    - `diversity`: the mean distance of a sample to its nearest other sample, over that
      of as many real images. 1: they differ as real ones do; 0: all are alike, or a few
      pictures are repeated;
    - `distance`: how far samples are from real images, by the energy distance, over the
      distance of their mean image. 1: no better than that; 0: of one distribution;
    - `fake_copies`: the share of the samples that are copies of a training image, and
      `real_copies`, the same of the images in `held_out`, which are none: what the
      nearest images have in common anyway;
    - `d_auc`: the share of pairs (real, generated) in which the discriminator scores
      the real one higher. 0.5: it cannot tell them apart; 1: it always does;
    - `d_overfitting`: likewise of pairs (training image, held-out image), which only a
      discriminator that knows its training images by heart can tell apart.

    When they show mode collapse, a discriminator that has won or that over-fits, or
    copies of the training images, in `patience` measurements in a row, a warning says
    so once a run, with the figures and with what to try; not within the first 500
    steps. `docs/watching.md` shows from which runs the thresholds are.

    Images are compared as bytes that are shrunk to 16 x 16, samples are those of
    `model.sample`, and logits those of `model.logits_now`. The steps of the training
    are not touched: its weights are, to the bit, those of a run without this callback.
    Under several workers `d_auc` and `d_overfitting` are of a worker's own rows, and
    the first worker warns.

    Args:
        images: None, to look for NaN and Inf only, or the training images: a float
            array in [-1, 1] or a uint8 array, (n, height, width, channels), n >= 2; or
            other samples as the game takes them. A game that sees labels takes a pair
            (images, labels). Copies are looked for among 10 000 of them at most.
        held_out: None, or the same of images that are not trained on.
        every: int >= 1, the epochs from one measurement to the next, which are logged
            with the last one again. The first epoch is measured in any case.
        num_samples: int >= 2, how many samples, and images of each kind, are compared.
        patience: int >= 1, after how many measurements in a row beyond a threshold it
            warns.
        seed: int in [0, 2**31), which latents and images; see `GAN.sample`.

    Raises:
        NonFiniteError: naming the step and the quantity.
        ValueError: for what are no images, and numbers out of their range; at the start
            of `fit`, for images that are none of the game's.

    Example:

    >>> import keras_gan
    >>> images = np.random.default_rng(0).uniform(-1, 1, (64, 8, 8, 1))
    >>> monitor = HealthMonitor(images[:48], held_out=images[48:])
    >>> gan = keras_gan.models.GAN.from_preset("mlp_digits")
    >>> options = {"batch_size": 16, "verbose": 0, "callbacks": [monitor]}
    >>> logs = gan.fit(images[:48].astype("float32"), **options).history
    >>> [name for name in logs if name.startswith("d_")]
    ['d_loss', 'd_auc', 'd_overfitting']
    """

    def __init__(
        self,
        images: Any = None,
        held_out: Any = None,
        every: int = 1,
        num_samples: int = 256,
        patience: int = 3,
        seed: int = 0,
    ) -> None:
        super().__init__()
        if images is None and held_out is not None:
            raise ValueError(
                "held_out is compared with the training images: pass images=..., too. "
                "Received: images=None."
            )
        self.every = check_integer(every, "every", 1)
        self.num_samples = check_integer(num_samples, "num_samples", 2)
        self.patience = check_integer(patience, "patience", 1)
        self.seed = check_seed(seed)
        self._images = _checked(images, "images")
        self._held_out = _checked(held_out, "held_out")
        if held_out is not None:
            _check_alike(self._images[0], self._held_out[0])
        self._rows = ROWS

    # NaN ------------------------------------------------------------------------------

    def on_train_batch_end(
        self, batch: int, logs: dict[str, Any] | None = None
    ) -> None:
        for name, value in (logs or {}).items():
            if not math.isfinite(float(value)):
                step = int(self.model.step.numpy())
                raise NonFiniteError(
                    f"{name} became {float(value)} at step {step}, so training stops "
                    "here; what was saved before is untouched. Usual remedies: smaller "
                    "learning rates, a gradient penalty such as R1, or clipnorm=1 in "
                    "the optimizers."
                )

    # Health ---------------------------------------------------------------------------

    def look_at_data(self, dataset: tf.data.Dataset) -> None:
        """Take the number of rows of a minibatch that `fit` trains on."""
        self._rows = tf.nest.flatten(dataset.element_spec)[0].shape[0] or ROWS

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._told = set()
        if self._images is None:
            return
        chosen = self._chosen(self._images, self.num_samples)
        self._shown = {"real": self._minibatches(chosen, "images")}
        self._real = symptoms.features_of(chosen[0])
        self._spacing = symptoms.spacing(self._real)
        self._searched = symptoms.without_repetitions(self._features_of_many())
        if self._spacing == 0 or len(self._searched) < 2:
            raise ValueError(
                f"The {len(self._real)} images that HealthMonitor looks at are copies "
                "of each other, so nothing can be said of samples beside them. Pass "
                "images that differ."
            )
        self._constant = {}
        if self._held_out is not None:
            chosen = self._chosen(self._held_out, self.num_samples)
            self._shown["held_out"] = self._minibatches(chosen, "held_out")
            features = symptoms.features_of(chosen[0])
            self._constant["real_copies"] = symptoms.copies(features, self._searched)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self._images is None or logs is None:
            return
        before = self.model.history.history  # also of before a resume
        due = (epoch + 1) % self.every == 0 or "diversity" not in before
        if not due:
            names = (name for name in NAMES if name in before)
            logs.update({name: before[name][-1] for name in names})
            return
        found = self._measured()
        logs.update(found)
        if int(self.model.step.numpy()) > FIRST:
            self._warn(self._in_a_row(before, found))

    def _measured(self):
        samples = self.model.sample(self.num_samples, seed=self.seed)
        features = symptoms.features_of(samples)
        apart = symptoms.spacing(features[: len(self._real)])
        of_samples = {
            "diversity": apart / self._spacing,
            "distance": symptoms.distance(features[: len(self._real)], self._real),
            "fake_copies": symptoms.copies(features, self._searched),
            **self._constant,
        }
        return of_samples | self._of_discriminator()

    def _of_discriminator(self):
        looks = {
            name: [self._look(element) for element in elements]
            for name, elements in self._shown.items()
        }
        real = _real_logits(looks["real"])
        fake = looks["real"][0]["fake"]  # the same in all of them
        found = {"d_auc": symptoms.share_above(real, fake)}
        if "held_out" in looks:
            held_out = _real_logits(looks["held_out"])
            found["d_overfitting"] = symptoms.share_above(real, held_out)
        return found

    def _in_a_row(self, before, found):
        """The last measurements, `patience` of them; fewer where there were fewer."""
        back = range((self.patience - 1) * self.every, 0, -self.every)
        earlier = [
            {name: before[name][-n] for name in found if len(before.get(name, ())) >= n}
            for n in back
        ]
        return [*filter(None, earlier), found]

    def _warn(self, measurements):
        """Warn of each kind once, where all of these measurements show it."""
        chief = distribution.is_chief(self.model.distribute_strategy)
        if not chief or len(measurements) < self.patience:
            return
        for diagnosis in DIAGNOSES:
            said = [diagnosis(logs) for logs in measurements]
            if diagnosis not in self._told and all(said):
                self._told.add(diagnosis)
                notices.warn(said[-1])

    # What is looked at ----------------------------------------------------------------

    def _order(self, count):
        return np.random.default_rng(self.seed).permutation(count)

    def _chosen(self, data, number):
        """So many of (images, labels), the same ones at each call."""
        images, labels = data
        rows = self._order(len(images))[:number]
        return _floats(images[rows]), None if labels is None else labels[rows]

    def _features_of_many(self):
        """The features of the images among which copies are looked for."""
        images, _ = self._images
        rows = self._order(len(images))[:SEARCHED]
        parts = [rows[part] for part in chunks(len(rows))]
        return np.concatenate(
            [symptoms.features_of(_floats(images[part])) for part in parts]
        )

    def _minibatches(self, data, name):
        """Elements of a data set, each of as many rows as in training.

        The last one is filled up with the first rows, so that a discriminator which
        sees its samples in batches, or in packs, gets what it is used to.
        """
        images, labels = data
        _check_shape(self.model, images.shape[1:], name)
        count = len(images)
        size = -(-count // self._rows) * self._rows
        rows = np.resize(np.arange(count), size).reshape(-1, self._rows)
        elements = images[rows] if labels is None else (images[rows], labels[rows])
        elements = tf.data.Dataset.from_tensor_slices(elements)
        _check_elements(self.model, elements, name)
        return list(elements)

    def _look(self, element):
        taken = self.model.minibatches_per_step
        if taken > 1:  # of which the first one counts
            element = tf.nest.map_structure(
                lambda x: tf.repeat(x[:, tf.newaxis], taken, axis=1), element
            )
        return self.model.logits_now(element)


def _real_logits(looks):
    return np.concatenate([look["real"] for look in looks])


def _checked(data, name):
    """(samples, labels or None) of an argument of the constructor, or an error."""
    if data is None:
        return None
    labels = None
    if isinstance(data, tuple) and len(data) == 2:
        data, labels = data[0], np.asarray(data[1])
    samples = np.asarray(data) if hasattr(data, "__array__") else None
    if samples is None or samples.ndim < 2:
        received = type(data).__name__ if samples is None else f"shape {samples.shape}"
        raise ValueError(
            f"{name} is an array of samples (n, ...), such as images (n, height, "
            f"width, channels), or a pair (images, labels). Received: {received}."
        )
    if samples.dtype.kind != "f" and samples.dtype != np.uint8:
        raise ValueError(
            f"{name} holds floats in [-1, 1] or uint8. Received: {samples.dtype}."
        )
    if len(samples) < 2:
        raise ValueError(
            f"{name} holds 2 samples at least, which are compared with each other. "
            f"Received: {len(samples)}."
        )
    if labels is not None and len(labels) != len(samples):
        raise ValueError(
            f"{name} has one label for each sample. Received: {len(samples)} samples, "
            f"{len(labels)} labels."
        )
    return samples, labels


def _check_alike(images, held_out):
    if images.shape[1:] != held_out.shape[1:]:
        raise ValueError(
            "images and held_out hold samples of one shape. Received: images "
            f"{images.shape}, held_out {held_out.shape}."
        )


def _floats(samples):
    """Samples as float32; bytes as images in [-1, 1]."""
    if samples.dtype == np.uint8:
        return samples.astype(np.float32) / np.float32(127.5) - 1
    return samples.astype(np.float32)


def _check_shape(model, taken, name):
    """Raise a ValueError for samples of another shape than those of the model."""
    there = all(hasattr(model, name) for name in ("sample", "logits_now"))
    shape = model.sample_shape() if there else None
    if shape is None:
        raise ValueError(
            "HealthMonitor compares images with what a game samples, and their logits. "
            f"A {type(model).__name__} has no samples of a known shape, or no logits. "
            "Pass no images: HealthMonitor()."
        )
    alike = len(shape) == len(taken) and all(
        side in (None, other) for side, other in zip(shape, taken, strict=True)
    )
    if not alike:
        raise ValueError(
            f"{name} of HealthMonitor holds samples of shape {tuple(taken)}, but the "
            f"model draws samples of shape {tuple(shape)}. Pass those that it is "
            "trained on, of the same size and with their channels."
        )


def _check_elements(model, elements, name):
    """Raise a ValueError for minibatches that a model cannot be trained on."""
    called = f"HealthMonitor({name}=...)"
    model.check_samples(elements, called)
    try:
        model.check_data(elements, called)
    except ValueError as error:
        if isinstance(elements.element_spec, tuple):
            raise
        raise ValueError(
            f"{error} To HealthMonitor pass {name}=(images, labels)."
        ) from error
