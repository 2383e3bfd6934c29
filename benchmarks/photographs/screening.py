"""Many games on photographs of flowers, briefly: which are worth a long comparison.

    taskset -c 0 python benchmarks/photographs/screening.py --data FLOWERS \
      --games dcgan near-aug

Each plays on 32 x 32 images for so many seconds of a core's own time (`--minutes`, 4),
as far as its median step says before, with one seed, and is measured by the 658
held-out images: kernel and Frechet distance on EfficientNet-Lite0's features of 96 x 96
pixels. A row of JSON a game goes to `--output`, and a grid of samples beside it. One
seed of a short run says which games are hopeless, and not which of two is better.
"""

import argparse
import json
import pathlib
import time

import contestants
import keras
import numpy as np

from keras_gan import augmentations, datasets, evaluation, metrics, pixels

HELD_OUT, SIDE, FEATURE_SIDE = 658, 32, 96
WARM_UP, TIMED = 4, 8  # steps


def _near(batch=64, **changes):
    """The resize-DCGAN, augmented unless `changes` say otherwise, and its batch."""
    arguments = {"augmentation": augmentations.DiffAugment(), **changes}
    return lambda: (contestants.dcgan("nearest", **arguments), batch)


def _r3gan(batch=64, **rules):
    return lambda: (contestants.r3gan((128, 64, 32, 16), 1, **rules), batch)


GAMES = {
    "dcgan": lambda: (contestants.dcgan(), 64),
    "dcgan-aug": lambda: (
        contestants.dcgan(augmentation=augmentations.DiffAugment()),
        64,
    ),
    "near": _near(augmentation=None),
    "near-aug": _near(),
    "near-aug-b32": _near(batch=32),
    "near-aug-64f": _near(filters=64),
    "near-aug-lr1e-3": _near(rate=1e-3),
    "near-aug-lr2e-4": _near(rate=2e-4),
    "near-aug-g.2": _near(gamma=0.2),
    "near-aug-g5": _near(gamma=5.0),
    "near-aug-rp": _near(relativistic=True),
    "sn32": lambda: (contestants.sngan(32, (2e-4, 8e-4)), 64),
    "near-ada.3": _near(augmentation=augmentations.ADA(0.3, color=0.5)),
    "r3-lr1e-3": _r3gan(learning_rate=1e-3),
    "r3-lr1e-3-b32": _r3gan(batch=32, learning_rate=1e-3),
    "r3-lr1e-3-g.2": _r3gan(learning_rate=1e-3, gamma=(0.2, 0.02)),
}


def screen(name, data, minutes, seed, output):
    """Play a game and measure it; a row of figures."""
    keras.utils.set_random_seed(seed)
    game, batch = GAMES[name]()
    about = {"image_size": SIDE, "held_out": HELD_OUT}
    trained = datasets.load(data, batch, seed=seed, passes=40, **about)
    held_out = datasets.load(
        data, 64, split="held_out", shuffle=False, drop_remainder=False, **about
    )
    steps = max(1, round(minutes * 60 / _seconds_of_a_step(game, trained)))
    keras.utils.set_random_seed(seed)
    game, batch = GAMES[name]()
    game.fit(trained, steps=steps, verbose=0)
    real = np.concatenate([images.numpy() for images in held_out])
    fake = game.sample(len(real), seed=1)
    extractor = metrics.features.efficientnet_lite0(size=FEATURE_SIDE)
    scores = evaluation.measure(real, fake, extractor)
    pixels.write_png(output / f"{name}-{seed}.png", pixels.image_grid(fake[:36]))
    return {
        "game": name,
        "seed": seed,
        "minutes": minutes,
        "steps": steps,
        "images": steps * batch,
        "kernel_distance": _with_error(scores["kernel_distance"]),
        "frechet_distance": _with_error(scores["frechet_distance"]),
    }


def _seconds_of_a_step(game, dataset):
    """The median of a core's own time, of a game that is thrown away."""
    game.begin_run(10**5)
    rows = next(iter(dataset)).numpy()
    if game.minibatches_per_step > 1:
        rows = np.stack([rows] * game.minibatches_per_step, axis=1)
    seconds = []
    for _ in range(WARM_UP + TIMED):
        began = time.process_time()
        game.train_on_batch(rows)
        seconds.append(time.process_time() - began)
    return float(np.median(seconds[WARM_UP:]))


def _with_error(score):
    return [score.value, score.standard_error]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", required=True, help="the folder of flowers")
    parser.add_argument("--games", nargs="+", choices=list(GAMES), default=list(GAMES))
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=pathlib.Path, default="runs/screening")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name in arguments.games:
        row = screen(
            name, arguments.data, arguments.minutes, arguments.seed, arguments.output
        )
        print(json.dumps(row), flush=True)
        with open(arguments.output / "results.jsonl", "a") as file:
            file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
