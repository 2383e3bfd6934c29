"""Type hints of public signatures: complete, resolved, and true of the defaults."""

import functools
import importlib
import inspect
import types
import typing

import numpy as np
import pytest
from numpy.typing import ArrayLike

PACKAGES = (
    "augmentations",
    "callbacks",
    "constraints",
    "datasets",
    "densities",
    "divergences",
    "evaluation",
    "explore",
    "layers",
    "losses",
    "metrics",
    "models",
    "networks",
    "optimizers",
    "penalties",
    "pixels",
    "plots",
    "priors",
    "relatives",
    "sampling",
    "schedules",
    "training",
)
CALLED = ("__init__", "__call__")  # what is public of the names with underscores
TOWER = {float: (int, float), complex: (int, float, complex)}  # as PEP 484 has it
SEVERAL = inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD


def names_of(module):
    """`__all__`, or without one the functions and classes that a module defines."""
    own = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and getattr(value, "__module__", "") == module.__name__
    ]
    return getattr(module, "__all__", own)


def functions_of(module):
    """(name, function) of all that is public in a package, and in those it lists."""
    for name in names_of(module):
        value = getattr(module, name)
        if inspect.ismodule(value):
            yield from functions_of(value)
        elif inspect.isclass(value):
            yield from methods_of(value)
        elif callable(value):
            yield f"{module.__name__}.{name}", value


def methods_of(cls):
    """(name, function) of a class's public methods, those of its own bases too."""
    for owner in cls.__mro__:
        if not owner.__module__.startswith("keras_gan."):
            continue
        for name, value in vars(owner).items():
            if isinstance(value, property | functools.cached_property):
                value = getattr(value, "fget", None) or value.func
            function = getattr(value, "__func__", value)  # of a class method
            is_public = not name.startswith("_") or name in CALLED
            if is_public and inspect.isfunction(function):
                yield f"{owner.__module__}.{owner.__qualname__}.{name}", function


def faults_of(function):
    """What is wrong with a function's hints; a NameError where one has no meaning."""
    hints = typing.get_type_hints(function)
    parameters = inspect.signature(function).parameters.values()
    parameters = [
        parameter
        for parameter in parameters
        if parameter.name not in ("self", "cls") and parameter.kind not in SEVERAL
    ]
    names = [parameter.name for parameter in parameters]
    if function.__name__ != "__init__":
        names.append("return")
    return [name for name in names if name not in hints] + [
        f"{parameter.name} is no {hints[parameter.name]}"
        for parameter in parameters
        if parameter.name in hints
        and parameter.default is not parameter.empty
        and not admits(hints[parameter.name], parameter.default)
    ]


def admits(hint, value):
    """Whether a default is of the type of its hint, as far as its class says it."""
    origin = typing.get_origin(hint)
    if hint in (typing.Any, None):
        return hint is typing.Any or value is None
    if origin in (typing.Union, types.UnionType):
        return any(admits(each, value) for each in typing.get_args(hint))
    if origin is typing.Literal:
        return value in typing.get_args(hint)
    kind = TOWER.get(hint, origin or hint)
    alike = list(value) if isinstance(value, tuple) else value  # with __reversed__
    return isinstance(value, kind) or isinstance(alike, kind)


@pytest.mark.parametrize("package", PACKAGES)
def test_hints(package):
    found = dict(functions_of(importlib.import_module(f"keras_gan.{package}")))
    faults = {name: faults_of(function) for name, function in found.items()}
    assert found
    assert {name: fault for name, fault in faults.items() if fault} == {}


def complete(a: int, *rest, b: float = 1, c: ArrayLike = (0.0,), **more) -> np.ndarray:
    """No fault: an int is a float, and a tuple an array."""


def without_any(a, b=None):
    """Nothing is said."""


def without_return(a: int):
    """Half is said."""


def untrue(a: int = None, b: str | None = None, c: float = "1") -> None:  # noqa: RUF013
    """`a` and `c` are not what is said."""


def unresolved(a: "Nothing") -> None:  # noqa: F821
    """`a` is of a type that is not there."""


@pytest.mark.parametrize(
    ("function", "faults"),
    [
        (complete, []),
        (without_any, ["a", "b", "return"]),
        (without_return, ["return"]),
        (untrue, ["a is no <class 'int'>", "c is no <class 'float'>"]),
    ],
)
def test_a_fault_is_found(function, faults):
    assert faults_of(function) == faults


def test_a_name_without_meaning_is_found():
    with pytest.raises(NameError, match="Nothing"):
        faults_of(unresolved)


class Base:
    """A class, of which `Derived` has all."""

    __module__ = "keras_gan.somewhere"

    def __init__(self, a):
        self.a = a

    def _private(self):
        return self.a

    @property
    def read(self):
        return self._private()

    @classmethod
    def made(cls, a):
        return cls(a)


class Derived(Base):
    """A class with a method of its own."""

    __module__ = "keras_gan.somewhere"

    def __call__(self):
        return self.a


def test_methods_of_bases_are_found():
    found = {name.rpartition(".")[2] for name, _ in methods_of(Derived)}
    assert found == {"__init__", "__call__", "read", "made"}
