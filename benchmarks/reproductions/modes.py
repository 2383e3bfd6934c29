"""Mode collapse on two mixtures, without and with packing (Lin et al., 2018: PacGAN).

    python benchmarks/reproductions/modes.py --seeds 3 --steps 50000

trains GAN and PacGAN2 on the ring of 8 and the grid of 25 Gaussians, and prints how
many modes 2500 samples of each find, beside the published means. A run can be stopped
at any time: the same command goes on where it was, and skips the runs that have ended.

The settings are those of the paper's code: simultaneous updates, Adam(1e-4,
beta_1=0.8), N(0, I) latents in two dimensions, the networks of packing_networks.py, the
non-saturating loss, 100 000 m samples in minibatches of 100 packs of m. The paper plays
400 000 steps. Here batch normalization takes all samples of a minibatch, there those of
one place in the pack; here packs are made anew in each epoch, there once.

It fails if packing does not lower the mean reverse KL on both mixtures.
"""

import argparse
import itertools
import json
import pathlib
import sys
import time
from typing import NamedTuple

import keras
import numpy as np
import packing_networks
import results

import keras_gan
from keras_gan.core import files
from keras_gan.datasets import GaussianMixture
from keras_gan.metrics import Coverage, mode_coverage

MIXTURES = {
    "ring": (GaussianMixture.ring(), 0.01),
    "grid": (GaussianMixture.grid(), 0.05),
}
METHODS = {"GAN": 1, "PacGAN2": 2, "PacGAN4": 4}  # the samples of a pack
# Lin et al. (2018), Table 1, after 400 000 steps: means of 10 trials.
PUBLISHED = {
    ("ring", "GAN"): Coverage(6.3, 0.982, 0.45),
    ("ring", "PacGAN2"): Coverage(7.9, 0.956, 0.07),
    ("ring", "PacGAN4"): Coverage(7.8, 0.959, 0.07),
    ("grid", "GAN"): Coverage(17.3, 0.948, 0.70),
    ("grid", "PacGAN2"): Coverage(23.8, 0.913, 0.13),
    ("grid", "PacGAN4"): Coverage(24.8, 0.936, 0.04),
}
PACKS, EPOCH = 100, 1000  # of a minibatch; minibatches of an epoch
SAMPLES = 2500
HOW = {"jit_compile": True, "steps_per_execution": 50}
SAVE = {"save_freq": "auto", "seconds": 120}


class Run(NamedTuple):
    """One game.

    Attributes:
        mixture, method: of MIXTURES and METHODS.
        seed: int, of weights, latents and data.
        steps: int, a multiple of EPOCH.
    """

    mixture: str
    method: str
    seed: int
    steps: int

    @property
    def name(self):
        return f"{self.mixture}-{self.method}-seed{self.seed}-steps{self.steps}"


def game(method, seed):
    """The compiled game of a method."""
    seeds = itertools.count(1000 * seed)
    gan = keras_gan.models.GAN(
        packing_networks.generator(seeds),
        packing_networks.discriminator(METHODS[method], seeds),
        keras_gan.priors.Normal(packing_networks.LATENT_DIM),
        seed=seed,
    )
    gan.compile(
        loss="non_saturating",
        generator_optimizer=_adam(),
        discriminator_optimizer=_adam(),
        updates="simultaneous",
        **HOW,
    )
    return gan


def _adam():
    return keras.optimizers.Adam(1e-4, beta_1=0.8, epsilon=1e-8)


class Judge(keras.callbacks.Callback):
    """Logs the coverage of each epoch, and how fast this process trains."""

    def __init__(self, mixture):
        super().__init__()
        self.mixture = mixture
        self.rate = None

    def on_epoch_begin(self, epoch, logs=None):
        self._began, self._step = time.monotonic(), int(self.model.step.numpy())

    def on_epoch_end(self, epoch, logs=None):
        steps = int(self.model.step.numpy()) - self._step
        self.rate = steps / (time.monotonic() - self._began)
        found = judged(self.model, self.mixture)
        logs.update(found._asdict())
        print(
            f"  step {int(self.model.step.numpy())}: {found.modes} modes, "
            f"{found.good_share:.1%} good, reverse KL {found.reverse_kl:.3f}, "
            f"{self.rate:.0f} steps/s",
            flush=True,
        )


def judged(gan, mixture):
    """The `Coverage` of 2500 samples."""
    known, deviation = MIXTURES[mixture]
    return mode_coverage(gan.sample(SAMPLES, seed=0), known.means, deviation)


def play(run, folder):
    """Play a run, from its last checkpoint if there is one.

    Returns:
        The coverage at the end and, in lists, after each epoch; real samples a second
        in the last epoch.
    """
    keras.backend.clear_session()
    keras.utils.set_random_seed(run.seed)
    pack_size = METHODS[run.method]
    data = MIXTURES[run.mixture][0].epoch(
        num_samples=EPOCH * PACKS * pack_size,
        batch_size=PACKS * pack_size,
        seed=run.seed,
    )
    gan = game(run.method, run.seed)
    judge = Judge(run.mixture)
    backup = keras_gan.callbacks.BackupAndRestore(
        folder / "checkpoints" / run.name, keep=1, **SAVE
    )
    fitted = gan.fit(
        data, epochs=run.steps // EPOCH, verbose=0, callbacks=[judge, backup]
    )
    return {
        **run._asdict(),
        **judged(gan, run.mixture)._asdict(),
        "by_epoch": {name: fitted.history.get(name) for name in Coverage._fields},
        "samples_per_second": judge.rate and judge.rate * PACKS * pack_size,
    }


# Results: one file for each run, there only when the run has ended -------------------


def ended(run, folder):
    """The result of a run, or None."""
    path = folder / f"{run.name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def write(result, run, folder):
    with files.new_file(folder / f"{run.name}.json") as file:
        file.write(json.dumps(result).encode())


def cells(runs, folder):
    """The ends of the runs of each (mixture, method), as arrays (runs, 3)."""
    found = {}
    for cell in dict.fromkeys((run.mixture, run.method) for run in runs):
        ends = [ended(run, folder) for run in runs if run[:2] == cell]
        found[cell] = np.array([[e[name] for name in Coverage._fields] for e in ends])
    return found


def table(found):
    """The table of all cells, printed."""
    printed = results.Table(
        *("mixture", "method", "modes", "good samples", "reverse KL", "published"),
        "runs",
    )
    for cell, ends in found.items():
        modes, good, kl = (written(column) for column in (ends * (1, 100, 1)).T)
        paper = PUBLISHED[cell]
        then = f"{paper.modes} / {paper.good_share:.1%} / {paper.reverse_kl:.2f}"
        printed.add(*cell, modes, f"{good} %", kl, then, str(len(ends)))
    return printed


def claims(found):
    """The claims that packed games cover as many modes, and as evenly, as published."""
    made = []
    for (mixture, method), ends in found.items():
        if METHODS[method] == 1:
            continue
        paper, mean = PUBLISHED[mixture, method], ends.mean(axis=0)
        what = f"{method} on the {mixture} (Lin et al., 2018)"
        for name, published, ours, holds in (
            ("modes", paper.modes, ends[:, 0], mean[0] >= paper.modes),
            ("reverse KL", paper.reverse_kl, ends[:, 2], mean[2] <= paper.reverse_kl),
        ):
            made.append(
                results.Claim(
                    f"{what}: {name}",
                    f"{published}",
                    written(ours),
                    len(ends),
                    bool(holds),
                )
            )
    return made


def written(values):
    """The mean, and the smallest and largest."""
    return f"{values.mean():.3g} ({values.min():.3g} to {values.max():.3g})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=50_000)
    parser.add_argument("--mixtures", nargs="+", choices=MIXTURES, default=MIXTURES)
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=None)
    parser.add_argument("--folder", type=pathlib.Path, default="runs/modes")
    results.add_option(parser)
    arguments = parser.parse_args()
    if arguments.steps < EPOCH or arguments.steps % EPOCH:
        parser.error(f"--steps is a multiple of {EPOCH}.")
    folder = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    methods = arguments.methods or ("GAN", "PacGAN2")
    runs = [
        Run(mixture, method, seed, arguments.steps)
        for seed in range(arguments.seeds)
        for mixture in arguments.mixtures
        for method in methods
    ]
    for run in runs:
        if ended(run, folder) is None:
            print(run.name, flush=True)
            write(play(run, folder), run, folder)
    found = cells(runs, folder)
    printed = table(found)
    if arguments.record:
        printed.record("modes", claims(found), timed=False)
    kl = {cell: ends[:, 2].mean() for cell, ends in found.items()}
    worse = [
        f"{mixture}, {method}"
        for mixture, method in kl
        if METHODS[method] > 1 and (mixture, "GAN") in kl
        if not kl[mixture, method] < kl[mixture, "GAN"]
    ]
    if worse:
        sys.exit(f"Packing did not lower the reverse KL: {'; '.join(worse)}.")


if __name__ == "__main__":
    main()
