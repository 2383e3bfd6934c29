"""The data sets of `tensorflow-datasets` as a source."""

import os
import pathlib

import numpy as np

from keras_gan.core.arguments import ArgumentError

from .cache import decoded_once
from .images import resize_array
from .progress import progress
from .value_range import range_of, to_bytes

PROBE_SECONDS = 10


def dataset_names():
    """The names `tensorflow-datasets` knows without network; none if it is missing."""
    try:
        import tensorflow_datasets
    except ImportError:
        return []
    return tensorflow_datasets.list_builders(with_community_datasets=False)


def is_dataset(name):
    """Whether `name` ("mnist", "mnist:3.0.1", "imagenet_resized/64x64") is known."""
    base = name.split(":")[0].split("/")[0]
    folder = _data_folder()
    prepared = bool(base) and folder is not None and (folder / base).is_dir()
    return prepared or base in dataset_names()


def open_dataset(name, split, image_size, value_range=None):
    """An `ArraySource` over the decoded images of a `tensorflow-datasets` data set.

    Its TFRecord files can be read from front to back only, so they are decoded once
    into a memory-mapped cache, already of the size `image_size`. What is prepared in
    `$TFDS_DATA_DIR` (or `~/tensorflow_datasets`) is used from there; else it is
    downloaded, if there is a network.

    Args:
        name: str, as for `tfds.load`, with a version or config if wanted.
        split: str, as for `tfds.load`: "train", "test", "train[:10%]".
        image_size: (height, width), or None if all images have one size.
        value_range: (black, white), the stored values that become -1 and 1; None is
            (0, 255).

    Raises:
        ValueError: if the data set has no such split, or images of more than 8 bits
            and no `value_range`, or of values beyond it.
        RuntimeError: if it is neither on disk nor can be downloaded.
    """
    import tensorflow_datasets as tfds

    try:
        builder = tfds.builder(name, data_dir=_data_folder(), try_gcs=False)
    # A wrong version is an AssertionError there, a wrong config a ValueError.
    except Exception as error:
        begin = ""
        if "/" in name:  # which may have been meant as a path
            begin = f"There is no file or folder {pathlib.Path(name).absolute()}, and "
        raise ValueError(
            f"{begin}tensorflow-datasets cannot open {name!r}: {error}"
        ) from error
    info = builder.info
    image_key, label_key = _feature_keys(info, value_range)
    if not builder.is_prepared():
        _prepare(builder)
    try:
        count = info.splits[split].num_examples
    except (KeyError, ValueError) as error:
        raise ArgumentError(
            f"{info.full_name} has no split {split!r}. It has: "
            f"{', '.join(info.splits)}, and parts such as 'train[:10%]'.",
            "split",
        ) from error
    if not count:
        raise ArgumentError(
            f"{info.full_name} has no examples in split {split!r}.", "split"
        )
    wanted = {image_key: True}
    if label_key is not None:
        wanted[label_key] = True

    # Handing over one example at a time takes 30 times as long, but only images of one
    # size can be batched.
    batch_size = 1 if None in info.features[image_key].shape else 64

    def examples():
        # One file after the other: the same order on every machine.
        dataset = builder.as_dataset(
            split=split,
            decoders=tfds.decode.PartialDecoding(wanted),
            read_config=tfds.ReadConfig(interleave_cycle_length=1),
        )
        low, high = np.inf, -np.inf
        for batch in dataset.batch(batch_size).as_numpy_iterator():
            images = batch[image_key]
            if value_range is not None:
                low, high = min(low, images.min()), max(high, images.max())
                images = to_bytes(images, value_range)
            for i, image in enumerate(images):
                if image_size is not None:
                    image = resize_array(image, image_size)
                yield image, None if label_key is None else int(batch[label_key][i])
        if value_range is not None:  # before the cache is complete, and so kept
            dtype = info.features[image_key].np_dtype
            range_of(dtype, low, high, f"The images of {name}", value_range)

    sizes = {
        part: [len(info.splits[part].filenames), info.splits[part].num_bytes]
        for part in info.splits
    }
    key = [info.full_name, split, count, sizes, image_key, label_key, image_size]
    if value_range is not None:
        key.append(list(value_range))
    names = None
    if label_key is not None:
        names = tuple(info.features[label_key].names)
    readable = info.full_name.replace("/", "-")
    return decoded_once(
        readable,
        key,
        lambda: progress(examples(), count, f"Decoding {info.full_name}"),
        count,
        names,
    )


def _data_folder():
    """`$TFDS_DATA_DIR` as it is now (tensorflow-datasets reads it once), or None."""
    folder = os.environ.get("TFDS_DATA_DIR")
    return pathlib.Path(folder).expanduser() if folder else None


def _prepare(builder):
    """Download what is not on disk, or say at once that there is no network."""
    import requests

    try:
        # tensorflow-datasets retries for minutes when no network is there; asking for
        # one address shows it at once. Whatever a server answers, it was reached.
        for url in list(builder.url_infos)[:1]:
            if url.startswith("http"):
                requests.head(url, timeout=PROBE_SECONDS)
        builder.download_and_prepare()
    # What a data set's own code raises is not limited to some classes.
    except Exception as error:
        reason = f"{type(error).__name__}: {str(error).strip()[:120]}"
        raise RuntimeError(
            f"{builder.info.full_name!r} is not prepared in {builder.data_dir_root} "
            f"and could not be downloaded ({reason}). Set TFDS_DATA_DIR to a folder "
            "where tensorflow-datasets has prepared it. Without network there are "
            "'digits', a folder or zip of images, a .npz, .npy or .h5 file, and NumPy "
            "arrays."
        ) from error


def _feature_keys(info, value_range):
    """The names of the image and the class label (or None) among the features."""
    import tensorflow_datasets as tfds

    features = info.features
    images = _keys_of(features, tfds.features.Image)
    if "image" in images:
        image_key = "image"
    elif len(images) == 1:
        image_key = images[0]
    else:
        raise ValueError(
            f"{info.full_name} has no feature that is the image. Expected 'image', or "
            f"one image feature. Received: {', '.join(features)}."
        )
    dtype = features[image_key].np_dtype
    if dtype != np.uint8 and value_range is None:
        raise ArgumentError(
            f"{info.full_name} has images of {np.dtype(dtype)}; expected uint8. Pass "
            "value_range=(low, high), the values that are black and white.",
            "value_range",
        )
    labels = _keys_of(features, tfds.features.ClassLabel)
    if "label" in labels:
        return image_key, "label"
    return image_key, labels[0] if len(labels) == 1 else None


def _keys_of(features, kind):
    return [key for key in features if isinstance(features[key], kind)]
