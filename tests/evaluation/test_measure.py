"""All scores at once: constructed cases, and the laws between them."""

import numpy as np
import pytest
import tensorflow as tf

from keras_gan import metrics
from keras_gan.evaluation import Protocol, measure
from keras_gan.evaluation.measured import measured
from keras_gan.metrics.features import Extractor, Pixels


class Bright(Extractor):
    """Three classes: dark, middle, bright; sure of each."""

    description = "brightness"

    def __call__(self, samples):
        mean = tf.reduce_mean(samples, axis=(1, 2, 3))
        classes = tf.cast(mean > -0.5, tf.int32) + tf.cast(mean > 0.5, tf.int32)
        return tf.one_hot(classes, 3)


def images(dark, middle, bright, seed=0):
    """Images of 4 x 4, each near one of three levels of grey, in random order."""
    rng = np.random.default_rng(seed)
    levels = np.repeat([-0.8, 0.0, 0.8], [dark, middle, bright])
    rng.shuffle(levels)
    noise = rng.uniform(-0.1, 0.1, (len(levels), 4, 4, 1))
    return (levels[:, None, None, None] + noise).astype("float32")


def test_the_scores_are_those_of_the_functions():
    real, fake = images(20, 20, 20), images(30, 20, 10, seed=1)
    found = measure(real, fake, Pixels(), seed=3)
    rows = [Pixels().of(part) for part in (real, fake)]
    assert found["frechet_distance"].value == metrics.frechet_distance(*rows)
    precision, recall = metrics.precision_recall(*rows)
    assert (found["precision"].value, found["recall"].value) == (precision, recall)
    density, coverage = metrics.density_coverage(*rows)
    assert (found["density"].value, found["coverage"].value) == (density, coverage)
    expected = metrics.kernel_distance(*rows, block_size=6)
    assert found["kernel_distance"].value == expected.value
    for score in found.values():
        assert (score.real, score.fake, score.seed) == (60, 60, 3)
        assert score.features == Pixels.description
        assert score.standard_error is not None


def test_by_classes_by_hand():
    found = measure(images(20, 20, 20), images(30, 20, 10), Bright(), classes=Bright())
    shares = np.array([1 / 2, 1 / 3, 1 / 6])
    entropy = -(shares * np.log(shares)).sum()
    score = found["classifier_score"].value  # sure of each: exp of the entropy
    assert score == pytest.approx(np.exp(entropy), rel=1e-6)
    share = found["classifier_score_share"].value
    assert share == pytest.approx(np.exp(entropy) / 3, rel=1e-6)
    assert found["smallest_class"].value == pytest.approx(1 / 6)
    assert found["largest_class"].value == pytest.approx(1 / 2)
    error = np.sqrt(1 / 6 * 5 / 6 / 60)
    assert found["smallest_class"].standard_error == pytest.approx(error)
    kl = np.log(3) - entropy
    assert found["class_kl"].value == pytest.approx(kl, rel=1e-6)
    # The delta method by its definition: deviation of log q/w under q, over root n
    logs = np.log(3 * shares)
    deviation = np.sqrt((shares * (logs - (shares * logs).sum()) ** 2).sum())
    error = found["class_kl"].standard_error
    assert error == pytest.approx(deviation / np.sqrt(60), rel=1e-6)


def test_a_share_of_real_data_is_1_for_the_real_data():
    real = images(20, 20, 20)
    found = measure(real, real, Bright(), classes=Bright())
    assert found["classifier_score_share"].value == pytest.approx(1)
    assert found["class_kl"].value == pytest.approx(0, abs=1e-9)
    assert found["frechet_distance"].value == pytest.approx(0, abs=1e-9)


def test_copies_are_found():
    training, held_out = images(20, 20, 20, seed=1), images(20, 20, 20, seed=2)
    copies = measure(held_out, training[:40], Pixels(), training=training)
    assert copies["memorization_rate"].value == 1.0
    others = images(20, 20, 20, seed=3)
    fresh = measure(held_out, others, Pixels(), training=training)
    score = fresh["memorization_rate"]
    assert abs(score.value - 0.5) < 4 * np.sqrt(0.25 / 60)


def test_each_part_of_the_work_is_said():
    said = []
    measure(images(9, 9, 9), images(9, 9, 9), Pixels(), progress=said.append)
    assert said[:2] == ["Computing features", "Measuring frechet distance"]
    on_features = [m for m in measured() if m.measured_on == "features"]
    assert len(on_features) >= 4 and len(said) == 1 + len(on_features)


def test_the_reals_of_a_protocol_are_the_data_in_random_order():
    from sklearn.datasets import load_digits

    first = Protocol("digits", split="train", num_samples=2000).real()
    assert first.shape == (1797, 8, 8, 1)
    pixels = np.rint((first + 1) / 2 * 16).reshape(1797, 64)
    whole = load_digits().data
    np.testing.assert_array_equal(np.unique(pixels, axis=0), np.unique(whole, axis=0))
    assert not np.array_equal(pixels, whole)
    few = Protocol("digits", split="train", num_samples=100).real()
    np.testing.assert_array_equal(few, first[:100])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"features": "fid"}, "features is one of.*Received: 'fid'"),
        ({"num_samples": 19}, "at least 20"),
    ],
    ids=["features", "too few"],
)
def test_what_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Protocol("digits", split="train", **options)


def test_too_few_data_are_refused():
    array = np.zeros((15, 8, 8, 1), "uint8")
    with pytest.raises(ValueError, match="at least 20 real images. Received: 15"):
        Protocol(array, split="train").real()
