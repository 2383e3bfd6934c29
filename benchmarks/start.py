"""Seconds from the start of a process to the end of its first training step.

    python benchmarks/start.py

Each round starts a new process of each implementation in turn: it imports its
framework, makes the networks and the images, and trains for one step (keras_gan jit:
for ten, the fewest that it takes). Beside it the seconds of importing the framework
alone.
"""

import argparse
import subprocess
import sys
import time
from statistics import median

from implementations import IMPLEMENTATIONS
from machine import describe, in_words, parsed
from process import Process
from workloads import WORKLOADS

NAMES = ("keras_gan", "keras_gan jit", "pytorch eager", "pytorch compile")


def first_step(name, workload):
    """Seconds to the end of the first step."""
    start = time.perf_counter()
    process = Process(name, workload, WORKLOADS[workload].steps)
    process.ask("first")
    seconds = time.perf_counter() - start
    process.close()
    return seconds


def importing(name):
    """Seconds of a process that imports the implementation's frameworks and ends."""
    start = time.perf_counter()
    command = f"import {', '.join(IMPLEMENTATIONS[name].frameworks)}"
    subprocess.run([sys.executable, "-c", command], check=True, capture_output=True)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--workloads", nargs="+", choices=WORKLOADS, default=["tutorial"]
    )
    arguments = parsed(parser, rounds=5)
    machine = describe()
    print(in_words(machine))
    print(f"busy cores before the run: {machine['load']:.2f}\n")
    print(
        "| workload | implementation | to the first step, s | min - max | import, s | "
        "more |"
    )
    print("|---|---|---|---|---|---|", flush=True)
    for workload in arguments.workloads:
        steps, imports = ({name: [] for name in NAMES} for _ in range(2))
        for number in range(arguments.rounds + 1):  # the first one fills disk caches
            for name in NAMES:
                pair = first_step(name, workload), importing(name)
                if number:
                    steps[name].append(pair[0])
                    imports[name].append(pair[1])
        for name in NAMES:
            whole, alone = median(steps[name]), median(imports[name])
            print(
                f"| {WORKLOADS[workload].title} | {name} | {whole:.1f} | "
                f"{min(steps[name]):.1f} - {max(steps[name]):.1f} | {alone:.1f} | "
                f"{whole - alone:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
