"""The game of two players, of any networks: the base of all GANs."""

import functools
import operator
import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from keras_gan import losses
from keras_gan.augmentations import Augmentation
from keras_gan.core import compat, effects, gradients
from keras_gan.core.randomness import derived, seed_of
from keras_gan.datasets import notices
from keras_gan.divergences.batch_dependence import depends_on_batch
from keras_gan.losses import Loss
from keras_gan.penalties import (
    R1,
    R2,
    ApproximateR1,
    ApproximateR2,
    DifferencePenalty,
    Penalty,
    SlopePenalty,
)
from keras_gan.training import activations, checks, last_activation, play, rules
from keras_gan.training.model import GenerativeModel, regularization
from keras_gan.training.rounds import Round
from keras_gan.training.run_length import INTEGER

AUGMENTATION = 2**30  # far from the counters of a family's own draws in `discriminate`
_augmenting = threading.local()  # MirroredStrategy runs one thread a replica


class Look(NamedTuple):
    """One pass of the discriminator over samples.

    Attributes:
        logits: nest of tensors.
        extras: what else the family's `look` gives.
        gradient: that of the logits by the samples, a nest like them, where a penalty
            asks for it; else None.
        seeds: pairs (state, value) of the networks' seed generators before the pass.
    """

    logits: Any
    extras: Any = None
    gradient: Any = None
    seeds: Any = ()


class Game(GenerativeModel):
    """A game of two players with opposed objectives: discriminator and generator.

    Each player owns networks, one or several. A game knows the players, the rules and
    the order of updates; which networks there are, and what they make, is the
    subclass'. It implements `generator_networks`, `discriminator_networks`, `generate`
    and `discriminate`; all of a player's networks are trained, averaged, saved and
    scaled for half precision alike.

    Args:
        as for `training.GenerativeModel`; averages are kept of the generator's
        networks.
    """

    augmentation: Augmentation | None = None

    # Players --------------------------------------------------------------------------

    def generator_networks(self) -> dict[str, keras.Model]:
        """The generator's networks: name -> network."""
        raise NotImplementedError(f"{type(self).__name__} lacks generator_networks.")

    def discriminator_networks(self) -> dict[str, keras.Model]:
        """The discriminator's networks: name -> network."""
        raise NotImplementedError(
            f"{type(self).__name__} lacks discriminator_networks."
        )

    def networks(self) -> dict[str, keras.Model]:
        return {**self.generator_networks(), **self.discriminator_networks()}

    def players(self) -> dict[str, dict[str, keras.Model]]:
        return {
            "generator_optimizer": self.generator_networks(),
            "discriminator_optimizer": self.discriminator_networks(),
        }

    def averaged_networks(self) -> dict[str, keras.Model]:
        return self.generator_networks()

    @property
    def generator_variables(self) -> list[keras.Variable]:
        """The variables that the generator's updates change."""
        networks = self.generator_networks().values()
        return [v for network in networks for v in network.trainable_variables]

    @property
    def discriminator_variables(self) -> list[keras.Variable]:
        """The variables that the discriminator's updates change."""
        networks = self.discriminator_networks().values()
        return [v for network in networks for v in network.trainable_variables]

    # The rules ----------------------------------------------------------------------

    def compile(
        self,
        loss: str | Loss = "non_saturating",
        penalties: Sequence[str | Penalty] = (),
        generator_optimizer: keras.optimizers.Optimizer | str | None = None,
        discriminator_optimizer: keras.optimizers.Optimizer | str | None = None,
        updates: str = "alternating",
        discriminator_steps: int = 1,
        latents: str = "shared",
        real: str = "shared",
        discriminator_constraint: Callable[[Any], Any] | None = None,
        augmentation: str | dict[str, Any] | Augmentation | None = None,
        metrics: Sequence[keras.metrics.Metric] = (),
        run_eagerly: bool = False,
        jit_compile: bool | str | None = "auto",
        steps_per_execution: int | str = "auto",
    ) -> None:
        """Set the rules of the game.

        Args:
            loss: name or instance, see `keras_gan.losses`.
            penalties: list of `keras_gan.penalties.Penalty`, added to the
                discriminator's objective.
            generator_optimizer, discriminator_optimizer: Keras optimizers or their
                names; None is Adam(2e-4, beta_1=0.5). Under a `mixed_float16` policy
                each is wrapped in a `LossScaleOptimizer`. A rate may be one of
                `keras_gan.schedules`, relative to the length of the run.
            updates: "alternating": the discriminator is updated, then the generator
                against the updated discriminator (Goodfellow et al., 2014, Algorithm
                1); "simultaneous": both gradients are taken at the same point, then
                both are updated (Goodfellow, 2016, section 3.1).
            discriminator_steps: int, updates of the discriminator for each of the
                generator, every one on its own real minibatch.
            latents: "shared": the generator is trained on the latents that the
                discriminator last saw, with one generator pass for both; "fresh": it
                draws its own. Simultaneous updates always share.
            real: "shared": the generator's objective sees the discriminator's last real
                minibatch; "fresh": one of its own, so that a step takes
                discriminator_steps + 1 of them. It is refused where nothing of the
                minibatch counts for the generator: no labels, and a loss that does not
                look at real logits.
            discriminator_constraint: None or a callable (a `keras.constraints`
                constraint), applied to each discriminator variable after its update.
            augmentation: None, or name or instance, see `keras_gan.augmentations`: how
                the images that discriminators see in training are changed, real and
                fake ones by draws of their own.
            metrics: list of `keras.metrics.Metric` with `update_state(real, fake)`,
                computed by `evaluate`; see `keras_gan.metrics`.
            run_eagerly, jit_compile: as in Keras.
            steps_per_execution: int, as in Keras, or "auto": ten for small networks,
                where no callback wants to be called after each step.

        Raises:
            ValueError: for an unknown rule, or rules that exclude each other.
        """
        rules.check_order(updates, discriminator_steps, latents, real)
        loss, penalties = losses.get(loss), rules.named_penalties(penalties)
        if real == "fresh" and not self._reals_ride_along():
            rules.check_fresh_real(loss, type(self).__name__)
        augmentation = rules.checked_augmentation(
            augmentation, loss, self.sample_shape()
        )
        if isinstance(loss, losses.Relativistic):
            _warn_of_lazy(penalties)
        self._set_rules(
            {
                "generator_optimizer": generator_optimizer,
                "discriminator_optimizer": discriminator_optimizer,
            },
            metrics,
            run_eagerly,
            jit_compile,
            steps_per_execution,
        )
        self.loss, self.penalties = loss, penalties
        # As they are played: with weights that change over this run.
        self._played = [penalty.of_run(self.run_length) for penalty in penalties]
        self.updates = updates
        self.discriminator_steps = int(discriminator_steps)
        self.latents, self.real = latents, real
        self.discriminator_constraint = keras.constraints.get(discriminator_constraint)
        self._set_augmentation(augmentation)
        names = ["d_loss", "g_loss", *(penalty.name for penalty in self.penalties)]
        names += self.loss.score_names
        if augmentation is not None:
            names += ["augmentation_p"] * augmentation.changes
            names += ["real_sign"] * augmentation.adapts
        self.trackers = [keras.metrics.Mean(name=name) for name in names]
        self._logit_is_ratio = None
        self._ends_looked_at = False

    def _reals_ride_along(self):
        """Whether a real minibatch counts for the generator by more than its logits.

        Its labels do, or another side, and a family may look at it by hooks of its own.
        """
        hooks = "generator_objective", "generator_objective_from_looks", "shown"
        own = any(
            getattr(type(self), name) is not getattr(Game, name) for name in hooks
        )
        return own or type(self).split is not GenerativeModel.split

    def _set_augmentation(self, augmentation):
        """Begin anew with an augmentation, or with none."""
        if hasattr(self, "augmentation_state"):
            del self.augmentation_state
        state, self.augmentation, self._augment = None, augmentation, None
        if augmentation is None:
            return
        if augmentation.adapts:
            state = self.add_weight((3,), "zeros", name="augmentation", **INTEGER)
            self.augmentation_state = state
        self._augment = augmentation.of_run(self.run_length, state)

    def get_compile_config(self) -> dict[str, Any]:
        if not self.compiled:
            return {}
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_compile_config(),
            "loss": serialize(self.loss),
            "penalties": [serialize(penalty) for penalty in self.penalties],
            "updates": self.updates,
            "discriminator_steps": self.discriminator_steps,
            "latents": self.latents,
            "real": self.real,
            "discriminator_constraint": serialize(self.discriminator_constraint),
            "augmentation": serialize(self.augmentation),
        }

    @property
    def minibatches_per_step(self) -> int:
        return self.discriminator_steps + (self.real == "fresh")

    # Hooks: pure functions of tensors, to be overridden by families -------------------

    def generate(self, latents: Any, side: Any, training: bool) -> Any:
        """Latents and side -> fakes, any nest, by the generator's player."""
        raise NotImplementedError(f"{type(self).__name__} lacks generate.")

    def discriminate(
        self, samples: Any, side: Any, training: bool, seed: tf.Tensor | None = None
    ) -> Any:
        """Samples -> logits, a tensor or a nest of them, in float32 at least.

        It begins with `samples = self.augmented(samples, training, seed)`, or else a
        game refuses the rule `augmentation`.

        Args:
            samples: what the discriminator is shown, a nest of float tensors.
            side: what rides along.
            training: bool.
            seed: int32 tensor (2,), for what is drawn in this pass, another one for
                real samples and for fakes; None in inference mode.
        """
        raise NotImplementedError(f"{type(self).__name__} lacks discriminate.")

    def augmented(
        self, samples: Any, training: bool, seed: tf.Tensor | None = None
    ) -> Any:
        """Samples as discriminators see them: in training, changed by the augmentation.

        Args:
            samples: float tensor (batch, height, width, channels), if there is an
                augmentation.
            training: bool.
            seed: that of `discriminate`.
        """
        _augmenting.passes = _passes() + 1
        if self.augmentation is None or not training:
            return samples
        if seed is None:
            raise ValueError(
                f"{type(self).__name__} augments what its discriminator sees in "
                "training, by draws from the seed of the pass. Received: seed=None. "
                "Hand on that of the hook, or round.real_seed or round.fake_seed."
            )
        return self._augment(samples, derived(seed, AUGMENTATION))

    def adapt_augmentation(self, logs: dict[str, tf.Tensor], rows: Any) -> None:
        """Let an adaptive augmentation take notice of a step: its logs, and its rows.

        `training.play` calls it at the end of each step.
        """
        if self.augmentation is None or not self.augmentation.adapts:
            return
        if "real_sign" not in logs:
            raise ValueError(
                f"An adaptive augmentation follows the log 'real_sign', and those of "
                f"{type(self).__name__} lack it: let discriminator_objective return "
                "what discriminator_objective_from_looks logs."
            )
        state, images = self.augmentation_state, rows * self.discriminator_steps
        state.assign(
            self.augmentation.adapted(
                state.value, self.step.value, logs["real_sign"], images
            )
        )

    def look(
        self, samples: Any, side: Any, training: bool, seed: tf.Tensor | None = None
    ) -> tuple[Any, Any]:
        """Logits, and what else a family reads from the same pass: nothing here."""
        return self.discriminate(samples, side, training, seed), None

    def shown(self, round: Round) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        """The pairs (samples, side) that the discriminator is shown: real and fake.

        Samples are nests of float tensors; penalties look at the slope by all of them.
        """
        return (round.real, round.side), (round.fake, round.side)

    def discriminator_objective(
        self, round: Round
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        """The discriminator's objective: loss + penalties + weight regularizers.

        Real and fake pass as separate minibatches, so that batch normalization sees
        each by itself.

        Args:
            round: `training.Round`.

        Returns:
            A scalar, and a dict of scalars for the logs; subclasses add to those of
            `super().discriminator_objective(round)`.
        """
        return self.discriminator_objective_from_looks(*self.looks(round), round)

    def discriminator_objective_from_looks(
        self, real: Look, fake: Look, round: Round
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        """The discriminator's objective, given a `Look` at real and at fake.

        For a family that reads more than the logits from the same two passes.
        """
        logits = real.logits, fake.logits
        objective = _over_logits(self.loss.discriminator_loss, *logits)
        logs = {}
        for index, penalty in enumerate(self._played):
            seed = derived(round.seed, index)
            term = self._penalty(penalty, (real, fake), round, seed, objective.dtype)
            logs[penalty.name] = term
            objective += term
        logs = play.merged(logs, self._scores(*logits), self._of_augmentation(real))
        return objective + regularization(self.discriminator_variables), logs

    def generator_objective(
        self, round: Round
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        """The generator's objective: loss + weight regularizers.

        Returns:
            A scalar, and a dict of scalars for the logs; subclasses add to those of
            `super().generator_objective(round)`.
        """
        # Where the loss does not look at the real logits, graph execution prunes them.
        real, fake = self.looks(round, penalised=False)
        return self.generator_objective_from_looks(real, fake, round)

    def generator_objective_from_looks(
        self, real: Look, fake: Look, round: Round
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        """The generator's objective, given a `Look` at real and at fake."""
        objective = _over_logits(self.loss.generator_loss, real.logits, fake.logits)
        return objective + regularization(self.generator_variables), {}

    def looks(self, round: Round, penalised: bool = True) -> tuple[Look, Look]:
        """A pass of the discriminator in training mode over each: real, then fake.

        Args:
            round: `training.Round`.
            penalised: whether the gradients by the samples are taken that penalties
                of every update ask for.

        Returns:
            Two `Look`s.
        """
        asked = [penalty.at for penalty in self._played if _of_the_pass(penalty)]
        seeds = {"real": round.real_seed, "fake": round.fake_seed}
        return tuple(
            self._look(samples, side, seeds[at], penalised and at in asked)
            for at, (samples, side) in zip(seeds, self.shown(round), strict=True)
        )

    def _look(self, samples, side, seed, with_gradient):
        before = effects.seed_values(self.discriminator_networks().values())

        def look(samples):
            passes = _passes()
            found = self.look(samples, side, training=True, seed=seed)
            if self.augmentation is not None and _passes() == passes:
                raise ValueError(
                    f"{type(self).__name__} does not augment what its discriminators "
                    "see. Let its discriminate, and its look if it has one, begin with "
                    "samples = self.augmented(samples, training, seed), or leave "
                    "augmentation=None."
                )
            return found

        if not with_gradient:
            return Look(*look(samples), seeds=before)
        found, gradient = gradients.with_inputs(look, samples, operator.itemgetter(0))
        return Look(*found, gradient, before)

    def _penalty(self, penalty, looks, round, seed, dtype):
        """A penalty's term, by the loss's own pass where that is possible."""
        real, fake = looks
        if _of_the_pass(penalty):
            look = real if penalty.at == "real" else fake
            return penalty.every * penalty.of_gradient(look.gradient)
        shown = self.shown(round)
        (real_samples, real_side), (fake_samples, fake_side) = shown
        if penalty.at == "between":
            checks.check_same_side(real_side, fake_side, penalty.name)
        at_fake = penalty.at == "fake"
        side = fake_side if at_fake else real_side
        draw = round.fake_seed if at_fake else round.real_seed
        seeds = (fake if at_fake else real).seeds

        def discriminate(samples):
            with effects.captured(seeds):
                return self.discriminate(samples, side, training=True, seed=draw)

        if isinstance(penalty, DifferencePenalty) and penalty.every == 1:
            samples, look = (fake_samples, fake) if at_fake else (real_samples, real)
            near = discriminate(penalty.near(samples, seed))
            return penalty.of_logits(look.logits, near)
        prepared = penalty.prepared(real_samples)

        def due():
            return penalty.every * prepared(
                discriminate, real_samples, fake_samples, seed
            )

        if penalty.every == 1:
            return due()
        is_due = tf.equal(round.update % penalty.every, 0)
        return tf.cond(is_due, due, lambda: tf.zeros((), dtype))

    def _of_augmentation(self, real):
        """The logs of an augmentation whose strength changes."""
        if self.augmentation is None or not self.augmentation.changes:
            return {}
        logs = {"augmentation_p": self._augment.probability()}
        if self.augmentation.adapts:
            logs["real_sign"] = self._mean_sign(real.logits)
        return logs

    def _mean_sign(self, logits):
        """The mean sign of score - threshold: 1 where every sample is called real."""
        parts = [self.loss.score(part) for part in tf.nest.flatten(logits)]
        excess = [
            ops.mean(part - self.loss.threshold, axis=tuple(range(1, len(part.shape))))
            for part in parts
        ]
        return ops.mean(ops.sign(functools.reduce(operator.add, excess)))

    def _scores(self, real_logits, fake_logits):
        """The loss's scores, over several logits the mean of each."""
        pairs = _pairs(real_logits, fake_logits)
        scores = [self.loss.scores(*pair) for pair in pairs]
        if len(scores) == 1:
            return scores[0]
        return {k: sum(s[k] for s in scores) / len(scores) for k in scores[0]}

    # Evaluate -------------------------------------------------------------------------

    def draw(self, latents: Any, side: Any) -> Any:
        """Latents and side -> fakes, by the averaged networks in inference mode."""
        return self.evaluation_fake(latents, side)

    def evaluation_fake(self, latents: Any, side: Any) -> Any:
        with self.averages_in_place():
            return self.generate(latents, side, training=False)

    def evaluation_logs(self, round: Round) -> dict[str, tf.Tensor]:
        (real, real_side), (fake, fake_side) = self.shown(round)
        logits = (
            self.discriminate(real, real_side, training=False),
            self.discriminate(fake, fake_side, training=False),
        )
        return {
            "d_loss": _over_logits(self.loss.discriminator_loss, *logits),
            "g_loss": _over_logits(self.loss.generator_loss, *logits),
            **self._scores(*logits),
        }

    def gradients_now(self, minibatch: Any, share: Any) -> dict[str, list[tf.Tensor]]:
        d_slopes, g_slopes, _ = play.both_gradients(self, minibatch, share)
        return {"generator_optimizer": g_slopes, "discriminator_optimizer": d_slopes}

    def logits_now(self, data: Any) -> dict[str, np.ndarray]:
        """The logits of some data, and of as many fakes, as players see them now.

        Both in training mode, augmented as in training, at the latents of the step to
        come; nothing is changed by it. Under several workers all of them call it, and
        each is given those of its own rows.

        Args:
            data: as for `gradient_norms`.

        Returns:
            "real" and "fake" -> float array (n,), of patches and of several
            discriminators all of them.
        """
        compat.check_compiled(self, "logits_now")
        found = self._probed("logits", data)
        return {name: np.concatenate(parts) for name, parts in found.items()}

    def _move(self, data):
        return play.step(self, data)

    def _believable(self, logs):
        if self._logit_is_ratio:
            return logs
        return {k: v for k, v in logs.items() if not k.endswith("_accuracy")}

    def _look_before_training(self, dataset):
        """Warn, once for these rules, of a last activation that no layer shows."""
        if self._ends_looked_at:
            return
        self._ends_looked_at = True
        looks = self._looks_at_ends()
        for element in dataset.take(1) if looks else ():
            for look in looks:
                look(element)

    def _looks_at_ends(self):
        """Functions of an element of the data that warn of a last activation."""
        return [] if self._end_is_seen() else [self._look_at_logits]

    def _look_at_logits(self, element):
        networks = self.discriminator_networks().values()
        last_activation.warn_of_logits(self._logits_of_rows, element, networks)

    def _end_is_seen(self):
        """Whether the layers of all discriminators say that they end in none."""
        networks = self.discriminator_networks().values()
        return all(activations.last_activation(n) == "linear" for n in networks)

    def _look_before_evaluation(self, dataset):
        if self._logit_is_ratio is None:
            self._logit_is_ratio = self._logit_can_be_read_alone(dataset.element_spec)

    def _logit_can_be_read_alone(self, spec):
        """Whether a logit is its sample's own; warns where it is not, and says why."""
        networks = self.discriminator_networks().values()
        packs = any(getattr(network, "pack_size", 1) > 1 for network in networks)
        leaves = tf.nest.flatten(spec)
        if any(leaf.shape.rank is None or None in leaf.shape[1:] for leaf in leaves):
            return True
        if not packs and not depends_on_batch(self._logits_of_rows, spec):
            return True
        if self.loss.threshold is not None:
            notices.warn_once(
                ("depends on the batch", type(self)),
                "evaluate leaves out real_accuracy and fake_accuracy: the logit that "
                "this discriminator gives a sample depends on the rest of its batch "
                "(batch normalization, minibatch discrimination, packing?), so alone "
                "it means little. normalization=None, 'layer' or 'spectral' does not "
                "have this.",
            )
        return False

    def _logits_of_rows(self, data):
        """The logits, in training mode, of an element of the data as real samples."""
        round = self._round_of_rows(data)
        samples, side = self.shown(round)[0]
        return self.discriminate(samples, side, training=True, seed=seed_of(0, "look"))

    def _round_of_rows(self, data):
        """A round of an element of the data and fakes in inference mode."""
        real, side = self.split(data)
        rows = tf.nest.flatten(real)[0].shape[0]
        latents = self.draw_latents(rows, seed_of(0, "latents"))
        fake = self.generate(latents, side, training=False)
        return Round(real, fake, latents, side)


def _passes():
    """The number of calls of `augmented` in this thread."""
    return getattr(_augmenting, "passes", 0)


def _warn_of_lazy(penalties):
    """Say which zero-centered penalties a relativistic loss needs at each update."""
    for penalty in penalties:
        zero_centered = isinstance(penalty, R1 | R2 | ApproximateR1 | ApproximateR2)
        if zero_centered and penalty.every > 1:
            notices.warn(
                f"{penalty.name} is applied every {penalty.every} updates only, with "
                "which a game of a relativistic loss fails to converge (Huang et al., "
                "2024, take R1 and R2 at each update). Leave every=1."
            )


def _of_the_pass(penalty):
    """Whether a penalty takes its gradient from the forward pass of the loss."""
    return isinstance(penalty, SlopePenalty) and penalty.every == 1


def _pairs(real_logits, fake_logits):
    """Pairs (real, fake) of tensors of logits that belong together."""
    tf.nest.assert_same_structure(real_logits, fake_logits)
    return list(
        zip(tf.nest.flatten(real_logits), tf.nest.flatten(fake_logits), strict=True)
    )


def _over_logits(loss, real_logits, fake_logits):
    """The sum of a loss over the logits of all discriminators."""
    terms = [loss(*pair) for pair in _pairs(real_logits, fake_logits)]
    return functools.reduce(operator.add, terms)
