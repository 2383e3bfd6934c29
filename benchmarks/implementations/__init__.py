"""Implementations: each trains a workload's networks by the same game, its own way."""

import importlib
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Implementation:
    """An implementation, and how a worker process makes it.

    Attributes:
        frameworks: the modules whose import is not counted as memory.
        path: "module:class" below `implementations`; the class takes (workload, steps).
        options: its further arguments.
        families: the `Workload.family` that it plays.
        environment: variables of its process.
    """

    frameworks: tuple
    path: str
    options: dict = field(default_factory=dict)
    families: tuple = ("gan", "wgan_gp", "r3gan", "hinge")
    environment: dict = field(default_factory=dict)

    def make(self, workload, steps):
        module, name = self.path.split(":")
        made = getattr(importlib.import_module(f"implementations.{module}"), name)
        return made(workload, steps, **self.options)


KERAS = ("keras_gan", "tensorflow", "keras")  # in this order, as the README has it

IMPLEMENTATIONS = {
    "keras_gan": Implementation(KERAS, "keras_gan_fit:KerasGanFit"),
    "keras_gan one step": Implementation(
        KERAS, "keras_gan_fit:KerasGanFit", {"steps_per_execution": 1}
    ),
    "keras_gan jit": Implementation(
        KERAS,
        "keras_gan_fit:KerasGanFit",
        {"jit_compile": True, "steps_per_execution": 10},
    ),
    "keras_gan oneDNN off": Implementation(
        KERAS, "keras_gan_fit:KerasGanFit", environment={"TF_ENABLE_ONEDNN_OPTS": "0"}
    ),
    "keras example": Implementation(
        KERAS, "keras_example:KerasExample", families=("gan",)
    ),
    "pytorch eager": Implementation(("torch",), "pytorch_loop:PyTorchLoop"),
    "pytorch compile": Implementation(
        ("torch",), "pytorch_loop:PyTorchLoop", {"compiled": True}
    ),
}
