"""WGAN-GP on MNIST, scored by a LeNet (Binkowski et al., 2018, Table 3).

    python benchmarks/reproductions/lenet_wgan_gp.py --seeds 3

trains a LeNet, and scores by it 100 000 samples of the zoo's preset wgan_gp_mnist and
the 10 000 test images: the classifier score of both, and the Frechet distance of both
from the training images, each the mean over 10 bootstrap resamplings. The scale of the
features is the network's own, so the figures to compare are the ratios of samples to
test images. A seed is one of the LeNet and of the resamplings.

The classifier is the one that the paper names (tensorflow/models,
tutorials/image/mnist/convolutional.py), trained as there; its features are the 512 of
the hidden layer, and its input is in [-0.5, 0.5], as in the authors' code.

It fails if a mean ratio is worse than the paper's.
"""

import argparse
import sys
from typing import NamedTuple

import keras
import numpy as np
import results
from keras import layers
from mnist_images import images_of

import keras_gan
from keras_gan import metrics

PRESET = "wgan_gp_mnist"
SAMPLES, RESAMPLINGS = 100_000, 10
HELD_OUT, BATCH, EPOCHS = 5000, 64, 10
FEATURES = 512


class Scored(NamedTuple):
    """Two sets of images by one LeNet: samples, and the test images.

    Attributes:
        accuracy: float, the LeNet's share of right test images.
        scores: of samples and of test images.
        distances: of samples and of test images, from the training images.
    """

    accuracy: float
    scores: tuple
    distances: tuple

    @property
    def ratios(self):
        """Samples to test images, of the scores and of the distances."""
        return tuple(fake / real for fake, real in (self.scores, self.distances))


PAPER = Scored(np.nan, (9.12, 9.78), (6.915, 4.305))


def samples():
    """The samples of the preset; without its weights, the end."""
    try:
        game = keras_gan.models.GAN.from_preset(PRESET)
    except ValueError as error:
        sys.exit(f"There is nothing to score: {error}")
    return game.sample(SAMPLES, seed=0)


# The classifier ---------------------------------------------------------------------


def lenet():
    """Images (batch, 28, 28, 1) in [-0.5, 0.5] -> 10 logits, not trained yet.

    The layer named "features" gives 512 numbers >= 0.
    """
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 5, padding="same", activation="relu", **_begins(0.0))(inputs)
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(64, 5, padding="same", activation="relu", **_begins(0.1))(x)
    x = layers.Flatten()(layers.MaxPooling2D()(x))
    x = layers.Dense(
        FEATURES, activation="relu", name="features", **_begins(0.1), **_decayed()
    )(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(inputs, layers.Dense(10, **_begins(0.1), **_decayed())(x))


def _begins(bias):
    return {
        "kernel_initializer": keras.initializers.TruncatedNormal(stddev=0.1),
        "bias_initializer": keras.initializers.Constant(bias),
    }


def _decayed():
    decay = keras.regularizers.L2(5e-4 / 2)  # 5e-4 of half the sum of squares
    return {"kernel_regularizer": decay, "bias_regularizer": decay}


def trained(images, classes, seed, epochs=EPOCHS):
    """A LeNet, trained on images in [-1, 1] but the first 5000, which it holds out."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    classifier = lenet()
    images, classes = images[HELD_OUT:] / 2, classes[HELD_OUT:]
    falling = keras.optimizers.schedules.ExponentialDecay(
        0.01, len(images) // BATCH, 0.95, staircase=True
    )
    classifier.compile(
        keras.optimizers.SGD(falling, momentum=0.9),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    classifier.fit(images, classes, batch_size=BATCH, epochs=epochs, verbose=0)
    return classifier


def seen(classifier, images):
    """The features (n, 512) and logits (n, 10) of a LeNet, of images in [-1, 1]."""
    hidden = keras.Model(classifier.inputs, classifier.get_layer("features").output)
    features = metrics.features.Network(hidden, pixel_range=(-0.5, 0.5)).of(images)
    kernel, bias = classifier.layers[-1].get_weights()
    return features, features @ kernel + bias


# The scores -------------------------------------------------------------------------


def scored(classifier, fake, train, test, classes, seed):
    """Score samples and test images.

    Args:
        classifier: a trained LeNet.
        fake, train, test: images (n, 28, 28, 1) in [-1, 1].
        classes: of the test images.
        seed: int, of the resamplings.
    """
    reference, _ = seen(classifier, train)
    of_fake, of_test = seen(classifier, fake), seen(classifier, test)
    guesses = np.argmax(of_test[1], axis=1)
    return Scored(
        float(np.mean(guesses == classes)),
        tuple(resampled_score(logits, seed) for _, logits in (of_fake, of_test)),
        tuple(
            resampled_distance(features, reference, seed)
            for features, _ in (of_fake, of_test)
        ),
    )


def resampled_score(logits, seed):
    """The mean classifier score of 10 bootstrap resamplings of logits (n, 10)."""
    scores = [
        metrics.inception_score(logits[rows], from_logits=True).value
        for rows in resamplings(len(logits), seed)
    ]
    return float(np.mean(scores))


def resampled_distance(features, reference, seed):
    """The mean Frechet distance of 10 bootstrap resamplings of both sets."""
    pairs = zip(
        resamplings(len(features), seed),
        resamplings(len(reference), seed + 1_000_000),
        strict=True,
    )
    distances = [
        metrics.frechet_distance(reference[others], features[rows])
        for rows, others in pairs
    ]
    return float(np.mean(distances))


def resamplings(count, seed):
    """Bootstrap samples: as many rows as there are, with replacement, 10 times."""
    generator = np.random.default_rng(seed)
    for _ in range(RESAMPLINGS):
        yield generator.integers(count, size=count)


def claims(found):
    """The lines of the page for a list of `Scored`, with their verdicts."""
    score, distance = zip(*(each.ratios for each in found), strict=True)
    paper_score, paper_distance = PAPER.ratios
    return [
        results.Claim(
            what="WGAN-GP by a LeNet: score of samples / of test images",
            published=f"{paper_score:.3f} (9.12 / 9.78)",
            ours=results.spread(score),
            seeds=len(found),
            holds=bool(np.mean(score) >= paper_score),
        ),
        results.Claim(
            what="WGAN-GP by a LeNet: Frechet distance of samples / of test images",
            published=f"{paper_distance:.2f} (6.915 / 4.305)",
            ours=results.spread(distance, 2),
            seeds=len(found),
            holds=bool(np.mean(distance) <= paper_distance),
        ),
    ]


def row(name, accuracy, found):
    """The cells of the table for a `Scored`."""
    (score, score_of_test), (distance, distance_of_test) = found.scores, found.distances
    score_ratio, distance_ratio = found.ratios
    return (
        name,
        accuracy,
        f"{score:.2f} / {score_of_test:.2f}",
        f"{score_ratio:.3f}",
        f"{distance:.3g} / {distance_of_test:.3g}",
        f"{distance_ratio:.2f}",
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of the LeNet")
    results.add_option(parser)
    arguments = parser.parse_args()
    fake = samples()
    (train, train_classes), (test, classes) = images_of("train"), images_of("test")
    table = results.Table(
        "LeNet",
        "its test accuracy",
        "score, samples / test images",
        "ratio",
        "Frechet distance, samples / test images",
        "ratio",
    )
    table.add(*row(f"the paper's, {EPOCHS} epochs", "", PAPER))
    found = []
    for seed in range(arguments.seeds):
        classifier = trained(train, train_classes, seed, arguments.epochs)
        found.append(scored(classifier, fake, train, test, classes, seed))
        name = f"seed {seed}, {arguments.epochs} epochs"
        table.add(*row(name, f"{found[-1].accuracy:.2%}", found[-1]))
    made = claims(found)
    if arguments.record:
        table.record("lenet_wgan_gp", made)
    misses = [f"{claim.what}: {claim.ours}" for claim in made if not claim.holds]
    if misses:
        sys.exit(f"Worse than the paper. {'; '.join(misses)}.")


if __name__ == "__main__":
    main()
