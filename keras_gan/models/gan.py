"""The game of two networks; every family of games is a subclass that adds to it."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from keras_gan import distribution, effects, export, losses, presets
from keras_gan.models import checks, fitting, judging, play, rules
from keras_gan.models.exactness import exact
from keras_gan.randomness import check_seed, derived, seed_of
from keras_gan.registry import register

COUNTER = {"dtype": "int64", "trainable": False, "aggregation": "only_first_replica"}


@register
class GAN(keras.Model):
    """A generator and a discriminator that play against each other.

    The generator maps latents of the prior to samples, the discriminator maps samples
    to logits (high on real). The constructor says who plays, `compile` by which rules,
    `fit` plays (Goodfellow et al., 2014, Algorithm 1).

    Args:
        generator: built `keras.Model`, (batch, latent_dim) -> samples.
        discriminator: built `keras.Model`, samples -> logits; no last activation.
        prior: `keras_gan.priors.Prior`, where latents come from.
        ema_decay: float in (0, 1) or None. With it, an exponential moving average of
            the generator is kept and used by `call`, `sample`, `evaluate` and `export`;
            the effective decay is min(ema_decay, (1 + t)/(10 + t)) at step t.
        seed: int in [0, 2**31): latents and the order of data are functions of it.

    Raises:
        TypeError, ValueError: for parts that do not fit each other.

    Example:

    >>> import keras_gan
    >>> gan = GAN(
    ...     keras_gan.networks.MLPGenerator((8, 8, 1), latent_dim=16),
    ...     keras_gan.networks.MLPDiscriminator((8, 8, 1)),
    ...     keras_gan.priors.Normal(16),
    ... )
    >>> gan.compile(loss="hinge")
    >>> gan.sample(4, seed=0).shape
    (4, 8, 8, 1)
    """

    # The networks that take [inputs, condition], by name.
    conditioned = ()

    def __init__(
        self, generator, discriminator, prior, ema_decay=None, seed=0, **kwargs
    ):
        super().__init__(**kwargs)
        rules.check_strategy(self.distribute_strategy)
        checks.check_networks(generator, discriminator, prior)
        checks.check_inputs(generator, discriminator, self)
        if ema_decay is not None and not 0 < ema_decay < 1:
            raise ValueError(
                "ema_decay is None or lies between 0 and 1, such as 0.999. "
                f"Received: ema_decay={ema_decay}."
            )
        self.generator = generator
        self.discriminator = discriminator
        self.prior = prior
        self.ema_decay = ema_decay
        self.seed = check_seed(seed)
        self.ema_generator = None
        if ema_decay is not None:
            self.ema_generator = averaged(generator)
        self.step = self.add_weight((), "zeros", name="step", **COUNTER)
        self.epoch = self.add_weight((), "zeros", name="epoch", **COUNTER)
        self._sampling = None
        self.built = True

    def get_config(self):
        return {
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "prior": keras.saving.serialize_keras_object(self.prior),
            "ema_decay": self.ema_decay,
            "seed": self.seed,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config):
        parts = ("generator", "discriminator", "prior")
        revived = {p: keras.saving.deserialize_keras_object(config[p]) for p in parts}
        return cls(**{**config, **revived})

    def build(self, input_shape=None):
        self.built = True

    # The rules ----------------------------------------------------------------------

    def compile(
        self,
        loss="non_saturating",
        penalties=(),
        generator_optimizer=None,
        discriminator_optimizer=None,
        updates="alternating",
        discriminator_steps=1,
        latents="shared",
        discriminator_constraint=None,
        metrics=(),
        run_eagerly=False,
        jit_compile="auto",
        steps_per_execution=1,
    ):
        """Set the rules of the game.

        Args:
            loss: name or instance, see `keras_gan.losses`.
            penalties: list of `keras_gan.penalties.Penalty`, added to the
                discriminator's objective.
            generator_optimizer, discriminator_optimizer: Keras optimizers or their
                names; None is Adam(2e-4, beta_1=0.5). Under a `mixed_float16` policy
                each is wrapped in a `LossScaleOptimizer`.
            updates: "alternating": the discriminator moves, then the generator against
                the moved discriminator (Goodfellow et al., 2014, Algorithm 1);
                "simultaneous": both gradients are taken at the same point, then both
                move (Goodfellow, 2016, section 3.1).
            discriminator_steps: int, moves of the discriminator for each of the
                generator, every one on its own real minibatch.
            latents: "shared": the generator plays the latents that the discriminator
                last saw, with one generator pass for both; "fresh": it draws its own.
                Simultaneous updates always share.
            discriminator_constraint: None or a callable (a `keras.constraints`
                constraint), applied to each discriminator variable after its move.
            metrics: list of `keras.metrics.Metric` with `update_state(real, fake)`,
                computed by `evaluate`; see `keras_gan.metrics`.
            run_eagerly, jit_compile, steps_per_execution: as in Keras.

        Raises:
            ValueError: for an unknown rule, or rules that exclude each other.
        """
        rules.check_order(updates, discriminator_steps, latents)
        rules.check_compilation(
            jit_compile, steps_per_execution, self.distribute_strategy
        )
        super().compile(
            optimizer=None,
            run_eagerly=run_eagerly,
            jit_compile=jit_compile,
            steps_per_execution=steps_per_execution,
        )
        networks = (self.generator, *self.discriminator_networks().values())
        self.loss = losses.get(loss)
        self.penalties = rules.named_penalties(penalties)
        self.generator_optimizer = rules.built_optimizer(
            generator_optimizer,
            networks,
            self.generator_variables,
            "generator_optimizer",
        )
        self.discriminator_optimizer = rules.built_optimizer(
            discriminator_optimizer,
            networks,
            self.discriminator_variables,
            "discriminator_optimizer",
        )
        self.updates = updates
        self.discriminator_steps = discriminator_steps
        self.latents = latents
        self.discriminator_constraint = keras.constraints.get(discriminator_constraint)
        self.jit_setting = jit_compile
        self.evaluation_metrics = rules.checked_metrics(metrics)
        names = ["d_loss", "g_loss", *(penalty.name for penalty in self.penalties)]
        self.trackers = [
            keras.metrics.Mean(name=name) for name in (*names, *self.loss.score_names)
        ]
        self._evaluated = _Counter()
        self._logit_is_ratio = None

    def get_compile_config(self):
        if not self.compiled:
            return {}
        serialize = keras.saving.serialize_keras_object
        return {
            "loss": serialize(self.loss),
            "penalties": [serialize(penalty) for penalty in self.penalties],
            "generator_optimizer": serialize(self.generator_optimizer),
            "discriminator_optimizer": serialize(self.discriminator_optimizer),
            "updates": self.updates,
            "discriminator_steps": self.discriminator_steps,
            "latents": self.latents,
            "discriminator_constraint": serialize(self.discriminator_constraint),
            "metrics": [serialize(metric) for metric in self.evaluation_metrics],
            "run_eagerly": self.run_eagerly,
            "jit_compile": self.jit_setting,
            "steps_per_execution": self.steps_per_execution,
        }

    def compile_from_config(self, config):
        revive = keras.saving.deserialize_keras_object
        objects = ("loss", "discriminator_constraint")
        objects += ("generator_optimizer", "discriminator_optimizer")
        lists = ("penalties", "metrics")
        revived = {key: revive(config[key]) for key in objects if key in config}
        for key in lists:
            if key in config:  # else the family's default
                revived[key] = [revive(item) for item in config[key]]
        self.compile(**{**config, **revived})

    # Hooks: pure functions of tensors, to be overridden by families -------------------

    def split(self, data):
        """Split an element of the data set into (real samples, condition).

        The plain game is unconditional and takes labels for nothing.
        """
        real, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        return real, None

    def check_data(self, dataset, name):
        """Raise a ValueError for data that this family cannot be played on.

        The plain game asks nothing of what lies beside the samples.

        Args:
            dataset: `tf.data.Dataset` of batches of samples of the right shape.
            name: what to call the data in the error.
        """

    def draw_condition(self, num_samples, seed):
        """The conditions of samples for which none is given: None in the plain game.

        Args:
            num_samples: int.
            seed: int32 tensor of shape (2,).
        """
        return None

    def generate(self, latents, condition, training):
        """Latents (batch, latent_dim) -> fake samples, by the generator."""
        return self.generator(_inputs(latents, condition), training=training)

    def discriminate(self, samples, condition, training):
        """Samples -> logits, by the discriminator, in float32 at least."""
        logits = self.discriminator(_inputs(samples, condition), training=training)
        return exact(logits)

    def discriminator_objective(self, real, fake, latents, condition, seed):
        """What the discriminator minimises: loss + penalties + weight regularizers.

        Real and fake pass as separate minibatches, so that batch normalization sees
        each by itself. `fake` is what the generator made of `latents`.

        Returns:
            A scalar; subclasses add terms to `super().discriminator_objective(...)`.
        """
        logits = (
            self.discriminate(real, condition, training=True),
            self.discriminate(fake, condition, training=True),
        )
        return self.discriminator_costs(real, fake, logits, condition, seed)

    def discriminator_costs(self, real, fake, logits, condition, seed):
        """What `discriminator_objective` is, given the logits of real and fake samples.

        For a family that reads more than the logits from the same two passes.
        """
        real_logits, fake_logits = logits
        objective = self.loss.discriminator_loss(real_logits, fake_logits)
        terms = {}
        for index, penalty in enumerate(self.penalties):
            own_seed = derived(seed, index)
            term = self._penalty(
                penalty, real, fake, condition, own_seed, objective.dtype
            )
            terms[penalty.name] = term
            objective += term
        play.turn.notes = {**terms, **self.loss.scores(real_logits, fake_logits)}
        return objective + regularization(self.discriminator_variables)

    def generator_objective(self, real, fake, latents, condition, seed):
        """What the generator minimises: loss + weight regularizers.

        Returns:
            A scalar; subclasses add terms to `super().generator_objective(...)`.
        """
        # Where the loss does not look at the real logits, graph execution prunes them.
        real_logits = self.discriminate(real, condition, training=True)
        fake_logits = self.discriminate(fake, condition, training=True)
        return self.generator_costs((real_logits, fake_logits))

    def generator_costs(self, logits):
        """What `generator_objective` is, given the logits of real and fake samples."""
        objective = self.loss.generator_loss(*logits)
        return objective + regularization(self.generator_variables)

    def judge(self, real, fake, latents, condition):
        """What `evaluate` logs of a batch: a dict of scalars, means over its rows.

        Both networks run in inference mode; subclasses add to `super().judge(...)`, and
        name what they add in `trackers` when they compile.
        """
        real_logits = self.discriminate(real, condition, training=False)
        fake_logits = self.discriminate(fake, condition, training=False)
        return {
            "d_loss": self.loss.discriminator_loss(real_logits, fake_logits),
            "g_loss": self.loss.generator_loss(real_logits, fake_logits),
            **self.loss.scores(real_logits, fake_logits),
        }

    def answers(self):
        """What this family can be asked about classes: nothing, in the plain game.

        `keras_gan.evaluation` scores the answers; a family adds to `super().answers()`.

        Returns:
            Dict of functions, some of
            - "wanted_class": (num_samples, seed) -> ints (num_samples,), the classes
              that `sample` draws with this seed;
            - "class": samples -> probabilities (n, K) of the classes of the data;
            - "code": samples -> probabilities (n, K) of classes without a label;
            - "information": (samples, seed) -> floats (n,), whose mean is the bound
              L_I of that code in nats, on the samples of `sample` with this seed.
        """
        return {}

    def discriminator_networks(self):
        """Name -> network for those that move in the discriminator's turn."""
        return {"discriminator": self.discriminator}

    @property
    def generator_variables(self):
        """The variables that move in the generator's turn."""
        return self.generator.trainable_variables

    @property
    def discriminator_variables(self):
        """The variables that move in the discriminator's turn."""
        networks = self.discriminator_networks().values()
        return [v for network in networks for v in network.trainable_variables]

    def _penalty(self, penalty, real, fake, condition, seed, dtype):
        def discriminate(samples):
            with effects.captured():
                return self.discriminate(samples, condition, training=True)

        prepared = penalty.prepared(real)

        def due():
            return penalty.every * prepared(discriminate, real, fake, seed)

        if penalty.every == 1:
            return due()
        is_due = tf.equal(play.turn.move % penalty.every, 0)
        return tf.cond(is_due, due, lambda: tf.zeros((), dtype))

    # Steps --------------------------------------------------------------------------

    def train_step(self, data):
        """One step of the game, in the order that `compile` set; its logs.

        A loop of your own around it belongs into `keras_gan.effects.in_order()`, as
        `fit` does, or a graph may read a weight that has already moved, and end
        with other bits in another process.
        """
        with play.once_arrived(data):
            return self._track(*play.step(self, data))

    def test_step(self, data):
        """Judge one batch; its logs."""
        with play.once_arrived(data):
            logs, rows = judging.step(
                self, data, self._evaluated.value, self.evaluation_metrics
            )
            self._evaluated.advance()
            if not self._logit_is_ratio:
                keys = [key for key in logs if not key.endswith("_accuracy")]
                logs = {key: logs[key] for key in keys}
            return self._track(logs, rows)

    # Methods and not properties, or Keras would save the networks as parts of them.

    def averages(self):
        """Pairs (moving average, network) of the networks that are averaged."""
        if self.ema_generator is None:
            return []
        return [(self.ema_generator, self.generator)]

    def reset_ema(self):
        """Start the moving averages anew at the networks as they are."""
        for average, network in self.averages():
            average.set_weights(network.get_weights())

    # Logs -----------------------------------------------------------------------------

    @property
    def metrics(self):
        if not self.compiled:
            return []
        return [*self.trackers, *self.evaluation_metrics]

    def get_metrics_result(self):
        return {tracker.name: tracker.result() for tracker in self.trackers}

    def reset_metrics(self):
        super().reset_metrics()
        if self.compiled:
            self._evaluated.reset()

    def _track(self, logs, rows):
        tracked = [tracker for tracker in self.trackers if tracker.name in logs]
        for tracker in tracked:
            tracker.update_state(logs[tracker.name], sample_weight=rows)
        results = {tracker.name: tracker.result() for tracker in tracked}
        return distribution.reportable(results, self.distribute_strategy)

    # Play, judge, draw ----------------------------------------------------------------

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_data=None,
        shuffle=True,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_batch_size=None,
        validation_freq=1,
    ):
        """Play the game on data.

        Args:
            x: `tf.data.Dataset` of batches of float samples, or of (samples, labels);
                best one of `keras_gan.datasets.load`. Or an array of samples: float
                images in [-1, 1], uint8 images, or plain vectors. Of an array, a last
                batch smaller than the others is left out of each epoch.
            y: labels of an array, for conditional games; others ignore them, and say
                so.
            batch_size: int, one minibatch of an array (32).
            validation_data: as `x`; logs `val_d_loss` and so on after each epoch.
            epochs, verbose, callbacks, shuffle, initial_epoch, steps_per_epoch,
            validation_steps, validation_batch_size, validation_freq: as in Keras.

        With `discriminator_steps=k` one step takes k successive minibatches, and an
        epoch is floor(batches / k) steps.

        Returns:
            A `keras.callbacks.History` with `d_loss`, `g_loss`, one key a penalty,
            `real_score`, `fake_score` and, for losses that have a threshold,
            `real_accuracy` and `fake_accuracy`.

        Raises:
            ValueError: for data that the game cannot be played on, before the first
                step.
            keras_gan.callbacks.NonFiniteError: when a logged quantity becomes NaN or
                Inf.
            keras_gan.distribution.WorkerLostError: when another worker is gone.
        """
        self._assert_compile_called("fit")
        fitting.check_that_epochs_end(x, steps_per_epoch)
        dataset = fitting.training_data(self, x, y, batch_size, shuffle)
        if type(self).split is GAN.split:
            fitting.warn_of_labels(dataset, type(self).__name__)
        dataset = fitting.resumable_data(self, dataset, callbacks, steps_per_epoch)
        if validation_data is not None:
            validation_data = fitting.evaluation_data(
                self, validation_data, None, validation_batch_size or batch_size
            )
        watching = distribution.watching_workers(self.distribute_strategy)
        held = fitting.releasing(callbacks)
        expected = fitting.ends_expected(steps_per_epoch)
        with held, watching, effects.in_order(), expected:
            return super().fit(
                dataset,
                epochs=epochs,
                verbose=verbose,
                callbacks=fitting.with_bookkeeping(callbacks, dataset),
                validation_data=validation_data,
                shuffle=False,  # the data set has its own order
                initial_epoch=initial_epoch,
                steps_per_epoch=steps_per_epoch,
                validation_steps=validation_steps,
                validation_freq=validation_freq,
            )

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        """Nothing: a game is built with its parts.

        Keras would take the mean of the replicas' first batches to learn their shape,
        which fails where one replica has a row more.
        """

    def train_on_batch(self, x, y=None, **kwargs):
        """One step on one batch, as in Keras; `fit` also checks and orders the data."""
        with effects.in_order():
            return super().train_on_batch(x, y, **kwargs)

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose="auto",
        steps=None,
        callbacks=None,
        return_dict=False,
        **kwargs,
    ):
        """Judge the (averaged) generator: as many samples as there are reals.

        Latents are drawn at a fixed seed and both networks run in inference mode, so
        the result is a function of the weights and the data. Penalties are left out of
        the objectives. Accuracies are left out, with a warning, where the
        discriminator's logit depends on the rest of its batch.

        Args:
            x: data as for `fit`; the last, smaller batch counts.
            y, batch_size, verbose, steps, callbacks, return_dict: as in Keras.

        Returns:
            A list of floats, or a dict with `d_loss`, `g_loss`, `real_score`,
            `fake_score`, accuracies, and the compiled metrics.
        """
        self._assert_compile_called("evaluate")
        unknown = [k for k, v in kwargs.items() if v is not None and k[0] != "_"]
        if unknown:
            raise TypeError(f"evaluate takes no argument {unknown[0]!r}.")
        if self._logit_is_ratio is None:
            self._logit_is_ratio = judging.logit_is_ratio(self)
        if x is not None:
            x = fitting.evaluation_data(self, x, y, batch_size)
        judging.build_metrics(self)
        with effects.in_order():
            logs = super().evaluate(
                x=x,
                verbose=verbose,
                steps=steps,
                callbacks=callbacks,
                return_dict=True,
                **kwargs,
            )
        for metric in self.evaluation_metrics:
            found = metric.result()
            found = found if isinstance(found, dict) else {metric.name: found}
            logs |= {name: float(value) for name, value in found.items()}
        return logs if return_dict else list(logs.values())

    @property
    def sampler(self):
        """The network that draws: the averaged generator, or the generator itself."""
        return self.generator if self.ema_generator is None else self.ema_generator

    def draw(self, latents, condition):
        """Latents (batch, latent_dim) -> samples, by the sampler in inference mode."""
        return self.sampler(_inputs(latents, condition), training=False)

    def call(self, latents):
        """Latents (batch, latent_dim) -> samples, by the (averaged) generator."""
        latents = ops.convert_to_tensor(latents)
        checks.check_latents(latents, self.prior.latent_dim)
        return self.draw(latents, None)

    def sample(self, num_samples, seed=None, batch_size=None):
        """Draw samples from the (averaged) generator.

        Args:
            num_samples: int >= 1.
            seed: int in [0, 2**31): the same latents whenever it is given, whatever
                `batch_size` is, and `sample(m)` begins `sample(n)`; None draws anew.
            batch_size: int, how many samples the network computes at a time. None: as
                many as hold two million numbers, and 4096 at most.

        Returns:
            Float32 NumPy array (num_samples, ...), images in [-1, 1].

        Raises:
            ValueError: for numbers below 1 or a seed out of range.
        """
        return self._sampled(num_samples, seed, batch_size, lambda seed: None)

    def _sampled(self, num_samples, seed, batch_size, condition_of):
        """Samples of latents that `seed` gives and of `condition_of(seed)`."""
        if batch_size is None:  # beyond it no more are drawn in a second
            numbers = math.prod(n or 1 for n in checks.output_shape(self.generator)[1:])
            batch_size = min(4096, max(1, 2**21 // numbers))
        for name, number in (("num_samples", num_samples), ("batch_size", batch_size)):
            if not isinstance(number, int | np.integer) or number < 1:
                raise ValueError(f"{name} is an integer >= 1. Received: {number!r}.")
        if seed is None:
            seed = np.random.SeedSequence().generate_state(1)[0] >> 1
        seed = check_seed(seed)
        latents = self.prior(int(num_samples), seed_of(seed, "sample"))
        condition = condition_of(seed)
        if self._sampling is None:
            self._sampling = tf.function(self.draw, reduce_retracing=True)
        images = None
        with effects.in_order():
            for start in range(0, num_samples, batch_size):
                rows = slice(start, start + batch_size)
                own = None if condition is None else condition[rows]
                drawn = self._sampling(latents[rows], own)
                if images is None:
                    images = np.empty((num_samples, *drawn.shape[1:]), np.float32)
                images[rows] = drawn
        return images

    # Keep -----------------------------------------------------------------------------

    def export(self, filepath, verbose=False):
        """Write a SavedModel for TF Serving that needs neither Keras nor this package.

        Signatures: `serving_default` (latents -> images) and `generate` (num_samples,
        seed -> uint8 images, the same that `sample` draws for that seed).

        Args:
            filepath: a folder that does not exist yet, such as "serving/my_gan/1".
            verbose: whether to print the signatures.
        """
        export.export_saved_model(self, filepath, verbose=verbose)

    def save_to_preset(self, path, state="training"):
        """Write a folder that `from_preset` reads: configs, weights, metadata.

        Args:
            path: a folder that does not exist yet.
            state: "training" keeps both optimizers and counters, so that training goes
                on; "networks" keeps the (averaged) generator and the discriminator.
        """
        presets.save_to_preset(self, path, state)

    @classmethod
    def from_preset(cls, preset):
        """Read a game from the installed zoo, from a folder, or from a model hub.

        Args:
            preset: name such as "mlp_digits", the path of a folder, or a handle:
                "hf://user/repo[@revision]",
                "kaggle://owner/model/framework/variation[/version]".

        Returns:
            A compiled game, ready for `sample`, `fit` and `export`.

        Raises:
            ValueError: for what is no preset, or not as it was saved.
            ImportError, OSError: for a handle that cannot be fetched.
        """
        return presets.from_preset(preset, cls)


class _Counter:
    """How many batches an evaluation has seen; no weight of the model."""

    def __init__(self):
        self._variable = keras.Variable(0, **COUNTER)

    @property
    def value(self):
        return self._variable.value

    def advance(self):
        self._variable.assign_add(1)

    def reset(self):
        self._variable.assign(0)


def averaged(network):
    """A copy of a network, to become its moving average."""
    copy = type(network).from_config(network.get_config())
    copy.set_weights(network.get_weights())
    copy.trainable = False
    return copy


def _inputs(tensor, condition):
    return tensor if condition is None else [tensor, condition]


def regularization(variables):
    """The weight regularizers of a player's variables, a term of its objective."""
    terms = [v.regularizer(v) for v in variables if v.regularizer is not None]
    return sum(terms) if terms else 0.0
