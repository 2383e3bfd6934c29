"""GFLOP/s of convolutions between features and images of few channels.

    TF_NUM_INTRAOP_THREADS=1 taskset -c 0 python benchmarks/convolutions.py

Keras' transposed convolution against that of `keras_gan.layers`, in a graph and by XLA:
features to images (which is also a convolution's gradient by images), the gradient by
the features (also a convolution) and that by the kernel. Implementations take turns,
the best round counts, and the clock is the process' own: other jobs on the core hardly
matter. (With several threads it adds them up, those that wait in a loop included.)
"""

import argparse
import time

import flops
import keras
import tensorflow as tf
from machine import describe, in_words, matmul_rate, parsed

from keras_gan.layers.cpu import few_channels

# batch, rows and columns, features, image channels, kernel, stride; "same" padding
SHAPES = [
    (64, 14, 32, 1, 4, 2),
    (256, 14, 32, 1, 4, 2),
    (128, 14, 64, 1, 5, 2),
    (64, 28, 32, 1, 3, 1),
    (64, 14, 4, 1, 4, 2),
    (64, 16, 64, 2, 4, 2),
    (64, 32, 64, 3, 4, 2),
    (64, 32, 64, 3, 5, 2),
    (64, 32, 64, 3, 3, 1),
    (64, 32, 64, 3, 1, 1),
    (64, 32, 64, 4, 4, 2),
    (64, 16, 64, 6, 4, 2),
    (64, 16, 64, 8, 4, 2),
    (64, 16, 64, 32, 4, 2),
]


def implementations(shape):
    """{way: {name: function without arguments}}, and the operations of each way."""
    batch, side, width, channels, taps, stride = shape
    large = side * stride
    features = tf.random.normal((batch, side, side, width))
    kernel = tf.random.normal((taps, taps, channels, width))
    upstream = tf.random.normal((batch, large, large, channels))
    sizes = (large, large)

    def plain(x, w):
        return keras.ops.conv_transpose(x, w, stride, "same")

    def ours(x, w):
        return few_channels.transposed(x, w, (stride, stride), "same", sizes)

    def images(transpose):
        return lambda x, w, upstream: transpose(x, w)

    def slope(transpose, number):
        def gradient(x, w, upstream):
            with tf.GradientTape() as tape:
                tape.watch((x, w)[number])
                made = transpose(x, w)
            return tape.gradient(made, (x, w)[number], upstream)

        return gradient

    ways = {"to images": {}, "by features": {}, "by kernel": {}}
    for name, transpose in {"Keras": plain, "ours": ours}.items():
        for compiled in (False, True):
            functions = images(transpose), slope(transpose, 0), slope(transpose, 1)
            for way, function in zip(ways.values(), functions, strict=True):
                run = tf.function(function, jit_compile=compiled, autograph=False)
                run = run.get_concrete_function(features, kernel, upstream)
                label = f"{name} XLA" if compiled else name
                way[label] = lambda run=run: run(features, kernel, upstream)
    before = max(taps - stride, 0) // 2
    pairs = ((large,) * 2, (side,) * 2, (taps,) * 2, (stride,) * 2, (before,) * 2)
    return ways, batch * flops.convolution(*pairs, channels, width)


def best_seconds(functions, rounds, clock=time.process_time):
    """The least seconds of each function, CPU's by default, after a first call each."""
    seconds = {name: float("inf") for name in functions}
    for number in range(rounds + 1):
        for name, function in functions.items():
            start = clock()
            function()
            if number:
                seconds[name] = min(seconds[name], clock() - start)
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments = parsed(parser, rounds=30)
    machine, peak = describe(), matmul_rate(clock=time.process_time)
    print(in_words(machine))
    print(f"float32 matrix product: {peak / 1e9:.0f} GFLOP/s\n")
    names = ("Keras", "ours", "Keras XLA", "ours XLA")
    print("| shape | way | " + " | ".join(names) + " | Keras / ours, CPU seconds |")
    print("|---|---|---|---|---|---|---|")
    for shape in SHAPES:
        batch, side, width, channels, taps, stride = shape
        title = f"{batch} x {side}x{side}x{width} -> {channels}, {taps}x{taps}/{stride}"
        ways, operations = implementations(shape)
        for way, functions in ways.items():
            seconds = best_seconds(functions, arguments.rounds)
            rates = {name: operations / seconds[name] for name in names}
            cells = [f"{r / 1e9:.0f} ({r / peak:.0%})" for r in rates.values()]
            ratio = seconds["Keras"] / seconds["ours"]
            print(
                f"| {title} | {way} | {' | '.join(cells)} | {ratio:.1f} |", flush=True
            )


if __name__ == "__main__":
    main()
