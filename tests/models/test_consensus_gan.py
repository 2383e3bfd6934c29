"""Consensus optimisation: the formula, what it does to the Dirac-GAN, where it runs."""

import contextlib

import dirac
import keras
import numpy as np
import pytest
import scipy.special
import tensorflow as tf
from helpers.pace import only

import keras_gan
from keras_gan.cli.lab import dirac_game
from keras_gan.cli.lab.dirac_game import START, H
from keras_gan.models import GAN, ConsensusGAN

sigmoid = scipy.special.expit

# The generator's objective as a function of the logit a: its slope and its curvature.
SLOPES = {
    "minimax": (lambda a: -sigmoid(a), lambda a: -sigmoid(a) * sigmoid(-a)),
    "non_saturating": (lambda a: -sigmoid(-a), lambda a: sigmoid(a) * sigmoid(-a)),
}


def by_hand(loss, gamma, steps=500):
    """w - h (v + gamma J'v) with v = (s(a) theta, g(a) psi), a = psi theta."""
    slope, curvature = SLOPES[loss]
    theta, psi = START
    path = [(theta, psi)]
    for _ in range(steps):
        a = psi * theta
        v_psi, v_theta = sigmoid(a) * theta, slope(a) * psi
        bend = sigmoid(a) * sigmoid(-a)  # of the discriminator's softplus
        psi_psi, psi_theta = bend * theta**2, sigmoid(a) + bend * a
        theta_psi, theta_theta = slope(a) + curvature(a) * a, curvature(a) * psi**2
        psi = psi - H * (v_psi + gamma * (psi_psi * v_psi + theta_psi * v_theta))
        theta = theta - H * (
            v_theta + gamma * (psi_theta * v_psi + theta_theta * v_theta)
        )
        path.append((theta, psi))
    return np.array(path)


@pytest.mark.parametrize("gamma", [0.3, 1.0])
@pytest.mark.parametrize("loss", SLOPES)
def test_500_steps_of_the_dirac_gan_equal_the_recursion(loss, gamma):
    path = dirac_game.play(loss=loss, family=ConsensusGAN, gamma=gamma)
    np.testing.assert_allclose(path, by_hand(loss, gamma), atol=1e-9)  # float64


@pytest.mark.parametrize("loss", SLOPES)
def test_it_converges_where_the_plain_game_does_not(loss):
    """The verdict of Mescheder et al. (2018) for gamma = 1."""
    radii = np.hypot(*dirac_game.play(loss=loss, family=ConsensusGAN, gamma=1.0).T)
    assert radii[-1] < 1e-3 * radii[0]
    plain = np.hypot(*dirac_game.play(loss=loss, updates="simultaneous").T)
    assert plain[-1] > 0.1 * plain[0]


@pytest.mark.parametrize("gamma", [0.3, 1.0, 4.0])
def test_eigenvalues(gamma):
    """At the equilibrium v = R w / 2 with R a turn by 90 degrees, so J'v = w / 4.

    The step is then w - h (R w / 2 + gamma w / 4): 1 - h gamma / 4 +- i h / 2.
    """
    gan = dirac_game.game(loss="minimax", family=ConsensusGAN, gamma=gamma)
    found = np.linalg.eigvals(dirac.jacobian(gan))
    expected = 1 - H * gamma / 4 + np.array([1, -1]) * 0.5j * H
    np.testing.assert_allclose(
        np.sort_complex(found), np.sort_complex(expected), atol=1e-6
    )


def double(family, **rules):
    """A game of two tanh networks in float64, moved by SGD at rate 1."""
    keras.utils.set_random_seed(3)

    def network(inputs, outputs):
        x = keras.Input((inputs,), dtype="float64")
        hidden = keras.layers.Dense(5, "tanh", dtype="float64")(x)
        return keras.Model(x, keras.layers.Dense(outputs, dtype="float64")(hidden))

    gan = family(network(2, 3), network(3, 1), keras_gan.priors.Normal(2), seed=4)
    rates = [keras.optimizers.SGD(1.0) for _ in range(2)]
    gan.compile(generator_optimizer=rates[0], discriminator_optimizer=rates[1], **rules)
    return gan


REAL = np.random.default_rng(1).normal(size=(7, 3))


def step_from(gan, weights):
    """What one step subtracts from the weights (a vector), and its logs."""
    variables = [*gan.discriminator_variables, *gan.generator_variables]
    sizes = np.cumsum([np.prod(v.shape, dtype=int) for v in variables])[:-1]
    for variable, part in zip(variables, np.split(weights, sizes), strict=True):
        variable.assign(part.reshape(variable.shape))
    gan.step.assign(0)
    logs = gan.train_on_batch(REAL, return_dict=True)
    after = np.concatenate([v.numpy().ravel() for v in variables])
    return weights - after, logs


@pytest.mark.parametrize("penalised", [False, True], ids=["plain", "R1"])
def test_the_step_is_v_plus_gamma_times_the_gradient_of_half_its_square(penalised):
    """v by the plain simultaneous game, grad 1/2 |v|^2 by its central differences."""
    rules = {"penalties": [keras_gan.penalties.R1(0.5)] * penalised}
    plain = double(GAN, updates="simultaneous", **rules)
    paying = double(ConsensusGAN, gamma=0.7, **rules)
    variables = [*plain.discriminator_variables, *plain.generator_variables]
    start = np.concatenate([v.numpy().ravel() for v in variables])
    v, _ = step_from(plain, start)
    found, logs = step_from(paying, start)
    half_squares = [
        [0.5 * np.sum(step_from(plain, start + move)[0] ** 2) for move in (d, -d)]
        for d in 1e-5 * np.eye(len(start))
    ]
    slope = np.array([(up - down) / 2e-5 for up, down in half_squares])
    assert np.linalg.norm(slope) > 0.01
    np.testing.assert_allclose(found, v + 0.7 * slope, atol=1e-8)
    # logs are kept in float32
    assert logs["consensus"] == pytest.approx(0.35 * np.sum(v**2), rel=1e-5)


def test_both_players_logs_hold_what_they_pay():
    plain, paying = double(GAN, updates="simultaneous"), double(ConsensusGAN, gamma=2.0)
    logs = [gan.train_on_batch(REAL, return_dict=True) for gan in (plain, paying)]
    for key in ("d_loss", "g_loss"):
        expected = logs[0][key] + logs[1]["consensus"]
        assert logs[1][key] == pytest.approx(expected, rel=1e-5)


def test_gamma_zero_is_the_plain_game():
    plain, free = double(GAN, updates="simultaneous"), double(ConsensusGAN, gamma=0)
    for gan in (plain, free):
        gan.fit(REAL, batch_size=7, epochs=5, verbose=0)
    for a, b in zip(plain.get_weights(), free.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


ROWS = np.random.default_rng(2).normal(size=(37, 6)).astype("float32")


def game(strategy=None, penalties=(), **rules):
    keras.utils.set_random_seed(11)
    with strategy.scope() if strategy else contextlib.nullcontext():
        gan = ConsensusGAN(
            keras_gan.networks.MLPGenerator((6,), latent_dim=4, widths=(16,)),
            keras_gan.networks.MLPDiscriminator((6,), widths=(16,)),
            keras_gan.priors.Normal(4),
            ema_decay=0.9,
            seed=5,
        )
        gan.compile(
            gamma=0.5,
            penalties=penalties,
            generator_optimizer=keras.optimizers.SGD(0.05),
            discriminator_optimizer=keras.optimizers.SGD(0.05),
            **rules,
        )
    return gan


def play(*arguments, rows=37, **rules):
    """Batches of 8; the last one of 5 or, where there are 9 rows, of 1."""
    gan = game(*arguments, **rules)
    data = tf.data.Dataset.from_tensor_slices(ROWS[:rows]).batch(8)
    history = gan.fit(data, epochs=2, verbose=0).history
    return [*gan.get_weights(), *map(np.array, history.values())]


def assert_same(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6 * max(1, abs(a).max()))


WAYS = {
    "eager": {"run_eagerly": True},
    "xla": {"jit_compile": True},
    "steps_per_execution": {"steps_per_execution": 3},
}


@pytest.mark.parametrize("way", WAYS)
def test_one_trajectory(way):
    rules = {"penalties": [keras_gan.penalties.R1(0.5)]}
    assert_same(play(**rules), play(**rules, **WAYS[way]))


@pytest.mark.slow
@pytest.mark.parametrize("rows", only([9], [37, 9]), ids=["uneven", "empty"])
def test_two_replicas_take_the_gradient_of_the_global_square(two_replicas, rows):
    """|v|^2 is no sum over rows: half batches by themselves would have another."""
    assert_same(play(rows=rows), play(two_replicas, rows=rows))


def test_images_with_convolutions_and_batch_normalization():
    gan = ConsensusGAN(
        keras_gan.networks.DCGANGenerator((16, 16, 1), latent_dim=4, filters=2),
        keras_gan.networks.DCGANDiscriminator((16, 16, 1), filters=2),
        keras_gan.priors.Normal(4),
    )
    gan.compile(penalties=["r1"])
    images = np.random.default_rng(0).uniform(-1, 1, (16, 16, 16, 1)).astype("float32")
    history = gan.fit(images, batch_size=8, epochs=2, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    assert min(history["consensus"]) > 0


def test_it_is_loaded_with_its_rules(tmp_path):
    gan = game(loss="minimax", jit_compile=False)
    gan.fit(ROWS, batch_size=8, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert type(loaded) is ConsensusGAN and loaded.gamma == 0.5
    assert loaded.get_compile_config() == gan.get_compile_config()
    for one in (gan, loaded):
        one.fit(ROWS, batch_size=8, verbose=0)
    for a, b in zip(gan.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    gan.save_to_preset(tmp_path / "preset")
    assert ConsensusGAN.from_preset(tmp_path / "preset").gamma == 0.5
    judged = loaded.evaluate(ROWS, return_dict=True, verbose=0)
    assert "consensus" not in judged and "d_loss" in judged


def test_what_it_refuses():
    with pytest.raises(ValueError, match="gamma=-1"):
        double(ConsensusGAN, gamma=-1)
    for rule in (
        {"updates": "alternating"},
        {"discriminator_steps": 2},
        {"latents": "fresh"},
        {"real": "fresh"},
    ):
        [name] = rule
        with pytest.raises(ValueError, match=f"on the same minibatch: {name} is"):
            double(ConsensusGAN, **rule)
    with pytest.raises(ValueError, match="r1 with every=2"):
        double(ConsensusGAN, penalties=[keras_gan.penalties.R1(every=2)])
    keras.config.set_dtype_policy("mixed_float16")
    try:
        with pytest.raises(ValueError, match="mixed_bfloat16"):
            game()
    finally:
        keras.config.set_dtype_policy("float32")
