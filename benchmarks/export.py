"""Exported forms of a preset beside `sample`: size, differences, milliseconds a call.

    pip install -e ".[onnx,litert]" openvino
    python benchmarks/export.py

Each form computes the same latents in one process; they take turns, round by round, in
another order each time. `sample` also draws its latents, and checks its arguments. Two
bytes of weights are measured for the files. OpenVINO reads the SavedModel and the ONNX
file; it is left out where it is not installed.
"""

import argparse
import pathlib
import tempfile
import time
from statistics import median

import numpy as np
from machine import describe, in_words, parsed

import keras_gan  # before TensorFlow, for oneDNN
from keras_gan import pixels
from keras_gan.core.randomness import seed_of
from keras_gan.saving.exporting import codes

COUNTS = (1, 16, 256)
CALLS = {1: 20, 16: 10, 256: 1}  # in a round
PRESETS = ("dcgan_digits", "dcgan_mnist", "conditional_mnist", "infogan_mnist")
FORMATS = {"tf_saved_model": "", "onnx": ".onnx", "litert": ".tflite"}


def saved_model(path):
    import tensorflow as tf

    loaded = tf.saved_model.load(path)  # kept: its variables live as long

    def run(inputs):
        constants = {name: tf.constant(part) for name, part in inputs.items()}
        return loaded.signatures["serving_default"](**constants)["images"].numpy()

    return run


def onnx_runtime(path):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return lambda inputs: session.run(["images"], inputs)[0]


def litert(path):
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(str(path)).get_signature_runner("serving_default")
    return lambda inputs: runner(**inputs)["images"]


def openvino(path):
    import openvino

    exact = {"INFERENCE_PRECISION_HINT": "f32"}  # else bfloat16, where there is any
    compiled = openvino.Core().compile_model(path, "CPU", exact)

    def run(inputs):
        known = {name for part in compiled.inputs for name in part.names}
        given = {name: part for name, part in inputs.items() if name in known}
        return compiled(given)["images"]

    return run


def inputs_of(gan, count, with_codes):
    """Latents of seed 0, classes in turn, and codes that leave the latents' own."""
    inputs = {"latents": np.asarray(gan.prior(count, seed_of(0, "sample")))}
    if "generator" in gan.conditioned:
        inputs["labels"] = np.arange(count, dtype=np.int32) % gan.num_classes
    if with_codes:
        inputs |= {code.name: code.left(count) for code in codes.of_game(gan)}
    return inputs


def sampled(gan, count):
    if "generator" not in gan.conditioned:
        return gan.sample(count, seed=0)
    return gan.sample(count, seed=0, condition=np.arange(count) % gan.num_classes)


def forms_of(gan, folder):
    """Form -> (bytes, function of the number of images), `sample` first."""
    forms = {"sample": (None, lambda count: sampled(gan, count))}
    readers = {"tf_saved_model": saved_model, "onnx": onnx_runtime, "litert": litert}
    for format, suffix in FORMATS.items():
        for dtype in ("float32", "float16"):
            path = folder / f"{format}-{dtype}{suffix}"
            gan.export(path, format=format, dtype=dtype)
            with_codes = format != "tf_saved_model"
            names = [(format, readers[format])]
            if format != "litert" and dtype == "float32" and has_openvino():
                names.append((f"OpenVINO, {format}", openvino))
            for name, reader in names:
                forms[f"{name}, {dtype}"] = (
                    size(path),
                    running(gan, reader(path), with_codes),
                )
    return forms


def running(gan, run, with_codes):
    inputs = {count: inputs_of(gan, count, with_codes) for count in COUNTS}
    return lambda count: run(inputs[count])


def has_openvino():
    try:
        import openvino  # noqa: F401
    except ModuleNotFoundError:
        return False
    return True


def size(path):
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def measure(forms, rounds):
    """Form -> count -> milliseconds a call in each round."""
    times = {name: {count: [] for count in COUNTS} for name in forms}
    names = list(forms)
    for number in range(rounds):
        for count in COUNTS:
            for name in names[number % len(names) :] + names[: number % len(names)]:
                run, calls = forms[name][1], CALLS[count]
                run(count)  # warm in this turn too
                start = time.perf_counter()
                for _ in range(calls):
                    run(count)
                elapsed = time.perf_counter() - start
                times[name][count].append(1000 * elapsed / calls)
    return times


def differences(forms):
    """Form -> (largest difference from `sample`, share of bytes that differ)."""
    expected = forms["sample"][1](256)
    found = {}
    for name, (_, run) in forms.items():
        images = np.asarray(run(256))
        differ = pixels.to_uint8(images) != pixels.to_uint8(expected)
        found[name] = abs(images - expected).max(), differ.mean()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--presets", nargs="+", default=PRESETS)
    arguments = parsed(parser, rounds=15)
    machine = describe()
    print(f"{in_words(machine)}; busy cores before the run: {machine['load']:.2f}")
    for preset in arguments.presets:
        gan = keras_gan.models.GAN.from_preset(preset)
        with tempfile.TemporaryDirectory() as folder:
            forms = forms_of(gan, pathlib.Path(folder))
            apart = differences(forms)
            times = measure(forms, arguments.rounds)
        columns = " | ".join(f"ms of {count}" for count in COUNTS)
        print(f"\n| {preset} | MB | largest difference | bytes | {columns} |")
        print("|---" * (4 + len(COUNTS)) + "|")
        for name, (written, _) in forms.items():
            cells = [f"{median(times[name][count]):.2f}" for count in COUNTS]
            megabytes = "-" if written is None else f"{written / 1e6:.2f}"
            difference, share = apart[name]
            print(
                f"| {name} | {megabytes} | {difference:.1e} | {share:.3%} | "
                f"{' | '.join(cells)} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
