"""The base of schedules: a number as a function of how much of a run is over."""

from typing import Any, Protocol, Self

import keras
from keras import ops

from keras_gan.core.arguments import is_number
from keras_gan.core.typing import Config, Tensor


class Run(Protocol):
    """A run that schedules follow."""

    def progress(self) -> Tensor:
        """The share of the run that is over: float32 scalar in [0, 1]."""


class Follower(Run, Protocol):
    """A run that says how schedules follow it."""

    def following(self, schedule: "Schedule") -> "Schedule":
        """The same schedule, relative to this run."""


class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule: a number that goes from `start` to `end` over part of a run.

    It is written relative to the run's length, which `fit` knows from epochs and data,
    so another number of epochs or another batch size leaves it in tune. As the
    `learning_rate` of an optimizer it changes once a step of the game, however many
    updates the discriminator has in it. A subclass implements `shape(share)`, the part
    of the way from `start` to `end`, from 0 to 1, that is made at `share` of the ramp.

    Args:
        start, end: floats, finite.
        until: float in (0, 1], the share of the run at which `end` is reached; it stays
            from there on.

    Raises:
        ValueError: for numbers that are not finite, or another `until`; when it is
            called outside of a run, whose length is not known.
    """

    _run = None

    def __init__(self, start: float, end: float, until: float = 1.0):
        for name, value in (("start", start), ("end", end)):
            if not is_number(value):
                raise ValueError(
                    f"{name} is a finite number. Received: {name}={value!r}."
                )
        if not is_number(until) or not 0 < until <= 1:
            raise ValueError(
                "until is the share of the run at which the end is reached, above 0 "
                f"and at most 1. Received: until={until!r}."
            )
        self.start, self.end, self.until = float(start), float(end), float(until)

    def shape(self, share: Tensor) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} lacks shape.")

    def at(self, progress: float | Tensor) -> Tensor:
        """The value when `progress`, a float or tensor in [0, 1], of a run is over."""
        share = ops.minimum(ops.cast(progress, "float32") / self.until, 1.0)
        return self.start + (self.end - self.start) * self.shape(share)

    def of_run(self, run: Run) -> Self:
        """The same schedule, whose `__call__` reads how much of `run` is over."""
        schedule = type(self).from_config(self.get_config())
        schedule._run = run
        return schedule

    def __call__(self, step: int | Tensor | keras.Variable) -> Tensor:
        if self._run is None:
            raise ValueError(
                f"{type(self).__name__} is relative to the length of a run, so it has "
                "values in a compiled model of keras_gan only. Elsewhere use "
                "keras.optimizers.schedules, or `at(progress)`."
            )
        return self.at(self._run.progress())

    def __repr__(self) -> str:
        config = ", ".join(f"{k}={v:g}" for k, v in self.get_config().items())
        return f"{type(self).__name__}({config})"

    def get_config(self) -> Config:
        return {"start": self.start, "end": self.end, "until": self.until}


def config_of(value: float | Schedule) -> float | Config:
    """A number, or a schedule in its place, as a config holds it."""
    if isinstance(value, Schedule):
        return keras.saving.serialize_keras_object(value)
    return value


def of_config(
    value: float | Config, custom_objects: dict[str, Any] | None = None
) -> float | Schedule:
    """A number or a schedule, of what `config_of` gave for it."""
    if isinstance(value, dict):
        return keras.saving.deserialize_keras_object(value, custom_objects)
    return value
