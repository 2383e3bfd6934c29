"""Images per second of a training step: `gan.fit` against PyTorch and plain Keras.

Implementations live in processes of their own and train in turn, a block each, round by
round, so that what else the machine does meets all of them.
"""

import argparse
import json
import math
import pathlib
import sys

import table
from implementations import IMPLEMENTATIONS
from machine import describe, matmul_rate, restricted_to
from process import Process
from workloads import WORKLOADS

QUICK = {"rounds": 2, "steps": 10}


def main():
    arguments = parse()
    restricted_to(arguments.isa)
    machine = describe()
    matmul_rates, results = [matmul_rate()], {}
    for workload in arguments.workloads:
        steps = QUICK["steps"] if arguments.quick else WORKLOADS[workload].steps
        results[workload] = compete(
            workload, steps, arguments.rounds, arguments.implementations, matmul_rates
        )
        rows = as_rows(results, max(matmul_rates))
        # after each workload, since the rest may take long or fail
        if arguments.output:
            report = {"machine": machine, "matmul_rates": matmul_rates, "rows": rows}
            arguments.output.write_text(json.dumps(report, indent=1))
    print(table.render(rows, machine, matmul_rates))


def compete(workload, steps, rounds, names, matmul_rates):
    """Run all implementations on one workload, interleaved; their results by name.

    The rate of a matrix product is appended to `matmul_rates` in each round: how far
    its values lie apart says how quiet the machine was.
    """
    processes, results = {}, {}
    try:
        for name in names:
            if WORKLOADS[workload].family not in IMPLEMENTATIONS[name].families:
                continue
            say(f"{workload}: {name} starts")
            processes[name] = process = Process(name, workload, steps)
            first = process.ask("first")
            warm = checked(process.ask("block"), name)
            about = process.about
            results[name] = {
                "flops": about["flops"],
                "threads": about["threads"],
                "parameters": about["parameters"],
                "forward": about["forward"],
                "first": first["seconds"],
                "losses": [[warm["d_loss"], warm["g_loss"]]],
                "rates": [],
            }
            refuse_unequal(workload, results, name, next(iter(results)))
        for number in range(rounds):
            matmul_rates.append(matmul_rate())
            for name, process in processes.items():
                block = checked(process.ask("block"), name)
                say(f"{workload} {number + 1}/{rounds}: {name} {block['rate']:.1f}")
                results[name]["rates"].append(block["rate"])
                results[name]["losses"].append([block["d_loss"], block["g_loss"]])
        for name, process in processes.items():
            results[name] |= process.ask("memory")
    finally:
        for process in processes.values():
            process.close()
    return results


def checked(block, name):
    """The block, unless its losses say that it trained nothing."""
    if not all(math.isfinite(block[loss]) for loss in ("d_loss", "g_loss")):
        raise SystemExit(f"{name} diverged, so its speed means nothing: {block}.")
    return block


def refuse_unequal(workload, results, name, other):
    """Networks of two frameworks are compared only if they do the same arithmetic."""
    for key in ("parameters", "forward"):
        if results[name][key] != results[other][key]:
            raise SystemExit(
                f"The networks of {workload} differ in {key} (generator, "
                f"discriminator), so their speeds do not compare. {name}: "
                f"{results[name][key]}; {other}: {results[other][key]}."
            )


def as_rows(results, peak):
    rows = []
    for workload, implementations in results.items():
        best = table.best_pytorch(implementations)
        for name, result in implementations.items():
            rows.append(table.row(WORKLOADS[workload], name, result, best, peak))
    return rows


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS)
    )
    parser.add_argument(
        "--implementations",
        nargs="+",
        choices=IMPLEMENTATIONS,
        default=list(IMPLEMENTATIONS),
    )
    parser.add_argument("--rounds", type=int, help="timed blocks of each (5)")
    parser.add_argument(
        "--quick", action="store_true", help="few short blocks, to see that it runs"
    )
    parser.add_argument(
        "--isa", choices=("avx2",), help="as on a processor without AVX-512"
    )
    parser.add_argument("--output", type=pathlib.Path, help="a JSON file of all rounds")
    arguments = parser.parse_args()
    if arguments.rounds is None:
        arguments.rounds = QUICK["rounds"] if arguments.quick else 5
    if arguments.rounds < 1:
        parser.error(f"--rounds is at least 1. Received: {arguments.rounds}.")
    return arguments


def say(line):
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        raise SystemExit(
            f'{error}\nPyTorch comes with `pip install -e ".[bench]"`; '
            "--implementations leaves one out."
        ) from error
