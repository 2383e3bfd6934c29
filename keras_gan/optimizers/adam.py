"""Adam with a beta_2 that may change over a run, and a bias correction that fits it."""

from collections.abc import Sequence
from typing import Any, Self

import keras
from keras import ops

from keras_gan.core import adam
from keras_gan.core.arguments import is_number
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.schedules import Schedule
from keras_gan.schedules.schedule import Follower, config_of, of_config


@register
class Adam(keras.optimizers.Adam):
    """Adam, whose beta_2 may be a schedule: Keras' optimizer, unbiased all the way.

    With g_t the gradient, b_t the value of beta_2 at the update t and b_1 of beta_1,

        m_t = b_1 m_{t-1} + (1 - b_1) g_t
        v_t = b_t v_{t-1} + (1 - b_t) g_t^2
        P_t = b_t P_{t-1}, P_0 = 1
        w_t = w_{t-1} - rate sqrt(1 - P_t) / (1 - b_1^t) m_t / (sqrt(v_t) + epsilon)

    (Kingma and Ba, 2015, the form before Section 2.1, as Keras has it.) The weights of
    the squares in v_t sum to 1 - P_t, with P_t the product of all b_i: of a constant
    gradient v_t / (1 - P_t) is g^2 at each update, whatever beta_2 has been. Where
    beta_2 is a number, P_t = beta_2^t, and this is `keras.optimizers.Adam`.

    PyTorch, and so the code of Huang et al. (2024), has 1 - b_t^t in place of 1 - P_t,
    as if beta_2 had always been what it is now. Where it rises from 0.9 to 0.99 in 100
    updates, that is 0.63 in the end, and 1 - P_t is 1: steps are shorter there by a
    fifth. Where it rises in 1000 updates, both are 1.

    A schedule is relative to the length of a run, as that of a learning rate: it
    changes once a step of the game, however many updates the discriminator has in it.

    Args:
        learning_rate: float, or a schedule.
        beta_1: float in [0, 1).
        beta_2: float in [0, 1), or one of `keras_gan.schedules` between such.
        epsilon: float.
        weight_decay, clipnorm, clipvalue, global_clipnorm, name: as in Keras.

    Raises:
        ValueError: for a beta that is none; where it is used outside of a run, if
            beta_2 is a schedule.

    Example:

    >>> from keras_gan.schedules import Cosine
    >>> Adam(2e-4, beta_1=0.0, beta_2=Cosine(0.9, 0.99, until=0.2)).beta_2
    Cosine(start=0.9, end=0.99, until=0.2)
    """

    def __init__(
        self,
        learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 0.001,
        beta_1: float = 0.9,
        beta_2: float | Schedule = 0.999,
        epsilon: float = 1e-7,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        name: str | None = None,
    ):
        changes = isinstance(beta_2, Schedule)
        ends = (beta_2.start, beta_2.end) if changes else (beta_2,)
        for argument, value, parts in (
            ("beta_1", beta_1, (beta_1,)),
            ("beta_2", beta_2, ends),
        ):
            if not all(is_number(part) and 0 <= part < 1 for part in parts):
                raise ValueError(
                    f"{argument} is the part of a moment that is kept at each update, "
                    f"at least 0 and below 1. Received: {argument}={value!r}."
                )
        super().__init__(
            learning_rate,
            beta_1=beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            name=name,
        )

    def follow(self, run: Follower) -> None:
        """Let beta_2 follow a run, if it is a schedule.

        Args:
            run: `training.run_length.RunLength`.
        """
        if isinstance(self.beta_2, Schedule):
            self.beta_2 = run.following(self.beta_2)

    def build(self, variables: Sequence[keras.Variable]) -> None:
        """Make the moments of variables, and what beta_2 is and has been."""
        if self.built:
            return
        super().build(variables)
        scalar = {"shape": (), "dtype": "float32", "aggregation": "only_first_replica"}
        self.present_beta_2 = self.add_variable(**scalar, name="beta_2")
        self.beta_2_power = self.add_variable(
            **scalar, initializer="ones", name="beta_2_power"
        )

    def apply(
        self,
        grads: Sequence[Tensor | None],
        trainable_variables: Sequence[keras.Variable] | None = None,
    ) -> None:
        """Update variables by their gradients, as in Keras."""
        if len(grads) == 0:
            return
        if not self.built and trainable_variables is not None:
            self.build(list(trainable_variables))
        if self.built:  # else Keras says what is missing
            beta_2 = self.beta_2
            if isinstance(beta_2, Schedule):
                beta_2 = beta_2(self.iterations)
            # All variables of an update read it: no schedule is worked out for each.
            self.present_beta_2.assign(beta_2)
            self.beta_2_power.assign(self.beta_2_power * self.present_beta_2)
        super().apply(grads, trainable_variables)

    def update_step(
        self, gradient: Tensor, variable: keras.Variable, learning_rate: Tensor
    ) -> None:
        """Update one variable."""
        number = ops.cast(self.iterations, "float32") + 1
        beta_1_power = ops.cast(self.beta_1, "float32") ** number
        beta_2, beta_2_power = self.present_beta_2, self.beta_2_power
        adam.step(
            self,
            gradient,
            variable,
            learning_rate,
            ops.convert_to_tensor(beta_2),
            (beta_1_power, ops.convert_to_tensor(beta_2_power)),
        )

    def get_config(self) -> Config:
        config = {**super().get_config(), "beta_2": config_of(self.beta_2)}
        taken = (
            *("learning_rate", "beta_1", "beta_2", "epsilon", "weight_decay"),
            *("clipnorm", "clipvalue", "global_clipnorm", "name"),
        )
        return {name: config[name] for name in taken}

    @classmethod
    def from_config(
        cls, config: Config, custom_objects: dict[str, Any] | None = None
    ) -> Self:
        if "beta_2" in config:
            beta_2 = of_config(config["beta_2"], custom_objects)
            config = {**config, "beta_2": beta_2}
        return super().from_config(config, custom_objects)
