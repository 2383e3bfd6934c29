"""Augmentation as a rule: what discriminators see in training, and nothing else."""

import functools
import itertools
import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers import toys
from helpers.classes import CLASSES
from helpers.families import make_gan, parts
from helpers.family_checks import FamilyChecks, assert_same, state
from helpers.pace import only
from helpers.small import assert_equal, revive

from keras_gan import models, networks, penalties, schedules
from keras_gan.augmentations import ADA, Augmentation, DiffAugment, Flip
from keras_gan.callbacks import BackupAndRestore
from keras_gan.core.randomness import derived, seed_of
from keras_gan.models import GAN
from keras_gan.models.game import AUGMENTATION
from keras_gan.saving import configs
from keras_gan.training.rounds import FAKE, REAL, Round

SHAPE = (8, 8, 1)
RANDOM = np.random.default_rng(2)
IMAGES = RANDOM.uniform(-1, 1, (44, *SHAPE)).astype("float32")
LABELS = np.arange(44) % CLASSES
TOLD = (models.ACGAN, models.ConditionalGAN, models.SemiSupervisedGAN)


def data_of(family=GAN):
    """Batches of 8, 8, 8, 8, 8 and 4 images."""
    rows = (IMAGES, LABELS) if family in TOLD else IMAGES
    return tf.data.Dataset.from_tensor_slices(rows).batch(8)


def game(family=GAN, optimizer="sgd", rate=0.02, **options):
    made = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}[optimizer]
    optimizers = {f"{p}_optimizer": made(rate) for p in ("generator", "discriminator")}
    return make_gan(family, shape=SHAPE, **{**optimizers, **options})


class Checks(FamilyChecks):
    """A GAN whose penalties have every kind of pass of their own."""

    def rules(self):
        return {
            "penalties": [penalties.R1(0.1), penalties.GradientPenalty(0.1, every=2)],
            "augmentation": self.augmentation(),
        }

    def make(self, strategy=None, optimizer="sgd", dropout=0.25, **options):
        rules = {**self.rules(), "strategy": strategy, "dropout": dropout, **options}
        return game(optimizer=optimizer, **rules)

    def data(self):
        return data_of()


@pytest.mark.slow
class TestDiffAugment(Checks):
    def augmentation(self):
        return DiffAugment()


@pytest.mark.slow
class TestADAOfASchedule(Checks):
    """It begins in the middle, where images are augmented and others are not."""

    def augmentation(self):
        return ADA(schedules.Cosine(0.3, 0.8, until=0.5), color=0.5)

    def make(self, strategy=None, **options):
        made = super().make(strategy, **options)
        made.begin_run(12)  # for checks that train without `fit`
        return made


@pytest.mark.slow
class TestAdaptiveADA(Checks):
    """Of eight images each four steps are some 32: p moves by 6e-5."""

    def augmentation(self):
        return ADA(target=-0.5)

    def make(self, strategy=None, **options):
        return half_on(super().make(strategy, **options))


def half_on(gan):
    """An adaptive game as it is when p has come to 1/2."""
    gan.augmentation_state.assign([250_000, 0, 0])
    return gan


# Ways of running, for at least 100 steps ----------------------------------------------

STEPS = 102


def long_run(augmentation, strategy=None, **way):
    """102 steps in 17 epochs; all weights, p's state and the logs of each epoch."""
    made = game(rate=0.01, strategy=strategy, augmentation=augmentation, **way)
    if augmentation.adapts:
        half_on(made)
    history = made.fit(data_of(), epochs=STEPS // 6, verbose=0).history
    assert int(made.step.numpy()) == STEPS
    return state(made), {name: np.array(values) for name, values in history.items()}


LONG = {
    "diff_augment": DiffAugment(),
    "schedule": ADA(schedules.Linear(0.2, 0.7)),
    "adaptive": ADA(target=0.1),
}
WAYS = {
    "eager": {"run_eagerly": True},
    "xla": {"jit_compile": True},
    "steps_per_execution": {"steps_per_execution": 3},
}


QUICK = {("steps_per_execution", "adaptive")}


@functools.cache
def in_a_graph(name):
    return long_run(LONG[name])


@pytest.mark.parametrize(
    "case",
    only(QUICK, itertools.product([*WAYS, "two replicas"], LONG)),
    ids=" - ".join,
)
def test_one_trajectory_of_a_hundred_steps(case, two_replicas):
    """Roundings of float32 grow over 102 steps: ten times those of twelve."""
    way, name = case
    rules = {"strategy": two_replicas} if way == "two replicas" else WAYS[way]
    weights, logs = long_run(LONG[name], **rules)
    expected, expected_logs = in_a_graph(name)
    for one, other in zip(expected, weights, strict=True):
        np.testing.assert_allclose(
            one, other, rtol=0, atol=1e-5 * max(1, abs(one).max())
        )
    assert logs.keys() == expected_logs.keys()
    for key, values in expected_logs.items():
        np.testing.assert_allclose(values, logs[key], rtol=0, atol=1e-5, err_msg=key)


@pytest.mark.parametrize("name", only(["adaptive"], ["schedule", "adaptive"]))
def test_p_of_a_hundred_steps_is_neither_0_nor_1(name):
    logged = in_a_graph(name)[1]["augmentation_p"]
    assert min(logged) > 0.15 and max(logged) < 0.75
    assert len(set(logged)) > 10  # it moves


@pytest.mark.parametrize("name", only(["adaptive"], LONG))
def test_an_augmented_game_is_another_one(name):
    plain = game(rate=0.01)
    plain.fit(data_of(), epochs=STEPS // 6, verbose=0)
    own = [w for w in in_a_graph(name)[0] if w.shape != (3,)]  # less an adaptive p
    pairs = zip(own, state(plain), strict=True)
    assert max(abs(a - b).max() for a, b in pairs) > 0.01


# What is seen, by whom ----------------------------------------------------------------


def test_discriminate_augments_in_training_only():
    gan, seed = game(augmentation=DiffAugment()), seed_of(3, "here")
    seen = DiffAugment()(IMAGES, derived(seed, AUGMENTATION))
    expected = gan.discriminator(seen)
    found = gan.discriminate(IMAGES, None, training=True, seed=seed)
    np.testing.assert_array_equal(found, expected)
    plain = gan.discriminate(IMAGES, None, training=False, seed=seed)
    np.testing.assert_array_equal(plain, gan.discriminator(IMAGES))
    assert abs(expected - plain).numpy().max() > 0.01
    with pytest.raises(ValueError, match="seed=None"):
        gan.discriminate(IMAGES, None, training=True)


def test_a_step_by_hand():
    """Both players' gradients go through what is seen; R1 is by the image before it."""
    augmentation, rate, gamma = DiffAugment(), 0.02, 3.0
    gan = game(augmentation=augmentation, penalties=[penalties.R1(gamma)])
    generator, discriminator = gan.generator, gan.discriminator
    real = tf.constant(IMAGES[:8])
    latents = gan.prior(8, seed_of(gan.seed, "latents", 0, 0))

    def logits(images, turn, place):
        seed = derived(seed_of(gan.seed, turn, 0, 0), place)
        return discriminator(augmentation(images, derived(seed, AUGMENTATION)))

    def descended(variables, tape, objective):
        slopes = tape.gradient(objective, [v.value for v in variables])
        pairs = zip(variables, slopes, strict=True)
        return [v.numpy() - rate * slope.numpy() for v, slope in pairs]

    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner:
            inner.watch(real)
            of_real = logits(real, "discriminator", REAL)
        slope = inner.gradient(of_real, real)
        r1 = gamma / 2 * tf.reduce_mean(tf.reduce_sum(slope**2, (1, 2, 3)))
        of_fake = logits(generator(latents), "discriminator", FAKE)
        loss = tf.reduce_mean(tf.nn.softplus(-of_real) + tf.nn.softplus(of_fake))
        objective = loss + r1
    d_weights = descended(discriminator.trainable_variables, tape, objective)
    before = generator.get_weights()
    logs = gan.train_on_batch(IMAGES[:8], return_dict=True)
    assert logs["r1"] == pytest.approx(float(r1), rel=1e-5)
    assert logs["d_loss"] == pytest.approx(float(objective), rel=1e-5)
    assert_same(d_weights, [v.numpy() for v in discriminator.trainable_variables])
    after = generator.get_weights()
    generator.set_weights(before)
    with tf.GradientTape() as tape:
        of_fake = logits(generator(latents), "generator", FAKE)
        objective = tf.reduce_mean(tf.nn.softplus(-of_fake))
    assert logs["g_loss"] == pytest.approx(float(objective), rel=1e-5)
    assert_same(descended(generator.trainable_variables, tape, objective), after)


@keras.saving.register_keras_serializable(package="test")
class Noted(Augmentation):
    """Changes nothing, and writes down each seed, and what it was given."""

    def __init__(self):
        self.seeds, self.given = [], []

    def __call__(self, images, seed):
        if tf.executing_eagerly():  # not where a game asks for a graph of its networks
            self.seeds.append(tuple(seed.numpy()))
            self.given.append(np.asarray(images))
        return tf.convert_to_tensor(images)


@pytest.mark.parametrize("family", [GAN, *TOLD, models.InfoGAN, models.WGANGP])
def test_real_and_fake_are_drawn_apart_and_anew(family):
    """In D's turn real, fake, and what has labels of its own; in G's turn anew."""
    noted = Noted()
    gan = make_gan(family, shape=SHAPE, augmentation=noted, run_eagerly=True)
    rows = (IMAGES[:8], LABELS[:8]) if family in TOLD else (IMAGES[:8],)
    if gan.minibatches_per_step > 1:
        rows = [np.stack([rows[0]] * gan.minibatches_per_step, axis=1)]
    # Before the first one a game looks once at what its logits depend on.
    data = IMAGES if family not in TOLD else (IMAGES, LABELS)
    gan.evaluate(data, verbose=0)
    noted.seeds.clear()
    gan.train_on_batch(*rows)
    first = len(noted.seeds)
    gan.train_on_batch(*rows)
    assert len(noted.seeds) == 2 * first
    # A gradient penalty's points have the draw of the real ones.
    again = gan.discriminator_steps if family is models.WGANGP else 0
    passes = 2 * gan.discriminator_steps + 2 + (family is models.SemiSupervisedGAN)
    assert first == passes + again
    assert len(set(noted.seeds)) == 2 * passes
    gan.evaluate(data, verbose=0)
    gan.sample(3, seed=0)
    assert len(noted.seeds) == 2 * first


@pytest.mark.parametrize(
    "augmentation", [DiffAugment(), half_on], ids=["always", "ada"]
)
def test_evaluate_sample_and_export_see_no_augmentation(tmp_path, augmentation):
    plain = game()
    if augmentation is half_on:
        seen = half_on(game(augmentation=ADA(target=0.6)))
    else:
        seen = game(augmentation=augmentation)
    logs, drawn = [], []
    for name, gan in (("plain", plain), ("seen", seen)):
        logs.append(gan.evaluate(data_of(), verbose=0, return_dict=True))
        gan.export(tmp_path / name)
        served = tf.saved_model.load(str(tmp_path / name)).signatures["sample"]
        found = served(num_samples=tf.constant(4), seed=tf.constant(2))["images"]
        drawn.append([found, gan.sample(5, seed=1)])
    assert logs[0] == logs[1]
    assert_equal(*drawn)


def test_without_probability_it_is_the_plain_game_to_the_bit():
    plain, augmented = game(), game(augmentation=ADA(0.0))
    for gan in (plain, augmented):
        gan.fit(data_of(), epochs=2, verbose=0)
    assert_equal(state(plain), state(augmented))


FAMILIES = (*TOLD, models.InfoGAN, models.WGANGP, models.ConsensusGAN)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_every_family_takes_one_trajectory(family, two_replicas):
    def played(**way):
        gan = game(family, rate=0.005, augmentation=DiffAugment(), **way)
        gan.fit(data_of(family), epochs=1, verbose=0)
        return state(gan)

    graph = played()
    plain = game(family, rate=0.005)
    plain.fit(data_of(family), epochs=1, verbose=0)
    pairs = zip(graph, state(plain), strict=True)
    assert max(abs(a - b).max() for a, b in pairs) > 1e-4
    assert_same(graph, played(jit_compile=True))
    assert_same(graph, played(strategy=two_replicas))


def test_feature_matching_compares_what_is_seen():
    """G's loss by hand, of the features of augmented images."""
    augmentation = DiffAugment("cutout")
    silent = networks.SemiSupervisedDiscriminator(
        SHAPE, CLASSES, (16, 8), input_noise=0.0, noise=0.0
    )
    own = {"discriminator": silent}
    gan = game(models.SemiSupervisedGAN, own=own, augmentation=augmentation)
    fake, seed = IMAGES[8:16], seed_of(0, "round")
    found, _ = gan.generator_objective(Round(IMAGES[:8], fake, None, None, seed))
    means = []
    for images, place in ((IMAGES[:8], REAL), (fake, FAKE)):
        seen = augmentation(images, derived(derived(seed, place), AUGMENTATION))
        means.append(np.mean(silent(seen, training=True)[1], axis=0))
    expected = np.sum((means[0] - means[1]) ** 2)
    assert float(found) == pytest.approx(expected, rel=1e-5) and expected > 1e-4


def test_each_image_of_a_pack_has_its_own():
    packed = networks.Packed(networks.MLPDiscriminator((8, 8, 2), widths=(6,)), 2)
    own = {**parts(shape=SHAPE), "discriminator": packed}
    noted = Noted()
    gan = make_gan(own=own, shape=SHAPE, augmentation=noted, run_eagerly=True)
    gan.train_on_batch(IMAGES[:8])
    assert {given.shape for given in noted.given} == {(8, *SHAPE)}
    gan = half_on(make_gan(own=own, shape=SHAPE, augmentation=ADA(target=-0.5)))
    gan.fit(IMAGES[:32], batch_size=8, epochs=1, verbose=0)
    level = int(gan.augmentation_state.numpy()[0])
    assert abs(level - 250_000) == 32


# The adaptive p -----------------------------------------------------------------------


def reference(p, target, signs, images):
    """p after steps, each with the sum of its signs: exactly, in fractions."""
    found, total, seen = [], 0, 0
    for step, (sign, count) in enumerate(zip(signs, images, strict=True), 1):
        total, seen = total + sign, seen + count
        if step % 4 == 0:
            excess = total - target * seen
            p = min(1, max(0, p + np.sign(excess) * seen / 500_000))
            total = seen = 0
        found.append(p)
    return found


@pytest.mark.parametrize("way", ["eager", "graph", "xla"])
def test_p_by_hand(way):
    """Up, down, and still where the mean sign is the target, 0.6 = 12/20, exactly."""
    augmentation = ADA(target=0.6)
    signs = [5, 4, 2, 1] + [4, 4, 4, 4] + [5, 5, 5, 1] + [-5, 0, 3, 1] * 2 + [5] * 4
    rows = [5] * len(signs)
    expected = reference(0.0, 0.6, signs, rows)
    assert expected[3] == 0 and expected[7] == 20 / 500_000  # 12 of 20, then 16

    def adapted(state, step, sign):
        return augmentation.adapted(state, step, sign, 5)

    if way != "eager":
        adapted = tf.function(adapted, jit_compile=way == "xla")
    state, found = tf.constant([0, 0, 0], tf.int64), []
    for step, sign in enumerate(signs):
        mean = tf.constant(sign / 5, tf.float32)
        state = adapted(state, tf.constant(step, tf.int64), mean)
        found.append(int(state[0]) / 500_000)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("sign", "end"), [(1.0, 500_000), (-1.0, 0)])
def test_p_stays_between_0_and_1_and_needs_500_000_images(sign, end):
    augmentation, rows = ADA(target=0.6), 25_000
    state = tf.constant([500_000 - end, 0, 0], tf.int64)
    for step in range(24):
        assert int(state[0]) != end or step >= 20
        state = augmentation.adapted(state, step, sign, rows)
    assert int(state[0]) == end


def test_p_in_a_game_follows_the_signs_that_are_logged():
    """Step by step, of discriminator_steps=2 minibatches of 8 images each."""
    gan = half_on(game(augmentation=ADA(target=0.25), discriminator_steps=2))
    signs, logged, kept = [], [], []
    for step in range(12):
        batch = np.roll(IMAGES, 5 * step, axis=0)[:16].reshape(8, 2, *SHAPE)
        gan.reset_metrics()
        logs = gan.train_on_batch(batch, return_dict=True)
        signs.append(round(16 * logs["real_sign"]))
        assert 16 * logs["real_sign"] == pytest.approx(signs[-1], abs=1e-5)
        logged.append(logs["augmentation_p"])
        kept.append(int(gan.augmentation_state.numpy()[0]) / 500_000)
    expected = reference(0.5, 0.25, signs, [16] * 12)
    np.testing.assert_allclose(kept, expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(logged, [0.5, *expected[:-1]], rtol=0, atol=1e-6)
    assert len(set(kept)) > 2


@pytest.mark.parametrize("loss", ["non_saturating", "least_squares", "hinge"])
def test_the_sign_is_of_the_score_above_its_threshold(loss):
    """1/2 of a target of 1 for least squares; 0 for a logit."""
    gan = game(loss=loss, augmentation=ADA(target=0.6))
    threshold = 0.5 if loss == "least_squares" else 0.0
    logits = tf.constant([[3.0], [0.4], [0.1], [-2.0], [0.6]]) + threshold - 0.5
    found = float(gan._mean_sign(logits))
    assert found == pytest.approx(np.sign(logits - threshold).mean(), abs=1e-6)
    assert found == pytest.approx((2 - 3) / 5, abs=1e-6)


def test_the_sign_of_a_map_of_logits_is_of_its_mean():
    gan = game(augmentation=ADA(target=0.6))
    maps = tf.constant([[[3.0, -1.0]], [[1.0, -3.0]], [[0.2, 0.2]]])
    assert float(gan._mean_sign(maps)) == pytest.approx(1 / 3, abs=1e-6)
    assert float(gan._mean_sign((maps, maps[:, 0] - 9))) == -1


DIFFERENCES = ["relativistic", "relativistic_average", "wasserstein"]


@pytest.mark.slow
@pytest.mark.parametrize("loss", only(["relativistic"], DIFFERENCES))
def test_losses_of_differences_take_a_schedule_only(loss):
    message = r"sign.*differences of logits.*ADA\(target=0.6\).*a number or a schedule"
    with pytest.raises(ValueError, match=message):
        game(loss=loss, augmentation=ADA(target=0.6))
    for p in (0.3, schedules.Cosine(0.0, 0.3)):
        gan = game(loss=loss, rate=0.001, augmentation=ADA(p))
        logs = gan.fit(data_of(), epochs=1, verbose=0).history
        assert ("augmentation_p" in logs) == (p != 0.3) and "real_sign" not in logs


def test_a_schedule_is_logged_and_ends():
    """Of 6 steps p is 0, 1/3, 2/3, 1, 1, 1: the mean of an epoch is 2/3."""
    gan = game(augmentation=ADA(schedules.Linear(0.0, 1.0, until=0.5)))
    with pytest.raises(ValueError, match=r"Linear.*call begin_run\(steps\)"):
        gan.train_on_batch(IMAGES[:8])
    even = tf.data.Dataset.from_tensor_slices(IMAGES[:42]).batch(7)
    logs = gan.fit(even, epochs=1, verbose=0).history
    assert logs["augmentation_p"] == [pytest.approx(2 / 3, abs=1e-6)]


# Kept ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", only(["preset"], ["keras", "preset"]))
def test_p_is_saved_and_training_goes_on(tmp_path, form):
    gan = half_on(game(optimizer="adam", augmentation=ADA(target=0.3, color=0.5)))
    gan.fit(data_of(), epochs=1, verbose=0)
    if form == "keras":
        gan.save(tmp_path / "gan.keras")
        loaded = keras.saving.load_model(tmp_path / "gan.keras")
    else:
        gan.save_to_preset(tmp_path / "preset")
        loaded = GAN.from_preset(tmp_path / "preset")
    kept = gan.augmentation_state.numpy()
    np.testing.assert_array_equal(kept, loaded.augmentation_state.numpy())
    assert kept[0] != 250_000 and kept[2] == 12  # two steps of 8 and 4 images
    assert loaded.augmentation.get_config() == gan.augmentation.get_config()
    for one in (gan, loaded):
        one.fit(data_of(), epochs=1, verbose=0)
    assert_equal(state(gan), state(loaded))


@pytest.mark.slow
def test_a_checkpoint_holds_p(tmp_path):
    whole = half_on(game(optimizer="adam", augmentation=ADA(target=0.1)))
    history = whole.fit(data_of(), epochs=3, verbose=0).history
    first = half_on(game(optimizer="adam", augmentation=ADA(target=0.1)))
    backup = BackupAndRestore(tmp_path)
    first.fit(data_of(), epochs=2, verbose=0, callbacks=[backup])
    again = game(optimizer="adam", augmentation=ADA(target=0.1))  # whose p begins at 0
    backup = BackupAndRestore(tmp_path)
    fitted = again.fit(data_of(), epochs=3, verbose=0, callbacks=[backup])
    assert_equal(state(whole), state(again))
    assert history == fitted.history
    with pytest.raises(ValueError, match="compile.augmentation.config.target"):
        other = game(optimizer="adam", augmentation=ADA(target=0.2))
        backup = BackupAndRestore(tmp_path)
        other.fit(data_of(), epochs=4, verbose=0, callbacks=[backup])


def test_compiling_anew_begins_anew(tmp_path):
    gan = half_on(game(augmentation=ADA(target=0.6)))
    number = len(gan.weights)
    gan.compile(augmentation=ADA(target=0.6))
    assert gan.augmentation_state.numpy().tolist() == [0, 0, 0]
    assert len(gan.weights) == number
    gan.compile()
    assert len(gan.weights) == number - 1 and gan.augmentation is None
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert_equal(state(gan), state(loaded))


def test_a_config_that_people_write():
    """Names, and configs that leave out what has its default; written, it is whole."""
    written = {
        "class_name": "keras_gan>ADA",
        "config": {
            "p": {"class_name": "keras_gan>Cosine", "config": {"start": 0, "end": 0.3}}
        },
    }
    config = configs.of_game(game())
    assert config["compile"]["augmentation"] is None
    for entry in ("flip", written):
        config["compile"]["augmentation"] = entry
        gan = configs.build(json.loads(json.dumps(config)))
        expected = Flip() if entry == "flip" else ADA(schedules.Cosine(0.0, 0.3))
        assert type(gan.augmentation) is type(expected)
        assert gan.augmentation.get_config() == expected.get_config()
        whole = configs.of_game(gan)
        assert configs.of_game(configs.build(whole)) == whole
    kept = whole["compile"]["augmentation"]
    assert kept["config"]["p"]["config"] == {"start": 0.0, "end": 0.3, "until": 1.0}
    assert kept["config"]["cutout"] == 1.0
    shown = configs.shown(whole)["compile"]["augmentation"]["config"]
    assert set(shown) == {"p"}
    config["compile"]["augmentation"] = {
        "class_name": "keras_gan>ADA",
        "config": {"q": 0.5},
    }
    with pytest.raises(ValueError, match=r"compile\.augmentation.*'q'.*ADA does not"):
        configs.build(config)


def test_round_trip_of_a_schedule():
    augmentation = revive(ADA(schedules.Cosine(0.0, 0.4)))
    assert repr(augmentation.p) == "Cosine(start=0, end=0.4, until=1)"


# Bad input ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["flip", "diff_augment", ADA(0.5), ADA(target=0.6)])
def test_games_of_vectors_are_refused(name):
    message = (
        r"augmentation is for images \(batch, height, width, channels\).*'batch', 6"
    )
    before = make_gan()
    with pytest.raises(ValueError, match=message):
        before.compile(augmentation=name)
    assert before.augmentation is None and before.compiled


def test_names_that_are_none():
    with pytest.raises(
        ValueError, match="Unknown augmentation 'flips'.*Did you mean flip"
    ):
        game(augmentation="flips")
    with pytest.raises(ValueError, match="Expected an augmentation: one of ada, diff"):
        game(augmentation=[Flip()])
    with pytest.raises(ValueError, match="either p"):
        game(augmentation="ada")


def test_a_game_that_does_not_augment_refuses_the_rule():
    """Its discriminate is its own, and does not ask for it."""
    model = toys.make("CycleGAN", augmentation=Flip())
    with pytest.raises(ValueError, match=r"Toy.*does not augment.*self\.augmented"):
        model.fit(toys.data("CycleGAN"), verbose=0)
    with pytest.raises(ValueError, match="augmentation is for images"):
        toys.make("BiGAN", augmentation=Flip())


def test_a_family_that_hides_the_log_of_the_sign():
    class Silent(GAN):
        def discriminator_objective(self, round):
            objective, logs = super().discriminator_objective(round)
            return objective, {k: v for k, v in logs.items() if k != "real_sign"}

    gan = game(Silent, augmentation=ADA(target=0.6))
    with pytest.raises(ValueError, match="Silent lack it"):
        gan.fit(data_of(), verbose=0)


def test_pictures_of_one_color_train():
    gan = game(augmentation=ADA(0.9), penalties=[penalties.R1(0.1)])
    for value in (-1.0, 0.0, 1.0):
        rows = np.full((16, *SHAPE), value, "float32")
        logs = gan.fit(tf.data.Dataset.from_tensors(rows), epochs=2, verbose=0).history
        assert all(np.isfinite(values).all() for values in logs.values())
