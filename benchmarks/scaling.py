"""Scaling: what a second worker brings, and what checkpoints cost.

Scaling: images per second of one worker and of two on loopback, each pinned to one core
of its own, in turn, round by round. "same batch" gives both the same global batch (it
is then one and the same run), "same share" gives two workers twice that. Efficiency is
the rate of two over twice the rate of one.

Checkpoints: the share of the time of `fit` that `BackupAndRestore` takes at its default
interval, for whole trainings of the zoo's digits.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

CONFIGS = ("mlp_digits", "dcgan_digits")
# Entries of the zoo, with the image shape for one that has none of its own.
WORKLOADS = {"dcgan_digits": None, "dcgan_mnist": None, "dcgan": (64, 64, 3)}
WARM, TIMED = 5, {"dcgan_digits": 60, "dcgan_mnist": 20, "dcgan": 10}  # steps


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="only see that it runs")
    parser.add_argument("--play", help=argparse.SUPPRESS)
    parser.add_argument("--core", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--batch", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.core is not None:
        play(arguments.play, arguments.core, arguments.batch)
    elif arguments.play:
        keep(arguments.play)
    else:
        report(1 if arguments.quick else arguments.rounds, arguments.quick)


def report(rounds, quick):
    print("| workload | global batch | 1 worker | 2 workers | efficiency | rounds |")
    print("|---|---|---|---|---|---|")
    for workload in list(WORKLOADS)[: 1 if quick else None]:
        ways = {"one": (1, 64), "same batch": (2, 64), "same share": (2, 128)}
        rates = {way: [] for way in ways}
        for _ in range(rounds):
            for way, (workers, batch) in ways.items():
                rates[way].append(run(workload, workers, batch))
        one = statistics.median(rates["one"])
        for way in ("same batch", "same share"):
            pairs = zip(rates["one"], rates[way], strict=True)
            shares = sorted(two / (2 * alone) for alone, two in pairs)
            two = statistics.median(rates[way])
            print(
                f"| {workload} | {ways[way][1]} | {one:.0f} | {two:.0f} | "
                f"{statistics.median(shares):.2f} | {shares[0]:.2f} to "
                f"{shares[-1]:.2f} |",
                flush=True,
            )
    print("\n| training | seconds | checkpoints | their share |\n|---|---|---|---|")
    for name in CONFIGS[: 1 if quick else None]:
        result = read(start("--play", name))
        print(
            f"| {name} | {result['seconds']:.1f} | {result['saves']} | "
            f"{100 * result['saving'] / result['seconds']:.2f} % |",
            flush=True,
        )


def run(workload, workers, batch):
    """Images per second of `workers` processes on one global batch."""
    addresses = [f"127.0.0.1:{port}" for port in free_ports(workers)]
    processes = []
    for index in range(workers):
        config = {
            "cluster": {"worker": addresses},
            "task": {"type": "worker", "index": index},
        }
        environment = {"TF_CONFIG": json.dumps(config)} if workers > 1 else {}
        options = ("--play", workload, "--core", str(index), "--batch", str(batch))
        processes.append(start(*options, **environment))
    return min(read(process)["rate"] for process in processes)


def start(*options, **environment):
    return subprocess.Popen(
        [sys.executable, __file__, *options],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def read(process):
    output, errors = process.communicate()
    if process.returncode:
        raise SystemExit(errors[-3000:])
    return json.loads(output.splitlines()[-1])


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def play(workload, core, batch):
    """Time the steps of one worker on one core."""
    os.sched_setaffinity(0, {core})  # before TensorFlow counts its cores

    import keras
    import numpy as np
    import tensorflow as tf

    import keras_gan
    from keras_gan.cli import cluster, placement, run_config

    tf.config.threading.set_intra_op_parallelism_threads(1)
    strategy = placement.make("auto", cluster.read())
    config = run_config.read(workload)
    if WORKLOADS[workload]:
        config = keras_gan.saving.configs.with_shape(config, WORKLOADS[workload])
    with placement.scope(strategy):
        config["compile"]["steps_per_execution"] = 1
        game = keras_gan.saving.configs.build(config)
    shape = game.discriminator.input_shape[1:]
    count = batch * (WARM + TIMED[workload])
    images = np.random.default_rng(0).uniform(-1, 1, (count, *shape)).astype("float32")

    class Timed(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if int(game.step.numpy()) == WARM:
                self.began = time.perf_counter()

        def on_train_end(self, logs=None):
            self.seconds = time.perf_counter() - self.began

    timed = Timed()
    data = keras_gan.datasets.load(images, batch)
    game.fit(data, epochs=1, verbose=0, callbacks=[timed])
    print(json.dumps({"rate": batch * TIMED[workload] / timed.seconds}))


def keep(name):
    """Train an entry of the zoo as the command line does; time its checkpoints."""
    import tensorflow as tf

    import keras_gan
    from keras_gan.cli import run_config
    from keras_gan.saving import checkpoints

    saving = []
    save = checkpoints.save

    def timed(*arguments):
        began = time.perf_counter()
        save(*arguments)
        saving.append(time.perf_counter() - began)

    checkpoints.save = timed
    tf.config.experimental.enable_op_determinism()
    config = run_config.read(name)
    game = keras_gan.saving.configs.build(config)
    data = keras_gan.datasets.load(**config["data"], seed=config["seed"])
    with tempfile.TemporaryDirectory() as folder:
        backup = keras_gan.callbacks.BackupAndRestore(os.path.join(folder, "run"))
        began = time.perf_counter()
        game.fit(data, epochs=config["epochs"], verbose=0, callbacks=[backup])
        seconds = time.perf_counter() - began
    result = {"seconds": seconds, "saving": sum(saving), "saves": len(saving)}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
