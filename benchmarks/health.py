"""Games that go wrong on purpose, and healthy ones, as `HealthMonitor` sees them.

    python benchmarks/health.py --flowers FOLDER
    python benchmarks/health.py --presets mlp_mnist conditional_mnist

Each is measured after every epoch; some epochs are printed, and what was warned of, and
when. FOLDER holds images, such as TensorFlow's flowers; without it only games on
scikit-learn's digits are played. A game takes half a minute to two minutes of one core.
Presets of MNIST are trained on for 20 steps, and measured once.
"""

import argparse
import json
import warnings

import keras
import numpy as np

import keras_gan
from keras_gan import models, networks, priors
from keras_gan.callbacks import HealthMonitor
from keras_gan.callbacks.diagnoses import DIAGNOSES
from keras_gan.callbacks.health_monitor import NAMES
from keras_gan.penalties import R1

SHOWN = 6  # epochs of a game
DIGITS = (8, 8, 1)


def adam(rate, beta_1=0.5):
    return keras.optimizers.Adam(rate, beta_1=beta_1)


def both(rate):
    return {
        "generator_optimizer": adam(rate),
        "discriminator_optimizer": adam(rate),
    }


def mlp(ema_decay=0.995, **rules):
    gan = models.GAN(
        networks.MLPGenerator(DIGITS, 32, (128, 256)),
        networks.MLPDiscriminator(DIGITS, (256, 128)),
        priors.Normal(32),
        ema_decay=ema_decay,
    )
    gan.compile(**rules)
    return gan


def dcgan(shape, normalization=None, **rules):
    gan = models.GAN(
        networks.DCGANGenerator(shape, 32, 32),
        networks.DCGANDiscriminator(shape, 32, normalization),
        priors.Normal(32),
        ema_decay=0.99,
    )
    gan.compile(**rules)
    return gan


def sngan(shape):
    gan = models.GAN(
        networks.SNGANGenerator(shape, 32, 16),
        networks.SNGANDiscriminator(shape, 16),
        priors.Normal(32),
    )
    gan.compile(loss="hinge", **both(2e-4))
    return gan


# Name -> (side of flowers, or None for digits; training images; epochs; the game)
BROKEN = {
    "collapse: the generator's rate is ten times the other's, with beta_1 = 0.9": (
        (None, 1400, 60),
        lambda: mlp(
            generator_optimizer=adam(2e-3, 0.9), discriminator_optimizer=adam(2e-4)
        ),
    ),
    "a discriminator that wins: minimax, 5 steps to one, 200 times the rate": (
        (None, 1400, 200),
        lambda: mlp(
            ema_decay=None,
            loss="minimax",
            discriminator_steps=5,
            generator_optimizer=adam(1e-5),
            discriminator_optimizer=adam(2e-3),
        ),
    ),
    "copies: 64 images, 4200 steps": (
        (None, 64, 200),
        lambda: mlp(penalties=[R1(0.1)], **both(1e-3)),
    ),
}
HEALTHY = {
    "MLP, R1 (mlp_digits)": (
        (None, 1400, 100),
        lambda: mlp(penalties=[R1(1.0)], **both(1e-3)),
    ),
    "MLP, no penalty": ((None, 1400, 100), lambda: mlp(**both(2e-4))),
    "MLP, WGAN-GP, 5 steps to one": (
        (None, 1400, 200),
        lambda: mlp(
            loss="wasserstein",
            penalties=["gradient_penalty"],
            discriminator_steps=5,
            **both(5e-4),
        ),
    ),
    "DCGAN, batch normalization": (
        (None, 1400, 50),
        lambda: dcgan(DIGITS, "batch", **both(2e-4)),
    ),
    "flowers, DCGAN, batch normalization": (
        (16, 3000, 30),
        lambda: dcgan((16, 16, 3), "batch", **both(2e-4)),
    ),
    "flowers, DCGAN, R1": (
        (16, 3000, 30),
        lambda: dcgan((16, 16, 3), penalties=[R1(1.0)], **both(5e-4)),
    ),
    "250 flowers, DCGAN, R1, DiffAugment": (
        (16, 250, 60),
        lambda: dcgan(
            (16, 16, 3),
            penalties=[R1(1.0)],
            augmentation="diff_augment",
            **both(5e-4),
        ),
    ),
    "flowers of 32 x 32, SNGAN": ((32, 3000, 12), lambda: sngan((32, 32, 3))),
}


def images_of(side, folder):
    """All images, in an order of their own: float array in [-1, 1]."""
    data = ("digits", {}) if side is None else (folder, {"image_size": side})
    dataset = keras_gan.datasets.load(data[0], 64, drop_remainder=False, **data[1])
    images = np.concatenate([batch.numpy() for batch in dataset])
    return np.random.default_rng(0).permutation(images)


def play(side, count, epochs, make, folder):
    """The logs of a game, and its warnings as (step, the first words).

    Few images are repeated, so that an epoch is of some length.
    """
    images = images_of(side, folder)
    split = 1400 if side is None else 3000
    training, held_out = images[:count], images[split:]
    keras.utils.set_random_seed(0)
    gan, told = make(), []

    def note(message, *others, **more):
        told.append((int(gan.step.numpy()), str(message).split(":")[0]))

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = note
        history = gan.fit(
            np.tile(training, (max(1, 1400 // count), 1, 1, 1)),
            batch_size=64,
            epochs=epochs,
            verbose=0,
            callbacks=[HealthMonitor(training, held_out)],
        ).history
    logs = {name: history[name] for name in NAMES}
    return {"steps": int(gan.step.numpy()) // epochs, "logs": logs, "told": told}


def play_preset(name):
    """The logs of a preset of the zoo after some more steps, and what they show."""
    parts = []
    for split in ("train", "test"):  # 2560 images of each
        options = {"labels": True, "split": split, "seed": 0}
        dataset = keras_gan.datasets.load("mnist", 64, **options).take(40)
        elements = [(x.numpy(), y.numpy()) for x, y in dataset]
        columns = zip(*elements, strict=True)
        parts.append(tuple(np.concatenate(column) for column in columns))
    gan = models.GAN.from_preset(name)
    options = {"batch_size": 64, "steps": 20, "verbose": 0}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*labels beside the samples are ignored")
        logs = gan.fit(*parts[0], callbacks=[HealthMonitor(*parts)], **options).history
    logs = {name: logs[name] for name in NAMES}
    last = {name: values[-1] for name, values in logs.items()}
    shown = [diagnosis.__name__ for diagnosis in DIAGNOSES if diagnosis(last)]
    return {"steps": int(gan.step.numpy()), "logs": logs, "told": shown}


def rows_of(result):
    """Rows of the table: some epochs, more of the first ones."""
    epochs = len(result["logs"]["diversity"])
    shown = np.unique(np.geomspace(1, epochs, SHOWN).round().astype(int))
    for epoch in shown:
        values = (result["logs"][name][epoch - 1] for name in NAMES)
        cells = [f"{epoch * result['steps']:,}", *(f"{value:.2f}" for value in values)]
        yield f"| {' | '.join(cells)} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--flowers", help="folder of images")
    parser.add_argument("--presets", nargs="+", help="names, in place of the games")
    parser.add_argument("--only", nargs="+", help="beginnings of names")
    parser.add_argument("--output", help="a JSON file to be written, or added to")
    arguments = parser.parse_args()
    for name in arguments.presets or ():
        result = play_preset(name)
        told = ", ".join(result["told"]) or "healthy"
        print(f"| {name} {next(rows_of(result))} {told} |", flush=True)
    if arguments.presets:
        return
    found = {}
    for kind, games in (("broken", BROKEN), ("healthy", HEALTHY)):
        for name, (data, make) in games.items():
            if arguments.only and not name.startswith(tuple(arguments.only)):
                continue
            if data[0] is not None and arguments.flowers is None:
                continue
            result = play(*data, make, arguments.flowers)
            found[name] = {"kind": kind, **result}
            told = [f"{what} at step {step:,}" for step, what in result["told"]]
            print(f"\n**{name}** ({kind}); warned of: {', '.join(told) or 'nothing'}\n")
            print(f"| steps | {' | '.join(NAMES)} |")
            print("|" + "---|" * (len(NAMES) + 1))
            print("\n".join(rows_of(result)), flush=True)
    if arguments.output:
        with open(arguments.output, "w", encoding="utf-8") as file:
            json.dump(found, file, indent=1)


if __name__ == "__main__":
    main()
