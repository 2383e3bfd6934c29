"""Sample errors of pairs, by hand, as metrics in batches, and in games."""

import hypothesis
import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.trajectory import game
from hypothesis.extra import numpy as arrays

from keras_gan import metrics
from keras_gan.core.randomness import seed_of

KINDS = [
    pytest.param(metrics.paired_mse, metrics.PairedMSE, id="paired_mse"),
    pytest.param(metrics.paired_rmse, metrics.PairedRMSE, id="paired_rmse"),
]
ROWS = np.random.default_rng(2).normal(size=(37, 6)).astype("float32")


def pairs(count=37):
    generator = np.random.default_rng(0)
    return generator.normal(size=(2, count, 3, 4)).astype("float32")


def test_by_hand():
    real = np.zeros((2, 1, 2))
    fake = np.array([[[3.0, 4.0]], [[0.0, 1.0]]])  # squared distances 25 and 1
    assert metrics.paired_mse(real, fake) == pytest.approx(26)  # 2 * 13
    assert metrics.paired_rmse(real, fake) == pytest.approx(13**0.5)


FINITE = {"allow_nan": False, "allow_infinity": False}


@hypothesis.given(arrays.arrays(np.float16, (2, 5, 3), elements=FINITE))
def test_laws(both):
    real, fake = both.astype(float)  # whose squares of differences do not underflow
    squared, root = metrics.paired_mse(real, fake), metrics.paired_rmse(real, fake)
    assert squared == pytest.approx(2 * root**2)
    assert squared == metrics.paired_mse(fake, real)
    assert (squared == 0) == (real == fake).all()
    assert metrics.paired_rmse(3 * real, 3 * fake) == pytest.approx(3 * root)


def test_independent_samples_of_one_distribution():
    """2 E||x - x'||^2 = 4 tr Cov(x) = 12 for N(0, I_3)."""
    rows = 40_000
    real, fake = np.random.default_rng(1).normal(size=(2, rows, 3))
    # ||x - x'||^2 = 2 chi2(3), of variance 4 * 6: 4 standard errors of twice its mean
    assert abs(metrics.paired_mse(real, fake) - 12) < 4 * 2 * np.sqrt(24 / rows)


@pytest.mark.parametrize(("function", "metric"), KINDS)
def test_a_metric_over_batches_is_the_function_of_all(function, metric):
    real, fake = pairs()
    running = metric()
    assert running.name == function.__name__
    update = tf.function(running.update_state, reduce_retracing=True)
    for start in (0, 16, 32):  # the last batch holds 5
        update(real[start : start + 16], fake[start : start + 16])
    assert float(running.result()) == pytest.approx(function(real, fake), rel=1e-6)
    running.reset_state()
    running.update_state(real[:2], fake[:2])
    alone = function(real[:2], fake[:2])
    assert float(running.result()) == pytest.approx(alone, rel=1e-6)


def test_small_errors_keep_their_digits_in_half_precision():
    real, fake = (tf.cast(x, tf.float16) for x in (np.ones((1, 9)), np.ones((1, 9))))
    metric = metrics.PairedMSE()
    metric.update_state(real, fake + tf.cast(2.0**-10, tf.float16))
    assert float(metric.result()) == 2 * 9 * 2.0**-20  # a float16 has no such number


@pytest.mark.parametrize(("function", "metric"), KINDS)
def test_evaluate_takes_it(function, metric):
    gan = game(metrics=[metric()])
    found = gan.evaluate(ROWS, batch_size=16, return_dict=True, verbose=0)
    fake = [
        gan.draw(gan.prior(rows, seed_of(gan.seed, "evaluate", batch)), None)
        for batch, rows in enumerate((16, 16, 5))
    ]
    assert found[function.__name__] == pytest.approx(
        function(ROWS, np.concatenate(fake)), rel=1e-5
    )


@pytest.mark.parametrize(
    ("rows", "batch"), [(37, 8), (9, 4)], ids=["uneven", "an empty replica"]
)
def test_two_replicas_find_what_one_device_finds(two_replicas, rows, batch):
    data = tf.data.Dataset.from_tensor_slices(ROWS[:rows]).batch(batch)
    found = []
    for where in (None, two_replicas):
        gan = game(where, metrics=[metrics.PairedMSE(), metrics.PairedRMSE()])
        found.append(gan.evaluate(data, return_dict=True, verbose=0))
    for name in ("paired_mse", "paired_rmse"):
        assert found[1][name] == pytest.approx(found[0][name], rel=1e-6)


def test_a_game_keeps_its_metrics(tmp_path):
    gan = game(metrics=[metrics.PairedRMSE(name="error")])
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    (metric,) = loaded.evaluation_metrics
    assert isinstance(metric, metrics.PairedRMSE) and metric.name == "error"


@pytest.mark.parametrize("function", [metrics.paired_mse, metrics.paired_rmse])
@pytest.mark.parametrize(
    ("real", "fake", "message"),
    [
        pytest.param(
            np.ones((2, 3)), np.ones((3, 3)), r"\(2, 3\) and \(3, 3\)", id="n"
        ),
        pytest.param(np.ones(3), np.ones(3), r"shape \(n, ...\)", id="rank"),
        pytest.param(np.ones((0, 3)), np.ones((0, 3)), "n >= 1", id="none"),
        pytest.param(np.ones((1, 1)), np.full((1, 1), np.nan), "finite", id="nan"),
    ],
)
def test_what_are_no_pairs(function, real, fake, message):
    with pytest.raises(ValueError, match=message):
        function(real, fake)
