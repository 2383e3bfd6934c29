"""Bounds of each layer: its products, against what the machine could do of them.

    python benchmarks/layers.py --workload tutorial

A layer's bound is the lower one of two: the machine's rate of float32 products, and its
memory's rate times the operations that a byte is good for, each number being read or
written once. Printed is the bound, what names it, and how much of it the forward pass,
the gradient by the inputs and the gradient by the kernel reach, each by itself, without
bias or activation, in a graph of ten of them. All cores work; the best round counts, so
what else the machine does in between hardly matters.

Then how long all the products of one alternating step on shared latents take at these
rates: what `fit` could reach if a step held nothing else and no product waited.
"""

import argparse
import time

import flops
import numpy as np
import tensorflow as tf
from convolutions import best_seconds
from machine import describe, in_words, matmul_rate, parsed
from networks import keras_networks
from workloads import WORKLOADS

BYTES = 4  # of a float32
CALLS = 10  # in a graph, so that starting it weighs little
WAYS = ("forward", "by inputs", "by kernel")  # in the order of `flops.passes`


def copy_rate(repeats=5):
    """Bytes/s that NumPy reads and writes as it copies 256 MB, the best of few."""
    source = np.ones(2**26, np.float32)
    target = np.empty_like(source)
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        np.copyto(target, source)
        seconds.append(time.perf_counter() - start)
    return 2 * source.nbytes / min(seconds)


def plain(layer):
    """The layer's products alone, with weights of their own."""
    config = {**layer.get_config(), "activation": None, "use_bias": False}
    made = type(layer).from_config(config)
    made.build(layer.input.shape)
    return made


def functions_of(layer, batch):
    """{way: function without arguments} of a network's layer, `CALLS` times each."""
    shapes, layer = shapes_of(layer), plain(layer)
    batches = [
        [tf.random.normal((batch, *shape)) for shape in shapes] for _ in range(CALLS)
    ]

    def slope(by_inputs):
        def compute(inputs, upstream):
            target = inputs if by_inputs else layer.kernel.value
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(target)
                outputs = layer(inputs)
            return tape.gradient(outputs, target, upstream)

        return compute

    computed = (lambda inputs, upstream: layer(inputs), slope(True), slope(False))
    functions = {}
    for way, function in zip(WAYS, computed, strict=True):
        run = tf.function(
            lambda *batches, function=function: [function(*pair) for pair in batches],
            autograph=False,
        )
        functions[way] = lambda run=run: run(*batches)
    return functions


def shapes_of(layer):
    """The shapes of one sample that it takes and gives."""
    return layer.input.shape[1:], layer.output.shape[1:]


def bound_of(layer, batch, products, memory):
    """Operations/s that the machine allows a layer, and what sets them."""
    numbers = batch * sum(map(np.prod, shapes_of(layer))) + np.prod(layer.kernel.shape)
    intensity = batch * keras_networks.operations(layer) / (BYTES * numbers)
    if memory * intensity < products:
        return memory * intensity, "memory"
    return products, "products"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--workload", choices=WORKLOADS, default="tutorial")
    arguments = parsed(parser, rounds=30)
    workload, machine = WORKLOADS[arguments.workload], describe()
    products, memory = matmul_rate(), copy_rate()
    print(in_words(machine))
    print(f"float32 matrix product: {products / 1e9:.0f} GFLOP/s; ", end="")
    print(f"memory: {memory / 1e9:.1f} GB/s; {workload.title}\n")
    print("| layer | shapes | bound, GFLOP/s | by | " + " | ".join(WAYS) + " |")
    print("|---|---|---|---|---|---|---|")
    batch, whole = workload.batch_size, 0.0
    passes = flops.passes("shared")
    for (name, times), network in zip(
        passes.items(), keras_networks.build(workload), strict=True
    ):
        for index, layer in enumerate(keras_networks.with_products(network)):
            functions = functions_of(layer, batch)
            found = best_seconds(functions, arguments.rounds, time.perf_counter)
            seconds = {way: found[way] / CALLS for way in WAYS}
            whole += np.dot(times[index > 0], [seconds[way] for way in WAYS])
            operations = batch * keras_networks.operations(layer)
            bound, by = bound_of(layer, batch, products, memory)
            cells = [
                f"{rate / 1e9:.0f} ({rate / bound:.0%})"
                for rate in (operations / seconds[way] for way in WAYS)
            ]
            title = " -> ".join("x".join(map(str, shape)) for shape in shapes_of(layer))
            print(
                f"| {name[0].upper()}: {type(layer).__name__} | {title} | "
                f"{bound / 1e9:.0f} | {by} | {' | '.join(cells)} |",
                flush=True,
            )
    print(f"\nAll products of a step: {whole * 1e3:.2f} ms, so ", end="")
    print(f"{batch / whole:.0f} images/s and no more.")


if __name__ == "__main__":
    main()
