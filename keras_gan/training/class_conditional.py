"""Class conditions: labels as the side of all games that are told classes."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core import randomness
from keras_gan.core.arguments import check_integer
from keras_gan.core.randomness import seed_of
from keras_gan.training import checks, labels, minibatches
from keras_gan.training.drawing import ByGraph


class ClassConditional:
    """Class-conditional data and samples, of games in which a network is told classes.

    A family inherits from it and from `GAN`, and calls `_set_classes` when it has its
    networks. Labels are ints (batch,) from 0 to `num_classes` - 1.
    """

    def _set_classes(self, num_classes, class_probabilities, class_names):
        self.num_classes = check_integer(num_classes, "num_classes", 1)
        self.class_probabilities = _checked_probabilities(
            class_probabilities, self.num_classes
        )
        self.class_names = _checked_names(class_names, self.num_classes)
        self._labels = ByGraph(
            lambda rows, seed: self.draw_side(rows, seed_of(seed, "labels"))
        )
        for name in self.conditioned:
            known = getattr(getattr(self, name), "num_classes", self.num_classes)
            if known != self.num_classes:
                raise ValueError(
                    f"The {name} knows {known} classes. Received: "
                    f"num_classes={self.num_classes}. Give both the same."
                )

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "class_probabilities": self.class_probabilities,
            "class_names": self.class_names,
        }

    # Hooks ----------------------------------------------------------------------------

    def split(self, data: Any) -> tuple[Any, tf.Tensor]:
        """Split an element (samples, labels) into samples and labels."""
        real, classes, _ = keras.utils.unpack_x_y_sample_weight(data)
        return real, ops.cast(classes, "int32")

    def check_data(self, dataset: tf.data.Dataset, name: str) -> None:
        labels.check_labels(dataset, self.num_classes, name)
        if self.class_names and getattr(dataset, "named_classes", False):
            labels.check_same_names(dataset.class_names, self.class_names, name)

    def minibatch_rules(self, element: Any) -> list[tuple[tf.Tensor, Any]]:
        rule = minibatches.Classes(self.num_classes)
        return [*super().minibatch_rules(element), (element[1], rule)]

    def draw_side(self, num_samples: int, seed: tf.Tensor) -> tf.Tensor:
        """Labels int32 (num_samples,) by the stored class probabilities.

        The first ones do not depend on how many are drawn.
        """
        probabilities = (
            self.class_probabilities or [1 / self.num_classes] * self.num_classes
        )
        ends = tf.constant(np.cumsum(probabilities)[:-1], tf.float32)
        places = randomness.uniform((num_samples,), seed)
        return tf.searchsorted(ends, places, side="right", out_type=tf.int32)

    def evaluation_functions(self) -> dict[str, Callable[..., Any]]:
        return {
            **super().evaluation_functions(),
            "condition": self.labels_of_samples,
        }

    # Draw -----------------------------------------------------------------------------

    def call(self, inputs: Sequence[tf.Tensor]) -> tf.Tensor:
        """[latents (batch, latent_dim), labels (batch,)] -> samples."""
        latents, classes = inputs
        latents = ops.convert_to_tensor(latents)
        checks.check_latents(latents, self.prior.latent_dim)
        return self.draw(latents, ops.convert_to_tensor(classes, "int32"))

    def sample(
        self,
        num_samples: int,
        seed: int | None = None,
        batch_size: int | None = None,
        condition: ArrayLike | None = None,
    ) -> np.ndarray:
        """Draw samples from the (averaged) generator, of given classes or of all.

        Args:
            num_samples, seed, batch_size: as for `GAN.sample`.
            condition: int or name, the class of all samples; or (num_samples,) of
                them, one each; or None: classes by the stored probabilities, a function
                of `seed` (`labels_of_samples` tells which). Names are of `class_names`.

        Returns:
            Float32 NumPy array (num_samples, ...), images in [-1, 1].

        Raises:
            ValueError: for classes that are none, or another number of them; else as
                `GAN.sample`.
        """

        def labels_of(seed):
            if condition is None:
                return self._labels(check_integer(num_samples, "num_samples", 1), seed)
            return self._checked_condition(condition, num_samples)

        return self._drawing(num_samples, seed, batch_size, labels_of)

    def labels_of_samples(self, num_samples: int, seed: int) -> np.ndarray:
        """The classes of `sample(num_samples, seed)`: int32 array (num_samples,)."""
        count = check_integer(num_samples, "num_samples", 1)
        return self._labels(count, randomness.check_seed(seed)).numpy()

    def _checked_condition(self, condition, num_samples):
        classes = np.asarray(condition)
        if classes.dtype.kind in "US":
            classes = labels.numbers_of(
                classes.astype(str), self.class_names, self.num_classes
            )
        one_hot = classes.ndim == 2 and classes.dtype.kind in "bf"
        if classes.dtype.kind not in "iu" and not one_hot:
            names = ", ".join(self.class_names or ())
            raise ValueError(
                "condition is one class for all samples, or one for each: integers "
                f"from 0 to {self.num_classes - 1}{names and f', or names: {names}'}. "
                f"Received: condition={condition!r}."
            )
        if classes.ndim == 0:
            classes = np.full(num_samples, classes)
        spec = tf.TensorSpec(classes.shape, tf.as_dtype(classes.dtype))
        labels.check_labels_spec((None, spec), self.num_classes, "condition")
        labels.check_label_values(
            classes, self.num_classes, "condition", mend="Choose from these."
        )
        if len(classes) != num_samples:
            raise ValueError(
                f"condition is one class, or one for each of num_samples={num_samples} "
                f"samples. Received: {len(classes)} of them."
            )
        return tf.constant(classes, tf.int32)


def _checked_probabilities(probabilities, num_classes):
    if probabilities is None:
        return None
    array = np.asarray(probabilities, np.float64)
    fits = array.shape == (num_classes,) and (array >= 0).all()
    if not fits or abs(array.sum() - 1) > 1e-6:
        raise ValueError(
            f"class_probabilities are {num_classes} numbers of at least 0 that sum to "
            f"1. Received: class_probabilities={probabilities!r}."
        )
    return array.tolist()


def _checked_names(names, num_classes):
    if names is None:
        return None
    whole = isinstance(names, list | tuple)
    texts = whole and all(isinstance(name, str) and name for name in names)
    if not texts or len(set(names)) != len(names) or len(names) != num_classes:
        raise ValueError(
            f"class_names are {num_classes} different texts, one for each class. "
            f"Received: class_names={names!r}."
        )
    return list(names)
