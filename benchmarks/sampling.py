"""Images per second of `sample` against PyTorch, and how long a first picture takes.

    python benchmarks/sampling.py

The same generators in inference mode, latents included, each in batches that suit it;
the implementations take turns, round by round, in one process. Then, in turns too,
processes: `keras-gan sample` of a trained preset, and `python -c "import keras"`, which
is the least that any Keras program takes.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from statistics import median

import torch
from machine import describe, matmul_rate, parsed
from networks import keras_networks, torch_networks
from workloads import WORKLOADS

from keras_gan import models, priors

PYTORCH_BATCH = 512  # where PyTorch is at its best, or within a tenth of it
IMAGES = {"mlp": 50_000, "tutorial": 5000, "dcgan28_small": 10_000, "dcgan64": 1000}


def keras_gan_sampler(workload):
    """A function of the number of images."""
    networks = keras_networks.build(workload)
    gan = models.GAN(*networks, priors.Normal(workload.latent_dim))
    return lambda count: gan.sample(count, seed=0)


def pytorch_sampler(workload, compiled):
    """The same in PyTorch, eager or by `torch.compile`."""
    generator, _ = torch_networks.build(workload)
    generator = generator.to(memory_format=torch.channels_last).eval()
    generate = torch.compile(generator) if compiled else generator

    def sample(count):
        torch.manual_seed(0)
        latents = torch.randn(count, workload.latent_dim)
        with torch.inference_mode():
            parts = [generate(part) for part in latents.split(PYTORCH_BATCH)]
        return torch.cat(parts).permute(0, 2, 3, 1).contiguous().numpy()

    return sample


def compete(implementations, count, rounds):
    """Images per second of each implementation in each round, interleaved."""
    rates = {name: [] for name in implementations}
    shapes = {sample(count).shape for sample in implementations.values()}  # and compile
    if len(shapes) > 1:
        raise SystemExit(
            f"The implementations draw images of different shapes: {shapes}."
        )
    for _ in range(rounds):
        for name, sample in implementations.items():
            start = time.perf_counter()
            sample(count)
            rates[name].append(count / (time.perf_counter() - start))
    return rates


def first_pictures(preset, rounds):
    """Seconds of whole processes, interleaved: `keras-gan sample`, and the import."""
    seconds = {"keras-gan sample": [], "import keras": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):  # the first round reads the disk
            picture = os.path.join(folder, f"{number}.png")
            commands = (
                ["-m", "keras_gan.cli", "sample", preset, "--output", picture],
                ["-c", "import keras"],
            )
            for name, command in zip(seconds, commands, strict=True):
                start = time.perf_counter()
                subprocess.run(
                    [sys.executable, *command], check=True, capture_output=True
                )
                if number:
                    seconds[name].append(time.perf_counter() - start)
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--workloads", nargs="+", choices=IMAGES, default=list(IMAGES))
    parser.add_argument("--preset", default="dcgan_mnist")
    arguments = parsed(parser, rounds=5)
    preset = arguments.preset
    if os.path.isdir(preset):
        preset = str(pathlib.Path(preset).absolute())
    machine = describe()
    versions = ", ".join(f"{k} {v}" for k, v in machine["versions"].items())
    print(f"{machine['cpu']}, {machine['cores']} cores, Python {machine['python']}")
    print(f"{versions}; busy cores before the run: {machine['load']:.2f}")
    print(f"float32 matrix product: {matmul_rate() / 1e9:.0f} GFLOP/s\n")
    print(
        "| generator | images | keras_gan | PyTorch eager | torch.compile | ratio to "
        "the better one, median | min - max |"
    )
    print("|---|---|---|---|---|---|---|", flush=True)
    for name in arguments.workloads:
        workload, count = WORKLOADS[name], IMAGES[name]
        implementations = {
            "keras_gan": keras_gan_sampler(workload),
            "eager": pytorch_sampler(workload, compiled=False),
            "compile": pytorch_sampler(workload, compiled=True),
        }
        rates = compete(implementations, count, arguments.rounds)
        better = max(("eager", "compile"), key=lambda name: median(rates[name]))
        ratios = [a / b for a, b in zip(rates["keras_gan"], rates[better], strict=True)]
        cells = [f"{median(each):.0f}" for each in rates.values()]
        print(
            f"| {workload.title.split(',')[0]} | {count} | {' | '.join(cells)} | "
            f"{median(ratios):.2f} | {min(ratios):.2f} - {max(ratios):.2f} |",
            flush=True,
        )
    seconds = first_pictures(preset, arguments.rounds)
    ratios = [a / b for a, b in zip(*seconds.values(), strict=True)]
    print("\n| process | seconds, median | min - max |\n|---|---|---|")
    for name, each in seconds.items():
        print(f"| {name} | {median(each):.2f} | {min(each):.2f} - {max(each):.2f} |")
    print(f"\nRatio {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}).")


if __name__ == "__main__":
    main()
