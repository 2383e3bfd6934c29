"""Functions as graphs that are traced once."""

from collections.abc import Callable, Iterable
from typing import Any

import tensorflow as tf


class RowsGraph:
    """A function of tensors (rows, ...), as one graph for any number of rows.

    It is traced at the first call, and no other one: a trace takes as long as thousands
    of samples do. (`tf.function` traces again for a second number of rows. It also
    counts traces over all functions of one source, so that many models in one process,
    each of which traces once, are warned of.)

    Args:
        function: of tensors (rows, ...), nests of them, or None. Another nest, other
            dtypes, or other shapes of a row, are another graph.

    Example:

    >>> import tensorflow as tf
    >>> double = RowsGraph(lambda x: 2 * x)
    >>> double(tf.constant([1.0])).numpy(), double(tf.constant([1.0, 2.0])).numpy()
    (array([2.], dtype=float32), array([2., 4.], dtype=float32))
    >>> double.traces
    1
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._graphs = {}

    @property
    def traces(self) -> int:
        """int, how many graphs there are."""
        return len(self._graphs)

    def __call__(self, *parts: Any) -> Any:
        leaves = tf.nest.flatten(parts)
        tensors = [tf.convert_to_tensor(x) for x in leaves if x is not None]
        left = iter(tensors)
        specs = tuple(None if x is None else _of_any_rows(next(left)) for x in leaves)
        key = str(tf.nest.map_structure(lambda x: 0, parts)), specs
        if key not in self._graphs:
            self._graphs[key] = self._traced(parts, specs)
        return self._graphs[key](*tensors)

    def _traced(self, parts, specs):
        def function(*tensors):
            left = iter(tensors)
            flat = [None if spec is None else next(left) for spec in specs]
            return self._function(*tf.nest.pack_sequence_as(parts, flat))

        return traced(function, [spec for spec in specs if spec is not None])


def _of_any_rows(tensor):
    return tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype)


def traced(
    function: Callable[..., Any], specs: Iterable[tf.TensorSpec]
) -> Callable[..., Any]:
    """The graph of a function of tensors, made here, so that no call makes one.

    Args:
        function: of tensors.
        specs: list of `tf.TensorSpec`, one for each.
    """
    return tf.function(function).get_concrete_function(*specs)
