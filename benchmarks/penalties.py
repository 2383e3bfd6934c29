"""Cost of penalties: the part of a training step that their derivatives take.

    TF_NUM_INTRAOP_THREADS=1 taskset -c 0 python benchmarks/penalties.py

A step on images of 32 x 32 x 3, minibatches of 64, in a graph: of R3GAN 256-128-64-32
and of a DCGAN of 64 filters, without penalty, with R1 and R2, which need a second
derivative, and with the approximate ones, which need another pass. They take turns; the
least CPU seconds of each count.
"""

import argparse

from augmentation import step_of
from convolutions import best_seconds
from machine import describe, in_words, parsed

KINDS = {
    "none": [],
    "R1, R2": ["r1", "r2"],
    "ApproximateR1, ApproximateR2": ["approximate_r1", "approximate_r2"],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments = parsed(parser, rounds=10)
    print(in_words(describe()))
    print("\n| game | penalties | ms a step | penalties' ms | of the exact ones' |")
    print("|---|---|---|---|---|")
    for game in ("R3GAN", "DCGAN"):
        steps = {name: step_of(game, penalties=kind) for name, kind in KINDS.items()}
        seconds = best_seconds(steps, arguments.rounds)
        none, exact = seconds["none"], seconds["R1, R2"]
        for name, least in seconds.items():
            share = f"{(least - none) / (exact - none):.2f}"
            print(
                f"| {game} | {name} | {least * 1e3:.0f} | {(least - none) * 1e3:.0f} | "
                f"{share} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
