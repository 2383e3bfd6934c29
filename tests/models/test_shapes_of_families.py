"""A BiGAN, a CycleGAN and a VAE of a few weights: what every family must stand."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.family_checks import FamilyChecks, assert_same
from helpers.toys import RULES, WIDTH, ToyNetwork, data, make

import keras_gan
from keras_gan import penalties
from keras_gan.models import GAN
from keras_gan.training import GenerativeModel


@pytest.mark.slow
class TestBiGAN(FamilyChecks):
    def make(self, strategy=None, **options):
        return make("BiGAN", strategy, **options)

    def data(self):
        return data("BiGAN")


@pytest.mark.slow
class TestCycleGAN(FamilyChecks):
    def make(self, strategy=None, **options):
        return make("CycleGAN", strategy, **options)

    def data(self):
        return data("CycleGAN")


@pytest.mark.slow
class TestVAE(FamilyChecks):
    def make(self, strategy=None, **options):
        return make("VAE", strategy, **options)

    def data(self):
        return data("VAE")


@pytest.mark.parametrize("game", [TestBiGAN, TestCycleGAN, TestVAE])
def test_eager_mode_is_the_graph(game):
    """The least of the checks, quick enough for every day."""
    eager, graph = (
        game().play(game().make(run_eagerly=way), epochs=1) for way in (True, False)
    )
    assert_same(graph[0], eager[0])
    assert_same(graph[1], eager[1])


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
            drawn = keras_gan.core.randomness.chances((8, 4), seed).numpy()
            masks.append(2.0 * (drawn >= 2**15))
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


class Compared(keras_gan.losses.Hinge):
    """A loss of one's own that looks at reals in the generator's turn."""

    def generator_loss(self, real_logits, fake_logits):
        return keras.ops.mean(real_logits) - keras.ops.mean(fake_logits)


@pytest.mark.parametrize("loss", [*keras_gan.losses.ALL, Compared])
def test_fresh_real_without_effect_is_refused(loss):
    def game(family=GAN, **others):
        told = {"num_classes": 2} if others else {}
        prefix = "Conditional" if others else ""
        make = getattr(keras_gan.networks, f"{prefix}MLPGenerator")
        judge = getattr(keras_gan.networks, f"{prefix}MLPDiscriminator")
        return family(
            make((3,), 2, widths=(), **told),
            judge((3,), widths=(), **told),
            keras_gan.priors.Normal(2),
            **others,
        )

    game(keras_gan.models.ConditionalGAN, num_classes=2).compile(loss(), real="fresh")
    if loss.__name__ in ("Compared", "Relativistic", "RelativisticAverage"):
        game().compile(loss(), real="fresh")
        return
    message = rf'real="fresh" has no effect on a GAN with the loss {loss.__name__}'
    with pytest.raises(ValueError, match=message):
        game().compile(loss(), real="fresh")


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

    rules = {"penalties": [penalties.R1(), penalties.R2()]}
    gan = Sided(ToyNetwork([2], 3), ToyNetwork([3, 3], 1), keras_gan.priors.Normal(2))
    gan.compile(**rules)
    rows = tf.data.Dataset.from_tensors(np.ones((4, 3), "float32"))
    gan.fit(rows, verbose=0)
    gan.compile(penalties=[penalties.GradientPenalty()])
    with pytest.raises(ValueError, match="gradient_penalty looks at points between"):
        gan.fit(rows, verbose=0)


def test_metrics_see_samples_and_not_pairs():
    metric = keras_gan.metrics.PairedMSE()
    for name in ("BiGAN", "VAE"):
        model = make(name, metrics=[type(metric)()])
        found = model.evaluate(data(name), verbose=0, return_dict=True)
        assert np.isfinite(found["paired_mse"]) and found["paired_mse"] > 0
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
