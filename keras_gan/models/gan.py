"""The GAN: the game of two networks; most families of games are a subclass of it."""

import os
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from PIL import Image

from keras_gan import datasets, pixels
from keras_gan.core.registry import register
from keras_gan.datasets import value_range
from keras_gan.models.game import Game
from keras_gan.priors import Prior
from keras_gan.saving.exporting import export
from keras_gan.schedules import HalfLife
from keras_gan.training import activations, checks, last_activation, minibatches
from keras_gan.training.drawing import Drawing
from keras_gan.training.precision import at_least_float32

LOOKED_AT = 4  # batches: one may be dark, or of one colour


@register
class GAN(Game):
    """A GAN: a generator and a discriminator that are trained against each other.

    The generator maps latents of the prior to samples, the discriminator maps samples
    to logits (high on real). The constructor says who plays, `compile` by which loss
    and rules, `fit` trains (Goodfellow et al., 2014, Algorithm 1).

    Args:
        generator: built `keras.Model`, (batch, latent_dim) -> samples.
        discriminator: built `keras.Model`, samples -> logits; no last activation.
        prior: `keras_gan.priors.Prior`, where latents come from.
        ema_decay: float in (0, 1), `schedules.HalfLife` or None. With it, an
            exponential moving average of the generator is kept and used by `call`,
            `sample`, `evaluate` and `export`; the effective decay of a number is
            min(ema_decay, (1 + t)/(10 + t)) at step t, that of a half-life goes by
            images.
        seed: int in [0, 2**31): latents and the order of data are functions of it.
        **parts: `name`, and further networks of a family, see
            `training.GenerativeModel`.

    Raises:
        TypeError, ValueError: for parts that do not fit each other.

    Example:

    >>> import keras_gan
    >>> gan = GAN(
    ...     keras_gan.networks.MLPGenerator((8, 8, 1), latent_dim=16),
    ...     keras_gan.networks.MLPDiscriminator((8, 8, 1)),
    ...     keras_gan.priors.Normal(16),
    ... )
    >>> gan.compile(loss="hinge")
    >>> gan.sample(4, seed=0).shape
    (4, 8, 8, 1)
    """

    generator: keras.Model
    discriminator: keras.Model
    prior: Prior
    # The networks that take [inputs, condition], by name.
    conditioned: tuple[str, ...] = ()
    conditional_family = "ConditionalGAN"  # the same game with classes
    discriminator_outputs = 1

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior: Prior,
        ema_decay: float | HalfLife | None = None,
        seed: int = 0,
        **parts: Any,
    ) -> None:
        checks.check_networks(generator, discriminator, prior)
        checks.check_outputs(generator, discriminator, type(self))
        checks.check_inputs(generator, discriminator, type(self))
        super().__init__(
            ema_decay,
            seed,
            generator=generator,
            discriminator=discriminator,
            prior=prior,
            **parts,
        )
        self._drawing = Drawing(self)

    # Hooks ----------------------------------------------------------------------------

    def generator_networks(self) -> dict[str, keras.Model]:
        return {"generator": self.generator}

    def discriminator_networks(self) -> dict[str, keras.Model]:
        return {"discriminator": self.discriminator}

    def check_samples(self, dataset: tf.data.Dataset, name: str) -> None:
        def samples_of(element):
            return element[0] if isinstance(element, tuple) else element

        first = checks.first_of(dataset, samples_of)
        spec = samples_of(dataset.element_spec)
        checks.check_spec(spec, self.discriminator, name, first)
        replicas = self.distribute_strategy.num_replicas_in_sync
        if isinstance(dataset, datasets.EpochDataset):  # checked as it was made
            size = dataset.batch_size
            last = 0 if dataset.drop_remainder else dataset.num_samples % size
            checks.check_packs(size, last, self.discriminator, replicas, name)
            return
        first = [samples_of(element).numpy() for element in dataset.take(LOOKED_AT)]
        if not first:
            return
        checks.check_packs(len(first[0]), 0, self.discriminator, replicas, name)
        taken = checks.first_input_shape(self.discriminator)
        for number, batch in enumerate(first, 1):
            called = minibatches.numbered(number, name)
            checks.check_not_empty(len(batch), called)
            if taken is not None:
                checks.check_shape(batch.shape, taken, name)
            checks.check_finite(batch, called)
        alike = len({batch.shape[1:] for batch in first}) == 1
        for batch in [np.concatenate(first)] if alike else first:
            checks.check_values(batch, self.generator, name)

    def minibatch_rules(self, element: Any) -> list[tuple[tf.Tensor, Any]]:
        samples = element[0] if isinstance(element, tuple) else element
        return minibatches.of_samples(samples, self.generator, self.discriminator)

    def _looks_at_ends(self):
        seen = (*activations.LIMITS, "linear")
        if activations.last_activation(self.generator) in seen:
            return super()._looks_at_ends()
        return [*super()._looks_at_ends(), self._look_at_images]

    def _look_at_images(self, element):
        real, _ = self.split(element)
        if not tf.is_tensor(real) or real.shape.rank != 4:
            return
        low, high = float(tf.reduce_min(real)), float(tf.reduce_max(real))
        if not value_range.looks_positive(low, high):
            networks = self.generator_networks().values()
            last_activation.warn_of_images(self._images_of_rows, element, networks)

    def _images_of_rows(self, data):
        fake = self._round_of_rows(data).fake
        return [part for part in tf.nest.flatten(fake) if part.shape.rank == 4]

    def draw_latents(self, rows: int | tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        return self.prior(rows, seed)

    def generate(self, latents: Any, side: Any, training: bool) -> Any:
        """Latents (batch, latent_dim) -> fake samples, by the generator."""
        fake = self.generator(_inputs(latents, side), training=training)
        checks.check_is_tensor(fake, "generator", type(self))
        return fake

    def discriminate(
        self, samples: Any, side: Any, training: bool, seed: tf.Tensor | None = None
    ) -> Any:
        """Samples -> logits, by the discriminator, in float32 at least."""
        samples = self.augmented(samples, training, seed)
        logits = self.discriminator(_inputs(samples, side), training=training)
        checks.check_is_tensor(logits, "discriminator", type(self))
        return at_least_float32(logits)

    def sample_shape(self) -> tuple[int | None, ...] | None:
        made = checks.output_shape(self.generator)[1:]
        return made or checks.first_input_shape(self.discriminator)

    # Draw -----------------------------------------------------------------------------

    @property
    def sampler(self) -> keras.Model:
        """The network that draws: the averaged generator, or the generator itself."""
        return self.generator if self.ema_generator is None else self.ema_generator

    def draw(self, latents: Any, side: Any) -> Any:
        """Latents (batch, latent_dim) -> samples, by the sampler in inference mode."""
        return self.sampler(_inputs(latents, side), training=False)

    def call(self, latents: tf.Tensor) -> tf.Tensor:
        """Latents (batch, latent_dim) -> samples, by the (averaged) generator."""
        latents = ops.convert_to_tensor(latents)
        checks.check_latents(latents, self.prior.latent_dim)
        return self.draw(latents, None)

    def sample(
        self, num_samples: int, seed: int | None = None, batch_size: int | None = None
    ) -> np.ndarray:
        """Draw samples from the (averaged) generator.

        Args:
            num_samples: int >= 1.
            seed: int in [0, 2**31): the same latents whenever it is given, whatever
                `batch_size` is, and `sample(m)` begins `sample(n)`; None draws anew.
            batch_size: int, how many samples the network computes at a time. None: as
                many as hold two million numbers, and 4096 at most.

        Returns:
            Float32 NumPy array (num_samples, ...), images in [-1, 1].

        Raises:
            ValueError: for numbers below 1 or a seed out of range.
        """
        return self._drawing(num_samples, seed, batch_size)

    def show(
        self, num_samples: int = 16, seed: int | None = None, **options: Any
    ) -> Image.Image:
        """Picture of samples side by side, which a notebook shows.

        Args:
            num_samples, seed, **options: of `sample`; of a conditional game also
                `condition`.

        Returns:
            A `PIL.Image.Image`; its `save("samples.png")` writes it.

        Raises:
            ValueError: for a game whose samples are no images; else as `sample`.

        >>> GAN.from_preset("mlp_digits").show(4, seed=0).size
        (76, 76)
        """
        samples = self.sample(num_samples, seed=seed, **options)
        return pixels.picture_of(pixels.image_grid(samples))

    # Keep -----------------------------------------------------------------------------

    def export(
        self,
        filepath: str | os.PathLike,
        format: str = "tf_saved_model",
        dtype: str = "float32",
        warm_up: bool = False,
        verbose: bool = False,
    ) -> None:
        """Write what `sample` draws with, for programs without Keras and this package.

        "tf_saved_model" is a folder for TF Serving, with the signatures
        `serving_default` (latents -> images), `generate` (seeds -> uint8 images, each
        row the one that `sample(1, seed)` draws), `png` (seeds -> PNG files), `sample`
        (num_samples, seed -> uint8 images), `discriminate` and `classify`. "onnx" and
        "litert" are a file: latents -> images. Classes and codes are further inputs.
        Each is run, and compared with the generator, before it gets its name. See
        `docs/exporting.md`.

        Args:
            filepath: what does not exist yet: a folder such as "serving/my_gan/1", or a
                file that ends in .onnx or .tflite.
            format: "tf_saved_model", "onnx" or "litert"; the last two need the extras
                of the same name.
            dtype: "float32", or "float16" for weights of two bytes and half the size.
            warm_up: whether TF Serving gets requests to begin with.
            verbose: whether to print the signatures of a SavedModel.

        Raises:
            ValueError: for an unknown format or dtype, or another suffix.
            FileExistsError: if something is there already.
            ImportError: if the format's extra is not installed.
            NonFiniteError: if a variable holds NaN or Inf.
            RuntimeError: if what was written draws other samples.
        """
        self.check_finite(f"{filepath} is not written")
        export.export(self, filepath, format, dtype, warm_up, verbose)


def _inputs(tensor, side):
    return tensor if side is None else [tensor, side]
