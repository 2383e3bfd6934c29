"""Interrupts: Ctrl-C or SIGTERM in a training finishes the step, saves it and stops."""

import signal

from keras_gan.cli import reporting


class StopOnInterrupt:
    """Turn the first Ctrl-C, or SIGTERM, into a checkpoint and a KeyboardInterrupt.

    A scope for `fit`. A signal may come in the middle of a step, where the two networks
    are not at the same update; the step ends first. A second Ctrl-C stops at once.

    Args:
        backup: the `keras_gan.callbacks.BackupAndRestore` of that `fit`.
        alone: whether no other worker trains along. One of several cannot save without
            the others, so it stops at once, and they notice.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self, backup, alone=True):
        self._backup = backup
        self._alone = alone

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
        self._backup.stop_after_step()
        reporting.trouble.print(
            "\nFinishing this step, to keep it. Ctrl-C again stops at once."
        )
