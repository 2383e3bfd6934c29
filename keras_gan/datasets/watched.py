"""Any data set, made to end before an element that is refused."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from keras_gan.core import compat

from .reading import call_python


class Watched(tf.data.Dataset):
    """Watched data set: it ends before the first element that `check` refuses.

    It ends, and raises nothing: an error in a pipeline would come while a step before
    it, of the same execution, is half done. What stopped it is then `refused`.

    Args:
        dataset: `tf.data.Dataset`.
        look: callable from an element to (doubtful, tensors): a bool scalar tensor, and
            a list of what `check` is given then. It is a part of the graph, so it costs
            no call into Python.
        check: callable from NumPy arrays that raises a ValueError for what is refused.

    Attributes:
        refused: list of NumPy arrays, what `check` raised for; None before that.
        check: as given.
        whole: `dataset`, as given.

    Example:

    >>> import tensorflow as tf
    >>> def check(number):
    ...     if number == 3:
    ...         raise ValueError
    >>> data = Watched(tf.data.Dataset.range(5), lambda x: (x > 2, [x]), check)
    >>> [int(x) for x in data], [int(x) for x in data.refused]
    ([0, 1, 2], [3])
    """

    def __init__(
        self,
        dataset: tf.data.Dataset,
        look: Callable[[Any], tuple[tf.Tensor, list[tf.Tensor]]],
        check: Callable[..., Any],
    ) -> None:
        self.refused = None
        self.whole = dataset
        self.check = check
        is_tuple = isinstance(dataset.element_spec, tuple)

        @tf.autograph.experimental.do_not_convert  # no statement of it needs it
        def passed(*element):
            element = element if is_tuple else element[0]
            doubtful, tensors = look(element)

            def judged():
                verdict = call_python(self._judge, tensors, tf.int64)
                return tf.ensure_shape(verdict, ())

            nothing = tf.zeros((), tf.int64)
            with tf.control_dependencies([tf.cond(doubtful, judged, lambda: nothing)]):
                return tf.nest.map_structure(
                    lambda x: tf.identity(x) if tf.is_tensor(x) else x, element
                )

        # The map of TensorFlow 1: if its function says "out of range", the data end.
        self._dataset = tf.compat.v1.data.Dataset.map(dataset, passed)
        super().__init__(compat.variant_tensor(self._dataset))

    def _judge(self, *arrays):
        try:
            self.check(*arrays)
        except ValueError:
            self.refused = list(arrays)
            raise StopIteration from None  # "out of range" for TensorFlow
        return np.int64(0)

    def _inputs(self):  # asked for by TensorFlow
        return [self._dataset]

    @property
    def element_spec(self) -> Any:
        return self.whole.element_spec

    def cardinality(self) -> tf.Tensor:
        """int64 tensor, the elements of the whole data set."""
        return self.whole.cardinality()
