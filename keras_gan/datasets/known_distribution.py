"""Known distributions as data: to see whether a game finds them."""

import numpy as np
import tensorflow as tf

from keras_gan.core.arguments import check_integer
from keras_gan.core.randomness import check_seed, seed_of

from .epoch_dataset import EpochDataset
from .load import load
from .memory import check_memory


class KnownDistribution:
    """A known distribution: vectors drawn from what can be written down.

    A subclass implements `draw`; all else follows from it. As data for a game:

    - `epoch(...)`: a finite sample, drawn once, as an `EpochDataset`. It is resumed
      exactly and at no cost, as all data of `datasets.load`.
    - `stream(...)`: fresh samples for ever. Minibatch i is a function of (seed, i), so
      the stream is the same whenever it is read. It is resumed exactly too, but only at
      the end of an epoch, and what came before is drawn once more on the way.

    Attributes:
        dim: int >= 1, the numbers of one sample.
    """

    dim: int | None = None

    def draw(self, rows: int | tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        """Independent samples, float32 tensor (rows, dim).

        Args:
            rows: int or int32 scalar tensor. The first rows do not depend on it.
            seed: int32 tensor of shape (2,), see `keras_gan.core.randomness`.
        """
        raise NotImplementedError(f"{type(self).__name__} lacks draw.")

    def sample(self, num_samples: int, seed: int = 0) -> np.ndarray:
        """Independent samples: float32 array (num_samples, dim).

        Args:
            num_samples: int >= 1; `sample(m)` begins `sample(n)` for m < n.
            seed: int in [0, 2**31 - 1].

        Raises:
            ValueError: for another number of samples or seed, or for more samples than
                the memory holds.
        """
        num_samples = check_integer(num_samples, "num_samples", 1)
        self._check_points(num_samples)
        return self.draw(num_samples, seed_of(check_seed(seed), "known")).numpy()

    def epoch(
        self,
        num_samples: int,
        batch_size: int,
        seed: int = 0,
        drop_remainder: bool = True,
    ) -> EpochDataset:
        """One epoch over `sample(num_samples, seed)`, as `datasets.load` gives it.

        Args:
            num_samples: int >= 1.
            batch_size: int >= 1, the samples of a minibatch.
            seed: int in [0, 2**31 - 1], of the samples and of their order.
            drop_remainder: bool, whether to leave out a last smaller minibatch.

        Returns:
            An `EpochDataset` of float32 minibatches (batch_size, dim).

        Raises:
            ValueError: for an argument out of its range.
        """
        samples = self.sample(num_samples, seed)
        return load(samples, batch_size, seed=seed, drop_remainder=drop_remainder)

    def stream(self, batch_size: int, seed: int = 0) -> tf.data.Dataset:
        """Minibatches of fresh samples without end; `fit` needs `steps_per_epoch`.

        Args:
            batch_size: int >= 1.
            seed: int in [0, 2**31 - 1].

        Returns:
            A `tf.data.Dataset` of float32 minibatches (batch_size, dim).

        Raises:
            ValueError: for an argument out of its range.
        """
        batch_size = check_integer(batch_size, "batch_size", 1)
        self._check_points(batch_size)
        seed = check_seed(seed)

        def minibatch(position):
            samples = self.minibatch(position, batch_size, seed)
            return tf.ensure_shape(samples, (batch_size, self.dim))

        return tf.data.Dataset.counter().map(minibatch)

    def _check_points(self, count):
        check_memory(
            f"A sample of {count} points of dimension {self.dim}",
            4 * count * (self.dim or 1),
            "Draw fewer at a time.",
        )

    def minibatch(
        self, position: int | tf.Tensor, batch_size: int, seed: int = 0
    ) -> tf.Tensor:
        """Minibatch number `position` of the stream: float32 (batch_size, dim).

        Args:
            position: int >= 0, or int64 scalar tensor.
            batch_size, seed: as in `stream`.

        Raises:
            ValueError: for an argument out of its range.
        """
        if not tf.is_tensor(position):
            check_integer(position, "position", 0)
        batch_size = check_integer(batch_size, "batch_size", 1)
        seed = check_seed(seed)
        # Two counters, since a position is an int64 and a counter an int32.
        turn, rest = position // 2**31, position % 2**31
        return self.draw(batch_size, seed_of(seed, "stream", turn, rest))
