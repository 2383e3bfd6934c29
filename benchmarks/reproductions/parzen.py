"""Table 1 of the first GAN paper: log likelihood of MNIST under a Parzen window.

    python benchmarks/reproductions/parzen.py --seeds 3

Goodfellow et al. (2014) fit a Gaussian window to 10 000 samples and print the mean log
likelihood of the 10 000 test images under it: 225 +- 2 nats for their networks. Here
the same networks are trained by `GAN`, and scored by `metrics.parzen_window`. Beside
them stand sets of 10 000 images that no network made, scored the same way: what the
protocol can tell apart, and what not. A run can be stopped at any time: the same
command goes on where it was, and skips the runs that have ended.

Networks, first weights and rules are those of the paper's code (mnist.yaml): 100 normal
latents, two layers of 1200 ReLUs, 784 sigmoids whose biases start at the pixels' means;
two layers of 240 maxout units of 5 pieces, with 0.2 of the inputs and 0.5 of the units
dropped; both players move at once, by gradient descent with momentum 0.5, at the rate
0.1, D at half of it. There the momentum rises by 0.2 in 250 epochs; here it stays, and
the samples are those of G's averaged weights. The last 10 000 training images are held
out, the first 1000 of them choose the window; the order is that of tensorflow-datasets.

It fails if the mean of the seeds is below 223: the paper's 225 less its error of 2.
"""

import argparse
import functools
import json
import math
import pathlib
import sys

import keras
import numpy as np
import results
from keras import layers
from mnist_images import images_of
from packing_networks import Maxout
from scipy import ndimage
from scipy.special import logit
from sklearn.cluster import KMeans

import keras_gan
from keras_gan import datasets, pixels
from keras_gan.core import files
from keras_gan.metrics import parzen_window
from keras_gan.metrics.parzen_window import ParzenEstimate

PUBLISHED, ERROR = 225.0, 2.0
IMAGE_SHAPE, LATENT_DIM = (28, 28, 1), 100
TRAIN, HELD_OUT, TEST = "train[:50000]", "train[50000:]", "test"
SAMPLES, VALIDATION = 10_000, 1000
BATCH_SIZE, EPOCHS = 100, 40
RATES, DECAY, MOMENTUM = (0.1, 0.05), 1.000004, 0.5  # of G and D; after each step
SPREADS = (0.05, 0.005)  # first weights of G and D are uniform in +- these
EMA_DECAY = 0.999
BLUR = 0.7  # standard deviation, pixels
HOW = {"jit_compile": True, "steps_per_execution": 50}


def generator(widths=(1200, 1200)):
    """Latents (batch, 100) -> images (batch, 28, 28, 1) in [-1, 1]."""
    x = latents = keras.Input((LATENT_DIM,))
    for width in widths:
        x = layers.Dense(width, "relu", kernel_initializer=_uniform(SPREADS[0]))(x)
    last = layers.Dense(
        math.prod(IMAGE_SHAPE), "sigmoid", kernel_initializer=_uniform(SPREADS[0])
    )
    x = layers.Reshape(IMAGE_SHAPE)(last(x))
    means = _pixels(images(TRAIN)).mean(axis=0)
    last.bias.assign(logit(np.clip(means, 1e-7, 1 - 1e-7)))
    return keras.Model(latents, layers.Rescaling(2.0, -1.0)(x))


def discriminator(units=240, pieces=5, depth=2):
    """Images (batch, 28, 28, 1) in [-1, 1] -> logits (batch, 1)."""
    x = images = keras.Input(IMAGE_SHAPE)
    x = layers.Flatten()(x)
    x = layers.Rescaling(0.5, 0.5)(x)  # a pixel that is dropped is black, as there
    x = layers.Dropout(0.2)(x)
    for _ in range(depth):
        x = layers.Dense(units * pieces, kernel_initializer=_uniform(SPREADS[1]))(x)
        x = Maxout(pieces)(x)
        x = layers.Dropout(0.5)(x)
    return keras.Model(
        images, layers.Dense(1, kernel_initializer=_uniform(SPREADS[1]))(x)
    )


def _uniform(spread):
    return keras.initializers.RandomUniform(-spread, spread)


def game(seed):
    """The compiled game."""
    keras.utils.clear_session()  # of the run before
    keras.utils.set_random_seed(seed)
    gan = keras_gan.models.GAN(
        generator(),
        discriminator(),
        keras_gan.priors.Normal(LATENT_DIM),
        ema_decay=EMA_DECAY,
        seed=seed,
    )
    generator_optimizer, discriminator_optimizer = (
        keras.optimizers.SGD(
            keras.optimizers.schedules.ExponentialDecay(rate, 1, 1 / DECAY), MOMENTUM
        )
        for rate in RATES
    )
    gan.compile(
        loss="non_saturating",
        generator_optimizer=generator_optimizer,
        discriminator_optimizer=discriminator_optimizer,
        updates="simultaneous",
        **HOW,
    )
    return gan


def play(seed, epochs, folder):
    """Train a game, from its last checkpoint if there is one; its 10 000 samples."""
    gan = game(seed)
    data = datasets.load("mnist", BATCH_SIZE, split=TRAIN, seed=seed)
    backup = keras_gan.callbacks.BackupAndRestore(
        folder / "checkpoints" / name_of(seed, epochs), keep=1, seconds=120
    )
    gan.fit(data, epochs=epochs, verbose=0, callbacks=[HeldOut(), backup])
    return gan.sample(SAMPLES, seed=0)


# The protocol -------------------------------------------------------------------------


@functools.cache
def images(split):
    """All images of a split, in order: (n, 28, 28, 1) in [-1, 1]."""
    return images_of(split)[0]


def scored(samples):
    """The paper's estimate for images (n, 28, 28, 1) in [-1, 1]: a `ParzenEstimate`."""
    return parzen_window(
        _pixels(samples), _pixels(images(TEST)), _pixels(images(HELD_OUT)[:VALIDATION])
    )


def _pixels(samples):
    return (samples.reshape(len(samples), -1) + 1) / 2


class HeldOut(keras.callbacks.Callback):
    """Says after each epoch how likely held-out images are, but for the first 1000."""

    def on_epoch_end(self, epoch, logs=None):
        validation, judged, *_ = np.split(
            _pixels(images(HELD_OUT)), [VALIDATION, 3 * VALIDATION]
        )
        samples = _pixels(self.model.sample(SAMPLES, seed=0))
        found = parzen_window(samples, judged, validation)
        print(f"epoch {epoch + 1}: {written(found)}, held out", file=sys.stderr)


def no_network():
    """Sets of 10 000 images that no network made, by what to call them."""
    real = images(TRAIN)
    yield "real training images", real[:SAMPLES]
    blurred = ndimage.gaussian_filter(real[:SAMPLES], (0, BLUR, BLUR, 0), cval=-1)
    yield f"the same, blurred by {BLUR} pixels", blurred
    centres = KMeans(SAMPLES, init="random", n_init=1, max_iter=5, random_state=0)
    centres = centres.fit(real.reshape(len(real), -1)).cluster_centers_
    yield "10 000 k-means centres", centres.reshape(-1, *IMAGE_SHAPE)


# Results: one file for each run, there only when the run has ended --------------------


def name_of(seed, epochs):
    return f"seed{seed}-epochs{epochs}"


def estimate(seed, epochs, folder):
    """The `ParzenEstimate` of a run; it is played unless it has ended already."""
    path = folder / f"{name_of(seed, epochs)}.json"
    if not path.exists():
        samples = play(seed, epochs, folder)
        pixels.write_png(path.with_suffix(".png"), pixels.image_grid(samples[:100]))
        with files.new_file(path) as file:
            file.write(json.dumps(scored(samples)._asdict()).encode())
    return ParzenEstimate(**json.loads(path.read_text()))


def written(found):
    """A score as the paper prints it."""
    return f"{found.value:.1f} ± {found.standard_error:.1f}"


def verdict(values):
    """The claim of the page: whether the mean of the seeds is within the paper's."""
    return results.Claim(
        what="Parzen log likelihood of MNIST's test images, nats",
        published=f"{PUBLISHED:.0f} ± {ERROR:.0f}",
        ours=results.spread(values, digits=1),
        seeds=len(values),
        holds=bool(np.mean(values) >= PUBLISHED - ERROR),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--folder", type=pathlib.Path, default="runs/parzen")
    results.add_option(parser)
    arguments = parser.parse_args()
    table = results.Table("10 000 images", "log likelihood, nats", "window")
    table.add("adversarial nets, published", f"{PUBLISHED:.0f} ± {ERROR:.0f}", "")
    values = []
    for seed in range(arguments.seeds):
        found = estimate(seed, arguments.epochs, arguments.folder)
        values.append(found.value)
        table.add(
            f"adversarial nets, seed {seed}", written(found), f"{found.sigma:.3f}"
        )
    for name, others in no_network():
        found = scored(others)
        table.add(name, written(found), f"{found.sigma:.3f}")
    claim = verdict(values)
    if arguments.record:
        table.record("parzen", [claim], timed=False)  # runs may have ended before
    if not claim.holds:
        sys.exit(
            f"The mean of the seeds, {np.mean(values):.1f}, is below "
            f"{PUBLISHED - ERROR:.0f}."
        )


if __name__ == "__main__":
    main()
