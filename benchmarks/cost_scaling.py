"""Cost of training against images, batches, channels and data: how it grows.

    python benchmarks/cost_scaling.py --picture cost_scaling.png

A DCGAN of 32 filters on images of 32 x 32 x 3 in batches of 64 is trained by `gan.fit`
as compiled by default; then one of these is changed at a time: the side of the images,
the batch, the filters, the number of images of an epoch. Printed are the seconds of a
step, over epochs of some two seconds, or of an epoch for the last, the best of few
rounds, and the power of the size by which they grow between the last two sizes.
"""

import argparse
import dataclasses
import math
import time

import keras
from data import random_images
from machine import describe, in_words, matmul_rate, parsed
from networks import keras_networks
from workloads import Workload

from keras_gan import datasets, models, plots, priors
from keras_gan.plots import style

BASE = Workload("", "dcgan", (32, 32, 3), 64, 64, steps=4, filters=32)
EPOCH = 2.0  # seconds, beside which the start of `fit` weighs little
SIDES, BATCHES = (16, 32, 64, 128), (16, 32, 64, 128, 256)
CHANNELS, EPOCHS = (8, 16, 32, 64, 128), (1024, 2048, 4096, 8192)


def sizes():
    """Sizes of what changes: name -> {size: (workload, an epoch's images or None)}."""

    def workloads(name, sizes, value=lambda size: size):
        return {n: (dataclasses.replace(BASE, **{name: value(n)}), None) for n in sizes}

    return {
        "side of the images, pixels": workloads(
            "image_shape", SIDES, lambda side: (side, side, 3)
        ),
        "images of a batch": workloads("batch_size", BATCHES),
        "filters": workloads("filters", CHANNELS),
        "images of an epoch": {images: (BASE, images) for images in EPOCHS},
    }


def seconds_of(workload, images, rounds):
    """Seconds of an epoch of so many images, or of a step; the best of `rounds`."""
    keras.utils.clear_session()
    gan = models.GAN(
        *keras_networks.build(workload), priors.Normal(workload.latent_dim)
    )
    gan.compile()

    def epoch(steps):
        count = steps * workload.images
        return datasets.load(
            random_images(count, workload.image_shape), workload.batch_size
        )

    def best(data, rounds):
        seconds = []
        for _ in range(rounds):
            start = time.perf_counter()
            gan.fit(data, verbose=0)
            seconds.append(time.perf_counter() - start)
        return min(seconds)

    few = epoch(workload.steps)
    best(few, 1)  # traces
    if images is not None:
        return best(epoch(images // workload.images), rounds)
    steps = max(workload.steps, round(EPOCH * workload.steps / best(few, 1)))
    return best(epoch(steps), rounds) / steps


def power(found):
    """The power of the size by which the cost grows between the last two sizes."""
    (small, before), (large, after) = list(found.items())[-2:]
    return math.log(after / before) / math.log(large / small)


def figure(results):
    """One picture, both axes logarithmic, for each thing that changes."""
    made, axes = style.new_figure(8, 2.4, columns=len(results))
    for ax, (name, found) in zip(axes.flat, results.items(), strict=True):
        ax.loglog(found.keys(), found.values(), "o-", color=style.BLUE, markersize=4)
        ax.set_xticks(list(found), [str(size) for size in found])
        low, high = min(found.values()), max(found.values())
        ax.set_yticks([low, high], [f"{low:.2g}", f"{high:.2g}"])
        ax.minorticks_off()
        style.label(ax, f"power {power(found):.2f} at last", name)
    what = "seconds of a step", "seconds of an epoch"
    style.label(axes[0, 0], y=what[0])
    style.label(axes[0, -1], y=what[1])
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--picture", help="a PNG file")
    arguments = parsed(parser, rounds=3)
    machine = describe()
    print(in_words(machine))
    print(f"busy cores before the run: {machine['load']:.2f}; ", end="")
    print(f"float32 matrix product: {matmul_rate() / 1e9:.0f} GFLOP/s\n")
    print("| what grows | size: seconds | power of the last doubling |")
    print("|---|---|---|", flush=True)
    results = {}
    for name, cases in sizes().items():
        found = {}
        for size, (workload, images) in cases.items():
            found[size] = seconds_of(workload, images, arguments.rounds)
        results[name] = found
        each = ", ".join(f"{size}: {value:.3f}" for size, value in found.items())
        print(f"| {name} | {each} | {power(found):.2f} |", flush=True)
    if arguments.picture:
        plots.write_png(arguments.picture, figure(results), 1200)


if __name__ == "__main__":
    main()
