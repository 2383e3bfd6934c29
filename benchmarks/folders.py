"""The start of a training on a folder of images: the first time, and the next ones.

    python benchmarks/folders.py [--folder my_photographs] [--image-size 64]

Without a folder, 10 000 JPEGs of 64 x 64 pixels are made. Each start is a process of
its own; the seconds are those of `datasets.load` and of one epoch read behind it, which
is checked to be the same to the bit. The cache is a new folder, so nothing is in it.
"""

import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from data import random_images
from machine import describe

COUNT, SIDE, CLASSES = 10_000, 64, 10
STARTS = {"without cache": False, "first start": True, "second start": True}


def make_folder(folder):
    """Write `COUNT` JPEGs into sub-folders, as a camera's: squares in noise."""
    import numpy as np
    from PIL import Image

    images = random_images(COUNT, (SIDE, SIDE, 3))
    noise = np.random.default_rng(1).integers(0, 40, (SIDE, SIDE, 3), np.uint8)
    for number, image in enumerate(images):
        place = pathlib.Path(folder) / str(number % CLASSES) / f"{number}.jpg"
        place.parent.mkdir(exist_ok=True)
        Image.fromarray(image // 2 + noise).save(place, quality=90)


def start(folder, image_size, cache):
    """Print the seconds of one start, and the SHA-256 of its first epoch."""
    import numpy as np

    from keras_gan import datasets

    list(datasets.load("digits", 64).take(1))  # TensorFlow has started
    begin = time.perf_counter()
    data = datasets.load(folder, 100, image_size, cache=cache)
    loaded = time.perf_counter()
    digest = hashlib.sha256()
    for batch in data:
        digest.update(np.ascontiguousarray(batch))
    read = time.perf_counter()
    print(json.dumps([loaded - begin, read - loaded, digest.hexdigest()]))


def measure(folder, image_size):
    """The three starts, each in a process of its own, on one new cache."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "KERAS_GAN_CACHE": cache}
        contents = set()
        for name, kept in STARTS.items():
            size = json.dumps(image_size)
            arguments = ["--start", json.dumps([str(folder), json.loads(size), kept])]
            output = subprocess.run(
                [sys.executable, __file__, *arguments],
                env=environment,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            ).stdout
            loading, epoch, digest = json.loads(output)
            contents.add(digest)
            print(f"{name:15} load {loading:6.2f} s, one epoch {epoch:6.2f} s")
        assert len(contents) == 1, "The starts read other data."


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder")
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--start", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.start:
        start(*json.loads(arguments.start))
        return
    print(json.dumps(describe(), indent=2))
    with tempfile.TemporaryDirectory() as made:
        if arguments.folder is None:
            make_folder(made)
        measure(arguments.folder or made, arguments.image_size)


if __name__ == "__main__":
    main()
