"""Frechet distances of photographs by EfficientNet-Lite0: what its numbers mean.

    python benchmarks/zoo/photographs.py

compares 2000 of CIFAR-10's training images (from `$TFDS_DATA_DIR`) at 128 x 128 with
as many test images, as they are and worse: blurred (Gaussian, a deviation of 1 pixel),
with noise (a deviation of 40 of 255), without three of the ten classes, and fifty
images forty times. Writes zoo/efficientnet_lite0/baselines.json; two minutes.
"""

import argparse
import json
import pathlib

import numpy as np
import scipy.ndimage

from keras_gan import datasets, metrics

PATH = pathlib.Path(__file__).parents[2] / "zoo/efficientnet_lite0/baselines.json"
ROWS, SIZE = 2000, 128


def images_of(split):
    """(n, 32, 32, 3) in [-1, 1], in an order drawn by seed 0, and their classes."""
    data = datasets.load("cifar10", 500, labels=True, split=split, seed=0)
    images, labels = zip(*data.take(8).as_numpy_iterator(), strict=True)
    return np.concatenate(images), np.concatenate(labels)


def worse(images, labels):
    """Sets of `ROWS` images by what was done to them."""
    first = images[:ROWS]
    drawn = np.random.default_rng(0).normal(scale=40 / 127.5, size=first.shape)
    yield "test images", first
    yield (
        "test images, blurred by 1 pixel",
        scipy.ndimage.gaussian_filter(first, (0, 1, 1, 0)),
    )
    yield "test images, noise of 40 of 255", (first + drawn).astype(np.float32)
    yield "test images without three classes", images[labels < 7][:ROWS]
    yield "50 test images, 40 times", np.repeat(first[:50], ROWS // 50, axis=0)


def main():
    argparse.ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    extractor = metrics.features.efficientnet_lite0(size=SIZE)
    reals = extractor.of(images_of("train")[0][:ROWS])
    found = {}
    for name, images in worse(*images_of("test")):
        rows = extractor.of(images)
        found[name] = round(metrics.frechet_distance(reals, rows), 1)
        print(f"{name}: {found[name]}", flush=True)
    baselines = {
        "command": "python benchmarks/zoo/photographs.py",
        "data": f"CIFAR-10, {ROWS} training images against {ROWS} of the test images",
        "features": extractor.description,
        "frechet_distance": found,
    }
    PATH.write_text(json.dumps(baselines, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
