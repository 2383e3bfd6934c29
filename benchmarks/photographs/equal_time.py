"""Networks for one's own photographs, at equal time, on flowers.

    taskset -c 0 python benchmarks/photographs/equal_time.py rates
    python benchmarks/photographs/equal_time.py play --data FLOWERS --jobs 2
    python benchmarks/photographs/equal_time.py table

Fifteen minutes of one core each, three seeds, on 3000 photographs of flowers at 32 x
32, of which 658 more are held out (`tf_flowers`, without its classes). `rates` times a
step of each game, taking turns, on an idle core, and keeps that in results/rates.json;
a run of `play` then ends after rate x 15 minutes *images*, so that a busy machine
changes nothing. A run that was stopped goes on where it was, and one that has ended is
skipped. Each is measured by the held-out images: the kernel distance (KID) on
EfficientNet-Lite0's features decides, unbiased, with its standard error.

Predicted, before any run (KID; the mean of three seeds), where one run of today's
`dcgan` had 1.98 before:

    dcgan                     2.0
    dcgan-nearest             4     resize-convolutions alone were worse before
    dcgan-augmented           1.8
    dcgan-nearest-augmented   3
    sngan-augmented           1.3
    r3gan-small               1.0   the winner, as it sees most images a minute of all
                                    residual networks
    r3gan-large               1.4
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import contestants
import joblib
import numpy as np

from keras_gan.core import files, processor

HERE = pathlib.Path(__file__).parent
RATES = HERE / "results" / "rates.json"
MINUTES, SEEDS = 15, 3
HELD_OUT, SAMPLES = 658, 600
SCORES = ("kernel_distance", "frechet_distance", "precision", "recall")


def rates(rounds):
    """Time a step of each game in turns; the least of each counts."""
    games = {name: contestants.made(name) for name in contestants.CONTESTANTS}
    images = np.random.default_rng(0).uniform(-1, 1, (128, *contestants.SHAPE))
    for game in games.values():
        game.begin_run(1000)  # as long as schedules may ask
    seconds = {name: [] for name in games}
    for number in range(rounds + 1):  # the first round traces
        for name, game in games.items():
            rows = images[: contestants.images_of_a_step(game)].astype("float32")
            if game.minibatches_per_step > 1:
                rows = rows.reshape(-1, game.minibatches_per_step, *rows.shape[1:])
            began = time.perf_counter()
            game.train_on_batch(rows)
            if number:
                seconds[name].append(time.perf_counter() - began)
    found = {
        name: contestants.images_of_a_step(games[name]) / min(each)
        for name, each in seconds.items()
    }
    with files.new_file(RATES) as file:
        about = {"processor": processor.description(), "images a second": found}
        file.write(json.dumps(about, indent=1).encode())
    for name, rate in found.items():
        print(f"{name:25} {rate:7.1f} images a second")


def play(data, output, jobs, names, seeds):
    """Train and measure what has not ended yet."""
    found = json.loads(RATES.read_text())["images a second"]
    waiting = [
        (name, seed)
        for seed in range(seeds)  # all games with one seed, before any has two
        for name in names
        if not (output / name / f"seed-{seed}" / "scores.json").exists()
    ]
    print(f"{len(waiting)} runs of {MINUTES} minutes of a core, {jobs} at a time.")
    calls = (
        joblib.delayed(_train)(name, seed, found[name], data, output)
        for name, seed in waiting
    )
    joblib.Parallel(n_jobs=jobs, prefer="threads")(calls)


def _train(name, seed, rate, data, output):
    run = output / name / f"seed-{seed}"
    run.parent.mkdir(parents=True, exist_ok=True)
    config = run.parent / "config.json"
    game = contestants.made(name)
    steps = round(rate * 60 * MINUTES / contestants.images_of_a_step(game))
    with files.new_file(config) as file:
        file.write(contestants.config(name).encode())
    measured = ["--evaluate", SAMPLES, "--features", "efficientnet_lite0"]
    if (run / "checkpoints").is_dir():
        arguments = [run, "--resume", *measured]
    else:
        arguments = [
            *(config, "--data", data, "--image-size", 32, "--held-out", HELD_OUT),
            *("--steps", steps, "--seed", seed, "--output", run, *measured),
        ]
    threads = {f"TF_NUM_{kind}OP_THREADS": "1" for kind in ("INTRA", "INTER")}
    with open(f"{run}.log", "ab") as log:
        subprocess.run(
            [sys.executable, "-m", "keras_gan.cli", "train", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **threads, "OMP_NUM_THREADS": "1"},
            check=False,
        )
    ended = (run / "scores.json").exists()
    print(f"{name}, seed {seed}: {'has ended' if ended else f'see {run}.log'}")


def table(output):
    """Print the means of the seeds, with their spread, the best first."""
    rows = []
    for name in contestants.CONTESTANTS:
        paths = sorted((output / name).glob("seed-*/scores.json"))
        scores = [json.loads(path.read_text())["scores"] for path in paths]
        if scores:
            rows.append((name, {s: [x[s]["value"] for x in scores] for s in SCORES}))
    rows.sort(key=lambda row: statistics.fmean(row[1]["kernel_distance"]))
    print(f"| game | runs | {' | '.join(SCORES)} |")
    print("|---|---|" + "---|" * len(SCORES))
    for name, values in rows:
        cells = (_mean(values[score]) for score in SCORES)
        print(f"| {name} | {len(values[SCORES[0]])} | {' | '.join(cells)} |")


def _mean(values):
    spread = f" +- {statistics.stdev(values):.2g}" if len(values) > 1 else ""
    return f"{statistics.fmean(values):.3g}{spread}"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("what", choices=("rates", "play", "table"))
    parser.add_argument("--data", help="the folder of flowers, for play")
    parser.add_argument("--output", default="runs/equal_time", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--rounds", type=int, default=10, help="timed steps, for rates")
    names = list(contestants.CONTESTANTS)
    parser.add_argument("--games", nargs="+", choices=names, default=names)
    arguments = parser.parse_args()
    if arguments.what == "rates":
        rates(arguments.rounds)
    elif arguments.what == "table":
        table(arguments.output)
    elif arguments.data is None:
        parser.error("play needs --data: the folder of flowers.")
    else:
        given = arguments.output, arguments.jobs, arguments.games, arguments.seeds
        play(os.path.abspath(arguments.data), *given)


if __name__ == "__main__":
    main()
