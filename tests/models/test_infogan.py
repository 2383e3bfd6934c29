"""InfoGAN: the bound by hand, both players' objectives, codes of samples, bad input."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.infogan_game import CODES, descent, game, head, prior
from helpers.pace import only
from scipy import special, stats

import keras_gan
from keras_gan import networks, priors
from keras_gan.callbacks import BackupAndRestore
from keras_gan.core.randomness import seed_of
from keras_gan.models import GAN, InfoGAN
from keras_gan.training import posterior

ROWS = np.random.default_rng(2).normal(size=(40, 6)).astype("float32")
DRAW = np.random.default_rng(3)

# The bound ----------------------------------------------------------------------------


def bound(part, parameters, codes):
    return float(np.mean(posterior.log_likelihood(part, parameters, codes))) + (
        part.entropy
    )


def test_a_q_that_is_the_prior_knows_nothing():
    """All logits equal; for N(0, 1), mean 0 and log deviation 0 where mean c^2 = 1."""
    classes = np.eye(10, dtype="float32")
    assert bound(priors.Categorical(10), np.zeros((10, 10)), classes) == pytest.approx(
        0, abs=1e-6
    )
    numbers = np.array([[-1.0], [1.0]], "float32")
    assert bound(priors.Normal(1), np.zeros((2, 2)), numbers) == pytest.approx(
        0, abs=1e-6
    )


def test_a_q_that_is_sure_and_right_knows_the_class():
    classes = np.eye(10, dtype="float32")
    found = bound(priors.Categorical(10), 1000 * classes, classes)
    assert found == pytest.approx(np.log(10), abs=1e-6)  # 2.3026


def test_a_q_that_knows_half_of_a_uniform_number():
    """c in [-1, 1), its sign known: mean +-1/2, E(c - mean)^2 = 1/12 at best s.

    log 2 - 1/2 log(2 pi e/12) = 0.517, below the true log 2 by KL(uniform || Gaussian).
    """
    codes = np.linspace(-1, 1, 100_001)[:, None]
    mean, s = np.sign(codes) / 2, np.full_like(codes, 0.5 * np.log(1 / 12))
    r = posterior.BOUND * np.arctanh(s / posterior.BOUND)
    found = bound(priors.Uniform(1), np.hstack([mean, r]), codes)
    expected = np.log(2) - 0.5 * np.log(2 * np.pi * np.e / 12)
    assert found == pytest.approx(expected, abs=1e-4)  # a sum for the integral


def test_log_likelihoods_are_scipys():
    logits = DRAW.normal(size=(20, 4)) * 3
    classes = np.eye(4)[DRAW.integers(0, 4, 20)]
    found = posterior.log_likelihood(priors.Categorical(4), logits, classes)
    expected = special.log_softmax(logits, axis=1)[classes.astype(bool)]
    np.testing.assert_allclose(found, expected, atol=1e-12)  # float64

    parameters, codes = DRAW.normal(size=(20, 6)), DRAW.normal(size=(20, 3))
    found = posterior.log_likelihood(priors.Normal(3), parameters, codes)
    deviation = np.exp(posterior.BOUND * np.tanh(parameters[:, 3:] / posterior.BOUND))
    expected = stats.norm(parameters[:, :3], deviation).logpdf(codes).sum(axis=1)
    np.testing.assert_allclose(found, expected, atol=1e-12)

    found = posterior.log_likelihood(priors.Normal(3), parameters[:, :3], codes, 0.7)
    expected = stats.norm(parameters[:, :3], 0.7).logpdf(codes).sum(axis=1)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("size", [1e4, -1e4], ids=["high", "low"])
@pytest.mark.parametrize(
    "part", [priors.Categorical(3), priors.Uniform(2)], ids=["categorical", "uniform"]
)
def test_extreme_outputs_are_finite(part, size):
    codes = part(5, seed_of(0, "test"))
    parameters = np.full((5, posterior.num_parameters(part)), 0.0, "float32")
    for column in range(parameters.shape[1]):
        extreme = parameters.copy()
        extreme[:, column] = size
        extreme = tf.constant(extreme)
        with tf.GradientTape() as tape:
            tape.watch(extreme)
            found = posterior.log_likelihood(part, extreme, codes)
        slopes = tape.gradient(found, extreme)
        assert np.isfinite(found).all() and np.isfinite(slopes).all()


# The objectives -----------------------------------------------------------------------


def plain(**rules):
    """The same networks and latents in a game without Q."""
    parts = game(recognition=head)
    gan = GAN(parts.generator, parts.discriminator, prior(), ema_decay=0.9, seed=5)
    gan.compile(**{**descent(), **rules})
    return gan


def test_without_weight_it_is_the_plain_game():
    """The control: G and D move as if Q were not there, and L_I is still logged."""
    free, alone = game(information_weight=0.0), plain()
    histories = [
        gan.fit(ROWS, batch_size=8, epochs=2, verbose=0).history
        for gan in (free, alone)
    ]
    for name, values in histories[1].items():
        np.testing.assert_array_equal(histories[0][name], values)
    for network in ("generator", "ema_generator", "discriminator"):
        found, expected = (getattr(gan, network).get_weights() for gan in (free, alone))
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_array_equal(a, b)
    assert all(value != 0 for value in histories[0]["mutual_information"])


@pytest.mark.parametrize(
    "weight", [0.7, [0.7, 0.2, 0.0]], ids=["one", "one for each code"]
)
def test_both_objectives_hold_the_weighed_bound(weight):
    rules = {"updates": "simultaneous"}
    paying = game(information_weight=weight, **rules).train_on_batch(
        ROWS[:8], return_dict=True
    )
    alone = plain(**rules).train_on_batch(ROWS[:8], return_dict=True)
    each = [paying[f"mutual_information_{part}"] for part in CODES]
    assert paying["mutual_information"] == pytest.approx(sum(each), rel=1e-6)
    paid = np.dot(np.broadcast_to(weight, 3), each)
    assert abs(paid) > 1e-3
    for key in ("d_loss", "g_loss"):  # float32
        assert paying[key] == pytest.approx(alone[key] - paid, rel=1e-6)


def test_the_bound_that_is_logged_is_numpys():
    gan = game(information_weight=0.0)
    latents = gan.prior(8, seed_of(5, "latents", 0, 0)).numpy()
    hidden = gan.discriminator.layers[2](np.asarray(gan.generator(latents)))
    kernel, bias, last_kernel, last_bias = gan.recognition.get_weights()
    hidden = np.asarray(tf.nn.leaky_relu(hidden, 0.2)) @ kernel + bias
    found = np.maximum(hidden, 0.01 * hidden) @ last_kernel + last_bias
    logs = gan.train_on_batch(ROWS[:8], return_dict=True)

    likelihood = special.log_softmax(found[:, :3], axis=1)[latents[:, 2:5] == 1]
    entropy = 1.5 * np.log(2)  # of 1/2, 1/4, 1/4
    expected = likelihood.mean() + entropy
    assert logs["mutual_information_1"] == pytest.approx(expected, abs=1e-5)

    deviation = np.exp(5 * np.tanh(found[:, 7:] / 5))
    likelihood = stats.norm(found[:, 5:7], deviation).logpdf(latents[:, 6:])
    entropy = np.log(2 * np.pi * np.e)  # det Sigma = 2 * 0.5
    expected = likelihood.sum(axis=1).mean() + entropy
    assert logs["mutual_information_3"] == pytest.approx(expected, abs=1e-5)


def test_the_head_moves_with_the_discriminator_and_the_body_learns_from_both():
    gan, alone = game(), plain()
    before = gan.recognition.get_weights()
    for one in (gan, alone):
        one.train_on_batch(ROWS[:8])  # the first move of D is before G's
    after = gan.recognition.get_weights()
    assert min(abs(a - b).max() for a, b in zip(before, after, strict=True)) > 1e-4
    bodies = [one.discriminator.get_weights() for one in (gan, alone)]
    moved = [abs(a - b).max() for a, b in zip(*bodies, strict=True)]
    assert min(moved[:2]) > 1e-5  # the hidden layer
    assert max(moved[2:]) == 0  # the logit's own layer does not know of codes


def test_batch_statistics_of_the_head_move_in_the_discriminators_turn_only():
    """Once a step, by the fakes that the discriminator saw."""

    gan = game(recognition=normalizing, information_weight=0.0)
    layer = gan.recognition.layers[2]
    latents = gan.prior(8, seed_of(5, "latents", 0, 0))
    hidden = gan.discriminator.layers[2](gan.generator(latents))
    seen = gan.recognition.layers[1](tf.nn.leaky_relu(hidden, 0.2)).numpy()
    gan.train_on_batch(ROWS[:8])
    np.testing.assert_allclose(layer.moving_mean, 0.1 * seen.mean(axis=0), atol=1e-6)


def test_what_a_generator_shows_is_found():
    """Three separate points, a class each: L_I rises from about 0 to H(c) = log 3."""
    keras.utils.set_random_seed(3)
    generator = networks.MLPGenerator((3,), latent_dim=3, widths=())
    generator.set_weights([2 * np.eye(3), np.zeros(3)])
    gan = InfoGAN(
        generator,
        networks.MLPDiscriminator((3,), widths=(16,)),
        head(num_parameters=3),
        priors.Joint([priors.Categorical(3)]),
        code_indices=[0],
    )
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.Adam(0.02),
    )
    data = tf.data.Dataset.from_tensors(ROWS[:32, :3]).repeat(150)
    history = gan.fit(data, epochs=2, verbose=0).history
    assert history["mutual_information"][1] == pytest.approx(np.log(3), abs=0.02)
    judged = gan.evaluate(data.take(3), return_dict=True, verbose=0)
    assert judged["mutual_information"] == pytest.approx(np.log(3), abs=0.02)
    assert "mutual_information_0" not in judged  # it is the sum
    [probabilities] = gan.codes(2 * np.eye(3))
    np.testing.assert_allclose(probabilities, np.eye(3), atol=0.02)


# Codes of samples ---------------------------------------------------------------------


def test_codes_are_the_means_of_q_whatever_the_batch_size():
    gan = game()
    classes, uniform, normal = gan.codes(ROWS)
    assert [c.shape for c in (classes, uniform, normal)] == [(40, 3), (40, 1), (40, 2)]
    np.testing.assert_allclose(classes.sum(axis=1), 1, atol=1e-6)
    hidden = tf.nn.leaky_relu(gan.discriminator.layers[2](ROWS), 0.2)
    parameters = gan.recognition(hidden).numpy()
    np.testing.assert_allclose(
        classes, special.softmax(parameters[:, :3], axis=1), atol=1e-6
    )
    np.testing.assert_allclose(uniform, parameters[:, 3:4], atol=1e-6)
    np.testing.assert_allclose(normal, parameters[:, 5:7], atol=1e-6)
    for a, b in zip(gan.codes(ROWS, batch_size=7), gan.codes(ROWS), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_the_parts_may_stand_in_any_order():
    """Parameters of Q come in the order of `code_indices`."""
    gan = InfoGAN(
        networks.MLPGenerator((6,), latent_dim=8, widths=(16,)),
        networks.MLPDiscriminator((6,), widths=(16,)),
        head(num_parameters=5),
        prior(),
        code_indices=(2, 1),
    )
    assert [code.shape for code in gan.codes(ROWS)] == [(40, 1), (40, 3)]


# Networks that may play ---------------------------------------------------------------


def test_the_papers_networks_have_its_sizes():
    """The weights of the authors' networks, without biases before a normalization."""
    normalized = 2 * 1024 + 2 * 7 * 7 * 128 + 2 * 64
    kernels = 74 * 1024 + 1024 * 6272 + 16 * 64 * 128 + (16 * 64 + 1)
    generator = networks.InfoGANGenerator()
    assert _trainable(generator) == kernels + normalized
    discriminator = networks.InfoGANDiscriminator()
    kernels = 16 * 64 + 64 + 16 * 64 * 128 + 6272 * 1024 + 1024 + 1
    assert _trainable(discriminator) == kernels + 2 * 128 + 2 * 1024
    recognition = networks.InfoGANRecognition()
    assert _trainable(recognition) == 1024 * 128 + 2 * 128 + 128 * 14 + 14


def _trainable(network):
    return sum(int(np.prod(v.shape)) for v in network.trainable_variables)


@pytest.mark.parametrize(
    "discriminator",
    [
        networks.DCGANDiscriminator((16, 16, 1), filters=2, normalization=None),
        networks.DCGANDiscriminator((16, 16, 1), filters=2, normalization="spectral"),
        keras.Sequential(
            [
                keras.Input((16, 16, 1)),
                keras.layers.Flatten(),
                keras.layers.Dense(64),
                keras.layers.Dense(1),
                keras.layers.Activation("linear"),
            ]
        ),
    ],
    ids=["convolutions", "spectral", "sequential"],
)
def test_any_functional_discriminator_has_a_body(discriminator):
    features = {"sequential": 64}.get(discriminator.name.split("_")[0], 64)
    gan = InfoGAN(
        networks.DCGANGenerator((16, 16, 1), latent_dim=8, filters=2),
        discriminator,
        head(features),
        prior(),
        code_indices=CODES,
    )
    gan.compile()
    images = np.zeros((4, 16, 16, 1), "float32")
    assert np.isfinite(gan.train_on_batch(images, return_dict=True)["d_loss"])
    own = {id(v) for v in gan.recognition.trainable_variables}
    own |= {id(v) for v in discriminator.trainable_variables}
    assert {id(v) for v in gan.discriminator_variables} == own


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"prior": priors.Normal(8)}, "Joint of noise and codes"),
        ({"code_indices": ()}, r"Received: code_indices=\(\)"),
        ({"code_indices": (1, 1)}, "different parts"),
        ({"code_indices": (1, 4)}, "counted from 0 to 3"),
        ({"code_indices": 1}, "code_indices=1"),
        (
            {"prior": priors.Joint([priors.Joint([priors.Normal(8)])])},
            "A code is one of Categorical, Uniform, Normal. Received: Joint as part 0",
        ),
        ({"recognition": "head"}, "recognition is a head on.*Received: 'head'"),
        ({"recognition": head(32)}, r"shape \(16,\) here, but it takes \(32,\)"),
        ({"recognition": head(16, 8)}, r"3 \+ 2 \+ 4 = 9 parameters.*shape \(8,\)"),
        ({"stddev": 1.0}, r"3 \+ 1 \+ 2 = 6 parameters.*shape \(9,\)"),
        ({"stddev": 0}, "a positive number, the same for all. Received: .*=0"),
        ({"stddev": "1"}, "Received: stddev='1'"),
        (
            {
                "discriminator": networks.Packed(
                    networks.MLPDiscriminator((12,), widths=(16,)), 2
                )
            },
            "ends in .*, a MLPDiscriminator",
        ),
    ],
    ids=[
        *("one prior", "no code", "twice", "no such part", "an int", "nested"),
        *("text", "features", "parameters", "one deviation", "none", "no number"),
        "packs",
    ],
)
def test_parts_that_do_not_fit(change, message):
    parts = {
        "generator": networks.MLPGenerator((6,), latent_dim=8, widths=(16,)),
        "discriminator": networks.MLPDiscriminator((6,), widths=(16,)),
        "recognition": head(),
        "prior": prior(),
        "code_indices": (0,) if "prior" in change else CODES,
    }
    with pytest.raises(ValueError, match=message):
        InfoGAN(**{**parts, **change})


def test_with_a_given_deviation_q_gives_the_means_alone():
    """And knows of a number at most H(c) - log(0.5 sqrt(2 pi)): two normal ones."""
    gan = game(recognition=lambda: head(16, 6), stddev=0.5)
    history = gan.fit(ROWS, batch_size=8, verbose=0).history
    assert gan.stddev == 0.5
    found = gan.recognize(tf.constant(ROWS))
    for part, means in zip((2, 3), gan.codes(ROWS)[1:], strict=True):
        np.testing.assert_array_equal(means, found[part])
    limit = prior().priors[3].entropy - 2 * np.log(0.5 * np.sqrt(2 * np.pi))
    assert history["mutual_information_3"][0] < limit


def test_a_head_that_ends_in_a_softmax():
    inputs = keras.Input((16,))
    outputs = keras.layers.Dense(9, activation="softmax")(inputs)
    with pytest.raises(ValueError, match="ends in softmax"):
        game(recognition=lambda: keras.Model(inputs, outputs))


@pytest.mark.parametrize("weight", [-1.0, [1.0, 0.1], [1.0, -1.0, 1.0], np.nan, "all"])
def test_weights_that_are_none(weight):
    with pytest.raises(ValueError, match="information_weight"):
        game(information_weight=weight)


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (ROWS[:, :5], r"shape \(40, 5\), but the discriminator takes \(batch, 6\)"),
        (ROWS.astype(int), "holds int64"),
        (np.full_like(ROWS, np.nan), "holds NaN"),
    ],
    ids=["narrow", "ints", "NaN"],
)
def test_samples_in_which_there_are_no_codes(samples, message):
    with pytest.raises(ValueError, match=message):
        game().codes(samples)


def test_the_papers_rules_are_the_default():
    gan = game()
    gan.compile()
    rates = [gan.generator_optimizer, gan.discriminator_optimizer]
    rates = [float(optimizer.learning_rate) for optimizer in rates]
    assert rates == pytest.approx([1e-3, 2e-4]) and gan.information_weight == 1.0
    assert type(gan.loss) is keras_gan.losses.NonSaturating


# Keeping and going on -----------------------------------------------------------------


def state(gan):
    """All weights and the places of all seeds."""
    return [np.asarray(v) for v in gan.variables]


def data():
    return keras_gan.datasets.load(ROWS, 8, seed=3)


def assert_equal(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def normalizing():
    return networks.InfoGANRecognition(num_features=16, num_parameters=9)


@pytest.mark.slow
@pytest.mark.parametrize("rows", only([9], [37, 9]), ids=["uneven", "empty"])
def test_two_replicas_with_an_uneven_last_batch(two_replicas, rows):
    """Batches of 8; the last one of 5, 3 rows and 2, or of 1 and none."""
    results = []
    for where in (None, two_replicas):
        gan = game(where)
        data = tf.data.Dataset.from_tensor_slices(ROWS[:rows]).batch(8)
        logs = gan.fit(data, epochs=2, verbose=0).history
        judged = gan.evaluate(data, return_dict=True, verbose=0)
        values = [np.array([*d.values()]) for d in (logs, judged)]
        results.append([*state(gan), *values])
    for a, b in zip(*results, strict=True):  # float32 sums in another order
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6 * max(1, abs(a).max()))


@pytest.mark.parametrize("form", only(["preset"], ["keras", "preset"]))
def test_a_loaded_game_goes_on(tmp_path, form):
    """With the head's batch statistics, and with one backbone for D and Q."""
    gan = game(recognition=normalizing, information_weight=[1.0, 0.1, 0.0])
    gan.fit(data(), verbose=0)
    if form == "keras":
        gan.save(tmp_path / "gan.keras")
        loaded = keras.saving.load_model(tmp_path / "gan.keras")
    else:
        gan.save_to_preset(tmp_path / "preset")
        loaded = GAN.from_preset(tmp_path / "preset")
    assert type(loaded) is InfoGAN and loaded.code_indices == CODES
    assert loaded.information_weight == [1.0, 0.1, 0.0]
    assert_equal(gan.codes(ROWS), loaded.codes(ROWS))
    for one in (gan, loaded):
        one.fit(data(), verbose=0)
    assert_equal(state(gan), state(loaded))


def test_a_preset_of_the_networks_finds_the_same_codes(tmp_path):
    gan = game(recognition=normalizing)
    gan.fit(data(), verbose=0)
    gan.save_to_preset(tmp_path / "preset", state="networks")
    loaded = InfoGAN.from_preset(tmp_path / "preset")
    np.testing.assert_array_equal(gan.sample(3, seed=1), loaded.sample(3, seed=1))
    assert_equal(gan.codes(ROWS), loaded.codes(ROWS))


@pytest.mark.slow
def test_resuming_has_the_same_bits(tmp_path):
    adam = {"generator_optimizer": None, "discriminator_optimizer": None}
    rules = {"latents": "fresh", **adam}

    def play(*callbacks):
        gan = game(recognition=normalizing, dropout=0.25, **rules)
        history = gan.fit(data(), epochs=3, verbose=0, callbacks=callbacks).history
        return state(gan), history

    class Break(BackupAndRestore):
        def after_batch(self, batch, logs=None):
            super().after_batch(batch, logs)
            if int(self.model.step.numpy()) == 7:  # of 5 an epoch
                raise KeyboardInterrupt

    whole, history = play()
    with pytest.raises(KeyboardInterrupt):
        play(Break(tmp_path, save_freq=1))
    resumed, again = play(BackupAndRestore(tmp_path, save_freq=1))
    assert_equal(whole, resumed)
    assert history == again


def test_an_export_draws_what_sample_draws(tmp_path):
    gan = game()
    gan.export(tmp_path / "1")
    sample = tf.saved_model.load(tmp_path / "1").signatures["sample"]
    drawn = sample(num_samples=tf.constant(9), seed=tf.constant(4))["samples"]
    np.testing.assert_allclose(drawn, gan.sample(9, seed=4), rtol=0, atol=1e-6)
