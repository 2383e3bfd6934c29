"""Monitoring a run for NaN and Inf, which stop it."""

import math
from typing import Any

import keras

from keras_gan.core.finite import NonFiniteError


class HealthMonitor(keras.callbacks.Callback):
    """Monitor a run's health: raise as soon as a logged quantity is NaN or Inf.

    `GAN.fit` puts one before all other callbacks, so that nothing is saved over the
    last good checkpoint. (Keras' `TerminateOnNaN` looks at `loss` only, which a game
    does not log, and lets the end of the epoch save.)

    Raises:
        NonFiniteError: naming the step and the quantity.
    """

    def on_train_batch_end(
        self, batch: int, logs: dict[str, Any] | None = None
    ) -> None:
        for name, value in (logs or {}).items():
            if not math.isfinite(float(value)):
                step = int(self.model.step.numpy())
                raise NonFiniteError(
                    f"{name} became {float(value)} at step {step}, so training stops "
                    "here; what was saved before is untouched. Usual remedies: smaller "
                    "learning rates, a gradient penalty such as R1, or clipnorm=1 in "
                    "the optimizers."
                )
