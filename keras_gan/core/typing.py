"""Types: the names that the signatures of several packages share."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

Tensor = tf.Tensor
TensorLike = Tensor | ArrayLike  # what TensorFlow makes a tensor of
Nest = Tensor | tuple | list | dict  # a tensor, or tensors in these, as in tf.nest
Array = np.ndarray | np.float64  # where NumPy makes of one number a number

BatchShape = tuple[int | None, ...]  # (batch, ...), as Keras hands it to layers
Config = dict[str, Any]  # what `get_config` returns

Discriminate = Callable[[Nest], Tensor]  # samples -> logits
Progress = Callable[[str], object]  # called with a text before each part of the work
