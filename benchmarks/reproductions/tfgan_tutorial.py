"""TF-GAN's tutorial on MNIST: 5000 steps of a plain Wasserstein game, and their score.

    python benchmarks/reproductions/tfgan_tutorial.py --seeds 3

builds the two networks of the notebook (tensorflow/gan,
examples/colab_notebooks/tfgan_tutorial.ipynb), plays its steps of 32 images, and scores
100 batches of 32 samples, each by itself, beside 100 batches of 32 test images. So
small a batch holds few of each digit, which keeps the score of real images low too: the
figure to compare is the ratio. A run can be stopped at any time: the same command goes
on where it was.

Networks, latents, weight decay, optimizers, rates and the score are the notebook's. Its
Wasserstein losses have no penalty or constraint beside them. Its classifier is a frozen
graph of about 99 % accuracy; here it is the zoo's, of 99.5 %.

It fails if the mean ratio is below what the notebook has printed after as many steps.
"""

import argparse
import json
import pathlib
import sys
from typing import NamedTuple

import keras
import numpy as np
import results
from keras import layers

import keras_gan
from keras_gan import datasets, metrics, pixels
from keras_gan.core import files

LATENT_DIM, BATCH = 64, 32
BATCHES = 100  # that are scored
RATE, DISCRIMINATOR_RATE, HALVED_AFTER = 1e-3, 2e-4, 1000  # the generator's, in steps


class Printed(NamedTuple):
    """The score that the notebook has printed after a number of steps.

    Attributes:
        scores: str, of samples and of real images.
        least, most: float, their ratio.
    """

    scores: str
    least: float
    most: float

    def __str__(self):
        ratios = dict.fromkeys(f"{ratio:.3f}" for ratio in (self.least, self.most))
        return f"{' to '.join(ratios)} ({self.scores})"


PRINTED = {
    500: Printed("6.26 / 8.35", 6.26 / 8.35, 6.26 / 8.35),
    1000: Printed("6.90 / 8.35", 6.90 / 8.35, 6.90 / 8.35),
    5000: Printed("7.44 to 7.63 / 8.38", 7.44 / 8.38, 7.63 / 8.38),
}


def generator():
    """Latents (batch, 64) -> images (batch, 28, 28, 1) in [-1, 1]."""
    inputs = keras.Input((LATENT_DIM,))
    x = layers.ReLU()(_normalized(layers.Dense(1024, **_decayed())(inputs)))
    x = layers.ReLU()(_normalized(layers.Dense(7 * 7 * 256, **_decayed())(x)))
    x = layers.Reshape((7, 7, 256))(x)
    for _ in range(2):
        x = layers.Conv2DTranspose(64, 4, 2, "same", activation="relu", **_decayed())(x)
    outputs = layers.Conv2D(1, 4, padding="same", activation="tanh")(x)
    return keras.Model(inputs, outputs)


def discriminator():
    """Images (batch, 28, 28, 1) -> logits (batch, 1)."""
    inputs = x = keras.Input((28, 28, 1))
    for filters in (64, 128):
        x = layers.Conv2D(filters, 4, 2, "same", **_decayed())(x)
        x = layers.LeakyReLU(0.01)(x)
    x = _normalized(layers.Dense(1024, **_decayed())(layers.Flatten()(x)))
    outputs = layers.Dense(1, **_decayed())(layers.LeakyReLU(0.01)(x))
    return keras.Model(inputs, outputs)


def _normalized(x):
    return layers.BatchNormalization(momentum=0.999, epsilon=1e-3)(x)


def _decayed():
    decay = keras.regularizers.L2(2.5e-5)
    return {"kernel_regularizer": decay, "bias_regularizer": decay}


def game(seed):
    """The notebook's game, compiled."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    gan = keras_gan.models.GAN(
        generator(), discriminator(), keras_gan.priors.Normal(LATENT_DIM), seed=seed
    )
    halved = keras.optimizers.schedules.PiecewiseConstantDecay(
        [HALVED_AFTER - 1], [RATE, RATE / 2]
    )
    gan.compile(
        loss="wasserstein",
        generator_optimizer=_adam(halved),
        discriminator_optimizer=_adam(DISCRIMINATOR_RATE),
        latents="fresh",
    )
    return gan


def _adam(rate):
    return keras.optimizers.Adam(rate, beta_1=0.5, epsilon=1e-8)


# The score --------------------------------------------------------------------------


def mean_score(probabilities):
    """The mean of the scores of successive batches of 32 rows (n, 10)."""
    batches = np.split(probabilities, len(probabilities) // BATCH)
    return float(np.mean([metrics.inception_score(batch).value for batch in batches]))


def judged(images):
    """The score of images (3200, 28, 28, 1) by the zoo's classifier."""
    classifier = metrics.features.mnist_classifier("probabilities")
    return mean_score(classifier.of(images))


def real_score():
    """The score of the first 100 batches of test images."""
    images = datasets.load("mnist", BATCH, split="test", shuffle=False)
    return judged(np.concatenate([batch.numpy() for batch in images.take(BATCHES)]))


class Judge(keras.callbacks.Callback):
    """Scores samples after the steps of `PRINTED`, and ends the training.

    Args:
        path: of a JSON file, from the number of steps to the score.
        steps: int of `PRINTED`, after which it ends.
    """

    def __init__(self, path, steps):
        super().__init__()
        self.path = path
        self.steps = steps

    def on_train_batch_end(self, batch, logs=None):
        step = int(self.model.step.numpy())
        if step in PRINTED:
            images = self.model.sample(BATCHES * BATCH, seed=0)
            found = {**scores(self.path), str(step): judged(images)}
            with files.new_file(self.path) as file:
                file.write(json.dumps(found).encode())
            picture = pixels.image_grid(images[:100])
            pixels.write_png(self.path.with_suffix(".png"), picture)
        if step >= self.steps:
            self.model.stop_training = True


def scores(path):
    """The scores that `Judge` has written so far: steps, as strings -> score."""
    return json.loads(path.read_text()) if path.exists() else {}


def play(seed, steps, folder):
    """The scores of a run, which goes on from its last checkpoint if there is one."""
    path = folder / f"seed{seed}.json"
    if str(steps) not in scores(path):
        data = datasets.load("mnist", BATCH, seed=seed)
        backup = keras_gan.callbacks.BackupAndRestore(folder / f"seed{seed}", keep=1)
        epochs = -(-steps // len(data))
        game(seed).fit(
            data, epochs=epochs, verbose=0, callbacks=[Judge(path, steps), backup]
        )
    return scores(path)


def claim(ratios, steps):
    """The line of the page for the ratios of all seeds, with its verdict."""
    printed = PRINTED[steps]
    return results.Claim(
        what=f"TF-GAN's tutorial, {steps} steps: score of samples / of real images",
        published=str(printed),
        ours=results.spread(ratios),
        seeds=len(ratios),
        holds=bool(np.mean(ratios) >= printed.least),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, choices=PRINTED, default=max(PRINTED))
    parser.add_argument("--folder", type=pathlib.Path, default="runs/tfgan_tutorial")
    results.add_option(parser)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    begins = not any(arguments.folder.iterdir())
    real = real_score()
    table = results.Table(
        "seed", "steps", "samples", "real images", "ratio", "the notebook's"
    )
    ratios = []
    for seed in range(arguments.seeds):
        found = play(seed, arguments.steps, arguments.folder)
        for steps in (steps for steps in PRINTED if steps <= arguments.steps):
            score = found[str(steps)]
            shown = [f"{number:.2f}" for number in (score, real)]
            ratio = f"{score / real:.3f}"
            table.add(str(seed), str(steps), *shown, ratio, str(PRINTED[steps]))
        ratios.append(score / real)
    made = claim(ratios, arguments.steps)
    if arguments.record:
        table.record("tfgan_tutorial", [made], timed=begins)
    if not made.holds:
        sys.exit(f"The mean ratio is {made.ours}; the notebook's is {made.published}.")


if __name__ == "__main__":
    main()
