"""Scores of real MNIST images: the baselines that a preset's scores stand between.

    python benchmarks/zoo/baselines.py

measures 10 000 training images against the test images, by the protocol of the cards:
as they are; blurred by a normal kernel of 0.5 pixels; and without one digit, the one
whose lack costs the least Frechet distance. Writes zoo/mnist_classifier/baselines.json
and the table of the zoo. About 3 minutes.
"""

import json
import pathlib

import numpy as np
import overview
import scipy.ndimage

from keras_gan import datasets, metrics
from keras_gan.core import files
from keras_gan.evaluation import Protocol, card

ROWS = 10_000
PATH = pathlib.Path(overview.ZOO) / "mnist_classifier" / "baselines.json"


def training():
    """All training images in random order, and their digits."""
    data = datasets.load("mnist", 1000, labels=True, drop_remainder=False)
    parts = [(images.numpy(), digits.numpy()) for images, digits in data]
    return [np.concatenate(part) for part in zip(*parts, strict=True)]


def baselines(protocol):
    """The sets of "fakes" by name: real images, more and more harmed."""
    images, digits = training()
    extractor = metrics.features.mnist_classifier()
    real, seen = extractor.of(protocol.real()), extractor.of(images)
    costs = []
    for digit in range(10):
        kept = seen[digits != digit][:ROWS]
        costs.append(metrics.frechet_distance(real, kept))
        print(f"without {digit}: Frechet distance {costs[-1]:.4g}", flush=True)
    least = int(np.argmin(costs))
    return {
        "real training images": images[:ROWS],
        "the same, blurred by 0.5 pixels": scipy.ndimage.gaussian_filter(
            images[:ROWS], (0, 0.5, 0.5, 0)
        ),
        f"the same without the digit {least}": images[digits != least][:ROWS],
    }


def main():
    protocol = Protocol("mnist", features="mnist_classifier", num_samples=ROWS)
    found = {}
    for name, fake in baselines(protocol).items():
        print(name, flush=True)
        # The training images are themselves what copies are looked for among.
        scores = protocol.scores(protocol.real(), fake)
        scores.pop("memorization_rate")
        found[name] = card.as_json(protocol, scores)
    with files.new_file(PATH) as file:
        file.write((json.dumps(found, indent=2) + "\n").encode())
    overview.write()


if __name__ == "__main__":
    main()
