"""Timing: the steps that a game takes in some minutes, and the time left of a run."""

import time

import keras

from keras_gan.cli.reporting import duration, say

WARM_UP = 3  # calls, in which graphs are traced and memory is taken
LONGEST, SHARE = 20.0, 0.1  # seconds, and the share of the minutes, that are timed
SAID_EVERY = 10.0  # seconds


def steps_in(minutes, game, dataset):
    """The steps of `game` on `dataset` in some minutes on this machine, at least 1.

    Args:
        minutes: float > 0.
        game: a compiled game that is thrown away: it is trained.
        dataset: what it is trained on.
    """
    clock = _Clock(min(LONGEST, SHARE * 60.0 * minutes))
    game.fit(dataset, epochs=10**6, verbose=0, callbacks=[clock])
    return max(1, round(clock.steps_a_second * 60.0 * minutes))


def seconds_of_evaluation(game, dataset):
    """The seconds that an evaluation takes, once its graphs are made.

    Args:
        game: a compiled game.
        dataset: what it is evaluated on.
    """
    taken = []
    for _ in range(2):
        began = time.perf_counter()
        game.evaluate(dataset, verbose=0)
        taken.append(time.perf_counter() - began)
    return min(taken)


class _Clock(keras.callbacks.Callback):
    """Times steps after a warm-up, and then ends the training."""

    each_step = False

    def __init__(self, seconds):
        super().__init__()
        self._seconds, self._calls = seconds, 0

    def on_train_batch_end(self, batch, logs=None):
        self._calls += 1
        step, now = int(self.model.step.numpy()), time.perf_counter()
        if self._calls == WARM_UP:
            self._first = step, now
        elif self._calls > WARM_UP and now - self._first[1] >= self._seconds:
            self.steps_a_second = (step - self._first[0]) / (now - self._first[1])
            self.model.stop_training = True


class TimeLeft(keras.callbacks.Callback):
    """Says at ends of epochs how far the run is, and how long the rest will take."""

    def on_train_begin(self, logs=None):
        self._first, self._said = None, time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        step, now = int(self.model.step.numpy()), time.monotonic()
        end = self.model.run_length.end
        begun = self._first
        if begun is None:  # the first epoch traces the graphs
            self._first = step, now
        elif step > begun[0] and now - self._said >= SAID_EVERY and step < end:
            left = (end - step) * (now - begun[1]) / (step - begun[0])
            share = 100 * step // end
            say(f"Step {step:,} of {end:,}, {share} %: {duration(left)} left")
            self._said = now
