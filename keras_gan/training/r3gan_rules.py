"""R3GAN's rules, of games with and without classes: five ramps over a burn-in."""

from collections.abc import Sequence
from typing import Any

import keras

from keras_gan.augmentations import ADA, Augmentation
from keras_gan.core.arguments import is_number
from keras_gan.losses import Loss
from keras_gan.optimizers import Adam
from keras_gan.penalties import R1, R2, Penalty
from keras_gan.schedules import Cosine, HalfLife, Schedule

Ramp = float | tuple[float, float] | Schedule

GAMMA = (1.0, 0.1)
LEARNING_RATE = (2e-4, 5e-5)
BETA_2 = (0.9, 0.99)
BURN_IN = 0.2
COLOR = 0.5  # of the augmentation's probability, for colours
HALF_LIFE = HalfLife(500_000)


class R3GANRules:
    """R3GAN's rules (Huang et al., 2024), which a family inherits beside `GAN`."""

    def compile(
        self,
        loss: str | Loss = "relativistic",
        penalties: Sequence[str | Penalty] | None = None,
        *,
        gamma: Ramp | None = None,
        learning_rate: Ramp | None = None,
        burn_in: float = BURN_IN,
        augmentation: float | str | dict[str, Any] | Augmentation | None = None,
        generator_optimizer: keras.optimizers.Optimizer | str | None = None,
        discriminator_optimizer: keras.optimizers.Optimizer | str | None = None,
        latents: str = "fresh",
        real: str = "fresh",
        **rules: Any,
    ) -> None:
        """Set the rules of the game; those not named here are as in `GAN.compile`.

        A ramp goes by half a cosine from its first number to its second one in the
        burn-in, and stays there. It is given as a pair; a number does not change, and
        one of `keras_gan.schedules` is taken as it is. Configs hold what these short
        forms stand for: the penalties, the optimizers, the augmentation.

        Args:
            loss: the pairing of the paper, "relativistic".
            penalties: None for `R1(gamma)` and `R2(gamma)`, at every update.
            gamma: ramp, None is (1.0, 0.1) as for StackedMNIST and ImageNet-64. It
                cannot be guessed for other data: the paper has (0.05, 0.005) for
                CIFAR-10, (2.0, 0.2) for faces of 64 pixels, (150.0, 15.0) for 256.
            learning_rate: ramp, None is (2e-4, 5e-5) as for all but StackedMNIST,
                where it stays 2e-4.
            burn_in: float in (0, 1], the share of the run in which ramps end. The
                paper's are 0.2 for StackedMNIST, FFHQ-64 and ImageNet-64, 0.1 for
                FFHQ-256, 0.08 for CIFAR-10.
            augmentation: None; or the probability p to which `ADA` goes from 0 in the
                burn-in, with half of it for colours: 0.3 for FFHQ, 0.4 for ImageNet-64,
                0.55 for CIFAR-10; or as for `GAN.compile`.
            generator_optimizer, discriminator_optimizer: None for
                `optimizers.Adam(learning_rate, beta_1=0, epsilon=1e-8)` with the ramp
                (0.9, 0.99) for beta_2.
            latents, real: "fresh": the generator is trained on latents, and compared
                with a real minibatch, that the discriminator has not seen, so that a
                step takes one more minibatch than the discriminator has updates.

        Raises:
            ValueError: for another burn_in, ramps that are none, gamma beside
                penalties or learning_rate beside both optimizers, where they have no
                effect; or as `GAN.compile`.
        """
        if not is_number(burn_in) or not 0 < burn_in <= 1:
            raise ValueError(
                "burn_in is the share of the run in which ramps end, above 0 and at "
                f"most 1. Received: burn_in={burn_in!r}."
            )
        if penalties is None:
            weight = _ramp(GAMMA if gamma is None else gamma, "gamma", burn_in)
            penalties = [R1(weight), R2(weight)]
        elif gamma is not None:
            raise ValueError(
                f"gamma={gamma!r} has no effect beside penalties, which have weights "
                "of their own. Leave out one of the two."
            )
        both = None not in (generator_optimizer, discriminator_optimizer)
        if both and learning_rate is not None:
            raise ValueError(
                f"learning_rate={learning_rate!r} has no effect beside two optimizers, "
                "which have rates of their own. Leave it, or one of them, out."
            )
        rate = LEARNING_RATE if learning_rate is None else learning_rate
        rate = _ramp(rate, "learning_rate", burn_in)
        if is_number(augmentation):
            p = _ramp((0.0, augmentation), "augmentation", burn_in)
            augmentation = ADA(p, color=COLOR)
        super().compile(
            loss,
            penalties,
            generator_optimizer=generator_optimizer or _adam(rate, burn_in),
            discriminator_optimizer=discriminator_optimizer or _adam(rate, burn_in),
            latents=latents,
            real=real,
            augmentation=augmentation,
            **rules,
        )
        self.burn_in = float(burn_in)
        if isinstance(self.ema_decay, HalfLife):
            images = self.ema_decay.images
            ramp = images if isinstance(images, Schedule) else (0.0, images)
            self._set_averaging(HalfLife(_ramp(ramp, "ema_decay", burn_in)))

    def get_compile_config(self) -> dict[str, Any]:
        if not self.compiled:
            return {}
        return {**super().get_compile_config(), "burn_in": self.burn_in}


def _adam(learning_rate, burn_in):
    """The paper's optimizer, a new one for each player."""
    beta_2 = _ramp(BETA_2, "beta_2", burn_in)
    return Adam(learning_rate, beta_1=0.0, beta_2=beta_2, epsilon=1e-8)


def _ramp(value, name, burn_in):
    """A number or a schedule; of a pair the schedule over the burn-in.

    Raises:
        ValueError: for a value that is none of these, or below 0.
    """
    if isinstance(value, Schedule):
        return value
    pair = isinstance(value, list | tuple) and len(value) == 2
    ends = value if pair else (value,)
    if not all(is_number(end) and end >= 0 for end in ends):
        raise ValueError(
            f"{name} is a number of at least 0, a pair of such, from which to which it "
            "goes in the burn-in, or one of keras_gan.schedules. Received: "
            f"{name}={value!r}."
        )
    return Cosine(*ends, until=burn_in) if pair else float(value)
