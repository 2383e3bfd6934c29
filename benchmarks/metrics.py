"""Seconds of metrics on features: keras_gan against the usual forms.

Implementations take turns on the same features, round by round, in one process, so that
what else the machine does meets all of them. Each must find the same value.
"""

import argparse
import math
import sys
import time
from statistics import median

import numpy as np
import scipy.linalg
from machine import describe, matmul_rate

from keras_gan import metrics

FEATURES = 2048
ROWS = 10_000
QUICK = {"rounds": 1, "rows": 1000, "dim": 256}
CHUNK = 1000  # rows of PyTorch's chunks


def by_matrix_root(real, fake):
    """The Frechet distance as it is written, by scipy.linalg.sqrtm."""
    real, fake = real.astype(np.float64), fake.astype(np.float64)
    away = real.mean(axis=0) - fake.mean(axis=0)
    s, t = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    root = scipy.linalg.sqrtm(s @ t).real
    return float(away @ away + np.trace(s) + np.trace(t) - 2 * np.trace(root))


def by_pytorch(dtype):
    """Precision and recall (k = 3) by `torch.cdist` and `kthvalue`, in chunks."""
    import torch

    def radii(points):
        parts = points.split(CHUNK)
        return torch.cat([torch.cdist(p, points).kthvalue(4).values for p in parts])

    def precision_recall(real, fake):
        real, fake = (
            torch.from_numpy(x).to(getattr(torch, dtype)) for x in (real, fake)
        )
        around_real, around_fake = radii(real), radii(fake)
        like_real = torch.zeros(len(fake), dtype=torch.bool)
        like_fake = []
        parts = zip(real.split(CHUNK), around_real.split(CHUNK), strict=True)
        for part, around in parts:
            distances = torch.cdist(part, fake)
            like_real |= (distances <= around[:, None]).any(dim=0)
            like_fake.append((distances <= around_fake).any(dim=1))
        shares = like_real, torch.cat(like_fake)
        return tuple(float(share.double().mean()) for share in shares)

    return precision_recall


def workloads():
    """Title -> implementations by name, ours first: functions of (real, fake)."""
    return {
        "Frechet distance": {
            "keras_gan": metrics.frechet_distance,
            "scipy.linalg.sqrtm": by_matrix_root,
        },
        "precision and recall, k = 3": {
            "keras_gan (float64)": metrics.precision_recall,
            "PyTorch float64": by_pytorch("float64"),
            "PyTorch float32": by_pytorch("float32"),
        },
    }


def compete(implementations, features, rounds, title):
    """Seconds of each implementation in each round, interleaved."""
    seconds, values = {name: [] for name in implementations}, {}
    for number in range(rounds):
        for name, function in implementations.items():
            start = time.perf_counter()
            values[name] = function(*features)
            seconds[name].append(time.perf_counter() - start)
            say(f"{title} {number + 1}/{rounds}: {name} {seconds[name][-1]:.2f} s")
    refuse_unequal(values, title)
    return seconds


def refuse_unequal(values, title):
    """Forms of one metric are compared only if they find the same."""
    ours = next(iter(values.values()))
    for name, value in values.items():
        pairs = zip(np.atleast_1d(ours), np.atleast_1d(value), strict=True)
        # float32 may put single samples on the other side of a rim
        if not all(math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-3) for a, b in pairs):
            raise SystemExit(f"{title}: {name} finds {value}, keras_gan {ours}.")


def draw(rows, dim):
    """Features with variances over four decades, as those of a network have."""
    generator = np.random.default_rng(0)
    scales = np.logspace(0, -2, dim, dtype=np.float32)
    real, fake = generator.standard_normal((2, rows, dim), dtype=np.float32) * scales
    return real, np.float32(1.02) * fake + np.float32(0.01)


def render(results):
    """The table: medians, and the median of the rounds' ratios to ours."""
    lines = [
        "| metric | implementation | seconds, median | min - max | to keras_gan |",
        "|---|---|---|---|---|",
    ]
    for title, seconds in results.items():
        ours = next(iter(seconds.values()))
        for name, own in seconds.items():
            ratio = median(a / b for a, b in zip(own, ours, strict=True))
            lines.append(
                f"| {title} | {name} | {median(own):.2f} | {min(own):.2f} - "
                f"{max(own):.2f} | {ratio:.2f} |"
            )
    return "\n".join(lines)


def say(line):
    print(line, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--quick", action="store_true", help="small and once, to see that it runs"
    )
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds is at least 1. Received: {arguments.rounds}.")
    rounds, rows, dim = arguments.rounds, ROWS, FEATURES
    if arguments.quick:
        rounds, rows, dim = QUICK["rounds"], QUICK["rows"], QUICK["dim"]
    machine, rates = describe(), [matmul_rate()]
    features = draw(rows, dim)
    results = {}
    for title, implementations in workloads().items():
        results[title] = compete(implementations, features, rounds, title)
        rates.append(matmul_rate())
    versions = ", ".join(f"{k} {v}" for k, v in machine["versions"].items())
    print(f"{machine['cpu']}, {machine['cores']} cores, Python {machine['python']}")
    print(f"{versions}, scipy {scipy.__version__}")
    print(
        f"busy cores before the run: {machine['load']:.2f}; float32 matrix product: "
        f"{min(rates) / 1e9:.0f} - {max(rates) / 1e9:.0f} GFLOP/s"
    )
    print(f"{rows} real and {rows} fake rows of {dim} float32 features\n")
    print(render(results))


if __name__ == "__main__":
    try:
        main()
    except ModuleNotFoundError as error:
        raise SystemExit(
            f'{error}\nPyTorch comes with `pip install -e ".[bench]"`.'
        ) from error
