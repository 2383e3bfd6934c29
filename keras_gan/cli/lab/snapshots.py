"""Snapshots of a game while it is trained."""

import keras


class Snapshots(keras.callbacks.Callback):
    """Keeps what `look(game)` sees before the first epoch and after some.

    Args:
        look: function of the game.
        at: the numbers of played epochs to look at; 0 is the start.
        advance: function called after each epoch, for a progress bar.

    Attributes:
        seen: what was seen, in the order of time.
    """

    def __init__(self, look, at, advance):
        super().__init__()
        self._look = look
        self._at = frozenset(at)
        self._advance = advance
        self.seen = []

    def on_train_begin(self, logs=None):
        if 0 in self._at:
            self.seen.append(self._look(self.model))

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 in self._at:
            self.seen.append(self._look(self.model))
        self._advance()
