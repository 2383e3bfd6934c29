"""Interrupts: Ctrl-C or SIGTERM in a training finishes the step, saves it and stops."""

import signal

import keras

from keras_gan.cli import reporting


class StopOnInterrupt(keras.callbacks.Callback):
    """Turn the first Ctrl-C, or SIGTERM, into a checkpoint and a KeyboardInterrupt.

    A signal may come in the middle of a step, where the two networks are not at the
    same move; the step ends first. (Setting `stop_training` would not do: Keras then
    ends the epoch as if all of it had been played.) A second Ctrl-C stops at once.

    Place it after `backup` among the callbacks, and `fit` in its `with` block.

    Args:
        backup: the `keras_gan.callbacks.BackupAndRestore` of the same `fit`.
        alone: whether no other worker plays along. One of several cannot save without
            the others, so it stops at once, and they notice.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self, backup, alone=True):
        super().__init__()
        self._backup = backup
        self._alone = alone
        self._asked = False

    def __enter__(self):
        self._previous = {n: signal.signal(n, self._ask) for n in self.SIGNALS}
        return self

    def __exit__(self, *_):
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _ask(self, number, frame):
        for known in self.SIGNALS:
            signal.signal(known, signal.default_int_handler)
        if not self._alone:
            raise KeyboardInterrupt
        self._asked = True
        reporting.trouble.print(
            "\nFinishing this step, to keep it. Ctrl-C again stops at once."
        )

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        # All epochs have the same number of steps, so the counter tells where one ends.
        ends = int(self.model.step.numpy()) % self.params["steps"] == 0
        if self._asked and not ends:
            self._backup.save(self._epoch)
            raise KeyboardInterrupt

    def on_epoch_end(self, epoch, logs=None):
        if self._asked:
            self._backup.save(epoch + 1)
            raise KeyboardInterrupt
