"""Ctrl-C in a training: finish the step, keep it, stop."""

import signal

import keras

from keras_gan_cli import reporting


class StopOnInterrupt(keras.callbacks.Callback):
    """Turn the first Ctrl-C into a checkpoint, then into a KeyboardInterrupt.

    A signal may come in the middle of a step, where the two networks are not at the
    same move; the step ends first. (Setting `stop_training` would not do: Keras then
    ends the epoch as if all of it had been played.) A second Ctrl-C stops at once.

    Place it after `backup` among the callbacks, and `fit` in its `with` block.

    Args:
        backup: the `keras_gan.callbacks.BackupAndRestore` of the same `fit`.
    """

    def __init__(self, backup):
        super().__init__()
        self._backup = backup
        self._asked = False

    def __enter__(self):
        self._previous = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *_):
        signal.signal(signal.SIGINT, self._previous)

    def _ask(self, number, frame):
        self._asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        reporting.trouble.print(
            "\nFinishing this step, to keep it. Ctrl-C again stops at once."
        )

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        # All epochs have the same number of steps, so the counter tells where one ends;
        # its end saves itself.
        ends = int(self.model.step.numpy()) % self.params["steps"] == 0
        if self._asked and not ends:
            self._backup.save(self._epoch)
            raise KeyboardInterrupt

    def on_epoch_end(self, epoch, logs=None):
        if self._asked:
            raise KeyboardInterrupt
