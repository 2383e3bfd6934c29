"""Contenders: each trains a work's networks by the same game, in its own way."""

import importlib
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Contender:
    """A contender, and how a worker process makes it.

    Attributes:
        frameworks: the modules whose import is not counted as memory.
        path: "module:class" below `contenders`; the class takes (work, steps).
        options: its further arguments.
        families: the `Work.family` that it plays.
    """

    frameworks: tuple
    path: str
    options: dict = field(default_factory=dict)
    families: tuple = ("gan", "wgan_gp")

    def make(self, work, steps):
        module, name = self.path.split(":")
        made = getattr(importlib.import_module(f"contenders.{module}"), name)
        return made(work, steps, **self.options)


KERAS = ("tensorflow", "keras")

CONTENDERS = {
    "keras_gan": Contender(KERAS, "keras_gan_fit:KerasGanFit"),
    "keras_gan 10 steps": Contender(
        KERAS, "keras_gan_fit:KerasGanFit", {"steps_per_execution": 10}
    ),
    "keras_gan jit": Contender(
        KERAS,
        "keras_gan_fit:KerasGanFit",
        {"jit_compile": True, "steps_per_execution": 10},
    ),
    "keras example": Contender(KERAS, "keras_example:KerasExample", families=("gan",)),
    "pytorch eager": Contender(("torch",), "pytorch_loop:PyTorchLoop"),
    "pytorch compile": Contender(
        ("torch",), "pytorch_loop:PyTorchLoop", {"compiled": True}
    ),
}
