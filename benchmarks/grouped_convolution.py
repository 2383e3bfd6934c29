"""Seconds of grouped convolutions and two derivatives, against a dense convolution.

    TF_NUM_INTRAOP_THREADS=1 taskset -c 0 python benchmarks/grouped_convolution.py

`keras_gan.layers.GroupedConvolution`, 3 x 3, against the dense convolution of as many
channels, which has as many times the arithmetic as there are groups: the forward pass,
and the gradient by the kernel of the squared gradient by the images, which R1 asks for;
in a graph and by XLA. As in `convolutions.py` implementations take turns, the best
round counts, and the clock is the process' own.
"""

import argparse

import tensorflow as tf
from convolutions import best_seconds
from machine import describe, in_words, parsed

from keras_gan.layers import GroupedConvolution

# batch, rows and columns, channels, channels of a group
SHAPES = [(16, 16, 192, 8), (16, 16, 192, 16), (16, 8, 512, 16), (16, 32, 64, 16)]


def penalised(layer, images):
    """The gradient by the kernel of the squared gradient by the images."""
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(images)
            total = tf.reduce_sum(tf.square(tf.nn.leaky_relu(layer(images), 0.2)))
        steepness = tf.reduce_sum(tf.square(inner.gradient(total, images)))
    return outer.gradient(steepness, layer.kernel.value)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments = parsed(parser, rounds=10)
    print(in_words(describe()))
    print("\n| shape | groups of | way | dense ms | grouped ms | grouped / dense |")
    print("|---|---|---|---|---|---|")
    for batch, side, channels, size in SHAPES:
        images = tf.random.normal((batch, side, side, channels))
        layers = {
            "dense": GroupedConvolution(channels, 3, 1, use_bias=False),
            "grouped": GroupedConvolution(channels, 3, channels // size, False),
        }
        for way in ("forward", "two derivatives"):
            for compiled in (False, True):
                functions = {}
                for name, layer in layers.items():
                    layer(images)
                    call = layer if way == "forward" else _penalised_by(layer)
                    run = tf.function(call, jit_compile=compiled, autograph=False)
                    functions[name] = lambda run=run, x=images: run(x)
                seconds = best_seconds(functions, arguments.rounds)
                dense, grouped = seconds["dense"], seconds["grouped"]
                print(
                    f"| {batch} x {side}x{side}x{channels} | {size} | {way}"
                    f"{', XLA' if compiled else ''} | {dense * 1e3:.1f} | "
                    f"{grouped * 1e3:.1f} | {grouped / dense:.2f} |",
                    flush=True,
                )


def _penalised_by(layer):
    return lambda images: penalised(layer, images)


if __name__ == "__main__":
    main()
