"""The form of minibatches that Python code makes: nests of arrays, as the first one."""

import numbers

import numpy as np
import tensorflow as tf

from .reading import call_python

LONGEST = 3  # (samples, labels, weights); a longer list is one of samples


class NoMinibatch(ValueError):
    """A fault of a minibatch, as the end of a sentence that names it."""


class MinibatchForm:
    """The form of minibatches: their nest, dtypes, and shapes but for the batch.

    Args:
        element: the first minibatch: an array or tensor (batch, ...) of NumPy,
            TensorFlow or PyTorch, or a nest of them.

    Raises:
        NoMinibatch: if it is something else.
    """

    def __init__(self, element):
        nest = _as_arrays(element)
        self._nest = tf.nest.map_structure(lambda array: 0, nest)
        self._specs = [
            tf.TensorSpec((None, *array.shape[1:]), array.dtype)
            for array in map(_with_batch, tf.nest.flatten(nest))
        ]

    def arrays_of(self, element):
        """The arrays in another minibatch of this form.

        Raises:
            NoMinibatch: if it has another form.
        """
        nest = _as_arrays(element)
        try:
            tf.nest.assert_same_structure(self._nest, nest)
        except (ValueError, TypeError):
            raise NoMinibatch(
                f"is {_in_words(nest)}, but the first one is "
                f"{_in_words(tf.nest.pack_sequence_as(self._nest, self._specs))}. Make "
                "all of one form."
            ) from None
        return [
            _alike(_with_batch(array), spec)
            for array, spec in zip(tf.nest.flatten(nest), self._specs, strict=True)
        ]

    def call(self, function, inputs):
        """A minibatch of this form in a graph, of a function to a list of arrays."""
        dtypes = [spec.dtype for spec in self._specs]
        tensors = call_python(function, inputs, dtypes)
        for tensor, spec in zip(tensors, self._specs, strict=True):
            tensor.set_shape(spec.shape)
        return tf.nest.pack_sequence_as(self._nest, tensors)


def _as_arrays(element):
    """A nest of NumPy arrays, without PyTorch being imported for its tensors."""
    if isinstance(element, dict):
        return {key: _as_arrays(part) for key, part in element.items()}
    if isinstance(element, tuple | list) and not _are_numbers(element):
        while len(element) > 1 and element[-1] is None:  # (samples, None)
            element = element[:-1]
        if len(element) > LONGEST or not element:
            raise NoMinibatch(
                f"is a {type(element).__name__} of {len(element)}. If its parts are "
                "samples, of one size, np.stack them."
            )
        return tuple(_as_arrays(part) for part in element)
    if hasattr(element, "detach"):  # a tensor of PyTorch
        element = element.detach().cpu()
    try:
        array = np.asarray(element.numpy() if hasattr(element, "numpy") else element)
    except Exception as error:  # as of a ragged list, or of a dtype NumPy has not
        raise NoMinibatch(
            f"holds a {type(element).__name__} that is no array: {error}"
        ) from error
    if array.dtype.kind == "O":
        shapes = [getattr(part, "shape", None) for part in array.ravel()]
        other = next((shape for shape in shapes if shape != shapes[0]), None)
        sizes = f", such as of shapes {shapes[0]} and {other}" if other else ""
        raise NoMinibatch(
            f"holds {type(element).__name__} of Python objects{sizes}. Make them "
            "arrays of numbers: resize samples to one size, and np.stack them."
        )
    return array


def _are_numbers(parts):
    return len(parts) > 0 and all(
        isinstance(part, numbers.Number | str | np.generic) for part in parts
    )


def _with_batch(array):
    if array.ndim == 0:
        raise NoMinibatch(
            f"holds the single value {array}. A minibatch has samples, and labels, on "
            "a first axis."
        )
    return array


def _alike(array, spec):
    """An array in the dtype of the first one, or why it has another form."""
    sides, dtype = tuple(spec.shape)[1:], spec.dtype.as_numpy_dtype
    if array.shape[1:] != sides:
        shown = ", ".join(["batch", *map(str, sides)])
        raise NoMinibatch(
            f"holds an array of shape {array.shape}, but the first one has ({shown}). "
            "Resize all samples to one size. For networks of any size, pass "
            "tf.data.Dataset.from_generator with an output_signature."
        )
    if spec.dtype == tf.string:
        return array
    kind = "same_kind" if np.issubdtype(array.dtype, np.floating) else "safe"
    if not np.can_cast(array.dtype, dtype, kind):
        raise NoMinibatch(
            f"holds {array.dtype}, but the first one has {np.dtype(dtype)}. Make all "
            "of one dtype."
        )
    return np.ascontiguousarray(array, dtype)


def _in_words(nest):
    return str(tf.nest.map_structure(lambda leaf: tuple(leaf.shape), nest))
