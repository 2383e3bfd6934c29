"""Checks of every family: one trajectory, and nothing lost on the way to disk.

A family's test is a class that inherits from `FamilyChecks` and says how the family is
made and on what data it is trained; pytest runs all the checks on it.
"""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan.callbacks import BackupAndRestore
from keras_gan.training import GenerativeModel

WAYS = {
    "eager": {"run_eagerly": True},
    "xla": {"jit_compile": True},
    "steps_per_execution": {"steps_per_execution": 3},
}
FORMS = ("keras", "training", "networks")
TOLERANCE = 1e-6  # float32 sums of some tens of terms, in another order


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=TOLERANCE * max(1, abs(a).max()))


def assert_equal(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def state(model):
    """All weights and the places of all seeds."""
    return [np.asarray(v) for v in model.variables]


def moved_by_optimizers(model):
    networks = [net for player in model.players().values() for net in player.values()]
    return [v for network in networks for v in network.trainable_variables]


class FamilyChecks:
    """The checks; a family's class implements `make` and `data`."""

    at_rest = ()  # names of layers with a bias that no gradient reaches, but rounding

    def make(self, strategy=None, optimizer="sgd", **options):
        """A compiled model, with the same first weights every time.

        With `optimizer="adam"` by Adam, where moments count. Options are rules of
        `compile`; `dropout=0.0` leaves Dropout out, if there is any.
        """
        raise NotImplementedError

    def data(self):
        """A `tf.data.Dataset` of some batches, the last one smaller."""
        raise NotImplementedError

    def decay(self, model, step):
        """The decay of the averages at a step of `data`."""
        return min(model.ema_decay, (1 + step) / (10 + step))

    def rests(self, variable):
        *_, layer, name = f"/{variable.path}".split("/")
        return name == "bias" and layer in self.at_rest

    def play(self, model, epochs=2):
        """All variables, what was logged, and what `evaluate` says."""
        history = model.fit(self.data(), epochs=epochs, verbose=0).history
        found = model.evaluate(self.data(), verbose=0, return_dict=True)
        return state(model), [np.array([*logs.values()]) for logs in (history, found)]

    @pytest.fixture(scope="class")
    def graph(self, request):
        checks = request.cls()
        return checks.play(checks.make())

    @pytest.mark.parametrize("way", WAYS)
    def test_one_trajectory(self, graph, way):
        variables, logs = self.play(self.make(**WAYS[way]))
        assert_same(graph[0], variables)
        assert_same(graph[1], logs)

    def test_two_replicas(self, graph, two_replicas):
        variables, logs = self.play(self.make(two_replicas))
        assert_same(graph[0], variables)
        assert_same(graph[1], logs)

    def test_every_network_moves(self, graph):
        first = self.make()
        still = {id(v) for copy, _ in first.averages() for v in copy.variables} - {
            id(v) for v in first.weights
        }  # an average has Dropout's seeds, but never draws
        for variable, a, b in zip(first.variables, state(first), graph[0], strict=True):
            moved, name = abs(a - b).max(), variable.path
            if self.rests(variable):
                assert moved < 1e-6, name
            else:
                assert (moved == 0) if id(variable) in still else (moved > 1e-5), name
        networks = set(first.networks())
        assert networks == {n for net in first.players().values() for n in net}

    def test_an_average_follows_its_network_by_the_formula(self):
        """a <- a + (1 - min(d, (1 + t)/(10 + t))) (w - a); statistics are taken."""
        model = self.make()
        expected = [average.get_weights() for average, _ in model.averages()]
        for step, batch in enumerate(self.data()):
            if model.minibatches_per_step > 1:
                batch = tf.nest.map_structure(
                    lambda x: tf.stack([x] * model.minibatches_per_step, axis=1), batch
                )
            model.train_on_batch(*(batch if isinstance(batch, tuple) else [batch]))
            decay = self.decay(model, step)
            for index, (_, network) in enumerate(model.averages()):
                trained = {id(v) for v in network.trainable_variables}
                for position, variable in enumerate(network.weights):
                    new, old = variable.numpy(), expected[index][position]
                    if id(variable) in trained:
                        new = old + (1 - decay) * (new - old)
                    expected[index][position] = new
        for weights, (average, _) in zip(expected, model.averages(), strict=True):
            for one, other in zip(weights, average.get_weights(), strict=True):
                np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)

    @pytest.mark.parametrize("form", FORMS)
    def test_nothing_comes_back_untrained(self, tmp_path, form):
        # The position of Dropout is in checkpoints, not in saved models.
        model = self.make(optimizer="adam", dropout=0.0)
        first = [v.numpy() for v in moved_by_optimizers(model)]
        model.fit(self.data(), epochs=2, verbose=0)
        if form == "keras":
            model.save(tmp_path / "model.keras")
            loaded = keras.saving.load_model(tmp_path / "model.keras")
        else:
            model.save_to_preset(tmp_path / "preset", state=form)
            loaded = GenerativeModel.from_preset(tmp_path / "preset")
        assert type(loaded) is type(model)
        trained = moved_by_optimizers(model)
        if form == "networks":  # of the averaged ones the averages
            averages = {
                id(variable): average
                for copy, network in model.averages()
                for variable, average in zip(network.weights, copy.weights, strict=True)
            }
            trained = [averages.get(id(v), v) for v in trained]
        again = moved_by_optimizers(loaded)
        for start, one, other in zip(first, trained, again, strict=True):
            np.testing.assert_array_equal(one.numpy(), other.numpy())
            assert abs(other.numpy() - start).max() > 1e-6 or self.rests(other)
        if form == "networks":
            return
        assert_equal(state(model), state(loaded))
        for one in (model, loaded):
            one.fit(self.data(), epochs=1, verbose=0)
        assert_equal(model.get_weights(), loaded.get_weights())

    def test_a_preset_counts_every_network(self, tmp_path):
        model = self.make()
        model.save_to_preset(tmp_path / "preset", state="networks")
        metadata = json.loads((tmp_path / "preset" / "metadata.json").read_text())
        counts = {key: net.count_params() for key, net in model.networks().items()}
        assert metadata["parameters"] == counts

    def test_interrupted_and_resumed_has_the_same_bits(self, tmp_path):
        whole = self.make(optimizer="adam")
        history = whole.fit(self.data(), epochs=3, verbose=0).history

        class Break(BackupAndRestore):
            def after_batch(self, batch, logs=None):
                super().after_batch(batch, logs)
                if int(self.model.step.numpy()) == 4:
                    raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            backup = Break(tmp_path, save_freq=1)
            broken = self.make(optimizer="adam")
            broken.fit(self.data(), epochs=3, verbose=0, callbacks=[backup])
        again = self.make(optimizer="adam")
        backup = BackupAndRestore(tmp_path, save_freq=1)
        fitted = again.fit(self.data(), epochs=3, verbose=0, callbacks=[backup])
        assert_equal(state(whole), state(again))
        assert history == fitted.history

    def test_half_precision_reaches_every_network(self):
        keras.config.set_dtype_policy("mixed_float16")
        try:
            model = self.make()
        finally:
            keras.config.set_dtype_policy("float32")
        for optimizer in model.optimizers().values():
            assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
        before = [v.numpy() for v in moved_by_optimizers(model)]
        history = model.fit(self.data(), epochs=3, verbose=0).history
        assert all(np.isfinite(values).all() for values in history.values())
        for old, variable in zip(before, moved_by_optimizers(model), strict=True):
            assert variable.dtype == "float32" and np.isfinite(variable.numpy()).all()
            moved = abs(variable.numpy() - old).max()
            assert moved > 0 or self.rests(variable)
