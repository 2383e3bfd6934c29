"""Arrays that a user passes to `fit` or `evaluate`, as a data set of minibatches."""

import numpy as np
import tensorflow as tf

from keras_gan import datasets
from keras_gan.datasets.arrays import ArraySource
from keras_gan.datasets.order import Order
from keras_gan.training import checks

DEFAULT_BATCH_SIZE = 32  # as in Keras


def dataset_of(game, x, y, batch_size, name, seed=0, shuffle=True, drop_remainder=True):
    """The minibatches of an array of samples, and of their labels.

    Three sides of a sample are an image, unless the game says that its samples have
    others. What is no image is passed on as it is, whatever its range.

    Args:
        game: the model, whose `sample_shape` says what it takes, if that is known.
        x: array or tensor (n, ...).
        y: labels (n,), or None.
        batch_size: int, or None for 32.
        name: what to call the data in the error.
        seed, shuffle, drop_remainder: as for `datasets.load`.

    Raises:
        ValueError: for what is no such array, or none of the game's.
    """
    if tf.is_tensor(x):
        x = x.numpy()
    if not isinstance(x, np.ndarray):
        raise ValueError(
            "A game is trained on a tf.data.Dataset of batches (see "
            "keras_gan.datasets.load), a keras.utils.PyDataset, a generator or a "
            "DataLoader of them, or on an array of samples. "
            f"Received: {type(x).__name__}.{_mend(x)}"
        )
    taken = game.sample_shape()
    if taken and x.dtype.kind != "O":  # which `load` explains
        checks.check_array_shape(x.shape, tuple(taken), name)
    labels = None if y is None else np.asarray(y)
    size = DEFAULT_BATCH_SIZE if batch_size is None else batch_size
    if x.dtype.kind == "O" or (len(taken) in (1, 3) if taken else x.ndim in (2, 3, 4)):
        return datasets.load(
            x if y is None else (x, labels),
            size,
            labels=y is not None,
            seed=seed,
            shuffle=shuffle,
            drop_remainder=drop_remainder,
        )
    source = ArraySource(x, labels, plain=True)
    order = Order(len(source), size, seed, shuffle)
    return datasets.EpochDataset(source, order, y is not None, drop_remainder)


def is_iterated(x):
    """Whether something that is no array gives minibatches when it is iterated."""
    is_data = isinstance(x, list | tuple | dict | set | str | bytes | tf.data.Dataset)
    is_array = any(hasattr(x, name) for name in ("__array__", "to_numpy"))
    return hasattr(x, "__iter__") and not (is_data or is_array or tf.is_tensor(x))


def _mend(x):
    """The way from something to an array of samples, if that can be said."""
    if hasattr(x, "to_numpy"):  # of pandas, polars and their kin
        return " Pass x.to_numpy('float32')."
    if hasattr(x, "detach"):  # of PyTorch
        return " Pass x.detach().cpu().numpy()."
    if callable(x):
        return " Call it, and pass the generator that it returns."
    if not isinstance(x, list | tuple) or not len(x):
        return ""
    shapes = [tuple(getattr(part, "shape", ())) for part in x]
    if isinstance(x, tuple) and len(x) == 2 and len(shapes[1]) == 1:
        return " Pass samples and labels as two arguments, fit(x, y)."
    other = next((shape for shape in shapes if shape != shapes[0]), None)
    if other is not None:
        return (
            f" Its parts differ in shape, such as {shapes[0]} and {other}: resize them "
            "to one size and np.stack them."
        )
    return " If its parts are samples, pass np.stack(x)." if shapes[0] else ""
