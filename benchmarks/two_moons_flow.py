"""A normalising flow fitted to two moons, in KL beside a perfect sampler.

    python benchmarks/two_moons_flow.py

fits `densities.RealNVP(2, couplings=12)` by maximum likelihood to 100,000 points of
`datasets.TwoMoons(noise=0.1)`, as they are drawn, and a Gaussian for comparison. KL of
the data's density to the model's is exact up to the grid: both are evaluated at the
centres of its cells. KL of a histogram of drawn samples to the data is what anybody can
measure of any model; a perfect sampler's is that of the data's own samples, about
(cells - 1)/(2n) over cells that are often hit.
"""

import argparse
import time

import keras
import numpy as np

import keras_gan
from keras_gan import datasets, densities, divergences, relatives

DATA = datasets.TwoMoons(noise=0.1)
LOW, HIGH, CELL = np.array([-2.0, -1.5]), np.array([3.0, 2.0]), 0.05
SHAPE = tuple(np.round((HIGH - LOW) / CELL).astype(int))


def centres():
    """The centres of the grid's cells: (cells, 2)."""
    axes = [a + CELL * (np.arange(n) + 0.5) for a, n in zip(LOW, SHAPE, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)


def fitted(density, rows, epochs, seed):
    """The model after `epochs` of minibatches of 500, and the seconds it took."""
    model = relatives.DensityModel(density, seed=seed)
    rate = keras.optimizers.schedules.CosineDecay(5e-3, epochs * (len(rows) // 500))
    model.compile(keras.optimizers.Adam(rate), jit_compile=True, steps_per_execution=20)
    start = time.perf_counter()
    model.fit(rows, batch_size=500, epochs=epochs, verbose=0)
    return model, time.perf_counter() - start


def histogram_kl(samples):
    """KL(histogram || data) in nats, samples beyond the grid left out."""
    edges = [a + CELL * np.arange(n + 1) for a, n in zip(LOW, SHAPE, strict=True)]
    counts = np.histogram2d(*samples.T, bins=edges)[0].ravel()
    expected = DATA.density(centres())
    return divergences.kl(
        counts / counts.sum() / CELL**2, expected / (expected.sum() * CELL**2), CELL**2
    )


def exact_kl(model):
    """KL(data || model) in nats, by the densities on the grid."""
    p, q = DATA.density(centres()), np.float64(model.log_prob(centres()))
    return float((p * (np.log(np.maximum(p, 1e-300)) - q)).sum() * CELL**2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    keras.utils.set_random_seed(options.seed)
    rows = DATA.sample(options.rows, options.seed)
    test = DATA.sample(100_000, options.seed + 1)
    number = options.samples
    p = DATA.density(centres())
    print(f"keras_gan {keras_gan.__version__}; {len(rows)} points, {number} samples")
    print(f"{SHAPE[0]} x {SHAPE[1]} cells of {CELL}, mass {p.sum() * CELL**2:.5f}")
    print(f"entropy of the data: {divergences.entropy(p, CELL**2):.4f} nats")
    perfect = histogram_kl(DATA.sample(number, options.seed + 2))
    print(f"perfect sampler: KL(histogram || data) {perfect:.5f}")
    for density in (densities.RealNVP(2, couplings=12), densities.Gaussian(2)):
        model, seconds = fitted(density, rows, options.epochs, options.seed)
        own, loss = (
            model.evaluate(part, batch_size=10_000, verbose=0)[0]
            for part in (rows, test)
        )
        drawn = histogram_kl(model.sample(number, options.seed))
        print(f"{type(density).__name__}: loss {own:.4f}, test {loss:.4f} nats,")
        print(f"  KL(data || model) {exact_kl(model):.5f},", end=" ")
        print(f"KL(histogram || data) {drawn:.5f}; {seconds:.0f} s")


if __name__ == "__main__":
    main()
