"""TensorBoard: what is read back from its files is what was trained."""

import json

import keras
import numpy as np
import pytest
from helpers import events, small
from helpers.families import make_gan

import keras_gan
from keras_gan.callbacks import TensorBoard, latent_pictures
from keras_gan.callbacks.log_names import place_of
from keras_gan.pixels import image_grid

STEPS, BATCH, EPOCHS = 4, 8, 3


def data(shape=small.SHAPE, seed=0):
    images = small.images(STEPS * BATCH, shape)
    return keras_gan.datasets.load(images, BATCH, seed=seed)


def game():
    return make_gan(
        shape=small.SHAPE,
        dropout=0.25,
        generator_optimizer=keras.optimizers.Adam(
            keras_gan.schedules.Cosine(1e-3, 0.0), beta_1=0.5
        ),
        discriminator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
        metrics=[keras_gan.metrics.FrechetDistance(name="distance")],
    )


def play(callbacks):
    gan = game()
    options = {"epochs": EPOCHS, "verbose": 0, "callbacks": callbacks}
    validation = small.images(16, seed=1)
    return gan, gan.fit(data(), validation_data=validation, **options).history


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The game, its history, and what TensorBoard's files hold."""
    folder = tmp_path_factory.mktemp("board")
    gan, history = play([TensorBoard(folder, num_samples=6, seed=3)])
    return gan, history, events.read(folder)


def test_every_log_stands_at_the_step_of_the_model(run):
    _, history, found = run
    steps = [STEPS * (epoch + 1) for epoch in range(EPOCHS)]
    assert {"d_loss", "g_loss", "val_d_loss", "val_distance"} <= set(history)
    for name, values in history.items():
        folder, tag = place_of(name)
        read = found[folder][tag]
        assert list(read) == steps, name
        np.testing.assert_array_equal(list(read.values()), np.float32(values))


def test_one_chart_holds_both_players(run):
    _, _, found = run

    def having(tag):
        return {folder for folder, tags in found.items() if tag in tags}

    players = {"discriminator", "generator"}
    assert having("curves/loss") == players == having("curves/validation_loss")
    assert having("curves/validation_distance") == {"train"}
    assert having("curves/learning_rate") == players
    assert having("curves/gradient_norm") == players
    assert having("logits") == {"real", "fake"} == having("curves/score")
    assert set(found) == {*players, "real", "fake", "train"}  # as many as have colours


def test_rates_are_those_that_are_reached(run):
    """A cosine from 1e-3 to 0 over 12 steps: (1 + cos(pi t)) / 2, t = 1/3, 2/3, 1."""
    _, _, found = run
    rates = list(found["generator"]["curves/learning_rate"].values())
    np.testing.assert_allclose(rates, [7.5e-4, 2.5e-4, 0.0], rtol=1e-5, atol=1e-9)
    rates = list(found["discriminator"]["curves/learning_rate"].values())
    np.testing.assert_array_equal(rates, np.float32([2e-4] * EPOCHS))


def test_norms_and_logits_are_those_of_the_last_weights(run):
    gan, _, found = run
    first = next(iter(data()))
    for name, value in gan.gradient_norms(first).items():
        read = found[name.removesuffix("_optimizer")]["curves/gradient_norm"]
        assert list(read) == [4, 8, 12] and read[12] == np.float32(value)
    for side, logits in gan.logits_now(first).items():
        buckets = found[side]["logits"][12]  # (left, right, count) of each
        assert buckets[:, 2].sum() == len(logits) == BATCH
        ends = buckets[0, 0], buckets[-1, 1]
        np.testing.assert_allclose(ends, [logits.min(), logits.max()], rtol=1e-6)


def test_pictures_are_those_of_the_last_weights(run):
    gan, _, found = run
    pictures = found["train"]["images/samples"]
    assert list(pictures) == list(found["train"]["images/interpolation"]) == [4, 8, 12]
    expected = image_grid(gan.sample(6, seed=3))
    np.testing.assert_array_equal(events.picture(pictures[12]), expected)
    ways = image_grid(latent_pictures.pictures(gan, seed=3)["interpolation"])
    shown = events.picture(found["train"]["images/interpolation"][12])
    np.testing.assert_array_equal(shown, ways)


def test_the_speed_is_that_of_the_steps(run):
    _, _, found = run
    speeds = found["train"]["curves/images_per_second"]
    assert list(speeds) == [4, 8, 12]
    assert all(np.isfinite(speed) and speed > 0 for speed in speeds.values())


def test_the_speed_counts_images_and_seconds_of_training(tmp_path, monkeypatch):
    """20 steps of 2 minibatches of 8 after the first call: 320 images in 4 seconds."""
    from keras_gan.callbacks import tensor_board

    gan = make_gan(shape=small.SHAPE, discriminator_steps=2)
    board, now = TensorBoard(tmp_path, show=[]), iter([1.0, 5.0])
    board.set_model(gan)
    board.look_at_data(data().regrouped(2))
    monkeypatch.setattr(tensor_board.time, "monotonic", lambda: next(now))
    board.on_epoch_begin(0)
    for step in (10, 20, 30):
        gan.step.assign(step)
        board.on_train_batch_end(0)
    board.on_test_begin()  # whose time does not count
    board._end_of_steps()
    assert board._images_per_second() == 80.0


def test_settings_are_texts(run):
    _, _, found = run
    (table,) = found["train"]["hyper-parameters"].items()
    (config,) = found["train"]["config"].items()
    assert table[0] == config[0] == 0
    rows = [row.strip("|").split("|") for row in events.text(table[1]).splitlines()]
    entries = {name.strip(): value.strip() for name, value in rows}
    assert entries["compile.generator_optimizer.learning_rate"] == "Cosine"
    assert entries["compile.discriminator_optimizer.learning_rate"] == "0.0002"
    assert entries["images in a minibatch"] == str(BATCH)
    assert entries["steps of the run"] == str(STEPS * EPOCHS)
    whole = json.loads(events.text(config[1]).strip("`\n"))
    assert whole["model"]["config"]["seed"] == 5


def test_a_watched_run_has_the_bits_of_one_that_is_not(run):
    gan, history, _ = run
    plain, logged = play([])
    assert logged == history
    small.assert_equal(small.weights(plain), small.weights(gan))


def test_keras_own_callback_stands_beside_it(tmp_path):
    """In a folder of its own, by epochs."""
    gan = make_gan(shape=(2,))
    own = TensorBoard(tmp_path / "own", show=[])
    keras_s = keras.callbacks.TensorBoard(tmp_path / "keras", write_graph=False)
    history = gan.fit(data((2,)), verbose=0, callbacks=[keras_s, own]).history
    for folder, run, tag, step in (
        ("own", "discriminator", "curves/loss", STEPS),
        ("keras", "train", "epoch_d_loss", 0),
    ):
        read = events.read(tmp_path / folder)[run][tag]
        assert read == {step: np.float32(history["d_loss"][0])}


def test_a_run_that_goes_on_goes_on_at_its_step(tmp_path):
    """And looks at the same data, with no order but that of the first epoch."""
    gan, dataset = make_gan(shape=(2,)), data((2,))
    first = next(iter(dataset)).numpy()
    for epoch in range(2):
        board = TensorBoard(tmp_path / str(epoch))
        gan.fit(dataset, verbose=0, callbacks=[board])
        np.testing.assert_array_equal(board._probe, first)
        found = events.read(tmp_path / str(epoch))
        assert list(found["generator"]["curves/loss"]) == [STEPS * (epoch + 1)]
        assert set(found["train"]) <= {  # vectors are no pictures
            *("hyper-parameters", "config", "curves/images_per_second"),
        }
        assert "logits" in found["real"]


def generated(used):
    """Minibatches of Python's making, which are noted as they are used up."""
    for batch in np.split(small.images(STEPS * BATCH, (2,)), STEPS):
        used.append(batch)
        yield batch


def test_a_look_uses_up_no_minibatch_of_a_generator(tmp_path):
    """Two a step, of data that are read once."""
    states, used = [], []
    for callbacks in ([], [TensorBoard(tmp_path)]):
        gan = make_gan(shape=(2,), discriminator_steps=2)
        used.append([])
        gan.fit(generated(used[-1]), verbose=0, callbacks=callbacks)
        states.append(small.weights(gan))
    assert int(gan.step.numpy()) == STEPS // 2
    small.assert_equal(*states)
    assert len(used[0]) == len(used[1]) == STEPS
    looked_at = np.stack(used[1][:2], axis=1)
    np.testing.assert_array_equal(callbacks[0]._probe, looked_at)


@pytest.mark.slow
def test_two_replicas_are_watched(two_replicas, tmp_path):
    found = []
    for name, strategy in (("one", None), ("two", two_replicas)):
        sgd = keras.optimizers.SGD
        gan = make_gan(
            shape=small.SHAPE,
            strategy=strategy,
            generator_optimizer=sgd(0.05),
            discriminator_optimizer=sgd(0.05),
        )
        gan.fit(data(), verbose=0, callbacks=[TensorBoard(tmp_path / name)])
        found.append(events.read(tmp_path / name))
    one, two = found
    assert {run: set(tags) for run, tags in one.items()} == {
        run: set(tags) for run, tags in two.items()
    }
    for player in ("generator", "discriminator"):
        for tag in ("curves/loss", "curves/gradient_norm"):
            np.testing.assert_allclose(
                one[player][tag][STEPS], two[player][tag][STEPS], rtol=1e-5
            )


def test_nothing_is_looked_at_that_is_not_asked_for(tmp_path, monkeypatch):
    gan = make_gan(shape=small.SHAPE)
    looks = []
    monkeypatch.setattr(type(gan), "_probed", lambda *a: looks.append(a))
    gan.fit(data(), verbose=0, callbacks=[TensorBoard(tmp_path, show=["samples"])])
    assert (
        not looks and "curves/gradient_norm" not in events.read(tmp_path)["generator"]
    )


def test_what_is_not_there_is_refused_before_the_first_step(tmp_path):
    gan = make_gan(shape=(2,))
    board = TensorBoard(tmp_path, show=["gradients", "latents"])
    with pytest.raises(ValueError, match="has no 'latents' to be shown, but gradients"):
        gan.fit(data((2,)), verbose=0, callbacks=[board])
    assert int(gan.step.numpy()) == 0
    for show in ("samples", ["weights"]):
        with pytest.raises(ValueError, match="show is a list of some of 'samples'"):
            TensorBoard(tmp_path, show=show)


def test_an_interpolation_leads_from_sample_to_sample():
    gan = make_gan(shape=small.SHAPE)
    ways = latent_pictures.pictures(gan, seed=3)["interpolation"]
    ways = ways.reshape(8, 8, *small.SHAPE)
    ends = gan.sample(16, seed=3)
    np.testing.assert_allclose(ways[:, 0], ends[:8], atol=1e-6)
    np.testing.assert_allclose(ways[:, -1], ends[8:], atol=1e-6)
    assert abs(ways[:, 3] - ways[:, 0]).max() > 0.01


def test_a_way_of_a_game_with_classes_keeps_its_class():
    gan = make_gan(keras_gan.models.ConditionalGAN, shape=small.SHAPE)
    ways = latent_pictures.pictures(gan, seed=3)["interpolation"]
    labels = gan.labels_of_samples(8, seed=3)
    first = gan.sample(8, seed=3, condition=labels)
    np.testing.assert_allclose(ways.reshape(8, 8, *small.SHAPE)[:, 0], first, atol=1e-6)


def test_the_codes_of_infogan_are_traversed():
    gan = make_gan(keras_gan.models.InfoGAN, shape=small.SHAPE)
    found = latent_pictures.pictures(gan, seed=0)
    parts = latent_pictures.traversed_parts(gan.prior)
    assert parts and set(found) == {f"traversal of part {part}" for part in parts}
    for part, steps in parts.items():
        rows = keras_gan.sampling.traverse(gan, part, num_rows=steps, seed=0)
        images = found[f"traversal of part {part}"]
        assert len(images) == steps**2
        np.testing.assert_array_equal(images.reshape(rows.shape), rows)
