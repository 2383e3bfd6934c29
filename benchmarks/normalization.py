"""Milliseconds of batch normalization with its derivatives: Keras' layer and ours.

    TF_NUM_INTRAOP_THREADS=1 taskset -c 0 python benchmarks/normalization.py

Each is a pass in training mode, the gradients by samples, scale and shift, and the new
averages, in a graph. Implementations take turns, the best round counts, and the clock
is the process' own: other jobs on the core hardly matter.
"""

import argparse

import keras
import tensorflow as tf
from convolutions import best_seconds
from machine import describe, in_words, parsed

from keras_gan import layers

KINDS = {
    "Keras": keras.layers.BatchNormalization,
    "ours": layers.FastBatchNormalization,
}
SHAPES = [
    (64, 14, 14, 32),
    (64, 7, 7, 64),
    (128, 14, 14, 64),
    (128, 7, 7, 128),
    (64, 32, 32, 64),
    (128, 1024),
    (128, 12544),
]


def implementations(shape):
    """{name: function without arguments}."""
    samples, upstream = tf.random.normal(shape), tf.random.normal(shape)

    def slopes(layer):
        def compute(samples, upstream):
            weights = [variable.value for variable in layer.trainable_variables]
            with tf.GradientTape() as tape:
                tape.watch(samples)
                made = layer(samples, training=True)
            return tape.gradient(made, [samples, *weights], upstream)

        return compute

    functions = {}
    for name, kind in KINDS.items():
        layer = kind()
        layer.build(shape)
        run = tf.function(slopes(layer), autograph=False)
        run = run.get_concrete_function(samples, upstream)
        functions[name] = lambda run=run: run(samples, upstream)
    return functions


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments = parsed(parser, rounds=30)
    machine = describe()
    print(in_words(machine), end="\n\n")
    print(f"| samples | {' | '.join(KINDS)} | Keras / ours |")
    print("|---|---|---|---|")
    for shape in SHAPES:
        seconds = best_seconds(implementations(shape), arguments.rounds)
        cells = [f"{1000 * seconds[name]:.2f}" for name in KINDS]
        ratio = seconds["Keras"] / seconds["ours"]
        title = " x ".join(map(str, shape))
        print(f"| {title} | {' | '.join(cells)} | {ratio:.1f} |", flush=True)


if __name__ == "__main__":
    main()
