"""Shares of a DCGAN's training step that augmentations take.

    TF_NUM_INTRAOP_THREADS=1 taskset -c 0 python benchmarks/augmentation.py

A step of `networks.DCGANGenerator` and `DCGANDiscriminator` (64 filters, images of
32 x 32 x 3, minibatches of 64) with R1 or without, in a graph: with each augmentation
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


def step_of(augmentation, penalties):
    """A function without arguments that takes a step."""
    keras.utils.set_random_seed(0)
    gan = keras_gan.models.GAN(
        keras_gan.networks.DCGANGenerator(SHAPE, latent_dim=64),
        keras_gan.networks.DCGANDiscriminator(SHAPE),
        keras_gan.priors.Normal(64),
    )
    gan.compile(augmentation=augmentation, penalties=penalties)
    images = tf.random.uniform((BATCH, *SHAPE), -1.0, 1.0)
    return lambda: gan.train_on_batch(images)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments = parsed(parser, rounds=20)
    print(in_words(describe()))
    print("\n| penalty | augmentation | ms a step | more than none |")
    print("|---|---|---|---|")
    for name, penalties in (("none", []), ("R1", ["r1"])):
        steps = {kind: step_of(KINDS[kind], penalties) for kind in KINDS}
        seconds = best_seconds(steps, arguments.rounds)
        for kind, least in seconds.items():
            more = least / seconds["none"] - 1
            print(
                f"| {name} | `{kind}` | {least * 1e3:.0f} | {more:+.1%} |", flush=True
            )


if __name__ == "__main__":
    main()
