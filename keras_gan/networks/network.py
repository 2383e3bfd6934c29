"""The base of networks: a graph of layers that is made again from its arguments."""

import inspect
from collections.abc import Sequence
from typing import Any, Self

import keras
from keras import KerasTensor

from keras_gan.core.typing import Config


class Network(keras.Model):
    """A functional model whose config is the arguments of its constructor.

    A subclass checks its arguments, builds the graph, and hands both on by
    `super().__init__`. Each argument is an attribute then, and `get_config` has all of
    them, defaults included: a changed default does not change what was saved.

    Args:
        inputs, outputs: symbolic tensors, or lists of them, as for `keras.Model`.
        name: str, or None.
        **arguments: all other arguments of the subclass's constructor, as checked, by
            their names.

    Raises:
        TypeError: for a constructor without `name`, or other arguments than it has.

    Example:

    >>> class Linear(Network):
    ...     def __init__(self, width, use_bias=True, name=None):
    ...         inputs = keras.Input((width,))
    ...         outputs = keras.layers.Dense(1, use_bias=use_bias)(inputs)
    ...         super().__init__(inputs, outputs, name, width=width, use_bias=use_bias)
    >>> Linear(3, name="line").get_config()
    {'width': 3, 'use_bias': True, 'name': 'line'}
    """

    def __init__(
        self,
        inputs: KerasTensor | Sequence[KerasTensor],
        outputs: KerasTensor | Sequence[KerasTensor],
        name: str | None = None,
        **arguments: Any,
    ):
        _check_arguments(type(self), arguments)
        super().__init__(inputs, outputs, name=name)
        for argument, value in arguments.items():
            setattr(self, argument, value)

    def get_config(self) -> Config:
        own = {name: getattr(self, name) for name in _arguments_of(type(self))}
        return {**own, "name": self.name}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(**config)


def _arguments_of(cls):
    """The names of a constructor's arguments but `name`, in their order."""
    names = list(inspect.signature(cls.__init__).parameters)[1:]
    return [name for name in names if name != "name"]


def _check_arguments(cls, given):
    """Raise a TypeError unless the config would have all that a constructor takes."""
    taken = _arguments_of(cls)
    if set(given) != set(taken) or "name" not in inspect.signature(cls).parameters:
        call = ["inputs", "outputs", "name=name", *(f"{name}={name}" for name in taken)]
        raise TypeError(
            f"{cls.__name__} is made again from its config: its constructor takes "
            "name=None last, and hands on every argument: "
            f"super().__init__({', '.join(call)}). Received: "
            f"{', '.join(given) or 'none of them'}."
        )
