"""One-hot classes, as often as they should come."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from keras_gan import priors
from keras_gan.core.randomness import seed_of

SEED = seed_of(3, "test")
UNEVEN = [0.5, 0.25, 0.05, 0.2]


@pytest.mark.parametrize("probabilities", [None, UNEVEN], ids=["even", "uneven"])
def test_frequencies(probabilities):
    rows, shares = 50_000, np.array(probabilities or [0.25] * 4)
    drawn = priors.Categorical(4, probabilities)(rows, SEED).numpy()
    # 4 standard errors of a share: sqrt(p (1 - p)/n)
    errors = np.sqrt(shares * (1 - shares) / rows)
    assert (abs(drawn.mean(axis=0) - shares) < 4 * errors).all()


@settings(max_examples=25)
@given(st.integers(2, 40), st.integers(1, 60), st.integers(0, 2**31 - 1))
def test_rows_are_one_hot_and_the_first_do_not_depend_on_their_number(
    classes, rows, seed
):
    prior, seed = priors.Categorical(classes), seed_of(seed, "test")
    drawn = prior(rows, seed).numpy()
    assert drawn.shape == (rows, classes) and drawn.dtype == np.float32
    assert ((drawn == 0) | (drawn == 1)).all() and (drawn.sum(axis=1) == 1).all()
    np.testing.assert_array_equal(prior(rows + 7, seed)[:rows], drawn)


def test_one_draw_in_eager_graph_and_xla():
    prior = priors.Categorical(4, UNEVEN)
    eager = prior(1000, SEED)
    for compiled in (False, True):
        graph = tf.function(lambda seed: prior(1000, seed), jit_compile=compiled)
        np.testing.assert_array_equal(graph(SEED), eager)


def test_a_revived_one_draws_the_same():
    prior = priors.Categorical(4, UNEVEN)
    revived = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(prior)
    )
    np.testing.assert_array_equal(revived(99, SEED), prior(99, SEED))


COVARIANCE = [[4.0, 1.8], [1.8, 1.0]]


@pytest.mark.parametrize(
    ("prior", "expected"),
    [
        (priors.Categorical(10), np.log(10)),
        (priors.Categorical(4, UNEVEN), stats.entropy(UNEVEN)),
        (priors.Uniform(3, -1.0, 4.0), 3 * stats.uniform(-1, 5).entropy()),
        (priors.Normal(3, mean=2.0), 3 * stats.norm(2, 1).entropy()),
        (
            priors.Normal(2, covariance=COVARIANCE),
            stats.multivariate_normal(cov=COVARIANCE).entropy(),
        ),
        (
            priors.Joint([priors.Categorical(10), priors.Uniform(2)]),
            np.log(10) + 2 * np.log(2),
        ),
    ],
    ids=["even", "uneven", "uniform", "normal", "covariance", "joint"],
)
def test_entropies_in_nats(prior, expected):
    assert prior.entropy == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_classes": 1}, "num_classes=1"),
        ({"num_classes": 2.5}, "num_classes=2.5"),
        ({"probabilities": [0.5, 0.5]}, "num_classes=3 positive numbers"),
        ({"probabilities": [0.5, 0.5, 0.0]}, "positive numbers"),
        ({"probabilities": [0.5, 0.4, 0.3]}, "with the sum 1.2. Divide"),
        ({"probabilities": "even"}, "finite numbers. Received: 'even'"),
    ],
    ids=["one class", "no integer", "too few", "zero", "sum", "text"],
)
def test_what_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        priors.Categorical(**{"num_classes": 3, **arguments})
