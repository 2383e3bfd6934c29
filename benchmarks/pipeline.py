"""The cost of reading data: `fit` on MNIST and on a folder, against arrays in memory.

    python benchmarks/pipeline.py --folder my_photographs

The same game is fitted to a source and to an array that holds the same images, in
turns, in one process: the ratio of the seconds says what decoding and reading add.
Sources are MNIST by tensorflow-datasets and, if one is given, a folder of images.

Then the MLP game is fitted to MNIST until it has seen a million images, and the memory
of the process is printed on the way: it has to stay.
"""

import argparse
import dataclasses
import time
from statistics import median

import keras
import numpy as np
from machine import describe, matmul_rate, memory, parsed
from networks import keras_networks
from workloads import WORKLOADS

from keras_gan import datasets, models, priors

BATCH, STEPS = 64, 150
MILLION, EVERY, MLP_BATCH = 1_000_000, 100_000, 100


def game(workload):
    """The compiled game of a workload."""
    networks = keras_networks.build(workload)
    gan = models.GAN(*networks, priors.Normal(workload.latent_dim))
    gan.compile()
    return gan


def in_memory(source, image_size):
    """All images of a source, in its order, as one float array in [-1, 1]."""
    batches = datasets.load(
        source, 1000, image_size, shuffle=False, drop_remainder=False
    )
    return np.concatenate([batch.numpy() for batch in batches])


def compete(source, image_size, rounds):
    """Seconds of `STEPS` steps from the source and from memory, in each round."""
    images = in_memory(source, image_size)
    small = dataclasses.replace(
        WORKLOADS["dcgan28_small"], image_shape=images.shape[1:]
    )
    gan = game(small)
    data = {
        "source": datasets.load(source, BATCH, image_size),
        "memory": datasets.load(images, BATCH),
    }
    seconds = {name: [] for name in data}
    for number in range(rounds + 1):  # the first round traces, and fills the cache
        for name, dataset in data.items():
            start = time.perf_counter()
            gan.fit(dataset, steps_per_epoch=STEPS, verbose=0)
            if number:
                seconds[name].append(time.perf_counter() - start)
    return seconds


class Memory(keras.callbacks.Callback):
    """Keeps what the process holds, in MB, each time so many images have been seen."""

    def __init__(self):
        super().__init__()
        self.seen, self.held = 0, []

    def on_train_batch_end(self, batch, logs=None):
        self.seen += MLP_BATCH
        if self.seen % EVERY == 0:
            self.held.append(memory("VmRSS"))


def million():
    """MB held after each `EVERY` of a million images."""
    gan, watching = game(WORKLOADS["mlp"]), Memory()
    epochs = -(-MILLION // 60_000)
    data = datasets.load("mnist", MLP_BATCH)
    gan.fit(data, epochs=epochs, verbose=0, callbacks=[watching])
    return watching.held


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", help="a folder of images, of any size")
    parser.add_argument("--image-size", type=int, default=32, help="of the folder (32)")
    arguments = parsed(parser, rounds=7)
    machine = describe()
    print(f"{machine['cpu']}, {machine['cores']} cores, Python {machine['python']}")
    print(f"busy cores before the run: {machine['load']:.2f}; ", end="")
    print(f"float32 matrix product: {matmul_rate() / 1e9:.0f} GFLOP/s\n")
    sources = {"MNIST, tensorflow-datasets": ("mnist", None)}
    if arguments.folder:
        size = arguments.image_size
        sources[f"folder, {size} x {size}"] = (arguments.folder, size)
    print(
        "| source | images/s | from memory | seconds to memory's, median | min - max |"
    )
    print("|---|---|---|---|---|", flush=True)
    for name, (source, image_size) in sources.items():
        seconds = compete(source, image_size, arguments.rounds)
        rates = [f"{STEPS * BATCH / median(each):.0f}" for each in seconds.values()]
        ratios = [a / b for a, b in zip(*seconds.values(), strict=True)]
        print(
            f"| {name} | {' | '.join(rates)} | {median(ratios):.3f} | "
            f"{min(ratios):.3f} - {max(ratios):.3f} |",
            flush=True,
        )
    held = ", ".join(f"{each:.0f}" for each in million())
    print(f"\nMB held after each {EVERY} of {MILLION} images: {held}.")


if __name__ == "__main__":
    main()
