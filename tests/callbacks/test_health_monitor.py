"""Health of a game: what is measured of known samples, and when a warning is given."""

import warnings

import keras
import numpy as np
import pytest
from helpers import events, small, toys
from helpers.classes import CLASSES
from helpers.families import make_gan
from helpers.pace import only

import keras_gan
from keras_gan.callbacks import (
    BackupAndRestore,
    HealthMonitor,
    TensorBoard,
    diagnoses,
    health_monitor,
    symptoms,
)
from keras_gan.models import GAN, ConditionalGAN

SAMPLES = 256
NOISE = np.random.default_rng(0)


# What is measured ---------------------------------------------------------------------


def test_small_images_are_means_of_areas_of_bytes():
    """32 x 48 by squares of 2 and of 3; -1 and 1 are the bytes 0 and 255."""
    image = NOISE.integers(0, 2, (3, 32, 48, 2)) * 2.0 - 1
    features = symptoms.features_of(image).reshape(3, 16, 16, 2)
    blocks = (image + 1).reshape(3, 16, 2, 16, 3, 2) / 2
    # float32 means of six numbers
    np.testing.assert_allclose(features, blocks.mean(axis=(2, 4)), atol=1e-6)
    odd = np.zeros((1, 35, 16, 1), "float32")  # 35 // 3 = 11 rows
    assert symptoms.features_of(odd).shape == (1, 11 * 16)


def test_vectors_are_compared_as_they_are():
    rows = NOISE.normal(size=(5, 3, 2))
    np.testing.assert_array_equal(
        symptoms.features_of(rows), rows.reshape(5, 6).astype("float32")
    )


def test_the_spacing_is_the_mean_way_to_the_nearest_other():
    points = NOISE.normal(size=(40, 3))
    away = np.linalg.norm(points[:, None] - points, axis=-1)
    np.fill_diagonal(away, np.inf)
    np.testing.assert_allclose(symptoms.spacing(points), away.min(axis=1).mean())


def test_pairs_are_counted_one_by_one():
    one, other = NOISE.integers(0, 5, (2, 30)).astype(float)  # many ties
    pairs = np.sign(one[:, None] - other) / 2 + 0.5
    np.testing.assert_allclose(symptoms.share_above(one, other), pairs.mean())


@pytest.mark.parametrize(("place", "share"), [(0.33, 1.0), (0.34, 0.0)])
def test_a_copy_is_twice_as_near_to_its_image_as_to_another(place, share):
    """Between images at 0 and 1, x is a copy of 0 if x < (1 - x) / 2: below 1/3."""
    images = np.array([[0.0], [1.0], [9.0]])
    assert symptoms.copies(np.array([[place]]), images) == share


def test_a_copy_of_an_image_that_is_there_twice_is_a_copy():
    images = np.array([[0.0], [0.0], [1.0]])
    assert symptoms.copies(images, images) == 1 / 3  # a second one is as near
    images = symptoms.without_repetitions(images)
    assert symptoms.copies(images, images) == 1.0


# The thresholds -----------------------------------------------------------------------

HEALTHY = {
    "diversity": 1.0,
    "distance": 0.0,
    "fake_copies": 0.02,
    "real_copies": 0.02,
    "d_auc": 0.8,
    "d_overfitting": 0.5,
}


@pytest.mark.parametrize(
    ("diagnosis", "seen", "not_seen", "words"),
    [
        ("collapse", {"diversity": 0.299}, {"diversity": 0.3}, "below 0.3"),
        (
            "won",
            {"d_auc": 0.991, "distance": 0.31},
            {"d_auc": 0.99, "distance": 0.31},
            "99.1% of pairs",
        ),
        (
            "won",
            {"d_auc": 0.991, "distance": 0.31},
            {"d_auc": 0.991, "distance": 0.3},
            "distance 0.31, above 0.3",
        ),
        ("overfitting", {"d_overfitting": 0.81}, {"d_overfitting": 0.8}, "0.81"),
        ("copying", {"fake_copies": 0.13}, {"fake_copies": 0.11}, "13% of the samples"),
        ("copying", {"fake_copies": 0.13}, {"fake_copies": 0.13, "real_copies": 0.04},
         "2% of the held-out"),
    ],
)  # fmt: skip
def test_each_diagnosis_has_two_sides(diagnosis, seen, not_seen, words):
    said = getattr(diagnoses, diagnosis)({**HEALTHY, **seen})
    assert words in said and "Try " in said
    assert getattr(diagnoses, diagnosis)({**HEALTHY, **not_seen}) is None
    others = {one for one in diagnoses.DIAGNOSES if one({**HEALTHY, **seen})}
    assert others == {getattr(diagnoses, diagnosis)}


# The callback -------------------------------------------------------------------------


def rows(count, seed):
    return np.random.default_rng(seed).normal(size=(count, 6)).astype("float32")


@pytest.fixture(scope="module")
def gan():
    return make_gan()


def play(gan, monkeypatch, drawn, epochs=1, first=0, **options):
    """Logs and warnings of a run whose samples are given; samples are of 6 numbers."""
    monkeypatch.setattr(health_monitor, "FIRST", first)
    monkeypatch.setattr(gan, "sample", lambda number, seed: drawn[:number])
    options = {"num_samples": SAMPLES, "held_out": rows(SAMPLES, 1), **options}
    monitor = HealthMonitor(rows(SAMPLES, 0), **options)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data = rows(SAMPLES, 0)
        options = {"batch_size": 64, "verbose": 0, "callbacks": [monitor]}
        logs = gan.fit(data, epochs=epochs, **options).history
    assert all(one.filename == __file__ for one in caught)  # the line of `fit`
    return logs, [str(one.message) for one in caught]


def test_a_generator_of_real_images(gan, monkeypatch):
    """Ways to the nearest one vary by 0.4 of their mean, and means of 256 by 0.03."""
    logs, _ = play(gan, monkeypatch, rows(SAMPLES, 2))
    assert logs["diversity"][0] == pytest.approx(1, abs=0.1)
    # unbiased: around 0, by some 1 / 256 of the kernel at equal samples, 8 or so, over
    # the unit, of about 1/4
    assert logs["distance"][0] == pytest.approx(0, abs=0.2)
    # In six dimensions the nearest is as far as half of the next with a chance of 2^-6.
    assert logs["fake_copies"][0] < 0.1 and logs["real_copies"][0] < 0.1


def test_a_generator_that_copies(gan, monkeypatch):
    noise = 1e-3 * rows(SAMPLES, 3)  # far below the ways between images, of about 1
    logs, _ = play(gan, monkeypatch, rows(SAMPLES, 0)[::-1] + noise)
    assert logs["fake_copies"] == [1.0] and logs["real_copies"][0] < 0.1
    assert logs["diversity"][0] == pytest.approx(1, abs=1e-2)


@pytest.mark.parametrize("pictures", [1, 8])
def test_a_generator_of_few_pictures(gan, monkeypatch, pictures):
    drawn = np.tile(rows(pictures, 2), (SAMPLES // pictures, 1))
    logs, _ = play(gan, monkeypatch, drawn)
    assert logs["diversity"][0] == pytest.approx(0, abs=1e-6)


def test_it_warns_once_after_some_measurements_in_a_row(gan, monkeypatch):
    alike = np.zeros((SAMPLES, 6), "float32")
    logs, said = play(gan, monkeypatch, alike, epochs=5)
    assert len(logs["diversity"]) == 5
    assert len(said) == 1 and said[0].startswith("Mode collapse: samples lie 0.00")
    assert play(gan, monkeypatch, alike, epochs=2)[1] == []  # of three
    assert len(play(gan, monkeypatch, alike, epochs=2, patience=2)[1]) == 1


def test_it_warns_of_no_game_that_has_just_begun(gan, monkeypatch):
    alike, first = np.zeros((SAMPLES, 6), "float32"), int(gan.step.numpy()) + 3 * 4
    assert play(gan, monkeypatch, alike, epochs=3, first=first)[1] == []
    first = int(gan.step.numpy()) + 3 * 4 - 1
    assert len(play(gan, monkeypatch, alike, epochs=3, first=first)[1]) == 1


def test_between_measurements_the_last_one_is_logged_again(gan, monkeypatch):
    """Of epochs 1 to 5 the first, and every second."""
    drawn, taken = rows(SAMPLES, 2), []
    monkeypatch.setattr(
        symptoms, "distance", lambda *sets: float(taken.append(0) or len(taken))
    )
    logs, _ = play(gan, monkeypatch, drawn, epochs=5, every=2)
    assert logs["distance"] == [1, 2, 2, 3, 3]
    alike = np.zeros((SAMPLES, 6), "float32")
    # Measurements after epochs 1, 2, 4 and 6: 2, 4 and 6 are every second.
    assert play(gan, monkeypatch, alike, epochs=5, every=2)[1] == []
    assert len(play(gan, monkeypatch, alike, epochs=6, every=2)[1]) == 1


def test_logits_are_told_apart_as_by_hand(gan):
    """D(x) of the first number alone, and fakes from the game's own latents."""
    training, held_out = rows(40, 0), rows(20, 1)
    monitor = HealthMonitor(training, held_out)
    logs = gan.fit(
        training, batch_size=16, verbose=0, callbacks=[monitor]
    ).history  # 40 rows are 2.5 minibatches
    order = np.resize(monitor._order(40), 48).reshape(3, 16)
    looks = [gan.logits_now(training[part]) for part in order]
    real = np.concatenate([look["real"] for look in looks])
    assert logs["d_auc"] == [symptoms.share_above(real, looks[0]["fake"])]
    order = np.resize(monitor._order(20), 32).reshape(2, 16)
    other = [gan.logits_now(held_out[part])["real"] for part in order]
    share = symptoms.share_above(real, np.concatenate(other))
    assert logs["d_overfitting"] == [share]


WAYS = {
    "graph": {"steps_per_execution": 2},
    "eager": {"run_eagerly": True},
    "xla": {"jit_compile": True},
}


def labelled(count, seed):
    return small.images(count, seed=seed), np.arange(count) % CLASSES


def watched(watching, way="graph", strategy=None, **options):
    """A conditional game, of two minibatches a step."""
    rules = {"discriminator_steps": 2, **WAYS[way]}
    gan = make_gan(ConditionalGAN, strategy, shape=small.SHAPE, **rules)
    x, y = labelled(64, 0)
    options = {"batch_size": 8, "epochs": 2, "verbose": 0, **options}
    return gan, gan.fit(x, y, callbacks=watching, **options).history


def test_a_watched_run_has_the_bits_of_one_that_is_not():
    """With Dropout, whose position a look at logits must not move."""
    found = []
    for watching in ([], [HealthMonitor(rows(48, 0), rows(20, 1), num_samples=16)]):
        gan = make_gan(dropout=0.25)
        options = {"batch_size": 16, "verbose": 0, "callbacks": watching}
        logs = gan.fit(rows(48, 0), epochs=2, **options).history
        plain = {name: logs[name] for name in logs if name not in health_monitor.NAMES}
        found.append((small.weights(gan), plain, len(logs)))
    small.assert_equal(found[0][0], found[1][0])
    assert found[0][1] == found[1][1]
    assert found[1][2] - found[0][2] == len(health_monitor.NAMES)


@pytest.mark.parametrize("way", only([], WAYS))
def test_a_watched_conditional_run_has_the_bits_of_one_that_is_not(way):
    monitor = HealthMonitor(labelled(64, 0), labelled(24, 1), num_samples=16)
    gan, logs = watched([monitor], way)
    plain, logged = watched([], way)
    small.assert_equal(small.weights(plain), small.weights(gan))
    found = {name: logs.pop(name) for name in health_monitor.NAMES}
    assert logs == logged
    assert all(len(values) == 2 for values in found.values())
    assert np.isfinite(list(found.values())).all()


@pytest.mark.slow
def test_two_replicas_log_what_one_device_logs(two_replicas_without_collectives):
    found = []
    for strategy in (None, two_replicas_without_collectives):
        monitor = HealthMonitor(labelled(64, 0), labelled(24, 1), num_samples=16)
        rules = {"strategy": strategy, "epochs": 1}
        found.append(watched([monitor], **rules)[1])
    for name in health_monitor.NAMES:
        # Logits that differ by a rounding may change places: one pair of 16 x 8.
        np.testing.assert_allclose(*(logs[name] for logs in found), atol=1 / 128)


def test_a_resumed_run_logs_and_warns_as_one_that_was_not_interrupted(
    tmp_path, monkeypatch
):
    """Its warning is of epochs before the resume, too."""
    monkeypatch.setattr(health_monitor, "FIRST", 0)
    monkeypatch.setattr(diagnoses, "ALIKE", 10.0)  # every game seems to collapse

    def run(epochs, *folder):
        gan, data = make_gan(run_eagerly=True), keras_gan.datasets.load(rows(64, 0), 16)
        watching = [BackupAndRestore(tmp_path / name) for name in folder]
        watching += [HealthMonitor(rows(64, 0), rows(32, 1))]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            options = {"epochs": epochs, "verbose": 0, "callbacks": watching}
            logs = gan.fit(data, **options).history
        return logs, ["collapse" in str(one.message) for one in caught]

    assert run(2, "run")[1] == []
    resumed, said = run(3, "run")
    expected, also_said = run(3)
    assert resumed == expected and said == also_said == [True]


def test_tensorboard_and_csv_have_the_numbers_wherever_the_callback_stands(tmp_path):
    gan = make_gan(shape=small.SHAPE)
    images = small.images(32)
    log = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    board = TensorBoard(tmp_path / "board", show=[])
    monitor = HealthMonitor(images, small.images(16, seed=1))
    watching = [log, board, monitor]
    logs = gan.fit(images, batch_size=8, verbose=0, callbacks=watching).history
    found = events.read(tmp_path / "board")
    for side, tag, name in (
        ("train", "diversity", "diversity"),
        ("discriminator", "auc", "d_auc"),
        ("fake", "copies", "fake_copies"),
        ("real", "copies", "real_copies"),
    ):
        assert found[side][f"curves/{tag}"] == {4: np.float32(logs[name][0])}
    header = (tmp_path / "log.csv").read_text().splitlines()[0].split(",")
    assert set(health_monitor.NAMES) <= set(header)


def test_a_model_without_samples_and_logits_is_refused():
    model, dataset = toys.make("VAE"), toys.data("VAE")
    with pytest.raises(ValueError, match="A ToyVAE has no .*HealthMonitor()"):
        model.fit(dataset, verbose=0, callbacks=[HealthMonitor(rows(8, 0))])
    model.fit(dataset, verbose=0, callbacks=[HealthMonitor()])


def test_bytes_are_images(gan):
    pixels = keras_gan.pixels.to_uint8(small.images(8))
    monitor = HealthMonitor(pixels)
    found, _ = monitor._chosen(monitor._images, 8)
    expected = pixels[monitor._order(8)] / 127.5 - 1
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"held_out": rows(4, 0)}, "pass images=..., too"),
        ({"images": [1, 2]}, "images is an array of samples.*Received: list"),
        ({"images": np.zeros(4)}, r"Received: shape \(4,\)"),
        ({"images": np.zeros((4, 2), int)}, "floats in.*Received: int64"),
        ({"images": rows(1, 0)}, "2 samples at least.*Received: 1"),
        ({"images": (rows(4, 0), [1, 2])}, "4 samples, 2 labels"),
        (
            {"images": rows(4, 0), "held_out": np.zeros((4, 2))},
            r"held_out \(4, 2\)",
        ),
        ({"images": rows(4, 0), "every": 0}, "every is an integer"),
        ({"images": rows(4, 0), "patience": 0}, "patience is an integer"),
        ({"images": rows(4, 0), "num_samples": 1}, "num_samples is an integer"),
        ({"images": rows(4, 0), "seed": -1}, "seed is an integer"),
    ],
)
def test_what_cannot_be_measured_is_refused_at_once(options, message):
    with pytest.raises(ValueError, match=message):
        HealthMonitor(**options)


@pytest.mark.parametrize(
    ("family", "images", "message"),
    [
        (GAN, small.images(4, (8, 8, 3)), r"\(8, 8, 3\), but the model draws.*8, 1\)"),
        (GAN, np.zeros((4, 8, 8, 1)), "copies of each other"),
        (GAN, 127.5 * small.images(64), r"HealthMonitor\(images=...\).*in \[-127"),
        (ConditionalGAN, small.images(4), r"pass images=\(images, labels\)"),
        (ConditionalGAN, (small.images(2), [0, 99]), "99"),
    ],
)
def test_what_does_not_fit_the_game_is_refused_before_the_first_step(
    family, images, message
):
    gan = make_gan(family, shape=small.SHAPE)
    data = labelled(32, 0) if family is ConditionalGAN else (small.images(32), None)
    with pytest.raises(ValueError, match=message):
        gan.fit(*data, verbose=0, callbacks=[HealthMonitor(images)])
    assert int(gan.step.numpy()) == 0
