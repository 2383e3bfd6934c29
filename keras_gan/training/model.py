"""A generative model: what all models share, with an adversary or without."""

import contextlib
import inspect
import os
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core import compat, distribution, effects, files, onednn
from keras_gan.core.arguments import check_integer
from keras_gan.core.finite import NonFiniteError, first_non_finite
from keras_gan.core.randomness import check_seed
from keras_gan.saving import in_memory, keys, presets
from keras_gan.schedules import HalfLife
from keras_gan.training import (
    checks,
    evaluating,
    executions,
    fitting,
    freezing,
    minibatches,
    play,
    probing,
    rules,
)
from keras_gan.training.rounds import Round
from keras_gan.training.run_length import INTEGER, RunLength


class GenerativeModel(keras.Model):
    """A generative model, which draws samples: networks, and rules of their training.

    The base of games (`models.Game`) and of models without an adversary. A subclass of
    this one has one objective and one optimizer: it implements `objective` and names
    its `networks`. What there is for all: counters, the run's seed, the order of data,
    `fit` and `evaluate`, moving averages, checkpoints, presets and logs.

    Args:
        ema_decay: float in (0, 1), `schedules.HalfLife` or None. With it, an
            exponential moving average of each of `averaged_networks` is kept, as the
            attribute `ema_<name>`; the effective decay of a number is min(ema_decay,
            (1 + t)/(10 + t)) at step t, that of a half-life goes by images.
        seed: int in [0, 2**31): all draws and the order of data are functions of it.
        frozen: None or dict, name of a network -> paths of layers in it whose
            `trainable` is set to False (`get_config` says so of those that are).
        name: str, as in Keras.
        **parts: networks, priors and other objects with a config. Each becomes the
            attribute of that name, and is kept by `get_config`.

    Attributes:
        auxiliary: of the class, names of networks that give neither samples nor logits:
            only these may be frozen as a whole.

    Raises:
        TypeError: for a part that is no such object.
        ValueError: for another `ema_decay` or `seed`, a network that no player owns, or
            a strategy under which no trajectory was verified.
    """

    auxiliary: tuple[str, ...] = ()

    def __init__(
        self,
        ema_decay: float | HalfLife | None = None,
        seed: int = 0,
        frozen: dict[str, list[str]] | None = None,
        name: str | None = None,
        **parts: Any,
    ) -> None:
        checks.check_parts(parts, type(self).__name__)
        super().__init__(name=name)
        rules.check_strategy(self.distribute_strategy)
        rules.check_ema_decay(ema_decay)
        self._part_names = tuple(parts)
        for name, part in parts.items():
            setattr(self, name, part)
        checks.check_owners(parts, self.networks(), type(self).__name__)
        freezing.freeze(self.networks(), frozen)
        self.ema_decay = ema_decay
        self.seed = check_seed(seed)
        for name, network in self.averaged_networks().items():
            copy = None if ema_decay is None else averaged(network)
            setattr(self, f"ema_{name}", copy)
        self.step = self.add_weight((), "zeros", name="step", **INTEGER)
        self.epoch = self.add_weight((), "zeros", name="epoch", **INTEGER)
        self.built = True

    def get_config(self) -> dict[str, Any]:
        serialize = keras.saving.serialize_keras_object
        return {
            **{name: serialize(getattr(self, name)) for name in self._part_names},
            "ema_decay": self._ema_config(),
            "seed": self.seed,
            **freezing.config_of(self.networks()),
            "name": self.name,
        }

    def _ema_config(self):
        if isinstance(self.ema_decay, HalfLife):
            return keras.saving.serialize_keras_object(self.ema_decay)
        return self.ema_decay

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        for parameter in inspect.signature(cls).parameters.values():
            named = parameter.kind is parameter.POSITIONAL_OR_KEYWORD
            if named and parameter.default is parameter.empty:
                config[parameter.name]  # a KeyError where it is missing
        return cls(**{name: _revived(value) for name, value in config.items()})

    def build(self, input_shape: Any = None) -> None:
        self.built = True

    # Players --------------------------------------------------------------------------

    def networks(self) -> dict[str, keras.Model]:
        """The networks (name -> network) that the model is made of."""
        parts = {name: getattr(self, name) for name in self._part_names}
        return {k: v for k, v in parts.items() if isinstance(v, keras.Model)}

    def players(self) -> dict[str, dict[str, keras.Model]]:
        """The players: optimizer's name -> its networks (name -> network)."""
        return {"optimizer": self.networks()}

    def averaged_networks(self) -> dict[str, keras.Model]:
        """The networks (name -> network) of which `ema_decay` keeps an average."""
        return self.networks()

    def optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """The optimizer of each player, by name."""
        return {name: getattr(self, name) for name in self.players()}

    # Methods and not properties, or Keras would save the networks as parts of them.

    def averages(self) -> list[tuple[keras.Model, keras.Model]]:
        """Pairs (moving average, network) of the networks that are averaged."""
        if self.ema_decay is None:
            return []
        networks = self.averaged_networks().items()
        return [(getattr(self, f"ema_{name}"), network) for name, network in networks]

    def reset_ema(self) -> None:
        """Start the moving averages anew at the networks as they are."""
        for average, network in self.averages():
            average.set_weights(network.get_weights())

    def averages_in_place(self) -> keras.StatelessScope:
        """A scope in which networks compute with their averages, and change nothing."""
        return effects.captured(
            [
                (variable, average.value)
                for copy, network in self.averages()
                for variable, average in zip(network.weights, copy.weights, strict=True)
            ]
        )

    def summary(self, *args: Any, **kwargs: Any) -> None:
        """Print the layers of each network, player by player.

        Args:
            *args, **kwargs: of `keras.Model.summary`, for each network.
        """
        for network in self.networks().values():
            network.summary(*args, **kwargs)

    def __repr__(self) -> str:
        parts = " and ".join(
            f"{type(network).__name__} of {network.count_params():,} parameters"
            for network in self.networks().values()
        )
        state = "compiled" if self.compiled else "not compiled"
        step = int(self.step.numpy())
        return f"<{type(self).__name__}: {parts}, {state}, step {step}>"

    # The rules ------------------------------------------------------------------------

    def compile(
        self,
        optimizer: keras.optimizers.Optimizer | str | None = None,
        metrics: Sequence[keras.metrics.Metric] = (),
        run_eagerly: bool = False,
        jit_compile: bool | str | None = "auto",
        steps_per_execution: int | str = "auto",
    ) -> None:
        """Set how the model is trained.

        Args:
            optimizer: Keras optimizer or its name; None is Adam(2e-4, beta_1=0.5).
                Under a `mixed_float16` policy it is wrapped in a `LossScaleOptimizer`.
            metrics: list of `keras.metrics.Metric` with `update_state(real, fake)`,
                computed by `evaluate`; see `keras_gan.metrics`.
            run_eagerly, jit_compile: as in Keras.
            steps_per_execution: int, as in Keras, or "auto": ten for small networks,
                where no callback wants to be called after each step
                (`training.executions`).

        Raises:
            ValueError: for rules that do not exist.
        """
        self._set_rules(
            {"optimizer": optimizer},
            metrics,
            run_eagerly,
            jit_compile,
            steps_per_execution,
        )
        self.trackers = [keras.metrics.Mean(name="loss")]

    def _set_rules(
        self, optimizers, metrics, run_eagerly, jit_compile, steps_per_execution
    ):
        """Set the rules that all models share; `trackers` are left to the subclass."""
        auto = steps_per_execution == executions.AUTO
        rules.check_compilation(
            jit_compile, steps_per_execution, self.distribute_strategy
        )
        keras.Model.compile(
            self,
            optimizer=None,
            run_eagerly=run_eagerly,
            jit_compile=jit_compile,
            steps_per_execution=1 if auto else int(steps_per_execution),
        )
        freezing.check_that_all_learn(
            self.players(), self.auxiliary, type(self).__name__
        )
        self.run_length = RunLength(self.step)
        self._set_averaging(self.ema_decay)
        self.optimizer_configs, self._trained = {}, {}
        networks = list(self.networks().values())
        for name, moved in self.players().items():
            variables = [v for net in moved.values() for v in net.trainable_variables]
            optimizer = rules.built_optimizer(
                optimizers[name], networks, variables, name
            )
            self.run_length.follow(optimizer)
            setattr(self, name, optimizer)
            # As compiled: a callback may change the learning rate as the run goes.
            config = keras.saving.serialize_keras_object(optimizer)
            self.optimizer_configs[name] = config
            self._trained[name] = {id(variable) for variable in variables}
        self.jit_setting = jit_compile
        self.executions_setting = executions.AUTO if auto else self.steps_per_execution
        self.evaluation_metrics = rules.checked_metrics(metrics)
        self._evaluated = _Counter()
        self._probes = {}

    def _set_averaging(self, ema_decay):
        """Set how the averages follow their networks in the runs to come."""
        by_images = isinstance(ema_decay, HalfLife)
        self._averaging = ema_decay.of_run(self.run_length) if by_images else ema_decay

    def average_step(self, rows: int | tf.Tensor) -> tf.Tensor:
        """1 - decay of the averages at this step, as a float32 scalar.

        Args:
            rows: int or integer scalar, the samples in the step's minibatch, over all
                replicas.
        """
        if isinstance(self._averaging, HalfLife):
            return self._averaging.kept_back(rows)
        t = ops.cast(self.step, "float32")
        return 1 - ops.minimum(self._averaging, (1 + t) / (10 + t))

    def get_compile_config(self) -> dict[str, Any]:
        if not self.compiled:
            return {}
        serialize = keras.saving.serialize_keras_object
        return {
            **{name: serialize(found) for name, found in self.optimizers().items()},
            "metrics": [serialize(metric) for metric in self.evaluation_metrics],
            "run_eagerly": self.run_eagerly,
            "jit_compile": self.jit_setting,
            "steps_per_execution": self.executions_setting,
        }

    def compile_from_config(self, config: dict[str, Any]) -> None:
        self.compile(**{name: _revived(value) for name, value in config.items()})

    @property
    def minibatches_per_step(self) -> int:
        """The number of minibatches of the data that one step takes."""
        return 1

    # Hooks: pure functions of tensors, to be overridden -----------------------------

    def split(self, data: Any) -> tuple[Any, Any]:
        """Split an element of the data set into (real samples, side).

        `side` is what rides along to all that follows: labels, a source image, any nest
        of tensors (rows, ...), or None. By default labels are taken for nothing.
        """
        real, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        return real, None

    def check_samples(self, dataset: tf.data.Dataset, name: str) -> None:
        """Raise a ValueError for samples that the networks cannot take.

        Args:
            dataset: `tf.data.Dataset` of batches.
            name: what to call the data in the error.
        """
        spec = dataset.element_spec
        alone = type(self).split is GenerativeModel.split and isinstance(spec, tuple)

        def samples_of(element):
            return element[0] if alone else element

        first = checks.first_of(dataset, samples_of)
        checks.check_floats(samples_of(spec), name, first)
        for element in dataset.take(1):
            first = samples_of(element)
            first = tf.nest.map_structure(lambda x: x.numpy(), first)
            called = minibatches.numbered(1, name)
            for part in tf.nest.flatten(first):
                checks.check_not_empty(len(part), called)
            checks.check_finite(first, called)

    def check_data(self, dataset: tf.data.Dataset, name: str) -> None:
        """Raise a ValueError for data that this family cannot be trained on.

        Args:
            dataset: `tf.data.Dataset` of batches of samples of the right shape.
            name: what to call the data in the error.
        """

    def minibatch_rules(self, element: Any) -> list[tuple[tf.Tensor, Any]]:
        """The rules that each minibatch is held to as the model trains, at small cost.

        Args:
            element: of the data set: a nest of symbolic tensors (rows, ...).

        Returns:
            List of pairs (tensor, rule), the rules of `training.minibatches`.
        """
        alone = type(self).split is GenerativeModel.split and isinstance(element, tuple)
        parts = tf.nest.flatten(element[0] if alone else element)
        return [
            (part, minibatches.Finite())
            for part in parts
            if isinstance(part, tf.Tensor) and part.dtype.is_floating
        ]

    def draw_latents(self, rows: int | tf.Tensor, seed: tf.Tensor) -> Any:
        """Latents of `rows` samples: any nest of tensors (rows, ...), or None.

        Args:
            rows: int or int32 scalar tensor.
            seed: int32 tensor of shape (2,).
        """
        return None

    def draw_side(self, num_samples: int, seed: tf.Tensor) -> Any:
        """The side of samples for which none is given: None by default.

        Args:
            num_samples: int.
            seed: int32 tensor of shape (2,).
        """
        return None

    def objective(
        self, round: Round, training: bool
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        """The objective of a model without an adversary, a mean over the minibatch.

        Args:
            round: `training.Round` without a fake.
            training: bool; `evaluate` logs the objective in inference mode, by the
                averaged networks, without a seed.

        Returns:
            A scalar, and a dict of scalars for the logs.
        """
        raise NotImplementedError(f"{type(self).__name__} lacks objective.")

    def draw(self, latents: Any, side: Any) -> Any:
        """Latents and side -> samples, by the (averaged) networks in inference mode."""
        raise NotImplementedError(f"{type(self).__name__} lacks draw.")

    def evaluation_fake(self, latents: Any, side: Any) -> Any:
        """The fakes that `evaluate` compares with the reals: `draw`, if metrics ask."""
        return self.draw(latents, side) if self.evaluation_metrics else None

    def evaluation_logs(self, round: Round) -> dict[str, tf.Tensor]:
        """The logs of `evaluate` for a batch: a dict of scalars, means over its rows.

        Subclasses add to `super().evaluation_logs(...)`, and name what they add in
        `trackers` when they compile.
        """
        with self.averages_in_place():
            objective, logs = self.objective(round, training=False)
        return play.merged({"loss": objective}, logs)

    def scored_samples(self, round: Round) -> tuple[Any, Any]:
        """The real samples and the fakes that metrics are given."""
        return round.real, round.fake

    def sample_shape(self) -> tuple[int | None, ...] | None:
        """The shape of one drawn sample, without the batch; None if it is not known."""
        return None

    def evaluation_functions(self) -> dict[str, Callable[..., Any]]:
        """The functions by which this family answers about classes: none, by default.

        `keras_gan.evaluation` scores what these functions say; a family adds to
        `super().evaluation_functions()`.

        Returns:
            Dict of functions, some of
            - "condition": (num_samples, seed) -> ints (num_samples,), the classes
              that `sample` draws with this seed;
            - "class": samples -> probabilities (n, K) of the classes of the data;
            - "code": samples -> probabilities (n, K) of classes without a label;
            - "information": (samples, seed) -> floats (n,), whose mean is the bound
              L_I of that code in nats, on the samples of `sample` with this seed.
        """
        return {}

    # Steps --------------------------------------------------------------------------

    def train_step(self, data: Any) -> dict[str, tf.Tensor]:
        """One step of the training; its logs.

        A loop of your own around it belongs into `keras_gan.core.effects.in_order()`,
        as `fit` does, or a graph may read a weight that has already moved, and end with
        other bits in another process.
        """
        with play.once_arrived(data):
            return self._track(*self._move(data))

    def _move(self, data):
        """Take one step; scalars for the logs and the rows that they are means of."""
        return play.descend(self, data)

    def test_step(self, data: Any) -> dict[str, tf.Tensor]:
        """Evaluate one batch; its logs."""
        with play.once_arrived(data):
            logs, rows = evaluating.step(
                self, data, self._evaluated.value, self.evaluation_metrics
            )
            self._evaluated.advance()
            return self._track(self._believable(logs), rows)

    def _believable(self, logs):
        """The logs of `evaluate` without those that mean little."""
        return logs

    # Watch ----------------------------------------------------------------------------

    def gradients_now(self, minibatch: Any, share: Any) -> dict[str, list[tf.Tensor]]:
        """Each player's gradients at the point where all are: optimizer's name -> list.

        Args:
            minibatch: pair (real, side).
            share: `core.distribution.Share` of the step.
        """
        return {"optimizer": play.own_gradients(self, minibatch, share)[0]}

    def gradient_norms(self, data: Any) -> dict[str, float]:
        """The norms of the gradients that the players would take from some data now.

        Both are taken at the same point, before anything clips them, and nothing is
        changed by it: neither weights nor statistics nor the place of a draw. Under
        several workers all of them call it.

        Args:
            data: an element of the data set: a minibatch (rows, ...), or (rows, k, ...)
                where a step takes k of them, of which the first one counts.

        Returns:
            Optimizer's name -> float, the Euclidean norm over all of its variables.
        """
        compat.check_compiled(self, "gradient_norms")
        found = self._probed("norms", data)
        return {name: float(values[0]) for name, values in found.items()}

    def _probed(self, name, data):
        """The findings of `probing`, whose graph is kept until the rules change."""
        if name not in self._probes:
            self._probes[name] = probing.Probe(self, getattr(probing, name))
        return self._probes[name](data)

    # Logs -----------------------------------------------------------------------------

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        if not self.compiled:
            return []
        return [*self.trackers, *self.evaluation_metrics]

    def get_metrics_result(self) -> dict[str, Any]:
        return {tracker.name: tracker.result() for tracker in self.trackers}

    def reset_metrics(self) -> None:
        super().reset_metrics()
        if self.compiled:
            self._evaluated.reset()

    def _track(self, logs, rows):
        unknown = sorted(set(logs) - {tracker.name for tracker in self.trackers})
        if unknown:
            raise ValueError(
                f"{type(self).__name__} logs {unknown[0]!r}, which nothing tracks. Add "
                f"keras.metrics.Mean(name={unknown[0]!r}) to self.trackers in compile."
            )
        tracked = [tracker for tracker in self.trackers if tracker.name in logs]
        for tracker in tracked:
            tracker.update_state(logs[tracker.name], sample_weight=rows)
        results = {tracker.name: tracker.result() for tracker in tracked}
        return distribution.reportable(results, self.distribute_strategy)

    # Train, evaluate ----------------------------------------------------------------

    def fit(
        self,
        x: tf.data.Dataset
        | keras.utils.PyDataset
        | Iterable[Any]
        | np.ndarray
        | tf.Tensor
        | None = None,
        y: ArrayLike | None = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: keras.callbacks.Callback
        | Sequence[keras.callbacks.Callback]
        | None = None,
        validation_data: tf.data.Dataset
        | keras.utils.PyDataset
        | Iterable[Any]
        | np.ndarray
        | tuple[np.ndarray, ArrayLike]
        | None = None,
        shuffle: bool = True,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | list[int] = 1,
        steps: int | None = None,
    ) -> keras.callbacks.History:
        """Train on data.

        Args:
            x: `tf.data.Dataset` of batches of float samples, or of (samples, labels);
                best one of `keras_gan.datasets.load`. Or an array of samples: float
                images in [-1, 1], uint8 images, or plain vectors. Of an array, a last
                batch smaller than the others is left out of each epoch. Or a
                `keras.utils.PyDataset` of batches, whose order `shuffle` shuffles; or a
                generator, a `torch.utils.data.DataLoader` or another iterable of them:
                arrays or tensors, images as (batch, height, width, channels).
            y: labels of an array, for conditional games; others ignore them, and say
                so.
            batch_size: int, one minibatch of an array (32).
            validation_data: as `x`; logs `val_d_loss` and so on after each epoch.
            epochs, verbose, callbacks, shuffle, initial_epoch, steps_per_epoch,
            validation_steps, validation_batch_size, validation_freq: as in Keras.
            steps: int >= 1, the steps of the whole run instead of `epochs`; the last
                epoch ends early then, and a longer run goes on in it.

        A step that takes k minibatches takes k successive ones, and an epoch is
        floor(batches / k) steps. Schedules are relative to `epochs` such epochs.

        Returns:
            A `keras.callbacks.History`; of a game with `d_loss`, `g_loss`, one key a
            penalty, `real_score`, `fake_score` and, for losses that have a threshold,
            `real_accuracy` and `fake_accuracy`.

        Raises:
            ValueError: for data that the model cannot be trained on, before the first
                step, or, for a later minibatch of a `tf.data.Dataset`, before its step:
                the model is then as the last whole step left it.
            keras_gan.callbacks.NonFiniteError: when a logged quantity becomes NaN or
                Inf.
            keras_gan.core.distribution.WorkerLostError: when another worker is gone.
        """
        compat.check_compiled(self, "fit")
        freezing.check_as_compiled(self.players(), self._trained)
        fitting.check_lengths(
            epochs,
            initial_epoch,
            steps_per_epoch=steps_per_epoch,
            validation_steps=validation_steps,
            validation_batch_size=validation_batch_size,
        )
        fitting.check_validation(
            validation_data,
            validation_steps=(validation_steps, None),
            validation_batch_size=(validation_batch_size, None),
            validation_freq=(validation_freq, 1),
        )
        callbacks = fitting.listed(callbacks)
        fitting.check_callbacks(self, callbacks)
        x = fitting.of_python(x, fitting.TRAINED, self.seed, shuffle)
        fitting.check_that_epochs_end(x, steps_per_epoch, epochs - initial_epoch)
        onednn.say_if_too_late()
        dataset = fitting.training_data(self, x, y, batch_size, shuffle)
        if type(self).split is GenerativeModel.split:
            fitting.warn_of_labels(dataset, type(self).__name__)
        if steps is not None:
            epochs = fitting.epochs_of(
                steps,
                dataset,
                epochs=(epochs, 1),
                steps_per_epoch=(steps_per_epoch, None),
            )
        early = steps is not None and steps % int(dataset.cardinality()) > 0
        dataset = fitting.resumable_data(
            self, dataset, callbacks, steps_per_epoch, early
        )
        fitting.show_data(callbacks, dataset)
        if validation_data is not None:
            validation_data = fitting.validation_data(
                self,
                validation_data,
                validation_batch_size,
                batch_size,
                validation_steps,
            )
        fitting.set_run_length(
            self, dataset, epochs, initial_epoch, steps_per_epoch, steps
        )
        if self.executions_setting == executions.AUTO:
            length = steps_per_epoch or int(dataset.cardinality())
            self._execute(executions.chosen(self, dataset, callbacks or (), length))
        watching = distribution.watching_workers(self.distribute_strategy)
        held = fitting.releasing(callbacks)
        bookkeeping = fitting.Bookkeeping(dataset, early)
        watched = minibatches.watched(self, dataset, self.minibatches_per_step)
        expected = fitting.ends_expected(steps_per_epoch)
        refusing = self._told_of_ends(watched, bookkeeping.next_minibatch)
        with held, watching, effects.in_order(), expected, refusing:
            return super().fit(
                watched,
                epochs=epochs,
                verbose=verbose,
                callbacks=fitting.behind(bookkeeping, callbacks),
                validation_data=validation_data,
                shuffle=False,  # the data set has its own order
                initial_epoch=initial_epoch,
                steps_per_epoch=steps_per_epoch,
                validation_steps=validation_steps,
                validation_freq=validation_freq,
            )

    def begin_run(self, steps: int, begin: int | None = None) -> None:
        """Say how long a run is, which schedules are relative to; `fit` does it.

        Args:
            steps: int >= 0; 0 where it is not known.
            begin: int, the step at which it began; None for the one that is reached.
        """
        steps = check_integer(steps, "steps", 0)
        begin = int(self.step.numpy()) if begin is None else begin
        self.run_length.set(begin, steps)

    def _execute(self, steps):
        """Take so many steps a call; other graphs than those for as many are traced."""
        if steps != self.steps_per_execution:
            self.steps_per_execution = steps
            self.train_function = self.test_function = self.predict_function = None

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        """Builds nothing: a model is built with its parts.

        Keras would take the mean of the replicas' first batches to learn their shape,
        which fails where one replica has a row more. It calls this by its private name,
        and hands over the iterator of the epochs, which `fitting` needs to see.
        """
        self._epochs = iterator

    def make_train_function(self, force: bool = False) -> None:
        if self.train_function is None or force:
            super().make_train_function(force)
            self.train_function = fitting.telling(
                self.train_function,
                self.steps_per_execution,
                lambda: int(self.step.numpy()),
                lambda: self._at_end(),
            )

    def make_test_function(self, force: bool = False) -> None:
        if self.test_function is None or force:
            super().make_test_function(force)
            self.test_function = fitting.telling(
                self.test_function,
                self.steps_per_execution,
                lambda: int(self._evaluated.value.numpy()),
                lambda: self._at_end(),
            )

    @contextlib.contextmanager
    def _told_of_ends(self, dataset, next_minibatch):
        """A scope in which data that end at a minibatch that is refused raise for it.

        Args:
            dataset: what `minibatches.watched` returned.
            next_minibatch: as of `minibatches.check_not_refused`.
        """

        def at_end():
            minibatches.check_not_refused(
                dataset, self.distribute_strategy, next_minibatch
            )

        before = self._at_end  # that of the `fit` which evaluates
        self._at_end = at_end
        try:
            yield
        finally:
            self._at_end = before

    def _at_end(self):
        """A hook at the end of data; nothing outside of `fit` and `evaluate`."""

    def train_on_batch(self, x: Any, y: Any = None, **kwargs: Any) -> Any:
        """One step on one batch, as in Keras; `fit` also checks and orders the data."""
        compat.check_compiled(self, "train_on_batch")
        freezing.check_as_compiled(self.players(), self._trained)
        self.run_length.check_known(
            "train_on_batch does not know: call begin_run(steps) before the first batch"
        )
        with effects.in_order():
            return super().train_on_batch(x, y, **kwargs)

    def evaluate(
        self,
        x: tf.data.Dataset
        | keras.utils.PyDataset
        | Iterable[Any]
        | np.ndarray
        | tf.Tensor
        | tuple[np.ndarray, ArrayLike]
        | None = None,
        y: ArrayLike | None = None,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        steps: int | None = None,
        callbacks: keras.callbacks.Callback
        | Sequence[keras.callbacks.Callback]
        | None = None,
        return_dict: bool = False,
        **kwargs: Any,
    ) -> list[float] | dict[str, float]:
        """Evaluate the (averaged) model on data; draws as many samples as there are.

        Latents are drawn at a fixed seed and all networks run in inference mode, so the
        result is a function of the weights and the data. Of a game, penalties are left
        out of the objectives. Accuracies are left out, with a warning, where the
        discriminator's logit depends on the rest of its batch.

        Args:
            x: data as for `fit`; the last, smaller batch counts.
            y, batch_size, verbose, steps, callbacks, return_dict: as in Keras.

        Returns:
            A list of floats, or a dict with `d_loss`, `g_loss`, `real_score`,
            `fake_score`, accuracies, and the compiled metrics.
        """
        compat.check_compiled(self, "evaluate")
        unknown = [k for k, v in kwargs.items() if v is not None and k[0] != "_"]
        if unknown:
            raise TypeError(f"evaluate takes no argument {unknown[0]!r}.")
        if steps is not None:
            check_integer(steps, "steps", 1)
        fitting.check_callbacks(self, fitting.listed(callbacks))
        if x is not None:
            x = fitting.evaluation_data(self, x, y, batch_size=batch_size)
            self._look_before_evaluation(x)
        evaluating.build_metrics(self)

        def next_minibatch():
            return int(self._evaluated.value.numpy()) + 1, "The evaluation data"

        expected = fitting.ends_expected(steps)
        with effects.in_order(), self._told_of_ends(x, next_minibatch), expected:
            logs = super().evaluate(
                x=x,
                verbose=verbose,
                steps=steps,
                callbacks=callbacks,
                return_dict=True,
                **kwargs,
            )
        fitting.check_some_evaluated(int(self._evaluated.value.numpy()))
        # Not all versions of Keras make them numbers.
        logs = {name: float(value) for name, value in logs.items()}
        for metric in self.evaluation_metrics:
            found = metric.result()
            found = found if isinstance(found, dict) else {metric.name: found}
            logs |= {name: float(value) for name, value in found.items()}
        return logs if return_dict else list(logs.values())

    def _look_before_training(self, dataset):
        """Look at the data before the first step of a training; nothing here."""

    def _look_before_evaluation(self, dataset):
        """Look at the data before the first batch of an evaluation; nothing here."""

    # Keep -----------------------------------------------------------------------------

    def save(
        self, filepath: str | os.PathLike, overwrite: bool = True, **options: Any
    ) -> None:
        """Write a `.keras` file, which appears as a whole or not at all, as in Keras.

        Args:
            filepath: path that ends in ".keras".
            overwrite: whether a file of that name is replaced.
            **options: as in Keras, but for those that make several files.

        Raises:
            ValueError: for another ending, or for several files.
            FileExistsError: if the file exists and is not to be replaced.
            NonFiniteError: if a variable holds NaN or Inf.
            OSError: if it cannot be written; an old file stays then.
        """
        self._write_whole(super().save, filepath, ".keras", overwrite, options)

    def save_weights(
        self, filepath: str | os.PathLike, overwrite: bool = True, **options: Any
    ) -> None:
        """Write a `.weights.h5` file, as `save`."""
        suffix = ".weights.h5"
        self._write_whole(super().save_weights, filepath, suffix, overwrite, options)

    def save_own_variables(self, store: Any) -> None:
        """Give Keras the model's own variables; all of them must be finite.

        Keras asks whatever function writes a file: `keras.saving.save_model(model,
        path)` comes by here, too. It has opened the file by then, so unlike `save` it
        leaves a part of one where it fails.
        """
        self.check_finite("nothing is saved")
        super().save_own_variables(store)

    def _write_whole(self, write, path, suffix, overwrite, options):
        path = os.fspath(path)
        if not path.endswith(suffix):
            raise ValueError(
                f"The file's name ends in {suffix!r}. Received: {path!r}. A folder "
                "that can be read and shared is written by save_to_preset(folder)."
            )
        for name, one_file in (("zipped", True), ("max_shard_size", None)):
            if options.get(name, one_file) not in (one_file, None):
                raise ValueError(
                    f"A {suffix} file is one file, written as a whole: leave out "
                    f"{name}. Received: {name}={options[name]!r}."
                )
        if os.path.exists(path) and not overwrite:
            raise FileExistsError(f"{path} exists already. Pass overwrite=True.")
        self.check_finite(f"{path} is not written")
        with files.new_file(path) as file:
            file.write(in_memory.written(write, path, **options))

    def check_finite(self, consequence: str) -> None:
        """Raise a NonFiniteError if a variable holds NaN or Inf, naming it.

        Args:
            consequence: str, what is not done then.
        """
        if self.compiled:
            freezing.check_as_compiled(self.players(), self._trained)
        arrays = {key: v.numpy() for key, v in keys.of_weights(self).items()}
        bad = first_non_finite(arrays)
        if bad is not None:
            raise NonFiniteError(
                f"{bad} holds NaN or Inf, so {consequence}. Resume from an earlier "
                "checkpoint, or train again with smaller learning rates."
            )

    def save_to_preset(self, path: str | os.PathLike, state: str = "training") -> None:
        """Write a folder that `from_preset` reads: configs, weights, metadata.

        Args:
            path: a folder that does not exist yet.
            state: "training" keeps all optimizers and counters, so that training goes
                on; "networks" keeps all networks, the averaged ones as averages.

        Raises:
            ValueError: for another `state`, an uncompiled game, or one with classes of
                one's own.
            FileExistsError: if something is there already.
            NonFiniteError: if a variable holds NaN or Inf.
        """
        self.check_finite(f"{path} is not written")
        presets.save_to_preset(self, path, state)

    @classmethod
    def from_preset(
        cls, preset: str | os.PathLike, num_classes: int | None = None
    ) -> Self:
        """Read a model from the installed zoo, from a folder, or from a model hub.

        Args:
            preset: name such as "mlp_digits", the path of a folder, or a handle:
                "hf://user/repo[@revision]",
                "kaggle://owner/model/framework/variation[/version]".
            num_classes: int >= 1, to begin a game of so many classes with the weights
                of the preset's: those that fit are kept, a warning names the others,
                which begin anew, and so do optimizers and counters. None: as it is.

        Returns:
            A compiled model, ready for `sample`, `fit` and `export`.

        Raises:
            ValueError: for what is no preset, or not as it was saved.
            ImportError, OSError: for a handle that cannot be fetched.
        """
        return presets.from_preset(preset, cls, num_classes)


class _Counter:
    """The number of batches an evaluation has seen; no weight of the model."""

    def __init__(self):
        self._variable = keras.Variable(0, **INTEGER)

    @property
    def value(self):
        return self._variable.value

    def advance(self):
        self._variable.assign_add(1)

    def reset(self):
        self._variable.assign(0)


def averaged(network):
    """A copy of a network, to become its moving average."""
    try:
        copy = type(network).from_config(network.get_config())
        if len(copy.weights) < len(network.weights):  # not built by its constructor
            copy.build_from_config(network.get_build_config())
        copy.set_weights(network.get_weights())
    # What a class of the user's raises is not limited to some kinds.
    except Exception as error:
        kind = type(network).__name__
        raise ValueError(
            f"ema_decay keeps a moving average of {network.name!r}, a second {kind} of "
            f"the same weights, and {kind}'s config does not make one: "
            f"{textwrap.shorten(str(error), 200)} Let its __init__ take **kwargs and "
            "pass them to super().__init__, and get_config return all of its other "
            "arguments; or start it with keras.Input(shape); or pass ema_decay=None."
        ) from error
    copy.trainable = False
    return copy


def regularization(variables):
    """The weight regularizers of a player's variables, a term of its objective."""
    terms = [v.regularizer(v) for v in variables if v.regularizer is not None]
    return sum(terms) if terms else 0.0


def _revived(value):
    """A part or a rule from its config; what is no config of an object stays."""
    if isinstance(value, list):
        return [_revived(item) for item in value]
    if isinstance(value, dict) and "class_name" in value:
        return keras.saving.deserialize_keras_object(value)
    return value
