"""Shares of a training step that augmentations take.

    TF_NUM_INTRAOP_THREADS=1 taskset -c 0 python benchmarks/augmentation.py

A step on images of 32 x 32 x 3, minibatches of 64, in a graph: of a DCGAN of 64 filters
with R1 or without, and of R3GAN 256-128-64-32 with R1 and R2. With each augmentation
and with none, taking turns, the least CPU seconds of each.
"""

import argparse

import keras
import tensorflow as tf
from convolutions import best_seconds
from machine import describe, in_words, parsed

import keras_gan
from keras_gan import augmentations

SHAPE, BATCH = (32, 32, 3), 64
KINDS = {
    "none": None,
    "Flip()": augmentations.Flip(),
    "DiffAugment()": augmentations.DiffAugment(),
    "ADA(0.5)": augmentations.ADA(0.5),
    "ADA(target=0.6)": augmentations.ADA(target=0.6),
}


def dcgan(penalties):
    """A DCGAN, and the rules that it is compiled by."""
    networks = keras_gan.networks
    pair = networks.DCGANGenerator(SHAPE, 64), networks.DCGANDiscriminator(SHAPE)
    return pair, {"penalties": penalties}


def r3gan():
    """R3GAN's networks and rules."""
    networks, sizes = keras_gan.networks, {"widths": (256, 128, 64, 32)}
    pair = (
        networks.R3GANGenerator(SHAPE, 64, **sizes),
        networks.R3GANDiscriminator(SHAPE, **sizes),
    )
    return pair, {
        "loss": "relativistic",
        "penalties": ["r1", "r2"],
        "latents": "fresh",
    }


GAMES = {
    "DCGAN": lambda: dcgan([]),
    "DCGAN, R1": lambda: dcgan(["r1"]),
    "R3GAN": r3gan,
}


def step_of(game, **changed):
    """A function without arguments that takes a step, some rules being others."""
    keras.utils.set_random_seed(0)
    pair, rules = GAMES[game]()
    gan = keras_gan.models.GAN(*pair, keras_gan.priors.Normal(64))
    gan.compile(**{**rules, **changed})
    images = tf.random.uniform((BATCH, *SHAPE), -1.0, 1.0)
    return lambda: gan.train_on_batch(images)


def kinds_of(game):
    """The augmentations that its loss takes: a relativistic one has no threshold."""
    if game == "R3GAN":
        return {name: kind for name, kind in KINDS.items() if "target" not in name}
    return KINDS


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--games", nargs="+", choices=GAMES, default=list(GAMES))
    arguments = parsed(parser, rounds=20)
    print(in_words(describe()))
    print("\n| game | augmentation | ms a step | more than none |")
    print("|---|---|---|---|")
    for name in arguments.games:
        kinds = kinds_of(name)
        steps = {kind: step_of(name, augmentation=kinds[kind]) for kind in kinds}
        seconds = best_seconds(steps, arguments.rounds)
        for kind, least in seconds.items():
            more = least / seconds["none"] - 1
            print(
                f"| {name} | `{kind}` | {least * 1e3:.0f} | {more:+.1%} |", flush=True
            )


if __name__ == "__main__":
    main()
