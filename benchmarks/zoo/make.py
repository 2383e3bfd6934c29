"""Trains an entry of the zoo and publishes its weights with a measured card.

    python benchmarks/zoo/make.py mlp_digits --seeds 3

trains the entry's config by `keras-gan train` with the seeds 0, 1, 2 (one that was
stopped goes on where it was), measures each training, and writes the networks of seed
0, their samples, their nearest training images and the card to zoo/NAME, and the table
of all entries to zoo/README.md.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import entries
import numpy as np
import overview

import keras_gan
from keras_gan import pixels
from keras_gan.cli import evaluating, run_config, zoo
from keras_gan.core import files, processor
from keras_gan.evaluation import Protocol, card
from keras_gan.saving import presets

ZOO = pathlib.Path(__file__).parents[2] / "zoo"


def train(name, seed, folder):
    """Train to the end, if it has not; the run and its seconds, over all starts."""
    run = folder / f"{name}-seed{seed}"
    clock = folder / f"{name}-seed{seed}.seconds.json"
    spent = json.loads(clock.read_text()) if clock.exists() else 0.0
    if (run / "preset").is_dir():
        return run, spent
    command = [sys.executable, "-m", "keras_gan.cli", "train", name]
    command += ["--seed", str(seed), "--output", str(run)]
    command += ["--resume"] if zoo.is_run(run) else []
    began = time.monotonic()
    try:
        subprocess.run(command, check=True)
    finally:
        spent += time.monotonic() - began
        clock.parent.mkdir(parents=True, exist_ok=True)
        clock.write_text(json.dumps(spent))
    return run, spent


def protocol_for(name):
    """The protocol by which `keras-gan evaluate` measures the entry."""
    return evaluating.protocol_of(run_config.read(name), {}, name)


def publish(name, runs, seconds, folder):
    """Write zoo/NAME anew: config as it is, weights, metadata, card and pictures."""
    protocol = protocol_for(name)
    games = [keras_gan.models.GAN.from_preset(run) for run in runs]
    measured = [protocol.evaluate(game, progress=print) for game in games]
    config = run_config.read(name)
    with tempfile.TemporaryDirectory() as scratch:
        saved = pathlib.Path(scratch) / "preset"
        games[0].save_to_preset(saved, state="networks")
        new = f"{folder / name}.new"
        with files.new_folder(new) as made:
            shutil.copy(ZOO / name / presets.CONFIG, made)
            shutil.copy(saved / presets.WEIGHTS, made)
            metadata = json.loads((saved / presets.METADATA).read_text())
            hashed = os.path.join(made, presets.CONFIG)
            metadata["sha256"][presets.CONFIG] = files.sha256(hashed)
            metadata["about"] = entries.ABOUT[name]
            metadata["training"] = {
                "command": f"keras-gan train {name}",
                "epochs": config["epochs"],
                "steps": int(games[0].step.numpy()),
                "seconds": round(seconds),
                "machine": processor.description(),
            }
            metadata["evaluation"] = card.as_json(protocol, measured[0])
            if len(measured) > 1:
                metadata["seeds"] = {
                    str(seed): {key: score.value for key, score in scores.items()}
                    for seed, scores in enumerate(measured)
                }
            text = json.dumps(metadata, indent=2) + "\n"
            pathlib.Path(made, presets.METADATA).write_text(text)
            text = card.page(name, config, metadata)
            pathlib.Path(made, "README.md").write_text(text)
            images = games[0].sample(64, seed=0)
            grid = pixels.image_grid(images)
            pixels.write_png(os.path.join(made, "samples.png"), grid)
            near = pixels.image_grid(nearest(images[:8], protocol))
            pixels.write_png(os.path.join(made, "nearest.png"), near)
    shutil.rmtree(ZOO / name)
    shutil.move(new, ZOO / name)


def nearest(images, protocol):
    """Each image and the seven training images nearest to it by their pixels."""
    whole = Protocol(
        protocol.source, "train", protocol.image_size, num_samples=10**9
    ).real()
    flat = whole.reshape(len(whole), -1)
    rows = []
    for image in images:
        away = np.square(flat - image.reshape(-1)).sum(axis=1)
        rows += [image, *whole[np.argsort(away, kind="stable")[:7]]]
    return np.array(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("name", choices=sorted(entries.ABOUT))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--folder", type=pathlib.Path, default="runs/zoo")
    arguments = parser.parse_args()
    trained = [
        train(arguments.name, seed, arguments.folder) for seed in range(arguments.seeds)
    ]
    runs, seconds = zip(*trained, strict=True)
    publish(arguments.name, runs, seconds[0], arguments.folder)
    overview.write()


if __name__ == "__main__":
    main()
