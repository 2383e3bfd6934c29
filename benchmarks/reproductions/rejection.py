"""Rejection sampling by the discriminator on 25 Gaussians (Azadi et al., 2019).

    python benchmarks/reproductions/rejection.py --seeds 3

A small GAN learns a 5 x 5 grid of Gaussians (spacing 1, standard deviation 0.05) for
4000 steps. Its averaged generator then stands still while the discriminator, which has
no batch normalization, goes on learning for 5000. Calibrated on 10 000 held-out reals,
it chooses among fakes: by rejection, by rejection with a shift gamma (the 95th
percentile of F), and by Metropolis-Hastings chains of 160 steps (Turner et al., 2019).
A sample is good within 3 standard deviations of a mode (`metrics.mode_coverage`).

    python benchmarks/reproductions/rejection.py --seeds 1 --picture rejection.png

also draws some of the samples of the first seed.

It fails if rejection raises the share of good samples by less than 15 points, or if it
or the chains lose a mode that 10 000 plain samples find.
"""

import argparse
import pathlib
import sys
import time

import keras
import numpy as np
import results

import keras_gan
from keras_gan import sampling
from keras_gan.datasets import GaussianMixture
from keras_gan.metrics import mode_coverage

SCALE = 0.05
MIXTURE = GaussianMixture.grid(spacing=1.0, scale=SCALE)
STEPS, KEPT_ON, BATCH_SIZE, RATE = 4000, 5000, 256, 1e-3
SAMPLES = 10_000
HELD_OUT = 10_000
CHAIN = 160
LEAST_GAIN = 0.15
HOW = {"jit_compile": True, "steps_per_execution": 50}


def trained(steps, seed):
    """A game after `steps` steps: its sampler is the averaged generator."""
    keras.utils.clear_session()  # of the run before
    keras.utils.set_random_seed(seed)
    gan = keras_gan.models.GAN(
        keras_gan.networks.MLPGenerator((2,), latent_dim=2, widths=(128,) * 3),
        keras_gan.networks.MLPDiscriminator((2,), widths=(128,) * 3),
        keras_gan.priors.Normal(2),
        ema_decay=0.999,
        seed=seed,
    )
    gan.compile(
        penalties=[keras_gan.penalties.R1(0.01)],
        generator_optimizer=keras.optimizers.Adam(RATE, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(RATE, beta_1=0.5),
        **HOW,
    )
    data = MIXTURE.stream(BATCH_SIZE, seed=seed)
    gan.fit(data, steps_per_epoch=steps, verbose=0)
    return gan


def kept_on(gan, steps, seed):
    """The averaged generator, which stands still, and a discriminator that goes on."""
    still = keras_gan.models.GAN(
        gan.sampler, gan.discriminator, gan.prior, seed=seed + 1
    )
    still.compile(
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(RATE, steps)
        ),
        **HOW,
    )
    data = MIXTURE.stream(BATCH_SIZE, seed=seed + 1)
    still.fit(data, steps_per_epoch=steps, verbose=0)
    return still


def drawn(gan, seed, num_samples=SAMPLES):
    """Samples by each of the ways: a dict of arrays."""
    real = MIXTURE.sample(HELD_OUT, seed=seed + 1_000_000)
    calibrated = sampling.calibrate(gan, real, seed=seed, batch_size=4096)

    def rejected(percentile):
        return sampling.rejection_sample(
            gan,
            num_samples,
            seed=seed,
            calibration=calibrated,
            percentile=percentile,
            batch_size=4096,
        )

    return {
        "plain": gan.sample(num_samples, seed=seed),
        "rejection": rejected(None),
        "rejection, gamma at 95 %": rejected(95.0),
        "Metropolis-Hastings": sampling.metropolis_hastings_sample(
            gan,
            num_samples,
            real,
            seed=seed,
            steps=CHAIN,
            calibration=calibrated,
            batch_size=4096,
        ),
    }


def judged(samples):
    """The `Coverage` of samples."""
    return mode_coverage(samples, MIXTURE.means, SCALE)


def missed(found):
    """The misses of a dict of coverages, as sentences.

    Args:
        found: dict, the name of a way -> `Coverage`, "plain" and others.
    """
    plain = found["plain"]
    misses = []
    for name, coverage in found.items():
        gain = coverage.good_share - plain.good_share
        if name.startswith("rejection") and gain < LEAST_GAIN:
            misses.append(f"{name} gains {100 * gain:.1f} points of good samples")
        if coverage.modes < plain.modes:
            misses.append(f"{name} loses {plain.modes - coverage.modes} modes")
    return misses


def claim(shares, holds):
    """The claim that rejection raises the share of good samples, and loses no mode.

    Args:
        shares: of each seed the per cents of good samples (plain, by rejection).
        holds: the verdict.
    """
    return results.Claim(
        "Rejection by the discriminator, 25 Gaussians (Azadi et al., 2019)",
        f"{100 * LEAST_GAIN:.0f} points more good samples, no mode lost (our measure)",
        ", ".join(f"{plain:.0f} to {chosen:.0f} %" for plain, chosen in shares),
        len(shares),
        holds,
    )


def picture(ways, shown=2000):
    """The first samples of each way, good ones pale, as a matplotlib figure.

    Args:
        ways: dict, the name of a way -> samples (n, 2).
        shown: int, samples of each.
    """
    from keras_gan.plots import style

    columns = len(ways)
    figure, [axes] = style.new_figure(2.6 * columns, 2.9, columns=columns)
    for ax, (name, samples) in zip(axes, ways.items(), strict=True):
        good = [judged(sample[np.newaxis]).modes == 1 for sample in samples[:shown]]
        colours = np.where(good, style.SKY, style.VERMILION)
        ax.scatter(*samples[:shown].T, c=colours, s=2, lw=0)
        style.label(ax, f"{name}\n{judged(samples).good_share:.1%} good")
        ax.set_aspect("equal")
        ax.set_xlim(-2.4, 2.4)
        ax.set_ylim(-2.4, 2.4)
        ax.locator_params(nbins=5)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--kept-on", type=int, default=KEPT_ON)
    parser.add_argument("--picture", type=pathlib.Path)
    results.add_option(parser)
    arguments = parser.parse_args()
    table = results.Table(
        *("seed", "samples", "good", "gain, points", "modes", "reverse KL")
    )
    misses, shares = [], []
    for seed in range(arguments.seeds):
        began = time.monotonic()
        gan = kept_on(trained(arguments.steps, seed), arguments.kept_on, seed)
        training = time.monotonic() - began
        ways = drawn(gan, seed)
        if seed == 0 and arguments.picture is not None:
            from keras_gan import plots

            plots.write_png(arguments.picture, picture(ways))
        found = {name: judged(samples) for name, samples in ways.items()}
        for name, (modes, good, kl) in found.items():
            gain = 100 * (good - found["plain"].good_share)
            table.add(
                *(f"{seed}", name, f"{good:.1%}", f"{gain:+.1f}", f"{modes}"),
                f"{kl:.3f}",
            )
        print(
            f"seed {seed}: {training:.0f} s of training, "
            f"{time.monotonic() - began - training:.0f} s of sampling",
            file=sys.stderr,
            flush=True,
        )
        shares.append([100 * found[way].good_share for way in ("plain", "rejection")])
        misses += [f"seed {seed}: {miss}" for miss in missed(found)]
    if arguments.record:
        table.record("rejection", [claim(shares, not misses)])
    if misses:
        sys.exit("; ".join(misses) + ".")


if __name__ == "__main__":
    main()
