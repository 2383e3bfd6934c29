"""Metrics over batches, in games, in XLA and on replicas: the functions of all rows."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.trajectory import game

from keras_gan import metrics
from keras_gan.core.randomness import seed_of


@keras.saving.register_keras_serializable("tests")
class TwoChoices(metrics.features.Extractor):
    """Six numbers as the probabilities of two parts of three classes."""

    description = "softmax"

    def __call__(self, samples):
        return tf.reshape(tf.nn.softmax(tf.reshape(samples, (-1, 2, 3))), (-1, 6))


KINDS = [
    pytest.param(
        metrics.FrechetDistance, {}, metrics.frechet_distance, id="frechet_distance"
    ),
    pytest.param(
        functools.partial(metrics.InceptionScore, from_logits=True),
        {"splits": 3},
        lambda real, fake, splits: metrics.inception_score(
            fake, splits, from_logits=True
        ),
        id="classifier_score",
    ),
    pytest.param(
        metrics.KernelDistance,
        {"block_size": 5},
        metrics.kernel_distance,
        id="kernel_distance",
    ),
    pytest.param(
        metrics.PrecisionRecall, {"k": 2}, metrics.precision_recall, id="precision"
    ),
    pytest.param(
        metrics.DensityCoverage, {"k": 4}, metrics.density_coverage, id="density"
    ),
    pytest.param(
        functools.partial(metrics.ParzenWindow, num_validation=4),
        {"sigmas": [0.5, 2.0]},
        lambda real, fake, sigmas: metrics.parzen_window(
            fake, real[4:], real[:4], sigmas
        ),
        id="parzen_window",
    ),
    pytest.param(
        functools.partial(metrics.ClassCoverage, features=TwoChoices()),
        {"parts": 2, "least": 0.6},
        lambda real, fake, parts, least: metrics.class_coverage(
            TwoChoices().of(fake), parts=parts, least=least
        ),
        id="class_coverage",
    ),
    pytest.param(
        metrics.NearestNeighbors,
        {},
        lambda real, fake: metrics.nearest_neighbors(fake, real, fake).to_held_out,
        id="nearest_neighbors",
    ),
]
ROWS = np.random.default_rng(2).normal(size=(37, 6)).astype("float32")
FAKE = 1.5 * np.random.default_rng(3).normal(size=(37, 6)).astype("float32")


def numbers(found):
    """A metric's or a function's result as a list of floats."""
    if isinstance(found, dict):
        return list(found.values())
    if isinstance(found, tuple):
        return [found.value] if hasattr(found, "value") else list(found)
    return [found]


def close(found, expected, rel=1e-9):
    return numbers(found) == pytest.approx(numbers(expected), rel=rel)


@pytest.mark.parametrize(
    ("batch", "jit"),
    [(1, False), (16, False), (37, False), (16, True)],
    ids=["1", "16", "all", "16 in xla"],
)
@pytest.mark.parametrize(("metric", "options", "function"), KINDS)
def test_batches_do_not_matter(metric, options, function, batch, jit):
    running = metric(**options)
    running.build((6,))
    update = tf.function(running.update_state, reduce_retracing=True, jit_compile=jit)
    for _ in range(2):
        for start in range(0, 37, batch):
            update(ROWS[start : start + batch], FAKE[start : start + batch])
        found = running.result()
        running.reset_state()
    assert close(found, function(ROWS, FAKE, **options))


@pytest.mark.parametrize(("metric", "options", "function"), KINDS)
def test_it_builds_itself_while_a_graph_is_traced(metric, options, function):
    running = metric(**options)
    update = tf.function(running.update_state, reduce_retracing=True)
    for start in (0, 20):
        update(ROWS[start : start + 20], FAKE[start : start + 20])
    assert close(running.result(), function(ROWS, FAKE, **options))


BY_ORDER = ("splits", "block_size")
ORDERLESS = [kind for kind in KINDS if kind.id not in ("parzen_window",)]


@pytest.mark.parametrize(("metric", "options", "function"), ORDERLESS)
def test_the_order_does_not_matter(metric, options, function):
    """Where rows are dealt to parts, the parts are one here."""
    whole = {key: 1 if key == "splits" else 100 for key in options if key in BY_ORDER}
    options = {**options, **whole}
    running = metric(**options)
    order = np.random.default_rng(0).permutation(37)
    running.update_state(ROWS[order], FAKE[order[::-1]])
    assert close(running.result(), function(ROWS, FAKE, **options))


def every_metric():
    return [metric(**options) for metric, options, _ in (k.values for k in KINDS)]


def test_evaluate_takes_them():
    gan = game(metrics=every_metric())
    found = gan.evaluate(ROWS, batch_size=16, return_dict=True, verbose=0)
    fake = np.concatenate(
        [
            gan.draw(gan.prior(rows, seed_of(gan.seed, "evaluate", batch)), None)
            for batch, rows in enumerate((16, 16, 5))
        ]
    )
    expected = [
        number
        for _, options, function in (kind.values for kind in KINDS)
        for number in numbers(function(ROWS, fake, **options))
    ]
    # Batches of other sizes round the samples otherwise
    assert list(found.values())[-len(expected) :] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("rows", "batch"),
    [
        pytest.param(37, 8, id="uneven", marks=pytest.mark.slow),
        pytest.param(33, 8, id="an empty replica"),
    ],
)
def test_two_replicas_find_what_one_device_finds(two_replicas, rows, batch):
    data = tf.data.Dataset.from_tensor_slices(ROWS[:rows]).batch(batch)
    found = []
    for where in (None, two_replicas):
        gan = game(where, metrics=every_metric())
        found += [gan.evaluate(data, return_dict=True, verbose=0) for _ in range(2)]
    for other in found[1:]:
        assert other.keys() == found[0].keys()
        assert numbers(other) == pytest.approx(numbers(found[0]), rel=1e-5)


def test_a_metric_of_another_strategy_is_refused(two_replicas):
    metric = metrics.PrecisionRecall(k=1)
    metric.build((6,))
    gan = game(two_replicas, metrics=[metric])
    with pytest.raises(ValueError, match="Give `compile` a new metric"):
        gan.evaluate(ROWS, batch_size=8, verbose=0)


def test_validation_logs_every_value():
    gan = game(metrics=[metrics.FrechetDistance(), metrics.PrecisionRecall(k=2)])
    logs = gan.fit(
        ROWS, batch_size=8, epochs=1, verbose=0, validation_data=ROWS
    ).history
    assert {"val_frechet_distance", "val_precision", "val_recall"} <= set(logs)


def test_a_name_of_its_own_keeps_two_metrics_apart():
    both = [metrics.PrecisionRecall(k=1), metrics.PrecisionRecall(k=9, name="wide")]
    gan = game(metrics=both)
    logs = gan.evaluate(ROWS, batch_size=8, return_dict=True, verbose=0)
    assert {"precision", "recall", "wide_precision", "wide_recall"} <= set(logs)


def test_only_the_first_samples_are_kept():
    metric = metrics.PrecisionRecall(k=2, num_samples=20)
    for start in (0, 16, 32):
        metric.update_state(ROWS[start : start + 16], FAKE[start : start + 16])
    assert close(metric.result(), metrics.precision_recall(ROWS[:20], FAKE[:20], 2))
    assert metric.counts() == [20, 20]


def test_different_numbers_of_each_kind():
    for metric, expected in (
        (metrics.FrechetDistance(), metrics.frechet_distance(ROWS, FAKE[:20])),
        (metrics.PrecisionRecall(), metrics.precision_recall(ROWS, FAKE[:20])),
    ):
        metric.update_state(ROWS[:30], FAKE[:5])
        metric.update_state(ROWS[30:], FAKE[5:20])
        assert close(metric.result(), expected)
        assert metric.counts() == [37, 20]


def test_a_game_keeps_its_metrics_but_not_what_they_saw(tmp_path):
    gan = game(metrics=every_metric())
    gan.save(tmp_path / "before.keras")
    expected = gan.evaluate(ROWS, batch_size=16, return_dict=True, verbose=0)
    gan.save(tmp_path / "gan.keras")
    before, after = (
        (tmp_path / f"{n}.keras").stat().st_size for n in ("before", "gan")
    )
    assert after - before < 10_000  # the features of 10 000 samples are 240 000 bytes
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    for one, other in zip(
        gan.evaluation_metrics, loaded.evaluation_metrics, strict=True
    ):
        assert other.get_config() == one.get_config()
        assert not other.built
    assert expected == loaded.evaluate(ROWS, batch_size=16, return_dict=True, verbose=0)


@pytest.mark.parametrize(("metric", "options", "function"), KINDS)
def test_before_any_sample(metric, options, function):
    with pytest.raises(ValueError, match="has seen no samples"):
        metric(**options).result()


@pytest.mark.parametrize(("metric", "options", "function"), KINDS)
def test_batches_that_are_none(metric, options, function):
    with pytest.raises(ValueError, match="samples of one shape"):
        metric(**options).update_state(ROWS, FAKE[:, :5])
    with pytest.raises(ValueError, match=r"takes samples \(n, ...\)"):
        metric(**options).update_state(ROWS[0], FAKE[0])


@pytest.mark.parametrize(("metric", "options", "function"), KINDS)
def test_a_nan_is_not_lost_among_the_batches(metric, options, function):
    running = metric(**options)
    running.update_state(ROWS, np.where(FAKE[3, 3] == FAKE, np.nan, FAKE))
    with pytest.raises(ValueError, match="NaN"):
        running.result()
