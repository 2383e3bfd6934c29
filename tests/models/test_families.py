"""Each family: the paper's rules by default, one trajectory in every way of running."""

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.families import make_gan
from helpers.pace import only

import keras_gan
from keras_gan import constraints, penalties
from keras_gan.models import (
    ACGAN,
    GAN,
    WGAN,
    WGANGP,
    ConditionalGAN,
    InfoGAN,
    SemiSupervisedGAN,
)
from keras_gan.saving import configs

FAMILIES = {
    "ACGAN": ACGAN,
    "WGAN": WGAN,
    "WGANGP": WGANGP,
    "ConditionalGAN": ConditionalGAN,
    "InfoGAN": InfoGAN,
    "SemiSupervisedGAN": SemiSupervisedGAN,
}
WASSERSTEIN = ("WGAN", "WGANGP")
ROWS = np.random.default_rng(4).normal(size=(80, 6)).astype("float32")
LABELS = {
    ACGAN: np.arange(80) % 3,
    ConditionalGAN: np.arange(80) % 3,
    SemiSupervisedGAN: np.arange(80) % 4 - 1,  # a label of four is missing
}
TOLERANCE = 1e-6  # float32 sums of some tens of terms, in another order


def state(gan):
    return [np.asarray(v) for v in gan.get_weights()]


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=TOLERANCE * max(1, abs(a).max()))


def descent(name):
    """SGD for both players, slow enough for a penalty of weight 10 to be stable.

    Two moves of the discriminator where the paper has five, whose graph takes as much
    longer to compile.

    A bias that is added to all logits has the gradient 0 in a Wasserstein game. What is
    left of it is rounding, which Adam and RMSprop divide by itself.
    """
    return {
        "generator_optimizer": keras.optimizers.SGD(0.005),
        "discriminator_optimizer": keras.optimizers.SGD(0.005),
        "discriminator_steps": 2 if name in WASSERSTEIN else 1,
    }


def play(gan):
    """Two epochs of five minibatches, as many of them a step as D has moves."""
    rows = (ROWS, LABELS[type(gan)]) if type(gan) in LABELS else ROWS
    data = tf.data.Dataset.from_tensor_slices(rows).batch(16)
    history = gan.fit(data, epochs=2, verbose=0).history
    return state(gan), [np.array(values) for values in history.values()]


@pytest.fixture(scope="module")
def graph():
    return {
        name: play(make_gan(family, **descent(name)))
        for name, family in FAMILIES.items()
    }


WAYS = {"eager": {"run_eagerly": True}, "xla": {"jit_compile": True}}


@pytest.mark.parametrize("way", only(["eager"], WAYS))
@pytest.mark.parametrize("name", FAMILIES)
def test_same_weights_and_logs(graph, name, way):
    weights, logs = play(make_gan(FAMILIES[name], **descent(name), **WAYS[way]))
    assert_same(graph[name][0], weights)
    assert_same(graph[name][1], logs)


@pytest.mark.parametrize("name", FAMILIES)
def test_two_replicas(graph, two_replicas, name):
    weights, logs = play(make_gan(FAMILIES[name], two_replicas, **descent(name)))
    assert_same(graph[name][0], weights)
    assert_same(graph[name][1], logs)


# D's last bias; the fixed lengths of two layers, in D and in its average
STILL = {"WGAN": 1, "WGANGP": 1, "SemiSupervisedGAN": 4}


@pytest.mark.parametrize("name", FAMILIES)
def test_it_moves(graph, name):
    first = state(make_gan(FAMILIES[name]))
    moved = [abs(a - b).max() for a, b in zip(first, graph[name][0], strict=True)]
    still = STILL.get(name, 0)
    assert sum(far > 1e-6 for far in moved) == len(moved) - still
    assert moved[:2] == [4 if name in WASSERSTEIN else 10, 2]  # steps and epochs


def test_wgan_plays_by_the_papers_rules():
    gan = make_gan(WGAN)
    assert type(gan.loss).__name__ == "Wasserstein"
    assert gan.penalties == () and gan.updates == "alternating"
    assert gan.discriminator_steps == 5
    assert gan.discriminator_constraint.limit == 0.01
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert isinstance(optimizer, keras.optimizers.RMSprop)
        assert float(optimizer.learning_rate) == pytest.approx(5e-5)
    assert gan.generator_optimizer is not gan.discriminator_optimizer


def test_wgan_gp_plays_by_the_papers_rules():
    gan = make_gan(WGANGP)
    assert type(gan.loss).__name__ == "Wasserstein"
    [penalty] = gan.penalties
    expected = {"weight": 10.0, "target": 1.0, "one_sided": False, "every": 1}
    assert penalty.get_config() == {**expected, "name": "gradient_penalty"}
    assert gan.discriminator_constraint is None and gan.discriminator_steps == 5
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert isinstance(optimizer, keras.optimizers.Adam)
        assert float(optimizer.learning_rate) == pytest.approx(1e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.0, 0.9)


def test_the_semi_supervised_game_plays_by_the_papers_rules():
    gan = make_gan(SemiSupervisedGAN)
    assert type(gan.loss).__name__ == "NonSaturating"
    assert (gan.generator_cost, gan.class_weight) == ("feature_matching", 1.0)
    assert gan.latents == "fresh" and gan.discriminator_steps == 1
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert isinstance(optimizer, keras.optimizers.Adam)
        assert float(optimizer.learning_rate) == pytest.approx(0.003)
        assert optimizer.beta_1 == 0.5


def test_wgan_clips():
    weights, _ = play(gan := make_gan(WGAN))
    largest = [abs(v.numpy()).max() for v in gan.discriminator.trainable_variables]
    assert max(largest) == pytest.approx(0.01, rel=1e-6)
    assert max(abs(w).max() for w in weights) > 0.1  # the generator is free


OWN_RULES = {
    "loss": "hinge",
    "penalties": [penalties.R2(0.5)],
    "generator_optimizer": "sgd",
    "discriminator_optimizer": "adam",
    "updates": "simultaneous",
    "discriminator_steps": 1,
    "latents": "fresh",
    "discriminator_constraint": constraints.WeightClipping(0.5),
}
NOTHING = {"penalties": [], "discriminator_constraint": None}
RULES = {"defaults": {}, "own": OWN_RULES, "nothing": NOTHING}


def rules_of(gan):
    """The rules, without the names that Keras numbers."""
    rules = gan.get_compile_config()
    for player in ("generator", "discriminator"):
        rules[f"{player}_optimizer"]["config"].pop("name")
    return rules


@pytest.mark.parametrize("rules", only(["own"], RULES))
@pytest.mark.parametrize("form", ["keras", "preset", "config"])
@pytest.mark.parametrize("name", FAMILIES)
def test_the_rules_come_back(tmp_path, name, form, rules):
    gan = make_gan(FAMILIES[name], **RULES[rules])
    if form == "keras":
        gan.save(tmp_path / "gan.keras")
        loaded = keras.saving.load_model(tmp_path / "gan.keras")
    elif form == "preset":
        gan.save_to_preset(tmp_path / "preset")
        loaded = GAN.from_preset(tmp_path / "preset")
    else:
        loaded = configs.build(configs.of_game(gan), GAN)
    assert type(loaded) is FAMILIES[name]
    assert rules_of(loaded) == rules_of(gan)
    if form != "config":
        np.testing.assert_array_equal(gan.sample(3, seed=0), loaded.sample(3, seed=0))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_config_that_gives_no_rules_has_the_familys(name):
    config = {**configs.of_game(make_gan(FAMILIES[name])), "compile": {}}
    loaded = configs.build(config, GAN)
    assert rules_of(loaded) == rules_of(make_gan(FAMILIES[name]))


def test_a_shown_config_of_a_family_leaves_out_what_gan_has_by_default():
    written = configs.shown(configs.of_game(make_gan(WGAN, latents="fresh")))["compile"]
    changed = {"loss", "generator_optimizer", "discriminator_optimizer", "latents"}
    assert set(written) == {*changed, "discriminator_constraint"}


def test_another_family_is_not_taken_for_it(tmp_path):
    make_gan(WGAN).save_to_preset(tmp_path / "preset")
    with pytest.raises(ValueError, match="describes a WGAN; expected WGANGP"):
        WGANGP.from_preset(tmp_path / "preset")


@pytest.mark.parametrize("name", FAMILIES)
def test_an_unknown_rule_is_refused(name):
    with pytest.raises(TypeError, match="n_critic"):
        make_gan(FAMILIES[name], n_critic=5)


@pytest.mark.parametrize("synchronized", [False, True], ids=["plain", "synchronized"])
def test_wgan_gp_refuses_batch_normalization(synchronized):
    networks = keras_gan.networks
    discriminator = networks.DCGANDiscriminator(
        (16, 16, 1), filters=2, synchronized=synchronized
    )
    generator = networks.DCGANGenerator((16, 16, 1), 4, filters=2)
    with pytest.raises(ValueError, match="a logit depends on the rest of its batch"):
        WGANGP(generator, discriminator, keras_gan.priors.Normal(4))
    discriminator = networks.DCGANDiscriminator(
        (16, 16, 1), filters=2, normalization="layer"
    )
    WGANGP(generator, discriminator, keras_gan.priors.Normal(4)).compile()


@pytest.mark.parametrize("name", FAMILIES)
def test_a_file_holds_each_network_once(tmp_path, name):
    gan = make_gan(FAMILIES[name])
    gan.save_weights(tmp_path / "game.weights.h5")
    # Keras looks at `layers` before it comes to "recognition".
    others = {"InfoGAN": {"layers"}, "SemiSupervisedGAN": {"ema_discriminator"}}
    others["ACGAN"] = {"head"}
    networks = {"generator", "discriminator", "ema_generator", *others.get(name, ())}
    optimizers = {"generator_optimizer", "discriminator_optimizer"}
    with h5py.File(tmp_path / "game.weights.h5") as file:
        found = {key for key in file if _holds_weights(file[key])}
    assert found - {"vars", "trackers"} == networks | optimizers


def _holds_weights(group):
    found = []
    group.visititems(lambda _, item: found.append(isinstance(item, h5py.Dataset)))
    return any(found)
