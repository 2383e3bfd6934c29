"""A BiGAN, a CycleGAN and a VAE of a few weights: what every family must stand."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from toys import RULES, TOYS, WIDTH, data, make, state

import keras_gan
from keras_gan import penalties
from keras_gan.callbacks import BackupAndRestore
from keras_gan.models import GAN
from keras_gan.training import GenerativeModel

WAYS = {
    "eager": {"run_eagerly": True},
    "xla": {"jit_compile": True},
    "steps_per_execution": {"steps_per_execution": 3},
}
TOLERANCE = 1e-6  # float32 sums of some tens of terms, in another order


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=TOLERANCE * max(1, abs(a).max()))


def assert_equal(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def play(model, name, epochs=2):
    """All variables, what was logged, and what `evaluate` says."""
    history = model.fit(data(name), epochs=epochs, verbose=0).history
    found = model.evaluate(data(name), verbose=0, return_dict=True)
    return state(model), [np.array([*logs.values()]) for logs in (history, found)]


@pytest.fixture(scope="module")
def graph():
    return {name: play(make(name), name) for name in TOYS}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", TOYS)
def test_one_trajectory(graph, name, way):
    variables, logs = play(make(name, **WAYS[way]), name)
    assert_same(graph[name][0], variables)
    assert_same(graph[name][1], logs)


@pytest.mark.parametrize("name", TOYS)
def test_two_replicas(graph, two_replicas, name):
    variables, logs = play(make(name, two_replicas), name)
    assert_same(graph[name][0], variables)
    assert_same(graph[name][1], logs)


@pytest.mark.parametrize("name", TOYS)
def test_every_network_moves_and_every_average_follows(graph, name):
    first = make(name)
    before = state(first)
    still = {id(v) for copy, _ in first.averages() for v in copy.variables} - {
        id(v) for v in first.weights
    }  # an average has Dropout's seeds, but never draws
    for variable, a, b in zip(first.variables, before, graph[name][0], strict=True):
        moved = abs(a - b).max()
        assert (moved == 0) if id(variable) in still else (moved > 1e-4), variable.path
    networks = set(first.networks())
    assert networks == {n for net in first.players().values() for n in net}
    averaged = {name for name in networks if hasattr(first, f"ema_{name}")}
    assert averaged == set(first.averaged_networks())


@pytest.mark.parametrize("name", TOYS)
def test_an_average_follows_its_network_by_the_formula(name):
    """a <- a + (1 - min(d, (1 + t)/(10 + t))) (w - a), statistics are taken."""
    model = make(name, ema_decay=0.9)
    expected = [average.get_weights() for average, _ in model.averages()]
    for step, batch in enumerate(data(name)):
        if model.minibatches_per_step == 2:
            batch = tf.stack([batch, batch], axis=1)
        model.train_on_batch(*(batch if isinstance(batch, tuple) else [batch]))
        decay = min(0.9, (1 + step) / (10 + step))
        for index, (_, network) in enumerate(model.averages()):
            trained = {id(v) for v in network.trainable_variables}
            for place, variable in enumerate(network.weights):
                new, old = variable.numpy(), expected[index][place]
                if id(variable) in trained:
                    new = old + (1 - decay) * (new - old)
                expected[index][place] = new
    for weights, (average, _) in zip(expected, model.averages(), strict=True):
        for one, other in zip(weights, average.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)


FORMS = ("keras", "training", "networks")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", TOYS)
def test_nothing_comes_back_untrained(tmp_path, name, form):
    # The position of Dropout is in checkpoints, not in saved models.
    model = make(name, optimizer="adam", dropout=0.0)
    first = [v.numpy() for v in moved_by_optimizers(model)]
    model.fit(data(name), epochs=2, verbose=0)
    if form == "keras":
        model.save(tmp_path / "model.keras")
        loaded = keras.saving.load_model(tmp_path / "model.keras")
    else:
        model.save_to_preset(tmp_path / "preset", state=form)
        loaded = GenerativeModel.from_preset(tmp_path / "preset")
    assert type(loaded) is type(model)
    trained = moved_by_optimizers(model)
    if form == "networks":  # of the averaged ones the averages
        averages = {id(v): a for c, n in model.averages() for v, a in _pairs(c, n)}
        trained = [averages.get(id(v), v) for v in trained]
    again = moved_by_optimizers(loaded)
    for start, one, other in zip(first, trained, again, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
        assert abs(other.numpy() - start).max() > 1e-6
    if form == "networks":
        return
    assert_equal(state(model), state(loaded))
    for one in (model, loaded):
        one.fit(data(name), epochs=1, verbose=0)
    assert_equal(model.get_weights(), loaded.get_weights())


def _pairs(copy, network):
    return zip(network.weights, copy.weights, strict=True)


def moved_by_optimizers(model):
    networks = [net for player in model.players().values() for net in player.values()]
    return [v for network in networks for v in network.trainable_variables]


@pytest.mark.parametrize("name", TOYS)
def test_a_preset_counts_every_network(tmp_path, name):
    model = make(name)
    model.save_to_preset(tmp_path / "preset", state="networks")
    metadata = json.loads((tmp_path / "preset" / "metadata.json").read_text())
    counts = {key: net.count_params() for key, net in model.networks().items()}
    assert metadata["parameters"] == counts


@pytest.mark.parametrize("name", TOYS)
def test_interrupted_and_resumed_has_the_same_bits(tmp_path, name):
    whole = make(name, optimizer="adam")
    history = whole.fit(data(name), epochs=3, verbose=0).history

    class Break(BackupAndRestore):
        def on_train_batch_end(self, batch, logs=None):
            super().on_train_batch_end(batch, logs)
            if int(self.model.step.numpy()) == 4:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup = Break(tmp_path, save_freq=1)
        broken = make(name, optimizer="adam")
        broken.fit(data(name), epochs=3, verbose=0, callbacks=[backup])
    again = make(name, optimizer="adam")
    backup = BackupAndRestore(tmp_path, save_freq=1)
    resumed = again.fit(data(name), epochs=3, verbose=0, callbacks=[backup]).history
    assert_equal(state(whole), state(again))
    assert history == resumed


@pytest.mark.parametrize("name", TOYS)
def test_half_precision_reaches_every_network(name):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = make(name)
    finally:
        keras.config.set_dtype_policy("float32")
    for optimizer in model.optimizers().values():
        assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    before = [v.numpy() for v in moved_by_optimizers(model)]
    history = model.fit(data(name), epochs=3, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    for old, variable in zip(before, moved_by_optimizers(model), strict=True):
        assert variable.dtype == "float32" and np.isfinite(variable.numpy()).all()
        assert abs(variable.numpy() - old).max() > 0


def test_one_network_in_half_precision_is_enough_to_scale_the_loss():
    """The encoder alone computes in float16: both optimizers scale."""
    encoder = make("BiGAN").encoder
    config = encoder.get_config()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        encoder = type(encoder).from_config(config)
    finally:
        keras.config.set_dtype_policy("float32")
    plain = make("BiGAN")
    model = type(plain)(plain.generator, encoder, plain.discriminator, plain.prior)
    model.compile()
    for optimizer in model.optimizers().values():
        assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)


# What the objectives are told ---------------------------------------------------------


def test_the_penalties_of_pairs_are_those_of_both_parts():
    """D(x, z) = w_x x + w_z z has the squared slope |w_x|^2 + |w_z|^2 everywhere."""
    model = make("BiGAN", dropout=0.0)
    samples, latents = keras.Input((WIDTH,)), keras.Input((2,))
    joined = keras.layers.Concatenate()([samples, latents])
    dense = keras.layers.Dense(1)
    linear = keras.Model([samples, latents], dense(joined))
    model = type(model)(model.generator, model.encoder, linear, model.prior)
    terms = [
        penalties.R1(3.0),
        penalties.R2(5.0),
        penalties.R2(5.0, every=2, name="lazy"),
        penalties.GradientPenalty(2.0),
        penalties.DRAGAN(2.0),
    ]
    model.compile(penalties=terms, discriminator_optimizer=keras.optimizers.SGD(0.0))
    square = float((dense.kernel.numpy() ** 2).sum())
    logs = model.train_on_batch(next(iter(data("BiGAN"))), return_dict=True)
    assert logs["r1"] == pytest.approx(1.5 * square, rel=1e-5)
    assert logs["r2"] == pytest.approx(2.5 * square, rel=1e-5)
    assert logs["lazy"] == pytest.approx(5.0 * square, rel=1e-5)
    expected = 2 * (square**0.5 - 1) ** 2
    assert logs["gradient_penalty"] == pytest.approx(expected, rel=1e-4)
    assert logs["dragan"] == pytest.approx(expected, rel=1e-4)


class Counting(GAN):
    """Writes down each pass of the discriminator: what it is of, and its seed."""

    def discriminate(self, samples, side, training, seed=None):
        self.passes.append(None if seed is None else tuple(np.asarray(seed)))
        return super().discriminate(samples, side, training, seed)


def counted(terms, update=0):
    """The seeds of the passes in D's turn, then those in G's, of one eager step."""
    model = Counting(
        keras_gan.networks.MLPGenerator((3,), 2, widths=(4,)),
        keras_gan.networks.MLPDiscriminator((3,), widths=(4,)),
        keras_gan.priors.Normal(2),
    )
    model.passes = []
    model.compile(penalties=terms, run_eagerly=True)
    model.step.assign(update)
    rows = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")
    model.train_on_batch(rows)
    return model.passes


PASSES = {  # in the discriminator's turn; two more in the generator's
    "none": ([], 2),
    "R1": ([penalties.R1()], 2),
    "R1 and R2": ([penalties.R1(), penalties.R2()], 2),
    "lazy R1, due": ([penalties.R1(every=2)], 3),
    "GradientPenalty": ([penalties.GradientPenalty()], 3),
    "all": ([penalties.R1(), penalties.R2(), penalties.GradientPenalty()], 3),
}


@pytest.mark.parametrize("name", PASSES)
def test_a_penalty_at_the_losss_points_needs_no_pass_of_its_own(name):
    terms, expected = PASSES[name]
    passes = counted(terms)
    assert len(passes) == expected + 2
    real, fake, *more = passes[:expected]
    assert real != fake and passes[-2] != passes[-1]
    assert {real, fake}.isdisjoint(passes[-2:])  # the generator's turn draws its own
    assert set(more) <= {real}  # a lazy R1 has the draw of the loss


def test_a_lazy_r2_has_the_draw_of_the_fakes():
    real, fake, lazy, *_ = counted([penalties.R2(every=2)])
    assert lazy == fake != real


def test_dropout_in_r1_is_the_losss_own():
    """One pass for both: the gradient is that of the network that the loss has seen."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((4,))
    dropped = keras_gan.layers.ReproducibleDropout(0.5, seed=1)(inputs)
    dense = keras.layers.Dense(1, use_bias=False)
    found = []
    for every in (1, 2):  # by the loss's pass, and by a pass of its own
        gan = GAN(
            keras_gan.networks.MLPGenerator((4,), 2, widths=()),
            keras.Model(inputs, dense(dropped)),
            keras_gan.priors.Normal(2),
        )
        gan.compile(
            penalties=[penalties.R1(1.0, every), penalties.R2(1.0, every)],
            discriminator_optimizer=keras.optimizers.SGD(0.0),
            generator_optimizer=keras.optimizers.SGD(0.0),
        )
        generator = gan.discriminator.layers[1].seed_generator
        generator.state.assign([1, 0])
        rows = np.ones((8, 4), "float32")
        logs = gan.train_on_batch(rows, return_dict=True)
        found.append((logs["r1"] / every, logs["r2"] / every))
        masks = []
        for call in range(2):  # of the real pass and of the fake one
            seed = tf.constant([1, call], tf.int32)
            drawn = keras_gan.randomness.uniform((8, 4), seed).numpy()
            masks.append(2.0 * (drawn >= 0.5))
        slopes = [mask * dense.kernel.numpy()[:, 0] for mask in masks]
        expected = [(slope**2).sum(axis=1).mean() / 2 for slope in slopes]
        assert found[-1] == pytest.approx(expected, rel=1e-5)


def test_fresh_real_is_a_minibatch_of_the_generators_own():
    """The last of a step's minibatches; the discriminator has those before."""
    seen = {}

    class Watching(GAN):
        def discriminator_objective(self, round):
            seen.setdefault("discriminator", []).append(np.asarray(round.real))
            return super().discriminator_objective(round)

        def generator_objective(self, round):
            seen.setdefault("generator", []).append(np.asarray(round.real))
            return super().generator_objective(round)

    rows = np.arange(48, dtype="float32").reshape(24, 2)
    for real, per_step in (("fresh", 3), ("shared", 2)):
        seen.clear()
        gan = Watching(
            keras_gan.networks.MLPGenerator((2,), 2, widths=()),
            keras_gan.networks.MLPDiscriminator((2,), widths=()),
            keras_gan.priors.Normal(2),
        )
        gan.compile(real=real, discriminator_steps=2, run_eagerly=True)
        assert gan.minibatches_per_step == per_step
        batches = tf.data.Dataset.from_tensor_slices(rows).batch(4)
        gan.fit(batches, verbose=0)  # 6 minibatches
        assert int(gan.step.numpy()) == 6 // per_step
        first = rows.reshape(6, 4, 2)
        np.testing.assert_array_equal(seen["discriminator"][0], first[0])
        np.testing.assert_array_equal(seen["discriminator"][1], first[1])
        own = first[2] if real == "fresh" else first[1]
        np.testing.assert_array_equal(seen["generator"][0], own)


def test_simultaneous_updates_have_one_minibatch():
    with pytest.raises(ValueError, match='real is "shared" there'):
        make("BiGAN", updates="simultaneous")
    with pytest.raises(ValueError, match="real is one of .*'new'"):
        make("BiGAN", real="new")


def test_a_log_that_nothing_tracks_is_an_error():
    class Forgetful(GAN):
        def generator_objective(self, round):
            objective, logs = super().generator_objective(round)
            return objective, {**logs, "mine": objective}

    gan = Forgetful(
        keras_gan.networks.MLPGenerator((3,), 2, widths=()),
        keras_gan.networks.MLPDiscriminator((3,), widths=()),
        keras_gan.priors.Normal(2),
    )
    gan.compile()
    rows = np.ones((8, 3), "float32")
    with pytest.raises(ValueError, match="logs 'mine', which nothing tracks"):
        gan.fit(rows, batch_size=4, verbose=0)
    gan.trackers.append(keras.metrics.Mean(name="mine"))
    logs = gan.fit(rows, batch_size=4, verbose=0).history
    assert logs["mine"] == logs["g_loss"]


def test_two_logs_of_one_name_are_an_error():
    class Twice(GAN):
        def generator_objective(self, round):
            objective, logs = super().generator_objective(round)
            return objective, {**logs, "real_score": objective}

    gan = Twice(
        keras_gan.networks.MLPGenerator((3,), 2, widths=()),
        keras_gan.networks.MLPDiscriminator((3,), widths=()),
        keras_gan.priors.Normal(2),
    )
    gan.compile()
    with pytest.raises(ValueError, match="Two objectives log 'real_score'"):
        gan.fit(np.ones((8, 3), "float32"), batch_size=4, verbose=0)


def test_a_penalty_between_sides_that_differ_is_refused():
    class Sided(GAN):
        conditioned = ("discriminator",)

        def split(self, data):
            return data, data

        def generate(self, latents, side, training):
            return self.generator(latents, training=training)

        def shown(self, round):
            return (round.real, round.side), (round.fake, 2 * round.side)

    from toys import ToyNetwork

    rules = {"penalties": [penalties.R1(), penalties.R2()]}
    gan = Sided(ToyNetwork([2], 3), ToyNetwork([3, 3], 1), keras_gan.priors.Normal(2))
    gan.compile(**rules)
    rows = tf.data.Dataset.from_tensors(np.ones((4, 3), "float32"))
    gan.fit(rows, verbose=0)
    gan.compile(penalties=[penalties.GradientPenalty()])
    with pytest.raises(ValueError, match="gradient_penalty looks at points between"):
        gan.fit(rows, verbose=0)


def test_metrics_see_samples_and_not_pairs():
    metric = keras_gan.metrics.EMCMSE()
    for name in ("BiGAN", "VAE"):
        model = make(name, metrics=[type(metric)()])
        found = model.evaluate(data(name), verbose=0, return_dict=True)
        assert np.isfinite(found["emc_mse"]) and found["emc_mse"] > 0
    model = make("CycleGAN", metrics=[keras_gan.metrics.FrechetDistance()])
    with pytest.raises(ValueError, match=r"CycleGAN does not tell. .* sample_shape"):
        model.evaluate(data("CycleGAN"), verbose=0)


def test_data_that_are_no_floats_or_not_finite_are_refused():
    whole = tf.data.Dataset.from_tensors((np.ones((4, 3), "int32"),) * 2)
    with pytest.raises(ValueError, match="holds int32, but a model is trained on flo"):
        make("CycleGAN").fit(whole, verbose=0)
    rows = np.ones((4, 3), "float32")
    rows[2, 1] = np.nan
    for name, element in (("CycleGAN", (rows, rows)), ("VAE", rows)):
        broken = tf.data.Dataset.from_tensors(element)
        with pytest.raises(ValueError, match=r"NaN or Inf, first at index \(2, 1\)"):
            make(name).fit(broken, verbose=0)


def test_families_are_at_most_three_below_the_base():
    for name in keras_gan.models.__all__:
        line = [
            cls
            for cls in getattr(keras_gan.models, name).__mro__
            if issubclass(cls, GenerativeModel)
        ]
        assert len(line) <= 4, line  # GenerativeModel, Game, GAN, the family


def test_the_rules_of_toys_come_back(tmp_path):
    model = make("CycleGAN", cycle_weight=3.0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.cycle_weight == 3.0 and loaded.updates == "alternating"
    assert [p.name for p in loaded.penalties] == [
        p.name for p in RULES["CycleGAN"]["penalties"]
    ]


def test_a_network_that_no_player_owns_is_refused():
    whole = make("BiGAN")
    with pytest.raises(ValueError, match="No player of GAN owns the network 'encoder'"):
        GAN(
            whole.generator,
            keras_gan.networks.MLPDiscriminator((WIDTH,), widths=()),
            whole.prior,
            encoder=whole.encoder,
        )
    with pytest.raises(TypeError, match="GAN takes no argument 'emadecay'"):
        GAN(
            whole.generator,
            keras_gan.networks.MLPDiscriminator((WIDTH,), widths=()),
            whole.prior,
            emadecay=0.9,
        )
