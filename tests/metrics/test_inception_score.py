"""The classifier score: by hand, its ceiling, its parts."""

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies
from scipy.special import softmax
from scipy.stats import entropy

from keras_gan import metrics
from keras_gan.metrics import inception_score

MNIST = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]  # of 60 000


def by_definition(rows):
    """exp(E KL(p(y|x) || p(y))) by SciPy's relative entropy."""
    return np.exp(np.mean([entropy(row, rows.mean(axis=0)) for row in rows]))


def draw(rows=60, classes=5, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, classes)) * 3


def test_the_definition():
    rows = softmax(draw(), axis=1)
    assert inception_score(rows).value == pytest.approx(by_definition(rows), rel=1e-12)


def test_the_floor_and_the_ceiling():
    """1 where the classifier says the same of all; exp(H(prior)) where it is sure."""
    assert inception_score(np.full((9, 4), 0.25)).value == pytest.approx(1)
    sure = np.repeat(np.eye(10), MNIST, axis=0)
    ceiling = np.exp(entropy(np.array(MNIST) / 60_000))
    found = inception_score(sure).value
    assert found == pytest.approx(ceiling, rel=1e-12)
    assert found == pytest.approx(9.986, abs=5e-4)


@hypothesis.settings(deadline=None, max_examples=40)
@hypothesis.given(strategies.integers(0, 2**31))
def test_laws(seed):
    logits = draw(seed=seed)
    rows = softmax(logits, axis=1)
    found = inception_score(rows).value
    assert 1 <= found <= np.exp(entropy(rows.mean(axis=0))) * (1 + 1e-12)
    assert inception_score(logits + 50, from_logits=True).value == pytest.approx(found)
    generator = np.random.default_rng(seed)
    moved = generator.permutation(generator.permutation(rows), axis=1)
    assert inception_score(moved).value == pytest.approx(found)


def test_parts_are_dealt_in_turn():
    rows = softmax(draw(61), axis=1)
    parts = [by_definition(rows[part::4]) for part in range(4)]
    found = inception_score(rows, splits=4)
    assert found.value == pytest.approx(np.mean(parts), rel=1e-12)
    assert found.standard_error == pytest.approx(np.std(parts, ddof=1) / 2, rel=1e-12)
    metric = metrics.InceptionScore(splits=4)
    for batch in np.array_split(rows, 5):
        metric.update_state(batch, batch)
    assert metric.result() == pytest.approx(found.value, rel=1e-12)
    score = metric.scores(seed=3)["classifier_score"]
    assert score.standard_error == pytest.approx(found.standard_error, rel=1e-9)


def test_logits_far_out_stay_finite():
    logits = np.array([[1e4, 0.0, -1e4], [0.0, 1e4, 0.0]])
    assert inception_score(logits, from_logits=True).value == pytest.approx(2)
    metric = metrics.InceptionScore(from_logits=True)
    metric.update_state(logits, logits)
    assert metric.result() == pytest.approx(2)


def test_logits_are_no_probabilities():
    with pytest.raises(ValueError, match="from_logits=True"):
        inception_score(draw())
    metric = metrics.InceptionScore()
    metric.update_state(draw(), draw())
    with pytest.raises(ValueError, match="from_logits=True"):
        metric.result()


def test_fewer_rows_than_parts():
    with pytest.raises(ValueError, match="at least 10 rows"):
        inception_score(np.eye(3), splits=10)
    metric = metrics.InceptionScore(splits=4)
    metric.update_state(np.eye(3), np.eye(3))
    with pytest.raises(ValueError, match="each of 4 parts"):
        metric.result()
