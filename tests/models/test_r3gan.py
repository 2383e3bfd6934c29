"""R3GAN's game, with classes or not: the paper's rules, and what all games have."""

import contextlib
import json
import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.commands import call
from helpers.families import make_gan
from helpers.family_checks import FamilyChecks, assert_same, moved_by_optimizers
from helpers.pace import only

from keras_gan import (
    losses,
    networks,
    optimizers,
    penalties,
    priors,
)
from keras_gan.models import GAN, R3GAN, ConditionalR3GAN
from keras_gan.saving import configs
from keras_gan.schedules import Cosine, HalfLife, Linear

SHAPE, WIDTHS, CLASSES = (8, 8, 1), (8, 8), 3
BATCH = 8
# 36: four whole minibatches, two a step
ROWS = np.random.default_rng(3).uniform(-1, 1, (36, *SHAPE)).astype("float32")
LABELS = np.arange(len(ROWS)) % CLASSES
BURN_IN, RUN, IMAGES = 0.5, 6, 20.0


def batches(rows):
    dataset = tf.data.Dataset.from_tensor_slices(rows)
    return dataset.batch(BATCH, drop_remainder=True)


def make(family, strategy=None, optimizer="sgd", dropout=0.0, **options):
    """A game with the same first weights every time; there is no dropout to leave out.

    The last weights of the blocks, which are 0 at the start, are drawn too: all others
    of a block move from the first step then.
    """
    keras.utils.set_random_seed(4)
    classes = {"num_classes": CLASSES} if family is ConditionalR3GAN else {}
    sizes = {"widths": WIDTHS, "blocks": 1, "group_size": 4, **classes}
    with strategy.scope() if strategy else contextlib.nullcontext():
        game = family(
            networks.R3GANGenerator(SHAPE, 6, **sizes),
            networks.R3GANDiscriminator(SHAPE, **sizes),
            priors.Normal(6),
            ema_decay=HalfLife(IMAGES),
            seed=5,
            **classes,
        )
        random = np.random.default_rng(6)
        for network in (game.generator, game.discriminator):
            for layer in network.layers:
                if layer.name.endswith("contract"):
                    layer.kernel.assign(random.normal(0, 0.3, layer.kernel.shape))
        if optimizer == "adam":
            options["learning_rate"] = (2e-3, 1e-3)
        else:
            for player in game.players():
                options[player] = keras.optimizers.SGD(0.05)
        game.compile(gamma=(0.1, 0.05), burn_in=BURN_IN, **options)
        game.begin_run(RUN)  # where no `fit` says it
    return game


class R3GANChecks(FamilyChecks):
    """The checks; float16 is refused, so bfloat16 stands for half precision."""

    family = R3GAN

    def make(self, strategy=None, **options):
        return make(self.family, strategy, **options)

    def data(self):
        rows = ROWS if self.family is R3GAN else (ROWS, LABELS)
        return batches(rows)

    def decay(self, model, step):
        share = min(1.0, step / RUN / BURN_IN)
        half_life = IMAGES * (1 - math.cos(math.pi * share)) / 2
        return 0.5 ** (BATCH / half_life) if half_life else 0.0

    def test_half_precision_reaches_every_network(self):
        keras.config.set_dtype_policy("mixed_bfloat16")
        try:
            model = self.make()
        finally:
            keras.config.set_dtype_policy("float32")
        before = [v.numpy() for v in moved_by_optimizers(model)]
        history = model.fit(self.data(), epochs=2, verbose=0).history
        assert all(np.isfinite(values).all() for values in history.values())
        for old, variable in zip(before, moved_by_optimizers(model), strict=True):
            assert variable.dtype == "float32" and np.isfinite(variable.numpy()).all()
            assert abs(variable.numpy() - old).max() > 0


@pytest.mark.slow
class TestR3GAN(R3GANChecks):
    pass


@pytest.mark.slow
class TestConditionalR3GAN(R3GANChecks):
    family = ConditionalR3GAN


@pytest.mark.parametrize(
    "game", only([TestConditionalR3GAN], [TestR3GAN, TestConditionalR3GAN])
)
def test_eager_mode_is_the_graph(game):
    """The least of the checks, quick enough for every day."""
    eager, graph = (
        game().play(game().make(run_eagerly=way), epochs=1) for way in (True, False)
    )
    assert_same(graph[0], eager[0])
    assert_same(graph[1], eager[1])


def test_both_penalties_are_those_of_one_slope_at_the_start():
    """D is linear then: gamma/2 |grad D|^2 is the same on real and on fake images."""
    game = R3GAN(
        networks.R3GANGenerator(SHAPE, 6, widths=WIDTHS, group_size=4),
        networks.R3GANDiscriminator(SHAPE, widths=WIDTHS, group_size=4),
        priors.Normal(6),
    )
    still = [keras.optimizers.SGD(0.0) for _ in range(2)]
    game.compile(
        gamma=Linear(0.1, 0.3),
        generator_optimizer=still[0],
        discriminator_optimizer=still[1],
    )
    image = tf.convert_to_tensor(ROWS[:1])
    with tf.GradientTape() as tape:
        tape.watch(image)
        logit = game.discriminator(image)
    # Of two steps the first has gamma 0.1, the second one 0.2.
    expected = 0.15 / 2 * np.sum(tape.gradient(logit, image).numpy() ** 2)
    history = game.fit(ROWS, batch_size=8, epochs=1, verbose=0).history
    assert expected > 1e-4
    assert history["r1"] == pytest.approx([expected], rel=1e-4)
    assert history["r2"] == pytest.approx([expected], rel=1e-4)


@pytest.mark.filterwarnings("error")
def test_a_linear_end_plays_on_images_and_samples_beyond_them():
    """A generator without tanh learns standardised images too, but no bytes."""
    game = make(R3GAN)
    game.fit(batches(2 * ROWS), epochs=1, verbose=0)
    assert game.sample(4, seed=0).shape == (4, *SHAPE)
    with pytest.raises(ValueError, match="0 to 255.*value_range"):
        game.fit(np.round(127.5 * (ROWS + 1)), batch_size=8, verbose=0)


# The rules ---------------------------------------------------------------------------

FAMILIES = [R3GAN, ConditionalR3GAN]
VECTORS = np.random.default_rng(4).normal(size=(80, 6)).astype("float32")


def small(family=R3GAN, own=None, **rules):
    """A game of MLPs on vectors of six numbers."""
    return make_gan(family, own=own, **rules)


def vectors(family=R3GAN):
    rows = VECTORS if family is R3GAN else (VECTORS, np.arange(80) % CLASSES)
    return batches(rows)


@pytest.mark.parametrize("family", FAMILIES)
def test_it_plays_by_the_papers_rules(family):
    gan = small(family)
    assert type(gan.loss) is losses.Relativistic
    assert (gan.latents, gan.real, gan.updates) == ("fresh", "fresh", "alternating")
    assert gan.discriminator_steps == 1 and gan.minibatches_per_step == 2
    assert gan.augmentation is None and gan.burn_in == 0.2
    gamma = Cosine(1.0, 0.1, until=0.2).get_config()
    for penalty, kind in zip(gan.penalties, (penalties.R1, penalties.R2), strict=True):
        assert type(penalty) is kind and penalty.every == 1
        assert penalty.gamma.get_config() == gamma
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert type(optimizer) is optimizers.Adam
        config = optimizer.get_config()
        rate = {"start": 2e-4, "end": 5e-5, "until": 0.2}
        assert config["learning_rate"]["config"] == rate
        beta_2 = {"start": 0.9, "end": 0.99, "until": 0.2}
        assert config["beta_2"]["config"] == beta_2
        assert (config["beta_1"], config["epsilon"]) == (0.0, 1e-8)
        assert config["weight_decay"] is None
    assert gan.generator_optimizer is not gan.discriminator_optimizer


def test_the_average_is_the_papers_by_default():
    own = make_gan().get_config()
    gan = R3GAN(
        networks.MLPGenerator((6,), 4, widths=()),
        networks.MLPDiscriminator((6,), widths=()),
        priors.Normal(4),
    )
    assert gan.ema_decay.images == 500_000 and own["ema_decay"] == 0.9


class Ramps(keras.callbacks.Callback):
    """The values of the five ramps in each step, from what the step itself had."""

    def on_train_begin(self, logs=None):
        self.found = []

    def on_train_batch_begin(self, batch, logs=None):
        gan = self.model
        self.now = (
            *(float(penalty.gamma(0)) for penalty in gan._played),
            *(
                float(optimizer.learning_rate)
                for optimizer in gan.optimizers().values()
            ),
            float(gan.average_step(8)),
            float(gan._augment.probability()),
        )

    def on_train_batch_end(self, batch, logs=None):
        betas = [float(o.present_beta_2) for o in self.model.optimizers().values()]
        self.found.append((*self.now, *betas))


def test_five_ramps_end_with_the_burn_in():
    gan = small(
        own={"ema_decay": HalfLife(100.0)},
        shape=SHAPE,
        gamma=(2.0, 0.2),
        burn_in=0.5,
        augmentation=0.3,
    )
    assert (gan.augmentation.color, gan.augmentation.geometry) == (0.5, 1.0)
    ramps = Ramps()
    gan.fit(ROWS[:32], batch_size=4, epochs=2, verbose=0, callbacks=[ramps])
    found = np.array(ramps.found)
    assert len(found) == 8  # of 16 minibatches, of which a step takes two
    way = (1 - np.cos(np.pi * np.minimum(1, np.arange(8) / 8 / 0.5))) / 2
    with np.errstate(divide="ignore"):
        kept = 0.5 ** (8 / (100 * way))
    columns = [2.0 - 1.8 * way] * 2 + [2e-4 - 1.5e-4 * way] * 2
    columns += [1 - kept, 0.3 * way] + [0.9 + 0.09 * way] * 2
    expected = np.stack(columns, axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_numbers_and_schedules_are_no_ramps():
    gan = small(own={"ema_decay": HalfLife(Linear(5.0, 50.0))}, gamma=0.3)
    assert [penalty.gamma for penalty in gan.penalties] == [0.3, 0.3]
    gan.begin_run(10)
    assert float(gan.average_step(5)) == pytest.approx(0.5)  # no ramp from 0 on
    gan.compile(gamma=Linear(1.0, 0.5), learning_rate=1e-3)
    assert repr(gan.penalties[0].gamma) == "Linear(start=1, end=0.5, until=1)"
    assert float(gan.generator_optimizer.learning_rate) == pytest.approx(1e-3)
    gan.compile(generator_optimizer=keras.optimizers.SGD(0.1), learning_rate=(0.2, 0.1))
    assert type(gan.generator_optimizer) is keras.optimizers.SGD
    rate = gan.discriminator_optimizer.get_config()["learning_rate"]["config"]
    assert (rate["start"], rate["end"]) == (0.2, 0.1)
    gan.compile(penalties=[penalties.ApproximateR1(0.5), penalties.ApproximateR2(0.5)])
    assert [penalty.name for penalty in gan.penalties] == [
        "approximate_r1",
        "approximate_r2",
    ]


def test_a_recompiled_game_averages_by_its_new_burn_in():
    gan = small(own={"ema_decay": HalfLife(8.0)})
    found = []
    for burn_in in (0.5, 1.0):
        gan.compile(burn_in=burn_in)
        gan.begin_run(8, begin=-4)
        found.append(float(gan.average_step(8)))
    # After half of the run: a half-life of 8, and one of 4 images.
    assert found == pytest.approx([0.5, 0.75], abs=1e-6)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_generator_is_compared_with_a_minibatch_of_its_own(family):
    """Its loss by hand, of the second minibatch and, with classes, of its labels."""
    gan = small(family, run_eagerly=True)
    found = []

    def note(round, plain=gan.generator_objective):
        objective, logs = plain(round)
        known = [] if round.side is None else [round.side]
        logits = [
            gan.discriminator([samples, *known] if known else samples)
            for samples in (round.real, round.fake, tf.constant(VECTORS[-16:-8]))
        ]
        losses = [tf.nn.softplus(real - logits[1]) for real in (logits[0], logits[2])]
        found.append((round, float(objective), [float(np.mean(x)) for x in losses]))
        return objective, logs

    gan.generator_objective = note
    gan.fit(vectors(family), epochs=1, verbose=0)
    assert len(found) == 5  # steps, of ten minibatches
    round, objective, (own, discriminators) = found[-1]
    np.testing.assert_array_equal(round.real, VECTORS[-8:])
    if family is ConditionalR3GAN:
        np.testing.assert_array_equal(round.side, (np.arange(80) % CLASSES)[-8:])
    assert objective == pytest.approx(own, rel=1e-5)
    assert abs(own - discriminators) > 1e-3


@pytest.mark.parametrize("family", only([ConditionalR3GAN], FAMILIES))
def test_kept_and_read_it_goes_on(tmp_path, family):
    own = {"ema_decay": HalfLife(20.0)}
    gan = small(family, own=own, burn_in=0.4, gamma=(0.5, 0.1))
    gan.fit(vectors(family), epochs=1, verbose=0)
    gan.save_to_preset(tmp_path / "preset")
    loaded = GAN.from_preset(tmp_path / "preset")
    assert type(loaded) is family and loaded.burn_in == 0.4
    assert configs.of_game(loaded) == configs.of_game(gan)
    for model in (gan, loaded):
        model.fit(vectors(family), epochs=1, verbose=0)
    for one, other in zip(gan.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_short_forms_stand_in_hand_written_configs():
    config = configs.of_game(small())
    config["compile"] = {"gamma": [3.0, 0.3], "learning_rate": 1e-3, "burn_in": 0.3}
    gan = configs.build(config)
    assert repr(gan.penalties[1].gamma) == "Cosine(start=3, end=0.3, until=0.3)"
    assert float(gan.generator_optimizer.learning_rate) == pytest.approx(1e-3)


def test_minibatches_that_may_differ_in_size_have_no_number_of_steps():
    gan, rows = small(), tf.data.Dataset.from_tensor_slices(VECTORS)
    message = (
        r"differ in size: a step takes 2 of one size .*real=\"fresh\".*drop_remainder"
    )
    with pytest.raises(ValueError, match=message):
        gan.fit(rows.batch(8), verbose=0)
    gan.fit(rows.batch(9), steps_per_epoch=4, verbose=0)  # eight, and one of 8 rows
    assert int(gan.step.numpy()) == 4


def test_a_run_by_the_command_from_short_forms(tmp_path):
    config = configs.of_game(small(shape=SHAPE))
    config["model"]["config"]["ema_decay"] = {
        "class_name": "keras_gan>HalfLife",
        "config": {"images": 64.0},
    }
    np.save(tmp_path / "rows.npy", ROWS)
    config |= {
        "compile": {"gamma": [3.0, 0.3], "burn_in": 0.5},
        "data": {"source": str(tmp_path / "rows.npy"), "batch_size": 8},
        "epochs": 2,
        "seed": 5,
    }
    (tmp_path / "r3gan.json").write_text(json.dumps(config))
    run = tmp_path / "run"
    code, _, errors = call("train", tmp_path / "r3gan.json", "--output", run)
    assert code == 0, errors
    gan = GAN.from_preset(run)
    assert type(gan) is R3GAN and int(gan.step.numpy()) == 4
    assert repr(gan.penalties[0].gamma) == "Cosine(start=3, end=0.3, until=0.5)"
    code, shown, _ = call("info", run)
    shown = " ".join(shown.replace("│", " ").split())
    assert code == 0 and "ema_decay=HalfLife(images=64.0)" in shown
    assert "beta_2=Cosine(start=0.9, end=0.99, until=0.5)" in shown


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"burn_in": 0.0}, "burn_in is the share .* Received: burn_in=0.0"),
        ({"burn_in": 1.5}, "Received: burn_in=1.5"),
        ({"burn_in": True}, "Received: burn_in=True"),
        ({"gamma": -1.0}, "gamma is a number of at least 0.* Received: gamma=-1.0"),
        ({"gamma": (1.0, 0.1, 0.0)}, r"Received: gamma=\(1.0, 0.1, 0.0\)"),
        ({"gamma": (1.0, math.nan)}, r"Received: gamma=\(1.0, nan\)"),
        ({"gamma": "high"}, "Received: gamma='high'"),
        ({"gamma": Cosine(1.0, -1.0)}, "gamma weights a penalty and is at least 0"),
        ({"learning_rate": (2e-4, -1.0)}, "learning_rate is a number of at least 0"),
        ({"gamma": 1.0, "penalties": ["r1"]}, "gamma=1.0 has no effect beside pen"),
        (
            {
                "learning_rate": 1e-3,
                "generator_optimizer": "sgd",
                "discriminator_optimizer": "sgd",
            },
            "learning_rate=0.001 has no effect beside two optimizers",
        ),
        ({"augmentation": 0.3}, "images"),  # of vectors
        ({"updates": "simultaneous"}, 'real is "shared" there'),
    ],
)
def test_rules_that_are_none(rules, message):
    with pytest.raises(ValueError, match=message):
        small(**rules)


def test_lazy_penalties_are_warned_of():
    with pytest.warns(UserWarning, match="r1 is applied every 4 updates only"):
        small(penalties=[penalties.R1(1.0, every=4)])


@pytest.mark.parametrize("family", FAMILIES)
def test_batch_normalization_is_refused(family):
    taken = [keras.Input((6,))]
    if family is ConditionalR3GAN:
        taken += [keras.Input((), dtype="int32")]
    normalized = keras.layers.BatchNormalization()(taken[0])
    logit = keras.layers.Dense(1)(normalized)
    if len(taken) > 1:
        logit += keras.layers.Embedding(CLASSES, 1)(taken[1])
    discriminator = keras.Model(taken if len(taken) > 1 else taken[0], logit)
    with pytest.raises(ValueError, match=f"{family.__name__} penalises the slope"):
        small(family, own={"discriminator": discriminator})


def test_networks_with_classes_are_for_the_conditional_family():
    told = networks.ConditionalMLPGenerator((6,), 4, CLASSES, (5,))
    with pytest.raises(ValueError, match=r"models\.ConditionalR3GAN"):
        small(own={"generator": told})
    with pytest.raises(ValueError, match=r"models\.ConditionalGAN"):
        make_gan(own={"generator": told})
    with pytest.raises(ValueError, match="The generator of ConditionalR3GAN takes"):
        plain = networks.MLPGenerator((6,), 4, (5,))
        small(ConditionalR3GAN, own={"generator": plain})
