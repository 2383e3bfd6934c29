"""InfoGAN: codes among the latents that can be found again in the samples."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core.covariance import as_floats
from keras_gan.core.randomness import seed_of
from keras_gan.core.registry import register
from keras_gan.losses import Loss
from keras_gan.models.gan import GAN
from keras_gan.penalties import Penalty
from keras_gan.priors import Categorical, Joint
from keras_gan.schedules import HalfLife
from keras_gan.training import backbone, play, posterior
from keras_gan.training.precision import at_least_float32
from keras_gan.training.predicting import predict_in_batches
from keras_gan.training.rounds import Round


@register
class InfoGAN(GAN):
    """InfoGAN: a GAN whose latents hold codes that a network Q recognizes in samples.

    Both losses hold a lower bound of the mutual information between code and sample
    (Chen et al., 2016, eq. 5 and 6):

        L_I = E log Q(c|G(z, c)) + H(c)  <=  I(c; G(z, c)), in nats,
        discriminator:  its objective - weight L_I
        generator:      its objective - weight L_I

    So a code that the data have anyway, such as which digit it is, is found without
    labels. Q is a head on the discriminator's backbone: it takes what the logit is made
    of. As in the authors' code the head is updated with the discriminator, and the
    backbone learns from both. Q(c|x) is a softmax for a categorical code and a Gaussian
    with a mean and a deviation for each number of a uniform or normal one.

    Args:
        generator: built `keras.Model`, (batch, latent_dim) -> samples.
        discriminator: built functional `keras.Model`, samples -> logits.
        recognition: built `keras.Model`, Q's head: the input of the discriminator's
            last layer -> parameters of the codes in their order, K logits for
            `Categorical(K)`, 2 d numbers for `Uniform(d)` and `Normal(d)`; d of them
            where `stddev` is given.
        prior: `keras_gan.priors.Joint`.
        code_indices: tuple of ints, the parts of `prior` that are codes.
        stddev: None, for the paper's Q, which says how sure it is of each number of
            a continuous code; or a float > 0, its deviation always: 1 in the authors'
            code. Of the first the bound has no limit, and the generator can give up
            its noise for ever finer numbers.
        ema_decay, seed: as for `GAN`.

    Raises:
        ValueError: for parts that do not fit each other; else as `GAN`.

    Example:

    >>> from keras_gan import networks, priors
    >>> gan = InfoGAN(
    ...     networks.MLPGenerator((8, 8, 1), latent_dim=19),
    ...     networks.MLPDiscriminator((8, 8, 1), widths=(64, 32)),
    ...     networks.InfoGANRecognition(num_features=32, num_parameters=12),
    ...     priors.Joint([priors.Normal(8), priors.Categorical(10), priors.Uniform(1)]),
    ...     code_indices=(1, 2),
    ... )
    >>> gan.compile()
    >>> [code.shape for code in gan.codes(gan.sample(5, seed=0))]
    [(5, 10), (5, 1)]
    """

    auxiliary = ("recognition",)

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        recognition: keras.Model,
        prior: Joint,
        code_indices: Sequence[int],
        stddev: float | None = None,
        ema_decay: float | HalfLife | None = None,
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        backbone.check_is_head(recognition, "recognition")
        super().__init__(
            generator,
            discriminator,
            prior,
            ema_decay,
            seed,
            recognition=recognition,
            **kwargs,
        )
        self.code_indices = posterior.checked_indices(code_indices, prior)
        self.stddev = posterior.checked_stddev(stddev)
        with_features = backbone.discriminator_with_features(discriminator)
        features = with_features.outputs[1].shape[1:]
        posterior.check_head(recognition, features, self._codes, self.stddev)
        # In a partial, since Keras would save the layers of an attribute once more.
        self._with_features = functools.partial(with_features)

    @property
    def _codes(self):
        """Part -> (prior, where it stands in a latent vector)."""
        return {
            part: (self.prior.priors[part], self.prior.slices[part])
            for part in self.code_indices
        }

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "code_indices": list(self.code_indices),
            "stddev": self.stddev,
        }

    def compile(
        self,
        loss: str | Loss = "non_saturating",
        penalties: Sequence[str | Penalty] = (),
        *,
        information_weight: float | Sequence[float] = 1.0,
        generator_optimizer: keras.optimizers.Optimizer | str | None = None,
        **rules: Any,
    ) -> None:
        """Set the rules of the game; those not named here are as in `GAN.compile`.

        Args:
            information_weight: float >= 0, or a list of one for each code. The bound of
                a continuous code has no upper limit, so it wants a smaller one.
            generator_optimizer: None is the paper's Adam(1e-3, beta_1=0.5).

        Raises:
            ValueError: for other weights, or as `GAN.compile`.
        """
        weights = as_floats(information_weight, "information_weight")
        if weights.shape not in ((), (len(self.code_indices),)) or (weights < 0).any():
            raise ValueError(
                "information_weight is a number of at least 0, or a list of "
                f"{len(self.code_indices)}, one for each of the parts "
                f"{self.code_indices}. Received: "
                f"information_weight={information_weight!r}."
            )
        super().compile(
            loss,
            penalties,
            generator_optimizer=(
                generator_optimizer or keras.optimizers.Adam(1e-3, beta_1=0.5)
            ),
            **rules,
        )
        self.information_weight = weights.tolist()
        names = self._logs(dict.fromkeys(self.code_indices, 0.0))
        self.trackers += [keras.metrics.Mean(name=name) for name in names]

    def get_compile_config(self) -> dict[str, Any]:
        config = super().get_compile_config()
        own = {"information_weight": self.information_weight} if config else {}
        return {**config, **own}

    # Hooks ----------------------------------------------------------------------------

    def discriminator_networks(self) -> dict[str, keras.Model]:
        return {**super().discriminator_networks(), "recognition": self.recognition}

    def recognize(self, samples: tf.Tensor) -> dict[int, tf.Tensor]:
        """Samples -> part -> the parameters of Q(c|x), in inference mode."""
        _, features = self._with_features(samples, training=False)
        return self._read(features, training=False)

    def _read(self, features, training):
        parameters = at_least_float32(self.recognition(features, training=training))
        found, start = {}, 0
        for part, (prior, _) in self._codes.items():
            stop = start + posterior.num_parameters(prior, self.stddev)
            found[part], start = parameters[:, start:stop], stop
        return found

    def information(
        self, parameters: dict[int, tf.Tensor], latents: tf.Tensor
    ) -> dict[int, tf.Tensor]:
        """Part -> L_I of its code in nats: the mean of log Q(c|x), plus H(c).

        Args:
            parameters: part -> the parameters of Q(c|x), what `recognize` gives.
            latents: float tensor (batch, latent_dim), what the samples were made of.
        """
        found = {}
        for part, (prior, position) in self._codes.items():
            codes = ops.cast(latents[:, position], parameters[part].dtype)
            likelihood = posterior.log_likelihood(
                prior, parameters[part], codes, self.stddev
            )
            found[part] = ops.mean(likelihood) + prior.entropy
        return found

    def look(
        self, samples: Any, side: Any, training: bool, seed: tf.Tensor | None = None
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Logits, and the features that Q looks at, by one pass."""
        samples = self.augmented(samples, training, seed)
        logits, features = self._with_features(samples, training=training)
        return at_least_float32(logits), features

    def _found(self, fake, round):
        """L_I of the fakes, by the pass that their logits are of."""
        parameters = self._read(fake.extras, training=True)
        return self.information(parameters, round.latents)

    def discriminator_objective(
        self, round: Round
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        real, fake = self.looks(round)
        objective, logs = self.discriminator_objective_from_looks(real, fake, round)
        found = self._found(fake, round)
        logs = play.merged(logs, self._logs(found))
        return objective - self._weighed(found), logs

    def generator_objective(
        self, round: Round
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        real, fake = self.looks(round, penalised=False)
        objective, logs = self.generator_objective_from_looks(real, fake, round)
        return objective - self._weighed(self._found(fake, round)), logs

    def evaluation_logs(self, round: Round) -> dict[str, tf.Tensor]:
        """The logs of `GAN`, and the bound on the samples; no objective contains it."""
        found = self.information(self.recognize(round.fake), round.latents)
        return play.merged(super().evaluation_logs(round), self._logs(found))

    def evaluation_functions(self) -> dict[str, Callable[..., Any]]:
        """The functions of the first categorical code, if there is one."""
        functions = super().evaluation_functions()
        for part, (prior, position) in self._codes.items():
            if isinstance(prior, Categorical):
                return {**functions, **self._functions_of(part, prior, position)}
        return functions

    def _functions_of(self, part, prior, position):
        def found(batch):
            return self.recognize(ops.convert_to_tensor(batch, "float32"))[part]

        def parameters(samples):
            return predict_in_batches(self, found, samples, batch_size=256)

        def code(samples):
            return ops.convert_to_numpy(ops.softmax(parameters(samples)))

        def information(samples, seed):
            latents = self.prior(len(samples), seed_of(seed, "sample"))
            found = parameters(samples)
            codes = ops.cast(latents[:, position], found.dtype)
            likelihood = posterior.log_likelihood(prior, found, codes)
            return ops.convert_to_numpy(likelihood) + prior.entropy

        return {"code": code, "information": information}

    def _weighed(self, found):
        weights = np.broadcast_to(self.information_weight, len(found)).tolist()
        return sum(w * bound for w, bound in zip(weights, found.values(), strict=True))

    def _logs(self, found):
        """The sum as `mutual_information`, and each by its part if there are more."""
        logs = {"mutual_information": sum(found.values())}
        if len(found) > 1:
            logs |= {f"mutual_information_{part}": v for part, v in found.items()}
        return logs

    # Codes ----------------------------------------------------------------------------

    def codes(self, samples: ArrayLike, batch_size: int = 256) -> list[np.ndarray]:
        """The codes that Q finds in samples, in inference mode.

        Args:
            samples: float array (n, ...), such as images in [-1, 1].
            batch_size: int, how many the networks look at at a time.

        Returns:
            A list of float32 NumPy arrays, one for each of `code_indices`: (n, K) with
            the probability of each class of a categorical code, (n, d) with the means
            of another one.

        Raises:
            ValueError: for samples of another shape, dtype or range.
        """

        def estimates(batch):
            parameters = self.recognize(ops.convert_to_tensor(batch, "float32"))
            return [
                ops.cast(
                    posterior.estimate(prior, parameters[part], self.stddev),
                    "float32",
                )
                for part, (prior, _) in self._codes.items()
            ]

        return predict_in_batches(self, estimates, samples, batch_size)
