"""The cost of checks of minibatches: `fit` on a `tf.data.Dataset` with and without.

    python benchmarks/minibatch_checks.py --rounds 40

The same game is fitted to the same pipeline in turns, in one process: as `fit` does it,
every minibatch looked at on its way, and with that taken out. Printed are the medians
of the paired ratios of a long epoch, with the 95 % interval of their bootstrap, of the
time that has passed and of the CPU seconds of all threads, which other processes
disturb less; and the seconds that a `fit` of one step takes longer: the start, whatever
comes after it.
"""

import argparse
import time
from unittest import mock

import keras
import numpy as np
import tensorflow as tf
from machine import describe

from keras_gan import models, networks, priors
from keras_gan.training import minibatches

SMALL = (8, 8, 1)


def tiny():
    """The smallest game: 8 x 8 images, one hidden layer of 16, batch size 16."""
    gan = models.GAN(
        networks.MLPGenerator(SMALL, 4, widths=(16,)),
        networks.MLPDiscriminator(SMALL, widths=(16,)),
        priors.Normal(4),
    )
    return gan, SMALL, 16, None


def conditional():
    """A small game of ten classes: 8 x 8 images, batch size 64."""
    gan = models.ConditionalGAN(
        networks.ConditionalMLPGenerator(SMALL, 8, 10, widths=(64,)),
        networks.ConditionalMLPDiscriminator(SMALL, 10, widths=(64,)),
        priors.Normal(8),
        num_classes=10,
    )
    return gan, SMALL, 64, 10


def mlp():
    """The game of `mlp_mnist`: 28 x 28 images, batch size 128, an epoch of MNIST."""
    shape = (28, 28, 1)
    gan = models.GAN(
        networks.MLPGenerator(shape, 100),
        networks.MLPDiscriminator(shape),
        priors.Normal(100),
    )
    return gan, shape, 128, None


def dcgan():
    """A small DCGAN: 28 x 28 images, 32 filters, batch size 64."""
    shape = (28, 28, 1)
    gan = models.GAN(
        networks.DCGANGenerator(shape, 64, filters=32),
        networks.DCGANDiscriminator(shape, filters=32),
        priors.Normal(64),
    )
    return gan, shape, 64, None


GAMES = {
    "tiny": (tiny, 1000),
    "conditional": (conditional, 600),
    "mlp": (mlp, 468),
    "dcgan": (dcgan, 200),
}


def pipeline(shape, batch, classes, steps):
    """A `tf.data.Dataset` of its user's own, of `steps` minibatches."""
    rng = np.random.default_rng(0)
    count = 50 * batch
    data = rng.uniform(-1, 1, (count, *shape)).astype("float32")
    if classes:
        data = data, rng.integers(0, classes, count)
    dataset = tf.data.Dataset.from_tensor_slices(data).repeat()
    return dataset.batch(batch, drop_remainder=True).take(steps)


def unwatched(model, dataset, group=1):
    """A data set as it is."""
    return dataset


def now():
    """The clock, and the CPU seconds of the process."""
    return np.array([time.perf_counter(), time.process_time()])


def told(ratios, rng):
    """The median of ratios and its 95 % interval, in words."""
    medians = np.median(rng.choice(ratios, (5000, len(ratios))), 1)
    low, high = np.quantile(medians, [0.025, 0.975])
    return f"{np.median(ratios):.3f} ({low:.3f} to {high:.3f})"


def compete(name, rounds):
    """Seconds (rounds, 2, 2) of an epoch, and of a step.

    With the checks and without; passed, and of CPUs.
    """
    build, steps = GAMES[name]
    seconds = {}
    for length in (steps, 1):
        games = []
        for _ in range(2):
            keras.utils.set_random_seed(0)
            gan, shape, batch, classes = build()
            gan.compile()
            games.append(gan)
        dataset = pipeline(shape, batch, classes, length)
        seconds[length] = np.zeros((rounds, 2, 2))
        for number in range(-1, rounds):  # the first round traces
            for side in (0, 1) if number % 2 else (1, 0):
                watched = unwatched if side else minibatches.watched
                with mock.patch.object(minibatches, "watched", watched):
                    start = now()
                    games[side].fit(dataset, verbose=0)
                    if number >= 0:
                        seconds[length][number, side] = now() - start
    return seconds[steps], seconds[1]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=40, help="paired fits of each")
    parser.add_argument("--games", nargs="+", choices=GAMES, default=list(GAMES))
    args = parser.parse_args()
    describe()
    rng = np.random.default_rng(0)
    print("| game | ms a step | time with checks | CPU seconds | start, ms longer |")
    print("|---|---|---|---|---|")
    for name in args.games:
        epoch, start = compete(name, args.rounds)
        ratios = epoch[:, 0] / epoch[:, 1]
        step = np.median(epoch[:, 1, 0]) / GAMES[name][1] * 1e3
        longer = np.median(start[:, 0, 0] - start[:, 1, 0]) * 1e3
        passed, of_cpus = (told(ratios[:, clock], rng) for clock in (0, 1))
        print(
            f"| {name} | {step:.2f} | {passed} | {of_cpus} | {longer:.0f} |", flush=True
        )


if __name__ == "__main__":
    main()
