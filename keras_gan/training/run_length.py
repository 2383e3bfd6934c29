"""The length of a run, which schedules are relative to."""

import keras
from keras import ops

from keras_gan.core import compat
from keras_gan.optimizers import Adam
from keras_gan.schedules import Schedule

INTEGER = {"dtype": "int64", "trainable": False, "aggregation": "only_first_replica"}


class RunLength:
    """The steps from which and for which a model is trained; no weight of the model.

    Args:
        step: the variable that counts the model's steps.
    """

    def __init__(self, step):
        self._step = step
        self._begin = keras.Variable(0, **INTEGER)
        self._steps = keras.Variable(0, **INTEGER)
        self.schedules = ()

    def set(self, begin, steps):
        """Let the run go from step `begin` to step `begin + steps`."""
        self._begin.assign(begin)
        self._steps.assign(steps)

    @property
    def steps(self):
        """The number of steps of the run; 0 where that is not known."""
        return int(self._steps.numpy())

    @property
    def end(self):
        """The step at which the run is over; None where its length is not known."""
        return int(self._begin.numpy()) + self.steps if self.steps else None

    def share_of(self, begin, steps):
        """The share of a run of `steps` steps from `begin` on that is over: float."""
        return min(1.0, max(0, int(self._step.numpy()) - begin) / max(1, steps))

    def progress(self):
        """The share of the run that is over: float32 scalar in [0, 1]."""
        begin, steps, step = (
            ops.cast(variable.value, "float64")
            for variable in (self._begin, self._steps, self._step)
        )
        share = (step - begin) / ops.maximum(steps, 1.0)
        return ops.cast(ops.clip(share, 0.0, 1.0), "float32")

    def follow(self, optimizer):
        """Let the schedules of an optimizer be relative to this run, if it has some."""
        inner = getattr(optimizer, "inner_optimizer", optimizer)
        rate = compat.learning_rate(inner)
        if isinstance(rate, Schedule):
            compat.set_learning_rate(inner, self.following(rate))
        if isinstance(inner, Adam):
            inner.follow(self)

    def following(self, schedule):
        """The same schedule, relative to this run."""
        schedule = schedule.of_run(self)
        self.schedules += (schedule,)
        return schedule

    def check_known(self, what):
        """Raise a ValueError if schedules wait for a length that nobody has told."""
        if self.schedules and not self.steps:
            raise ValueError(
                f"{type(self.schedules[0]).__name__} is relative to the length of the "
                f"run, which {what}."
            )
