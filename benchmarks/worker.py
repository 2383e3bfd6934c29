"""One implementation in a process of its own, which waits on stdin for what to do.

It writes a JSON line for each line that it reads: "first" trains for the fewest steps
that run at a time, "block" for one block, "memory" says what both took.
"""

import argparse
import importlib
import json
import os
import sys
import time

from implementations import IMPLEMENTATIONS
from machine import memory
from workloads import WORKLOADS


def run(name, workload, steps):
    # Frameworks print to stdout as they like; what the parent reads goes apart.
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def reply(**message):
        print(json.dumps(message), file=replies, flush=True)

    for framework in IMPLEMENTATIONS[name].frameworks:
        importlib.import_module(framework)
    imported = memory("VmRSS")
    implementation = IMPLEMENTATIONS[name].make(WORKLOADS[workload], steps)
    reply(
        parameters=implementation.parameters,
        forward=implementation.forward,
        flops=implementation.flops,
        threads=implementation.threads,
    )
    for line in sys.stdin:
        command = line.strip()
        if command == "memory":
            reply(memory=memory("VmHWM") - imported)
            continue
        count = implementation.first_steps if command == "first" else steps
        start = time.perf_counter()
        d_loss, g_loss = implementation.play(count)
        seconds = time.perf_counter() - start
        rate = count * WORKLOADS[workload].images / seconds
        reply(seconds=seconds, rate=rate, d_loss=d_loss, g_loss=g_loss)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", choices=IMPLEMENTATIONS, required=True)
    parser.add_argument("--workload", choices=WORKLOADS, required=True)
    parser.add_argument("--steps", type=int, required=True)
    arguments = parser.parse_args()
    run(arguments.worker, arguments.workload, arguments.steps)
