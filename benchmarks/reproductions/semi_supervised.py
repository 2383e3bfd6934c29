"""MNIST from few labels (Salimans et al., 2016).

    python benchmarks/reproductions/semi_supervised.py --labels 100 --seeds 3

plays the paper's semi-supervised game on the 60 000 training images, of which 100 have
a label, ten of each digit, and prints how many of the 10 000 test images its averaged
discriminator puts into a wrong class. A seed is one of the labels, of the weights and
of the order. A run can be stopped at any time: the same command goes on where it was,
and skips the runs that have ended. `--epochs 300` is what the paper plays.

The table holds every run of that many epochs that has ended in `--folder`, whatever was
asked for now, so that it can be recorded in parts and extended; `--seeds 0` plays none.
`--picture few_labels.png` draws them.

Networks, noise, rates and minibatches are those of the authors' code, which weighs the
class term by 1 and the rest by 1/2; here by 2 and 1. There the generator moves by other
real images than the discriminator, here by the same. Their average of the weights
starts from 0, here with a warm-up.

It fails if the mean error of a number of labels is above the published mean and
deviation, or after 40 epochs, with 100 labels, above 1.5 %.
"""

import argparse
import itertools
import json
import pathlib
import sys
from typing import NamedTuple

import keras
import numpy as np
import results
from mnist_images import images_of

import keras_gan
from keras_gan import datasets, networks, priors
from keras_gan.core import files

LABELS = (20, 50, 100, 1000)
BATCH, EPOCHS, ADAPTED = 100, 40, 500
# The code's Adam has 1e-8 below the root, and its losses are a half of D's here, and a
# 250th of G's: the mean of as many squares, not their sum.
EPSILON, SCALES = 1e-4, (2, 250)
# Errors of 10 000, over 10 choices of the labels: mean and deviation.
PUBLISHED = {
    20: (0.1677, 0.0452),
    50: (0.0221, 0.0136),
    100: (0.0093, 0.00065),
    200: (0.0090, 0.00042),
}
GOAL = {100: 0.015}  # ours, after EPOCHS


class Run(NamedTuple):
    """One game: how many labels, of which seed, for how long."""

    labels: int
    seed: int
    epochs: int

    @property
    def name(self):
        return f"labels{self.labels}-seed{self.seed}-epochs{self.epochs}"


def data_of(run):
    """The epoch of all images, and of the few that have a label beside them."""
    images = datasets.load("mnist", BATCH, labels=True, seed=run.seed)
    return datasets.few_labels(images, per_class=run.labels // 10, seed=run.seed)


def game(run):
    """The compiled game, by the paper's rules."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(run.seed)
    discriminator = networks.SemiSupervisedDiscriminator()
    first = datasets.load("mnist", ADAPTED, seed=run.seed)
    discriminator.adapt(next(iter(first)))
    gan = keras_gan.models.SemiSupervisedGAN(
        networks.SemiSupervisedGenerator(),
        discriminator,
        priors.Uniform(100, 0.0, 1.0),
        ema_decay=0.9999,
        seed=run.seed,
    )
    discriminator, generator = (
        keras.optimizers.Adam(0.003, beta_1=0.5, epsilon=EPSILON * times)
        for times in SCALES
    )
    gan.compile(
        class_weight=2.0,
        discriminator_optimizer=discriminator,
        generator_optimizer=generator,
        steps_per_execution=20,
    )
    return gan


def test_set():
    """The 10 000 test images and their digits."""
    return images_of("test")


def error_of(gan, images, digits):
    """The share of images that a game puts into a wrong class."""
    return float(np.mean(gan.classify(images).argmax(axis=1) != digits))


class Judge(keras.callbacks.Callback):
    """Logs the error after each epoch."""

    def __init__(self, images, digits):
        super().__init__()
        self.images, self.digits = images, digits

    def on_epoch_end(self, epoch, logs=None):
        logs["test_error"] = error_of(self.model, self.images, self.digits)
        print(f"  epoch {epoch + 1}: {logs['test_error']:.2%} wrong", flush=True)


def play(run, folder):
    """Play a run, from its last checkpoint if there is one.

    Returns:
        The error at the end and, in a list, after each epoch.
    """
    images, digits = test_set()
    gan = game(run)
    backup = keras_gan.callbacks.BackupAndRestore(
        folder / "checkpoints" / run.name, keep=1
    )
    fitted = gan.fit(
        data_of(run),
        epochs=run.epochs,
        verbose=0,
        callbacks=[Judge(images, digits), backup],
    )
    return {
        **run._asdict(),
        "error": error_of(gan, images, digits),
        "by_epoch": fitted.history["test_error"],
    }


# Results: one file for each run, there only when the run has ended -------------------


def write(result, run, folder):
    with files.new_file(folder / f"{run.name}.json") as file:
        file.write(json.dumps(result).encode())


def kept(folder, epochs):
    """The results of all runs of so many epochs that ended, by labels and seed."""
    paths = folder.glob(f"labels*-seed*-epochs{epochs}.json")
    found = [json.loads(path.read_text()) for path in paths]
    return sorted(found, key=lambda result: (result["labels"], result["seed"]))


def errors_of(results):
    """Number of labels -> errors by seed."""
    found = {}
    for result in results:
        found.setdefault(result["labels"], {})[result["seed"]] = result["error"]
    return found


def table(found, epochs):
    """The table of all runs, printed."""
    printed = results.Table(
        *("labels", f"wrong class after {epochs} epochs, by seed", "mean", "published")
    )
    for labels, errors in found.items():
        each = ", ".join(f"{seed}: {error:.2%}" for seed, error in errors.items())
        printed.add(
            f"{labels}", each, f"{mean_percent(errors):.2f}%", published(labels)
        )
    return printed


def mean_percent(errors):
    """The mean of errors by seed, in percent."""
    return np.mean([100 * error for error in errors.values()])


def published(labels):
    """The published figure as text, if there is one."""
    if labels not in PUBLISHED:
        return ""
    return "{:.2%} +- {:.2%}".format(*PUBLISHED[labels])


def claims(found, epochs):
    """The lines of the page: numbers of labels with a published error, or a goal."""
    made = []
    for labels, errors in found.items():
        errors = list(errors.values())
        percent = results.spread([100 * error for error in errors], 2)
        ours = f"{percent} % after {epochs} epochs", len(errors)
        what = f"Digits from {labels} labels"
        limits = []  # what is claimed, by whom, and the most that may be wrong
        if labels in PUBLISHED:
            words = f"{what} (Salimans et al., 2016)", f"{published(labels)} wrong"
            limits.append((*words, sum(PUBLISHED[labels])))
        if labels in GOAL and epochs == EPOCHS:
            most = GOAL[labels]
            words = f"{what}, at most {most:.1%} wrong", "a goal of ours"
            limits.append((*words, most))
        made += [
            results.Claim(*words, *ours, bool(np.mean(errors) <= most))
            for *words, most in limits
        ]
    return made


def picture(results):
    """The error after each epoch, and at the end by the number of labels."""
    from keras_gan.plots import style

    found = errors_of(results)
    colours = (style.VERMILION, style.ORANGE, style.GREEN, style.BLUE, style.PURPLE)
    colours = dict(zip(found, itertools.cycle(colours), strict=False))
    figure, [[by_epoch, by_labels]] = style.new_figure(8, 3.2, columns=2, share_y=True)
    for result in results:
        errors = 100 * np.array(result["by_epoch"])
        labels = result["labels"]
        name = f"{labels} labels" if result["seed"] == min(found[labels]) else None
        epochs = np.arange(1, len(errors) + 1)
        by_epoch.plot(epochs, errors, color=colours[labels], lw=1.2, label=name)
        by_labels.plot(labels, errors[-1], "o", color=colours[labels], markersize=4)
    means = [mean_percent(errors) for errors in found.values()]
    by_labels.plot(found.keys(), means, color=style.GREY, lw=1, label="ours, mean")
    means, deviations = 100 * np.transpose(list(PUBLISHED.values()))
    look = {"fmt": "s", "color": style.BLACK, "markersize": 3, "capsize": 2, "lw": 1}
    what = "Salimans et al., 300 epochs"
    by_labels.errorbar(PUBLISHED.keys(), means, deviations, label=what, **look)
    by_labels.set_xscale("log")
    by_labels.set_xticks(sorted({*found, *PUBLISHED}))
    by_labels.set_xticks([], minor=True)
    by_epoch.set_yscale("log")
    by_epoch.set_yticks([1, 2, 5, 10, 20, 50])
    for axis in (by_epoch.yaxis, by_labels.xaxis):
        axis.set_major_formatter("{x:g}")
    style.label(by_epoch, "After each epoch", "epoch", "wrong class, %")
    style.label(by_labels, f"After {results[0]['epochs']} epochs", "labels")
    style.legend(by_epoch)
    style.legend(by_labels)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--labels", nargs="+", type=int, default=LABELS)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--folder", type=pathlib.Path, default="runs/semi_supervised")
    parser.add_argument("--picture", type=pathlib.Path)
    results.add_option(parser)
    arguments = parser.parse_args()
    if any(labels < 10 or labels % 10 for labels in arguments.labels):
        parser.error("--labels are multiples of 10: as many of each digit.")
    folder = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(arguments.seeds):
        for labels in arguments.labels:
            run = Run(labels, seed, arguments.epochs)
            if not (folder / f"{run.name}.json").exists():
                print(run.name, flush=True)
                write(play(run, folder), run, folder)
    runs = kept(folder, arguments.epochs)
    if not runs and (arguments.record or arguments.picture):
        parser.error(f"no run of {arguments.epochs} epochs has ended in {folder}.")
    found = errors_of(runs)
    printed = table(found, arguments.epochs)
    made = claims(found, arguments.epochs)
    if arguments.record:
        printed.record("semi_supervised", made, timed=False)
    if arguments.picture is not None:
        from keras_gan import plots

        plots.write_png(arguments.picture, picture(runs))
    missed = [f"{claim.what}: {claim.ours}" for claim in made if not claim.holds]
    if missed:
        sys.exit(f"Missed. {'; '.join(missed)}.")


if __name__ == "__main__":
    main()
