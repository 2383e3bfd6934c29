"""Grids of samples of the same latents, drawn after each epoch."""

import os
from typing import Any

import keras

from keras_gan.core import leftovers
from keras_gan.core.arguments import check_integer
from keras_gan.core.randomness import check_seed
from keras_gan.pixels import image_grid, write_png


class SampleGrid(keras.callbacks.Callback):
    """Write a grid of samples after each epoch, as PNG.

    The latents stay the same from picture to picture, so that one sees how the same
    samples change. Pictures are `<directory>/epoch-0001.png` and so on; the newest one
    is also `<directory>.png`, for a viewer that reloads it. For TensorBoard there is
    `callbacks.TensorBoard`, which draws such a grid, too.

    Args:
        directory: folder of the pictures, made if it does not exist.
        num_samples: int >= 1, how many samples a grid shows.
        seed: int in [0, 2**31), which latents; see `GAN.sample`.
        every: int >= 1, the epochs from one picture to the next.

    Raises:
        ValueError: for a number out of its range; at the start of `fit`, for a game
            that makes no images.

    Example:

    >>> grid = SampleGrid("run/samples", num_samples=16)
    """

    def __init__(
        self,
        directory: str | os.PathLike,
        num_samples: int = 64,
        seed: int = 0,
        every: int = 1,
    ) -> None:
        super().__init__()
        self.directory = os.path.normpath(directory)
        self.num_samples = check_integer(num_samples, "num_samples", 1)
        self.seed = check_seed(seed)
        self.every = check_integer(every, "every", 1)

    def _draw(self):
        return image_grid(self.model.sample(self.num_samples, seed=self.seed))

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._draw()  # what cannot be drawn comes out now and not after an epoch
        leftovers.remove(self.directory)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if (epoch + 1) % self.every:
            return
        grid = self._draw()
        try:
            write_png(os.path.join(self.directory, f"epoch-{epoch + 1:04d}.png"), grid)
            write_png(f"{self.directory}.png", grid)
        except OSError as error:
            step = int(self.model.step.numpy())
            raise type(error)(
                error.errno,
                f"The samples of epoch {epoch + 1}, at step {step}, could not be "
                f"written: {error.strerror or error}",
                error.filename,
            ) from error
