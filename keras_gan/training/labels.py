"""Checks of labels: those that a game can be trained with, and errors for others."""

import difflib

import numpy as np
import tensorflow as tf

from keras_gan import datasets
from keras_gan.training import checks

MISSING = -1  # the label of a sample whose class is not known


def check_labels(dataset, num_classes, name, missing=False):
    """Raise unless a data set's labels are classes that the networks know.

    Of a `datasets.EpochDataset` all labels are looked at, of another data set those of
    the first batch.

    Args:
        dataset: `tf.data.Dataset` of batches (samples, labels).
        num_classes: int, the classes that the networks know.
        name: what to call the data in the error.
        missing: bool, whether a label may be -1, of a sample without a class.

    Raises:
        ValueError: for data without labels, labels of another shape or dtype, classes
            out of range, or another number of classes than that of the networks.
    """
    check_labels_spec(dataset.element_spec, num_classes, name)
    check_classes(dataset, num_classes, name, missing)


def check_classes(dataset, num_classes, name, missing=False):
    """Raise unless the classes of a data set are those that the networks know.

    Args:
        dataset: `tf.data.Dataset` of batches (samples, labels), or any
            `datasets.EpochDataset` with labels.
        num_classes, name, missing: as for `check_labels`.

    Raises:
        ValueError: for classes out of range, another number of them, or, where labels
            may be missing, an `EpochDataset` without a single one.
    """
    if not isinstance(dataset, datasets.EpochDataset):
        for element in dataset.take(1):
            check_label_values(element[1].numpy(), num_classes, name, missing)
        return
    check_label_values(dataset.labels, num_classes, name, missing)
    if (dataset.labels < 0).all():
        raise ValueError(f"Not one sample of {name} has a label: all are -1.")
    if dataset.named_classes and dataset.num_classes != num_classes:
        raise ValueError(
            f"{name} has {dataset.num_classes} classes, but the networks know "
            f"{num_classes}. Give the networks num_classes={dataset.num_classes}."
        )


def check_labels_spec(element_spec, num_classes, name):
    """Raise unless elements are (samples, integer labels of shape (batch,)).

    Args:
        element_spec: the `element_spec` of a data set of batches.
        num_classes: int, the classes that the networks know.
        name: what to call the data in the error.

    Raises:
        ValueError: for data without labels, one-hot labels, or labels of another shape
            or dtype.
    """
    if not isinstance(element_spec, tuple) or len(element_spec) < 2:
        raise ValueError(
            f"{name} has no labels, but this game is trained with classes: its "
            f"elements are (samples, labels). Received elements of {element_spec}. "
            "Pass labels=True to datasets.load, or y beside an array."
        )
    spec = element_spec[1]
    if not isinstance(spec, tf.TensorSpec):
        raise ValueError(
            f"{name} yields labels of {spec}, but they are one tensor (batch,) of "
            f"integers from 0 to {num_classes - 1}."
        )
    if spec.shape.rank is None:
        raise ValueError(
            f"{name} yields labels of unknown shape, as a tf.py_function does, or a "
            "generator without output_signature. Say it in the batched data set: "
            "dataset.map(lambda x, y: (x, tf.ensure_shape(y, (None,))))."
        )
    rank, shape = spec.shape.rank, tuple(spec.shape)
    if rank == 1 and spec.dtype.is_integer:
        return
    mend = "labels.astype('int32')"
    if spec.dtype == tf.string:
        mend = "np.unique(labels, return_inverse=True)[1]"
    elif rank == 2:
        mend = "labels[:, 0]" if shape[1] == 1 else "np.argmax(labels, axis=1)"
        mend = f"{'' if shape[1] == 1 else 'one-hot labels as '}{mend}"
    raise ValueError(
        f"{name} yields labels of shape {shape} and dtype {spec.dtype.name}, but they "
        f"are integers (batch,), classes from 0 to {num_classes - 1}. Pass {mend}."
    )


def check_label_values(labels, num_classes, name, missing=False, mend=None):
    """Raise unless each label is a class that the networks know.

    Args:
        labels: integer NumPy array (n,).
        num_classes: int, the classes that the networks know.
        name: what to call the data in the error.
        missing: bool, whether a label may be -1, of a sample without a class.
        mend: str, what to do about it, where labels are no data.

    Raises:
        ValueError: for classes out of range.

    Example:

    >>> import numpy as np
    >>> check_label_values(np.array([1, 2, 3]), 3, "The data")
    Traceback (most recent call last):
    ...
    ValueError: The data holds classes from 1 to 3, but the networks know 3: 0 to 2.
    Pass labels - 1.
    """
    if not len(labels):
        return
    low, high = int(labels.min()), int(labels.max())
    if (MISSING if missing else 0) <= low and high < num_classes:
        return
    known = f"{num_classes}: 0 to {num_classes - 1}"
    raise ValueError(
        f"{name} holds classes from {low} to {high}, but the networks know {known}. "
        f"{mend or _mend_of_data(low, high, num_classes, missing)}"
    )


def _mend_of_data(low, high, num_classes, missing):
    """The remedy for data with classes from low to high."""
    mend = f"Give the networks num_classes={high + 1}, or leave those samples out."
    if low == MISSING and not missing:
        mend = "A label of -1 says that the class is missing: leave those samples out."
    elif low < 0:
        mend = "Count the classes from 0."
    elif (low, high) == (1, num_classes):
        mend = "Pass labels - 1."
    elif low >= 1 and high == num_classes:  # of one minibatch of sorted data
        mend = f"If they are counted from 1, pass labels - 1. {mend}"
    return mend


def check_same_names(found, known, name):
    """Raise a ValueError if data name their classes otherwise than a game does.

    Args:
        found: list of str, of the data.
        known: list of str, of the game.
        name: what to call the data in the error.
    """
    if found != known:
        raise ValueError(
            f"{name} has the classes {', '.join(found)}, but the game knows "
            f"{', '.join(known)}, in this order. Give both the same class_names."
        )


def numbers_of(names, known, num_classes):
    """The labels of classes that are given by name.

    Args:
        names: NumPy array of str, of any shape.
        known: list of str, the name of each class; None if the game has no names.
        num_classes: int.

    Returns:
        int array of the shape of `names`.

    Raises:
        ValueError: for a name that no class has, with the nearest ones.
    """
    if known is None:
        raise ValueError(
            "condition is a class by name, but this game's classes have none: they are "
            f"numbers from 0 to {num_classes - 1}. Received: condition={names!r}."
        )
    numbers = {text: number for number, text in enumerate(known)}
    for text in names.ravel().tolist():
        if text not in numbers:
            near = difflib.get_close_matches(text, known, n=3, cutoff=0.4) or known
            raise ValueError(
                f"No class is called {text!r}. Did you mean {', '.join(near)}? The "
                f"classes are {', '.join(known)}."
            )
    return np.vectorize(numbers.get, otypes=[np.int32])(names)


def labelled_part(dataset):
    """The batches (samples, labels) that lie beside the samples of a data set.

    Of (samples, (labelled samples, labels)) the pairs; a data set of another form is
    returned as it is.
    """
    spec = dataset.element_spec
    if isinstance(spec, tuple) and len(spec) > 1 and isinstance(spec[1], tuple):
        return dataset.map(lambda samples, labelled, *_: labelled)
    return dataset


def check_beside(dataset, generator, discriminator, name):
    """Raise unless the labelled samples beside others are of their kind, and as many.

    Args:
        dataset: `tf.data.Dataset` of (samples, (labelled samples, labels)).
        generator, discriminator: as for `checks.check_values`, `checks.check_spec`.
        name: what to call the data in the error.

    Raises:
        ValueError: for another shape, dtype, range, or number of samples in a batch.
    """
    name = f"The labelled part of {name[0].lower()}{name[1:]}"
    first = checks.first_of(dataset, lambda element: element[1][0])
    checks.check_spec(dataset.element_spec[1][0], discriminator, name, first)
    # of `few_labels`, and right by its making
    if isinstance(dataset, datasets.EpochDataset):
        return
    for samples, (labelled, _), *_ in dataset.take(1):
        checks.check_values(labelled.numpy(), generator, name)
        if len(samples) != len(labelled):
            raise ValueError(
                f"{name} has {len(labelled)} samples in a batch with {len(samples)} "
                "others. Give both as many, as datasets.few_labels does."
            )
