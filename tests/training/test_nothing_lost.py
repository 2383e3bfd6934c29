"""Work that was lost without a word, and runs in which nothing was learnt."""

import itertools
import json
import os
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.classes import CLASSES
from helpers.families import make_gan
from helpers.pace import only
from helpers.small import SHAPE, images, mlp, weights
from helpers.toys import ToyCycleGAN, ToyNetwork
from helpers.trajectory import data, game, state

import keras_gan
from keras_gan.callbacks import BackupAndRestore
from keras_gan.cli import training
from keras_gan.cli.run_folder import RunFolder
from keras_gan.core import files
from keras_gan.models import ACGAN, GAN, WGANGP, InfoGAN, SemiSupervisedGAN
from keras_gan.saving.folder_lock import FolderInUseError, check_free

X = images(96)


def test_metrics_that_build_late_do_not_keep_a_run_from_being_resumed(tmp_path):
    def fit(epochs):
        gan = mlp(metrics=[keras_gan.metrics.FrechetDistance()])
        return gan, gan.fit(
            X,
            batch_size=16,
            epochs=epochs,
            validation_data=X,
            callbacks=[BackupAndRestore(tmp_path)],
            verbose=0,
        )

    fit(1)
    gan, fitted = fit(2)
    assert fitted.epoch == [0, 1] and int(gan.step.numpy()) == 12
    assert len(fitted.history["val_frechet_distance"]) == 2


class Halve(keras.callbacks.Callback):
    """Halves the generator's learning rate after each epoch."""

    def on_epoch_end(self, epoch, logs=None):
        rate = self.model.generator_optimizer.learning_rate
        rate.assign(rate / 2)


@pytest.mark.parametrize(
    "case",
    only(
        [("auto", True), (3, False)],
        itertools.product(["auto", "epoch", 3], [False, True]),
    ),
    ids=str,
)
def test_a_rate_that_a_callback_changes_is_restored(tmp_path, case):
    """The rate as compiled is the run's; the variable is where the run has come to."""
    save_freq, backup_first = case

    def fit(epochs, *callbacks):
        gan = game()
        every = [*callbacks, Halve()] if backup_first else [Halve(), *callbacks]
        gan.fit(data(), epochs=epochs, verbose=0, callbacks=every)
        return gan

    whole = fit(3)
    fit(2, BackupAndRestore(tmp_path, save_freq))
    again = fit(3, BackupAndRestore(tmp_path, save_freq))
    assert float(again.generator_optimizer.learning_rate) == pytest.approx(0.05 / 8)
    for one, other in zip(state(whole), state(again), strict=True):
        np.testing.assert_array_equal(one, other)


class HalveWithinAnEpoch(keras.callbacks.Callback):
    """Halves the generator's learning rate after each batch, and is killed after 5."""

    killed = True

    def on_train_batch_end(self, batch, logs=None):
        rate = self.model.generator_optimizer.learning_rate
        rate.assign(rate / 2)

    def on_train_batch_begin(self, batch, logs=None):
        if self.killed and int(self.model.step.numpy()) == 5:
            raise KeyboardInterrupt


@pytest.mark.slow
def test_what_a_callback_changes_after_a_batch_is_saved_with_it(tmp_path):
    def fit(*callbacks):
        gan = game()
        gan.fit(data(), epochs=2, verbose=0, callbacks=[*callbacks])
        return gan

    whole, halve = HalveWithinAnEpoch(), HalveWithinAnEpoch()
    whole.killed = halve.killed = False
    with pytest.raises(KeyboardInterrupt):
        fit(BackupAndRestore(tmp_path, save_freq=2), HalveWithinAnEpoch())
    expected, again = fit(whole), fit(BackupAndRestore(tmp_path, save_freq=2), halve)
    for one, other in zip(state(expected), state(again), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_other_callbacks_log_of_an_epoch_resumed_at_its_end(tmp_path):
    """A callback before the backup reads what one behind it does."""
    seen = []

    class Reads(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(dict(logs))

    class Killed(BackupAndRestore):
        def after_batch(self, batch, logs=None):
            super().after_batch(batch, logs)
            if int(self.model.step.numpy()) == len(X) // 16:
                self.save(0)
                raise KeyboardInterrupt

    def fit(backup):
        keras.utils.set_random_seed(0)
        gan = mlp()
        gan.fit(X, batch_size=16, verbose=0, callbacks=[Reads(), backup])

    with pytest.raises(KeyboardInterrupt):
        fit(Killed(tmp_path))
    fit(BackupAndRestore(tmp_path))
    fit(BackupAndRestore(tmp_path / "other"))
    assert seen[0] == seen[1]


@pytest.mark.slow
def test_a_generator_put_back_as_training_ends_is_no_part_of_the_run(tmp_path):
    """A run that goes on is that of the epochs, whatever is done after the last."""

    class PutsBack(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self.old = self.model.generator.get_weights()

        def on_train_end(self, logs=None):
            self.model.generator.set_weights(self.old)

    def fit(epochs, *callbacks):
        gan = game()
        gan.fit(data(), epochs=epochs, verbose=0, callbacks=[*callbacks])
        return gan

    whole = fit(3)
    fit(2, BackupAndRestore(tmp_path), PutsBack())
    for one, other in zip(
        state(whole), state(fit(3, BackupAndRestore(tmp_path))), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_another_rate_than_the_compiled_one_is_another_run(tmp_path):
    backup = BackupAndRestore(tmp_path)
    game().fit(data(), epochs=1, verbose=0, callbacks=[backup])
    other = game()
    other.compile(
        generator_optimizer=keras.optimizers.SGD(0.01),
        **{k: v for k, v in rules_of(other).items() if k != "generator_optimizer"},
    )
    with pytest.raises(ValueError, match=r"generator_optimizer.config.learning_rate"):
        backup = BackupAndRestore(tmp_path)
        other.fit(data(), epochs=2, verbose=0, callbacks=[backup])


def rules_of(gan):
    return {
        "penalties": list(gan.penalties),
        "latents": gan.latents,
        "discriminator_steps": gan.discriminator_steps,
        "discriminator_optimizer": keras.optimizers.SGD(0.05),
    }


def test_a_folder_that_is_removed_is_made_again_whole(tmp_path):
    folder = tmp_path / "run"

    class Remove(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                shutil.rmtree(folder)

    backup = BackupAndRestore(folder, "epoch")

    class Try(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch != 1:  # where it has just been removed
                with pytest.raises(FolderInUseError):
                    check_free(folder)

    callbacks = [Remove(), backup, Try()]
    whole = game()
    whole.fit(data(), epochs=3, verbose=0, callbacks=callbacks)
    check_free(folder)
    again = game()
    again.fit(data(), epochs=3, verbose=0, callbacks=[BackupAndRestore(folder)])
    assert int(again.step.numpy()) == 12
    for one, other in zip(state(whole), state(again), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_run_that_is_removed_has_its_config_again(tmp_path):
    run = RunFolder(str(tmp_path / "run"), "new")
    begin = training._Begin(run, "{}\n")
    begin.set_model(mlp())
    begin.on_train_begin()
    shutil.rmtree(run.path)
    begin.on_epoch_end(0)
    assert (tmp_path / "run" / "config.json").read_text() == "{}\n"


@pytest.mark.parametrize("name", ["g.keras", "g.weights.h5"])
def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch, name):
    gan = mlp()
    write = gan.save if name.endswith(".keras") else gan.save_weights
    write(tmp_path / name)
    old = (tmp_path / name).read_bytes()
    gan.step.assign(5)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / name)
    assert (tmp_path / name).read_bytes() == old
    assert os.listdir(tmp_path) == [name]  # nothing temporary stays
    monkeypatch.undo()
    write(tmp_path / name)
    assert (tmp_path / name).read_bytes() != old
    with pytest.raises(FileExistsError, match="exists already"):
        write(tmp_path / name, overwrite=False)


@pytest.mark.parametrize("name", ["x.h5", "x"])
def test_another_ending_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match=r"ends in '\.keras'. Received: .*" + name):
        mlp().save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_several_files_are_refused(tmp_path):
    with pytest.raises(ValueError, match="one file.*zipped=False"):
        mlp().save(tmp_path / "g.keras", zipped=False)
    with pytest.raises(ValueError, match="one file.*max_shard_size=0.1"):
        mlp().save_weights(tmp_path / "g.weights.h5", max_shard_size=0.1)
    assert not list(tmp_path.iterdir())
    mlp().save(tmp_path / "g.keras", zipped=True)
    mlp().save_weights(tmp_path / "g.weights.h5", max_shard_size=None)


def test_fit_on_a_finished_run_returns_its_history(tmp_path):
    first = game().fit(
        data(), epochs=2, verbose=0, callbacks=[BackupAndRestore(tmp_path)]
    )
    again = game()
    fitted = again.fit(
        data(), epochs=2, verbose=0, callbacks=[BackupAndRestore(tmp_path)]
    )
    assert fitted.history == first.history and fitted.epoch == [0, 1]
    assert int(again.step.numpy()) == 8


@pytest.mark.parametrize(
    "callback",
    [
        keras.callbacks.ReduceLROnPlateau("d_loss"),
        keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate),
    ],
    ids=lambda callback: type(callback).__name__,
)
def test_what_sets_the_rate_of_one_optimizer_is_refused_at_the_start(callback):
    gan = mlp()
    name = type(callback).__name__
    with pytest.raises(ValueError, match=f"{name} sets .* of keras_gan.schedules"):
        gan.fit(X, callbacks=[callback], verbose=0)
    assert int(gan.step.numpy()) == 0


def test_averages_of_one_optimizer_are_refused_at_the_start():
    """In `evaluate` too, and pointed to the game's own."""
    gan = mlp()
    swap = keras.callbacks.SwapEMAWeights()
    for call in (gan.fit, gan.evaluate):
        with pytest.raises(ValueError, match="SwapEMAWeights .* Pass ema_decay to GAN"):
            call(X, callbacks=swap, verbose=0)
    assert int(gan.step.numpy()) == 0


# Callbacks as Keras takes them --------------------------------------------------------


class Count(keras.callbacks.Callback):
    """Counts the calls of what it is asked for."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def on_train_end(self, logs=None):
        self.calls.append("train")

    def on_test_end(self, logs=None):
        self.calls.append("test")

    def on_predict_end(self, logs=None):
        self.calls.append("predict")


FORMS = {
    "one": lambda callback: callback,
    "tuple": lambda callback: (callback,),
    "nest": lambda callback: [[callback], []],
    "CallbackList": lambda callback: keras.callbacks.CallbackList([callback]),
    "CallbackList in a list": lambda callback: [
        keras.callbacks.CallbackList([callback])
    ],
    "with history": lambda callback: keras.callbacks.CallbackList(
        [callback], add_history=True, add_progbar=True
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_callbacks_in_every_form_of_keras(form):
    gan, count = mlp(), Count()
    fitted = gan.fit(X, callbacks=FORMS[form](count), validation_data=X, verbose=0)
    assert count.calls == ["test", "train"]
    assert len(fitted.history["val_d_loss"]) == 1 and fitted is gan.history


@pytest.mark.parametrize("form", ["one", "tuple", "nest"])
def test_evaluate_and_predict_take_callbacks_as_keras_does(form):
    gan, count = mlp(), Count()
    gan.evaluate(X, callbacks=FORMS[form](count), verbose=0)
    gan.predict(np.zeros((4, 5), "float32"), callbacks=FORMS[form](count), verbose=0)
    assert count.calls == ["test", "predict"]


@pytest.mark.slow
@pytest.mark.parametrize("form", only(["CallbackList in a list"], FORMS))
def test_a_backup_in_every_form_is_resumed(tmp_path, form):
    def fit(epochs):
        backup = FORMS[form](BackupAndRestore(tmp_path))
        gan = game()
        return gan, gan.fit(data(), epochs=epochs, verbose=0, callbacks=backup)

    fit(1)
    check_free(tmp_path)  # it was released
    gan, fitted = fit(3)
    whole = game()
    history = whole.fit(data(), epochs=3, verbose=0).history
    assert fitted.history == history
    for one, other in zip(state(whole), state(gan), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("form", FORMS)
def test_what_sets_the_rate_is_refused_in_every_form(form):
    rate = keras.callbacks.ReduceLROnPlateau("d_loss")
    with pytest.raises(ValueError, match="ReduceLROnPlateau sets"):
        mlp().fit(X, callbacks=FORMS[form](rate), verbose=0)


def test_what_is_no_callback_is_named():
    for wrong, said in (
        (3, "Received: 3"),
        ([Count], r"Received: <class .*Pass Count\(\.\.\.\)"),
        ([None], "Received: None"),
    ):
        for call in (mlp().fit, mlp().evaluate):
            with pytest.raises(TypeError, match=f"Callback objects. {said}"):
                call(X, callbacks=wrong, verbose=0)


# Nothing learnt -----------------------------------------------------------------------


def batched(rows, size):
    return tf.data.Dataset.from_tensor_slices(rows).batch(size)


NOTHING = {
    "no data": lambda: batched(X, 16).take(0),
    "all left out": lambda: batched(X, 16).filter(lambda x: False),
    "unknown, none": lambda: batched(X[:0], 16).filter(lambda x: True),
}


@pytest.mark.parametrize("kind", NOTHING)
def test_data_without_a_step_are_an_error(kind):
    with pytest.raises(ValueError, match="not one whole step, so nothing was trained"):
        mlp().fit(NOTHING[kind](), verbose=0)


@pytest.mark.parametrize("known", [True, False])
def test_too_few_minibatches_for_a_step_are_an_error(known):
    """WGAN-GP takes five; there are four of one size and a smaller one."""
    gan = make_gan(WGANGP, shape=SHAPE)
    rows = batched(X[:70], 16)
    rows = rows if known else rows.filter(lambda x: True)
    with pytest.raises(ValueError, match="a step takes 5 minibatches of one size"):
        gan.fit(rows, verbose=0)


@pytest.mark.parametrize("kind", NOTHING)
@pytest.mark.parametrize("metrics", [0, 1])
def test_an_evaluation_of_nothing_is_an_error(kind, metrics):
    gan = mlp(metrics=[keras_gan.metrics.FrechetDistance()][:metrics])
    said = "evaluation data gave not one batch"
    with pytest.raises(ValueError, match=said):
        gan.evaluate(NOTHING[kind](), verbose=0)
    with pytest.raises(ValueError, match=said):
        gan.fit(X, validation_data=NOTHING[kind](), verbose=0)
    assert int(gan.step.numpy()) == 0  # before any step


def test_validation_data_that_run_dry_are_told():
    """A generator that gives what it has once only: to the look at the data, say."""
    left = iter(np.split(X, 6))
    spec = tf.TensorSpec((None, *SHAPE), tf.float32)
    once = tf.data.Dataset.from_generator(lambda: left, output_signature=spec)
    with pytest.raises(ValueError, match="evaluation data gave not one batch"):
        mlp().fit(X, validation_data=once, epochs=2, verbose=0)


@pytest.mark.parametrize("family", [ACGAN, InfoGAN, SemiSupervisedGAN])
def test_a_prediction_for_no_samples_is_an_error(family):
    gan = make_gan(family)
    function = gan.codes if family is InfoGAN else gan.classify
    with pytest.raises(ValueError, match="samples is empty"):
        function(np.zeros((0, 6), "float32"))


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_a_player_without_variables_is_refused(player):
    gan = mlp(compiled=False)
    getattr(gan, player).trainable = False
    with pytest.raises(ValueError, match=f"{player}_optimizer has nothing to train"):
        gan.compile()
    getattr(gan, player).trainable = True
    gan.compile()


HEADS = {ACGAN: "head", InfoGAN: "recognition"}


def same(before, network):
    return all(
        np.array_equal(one, other)
        for one, other in zip(before, network.get_weights(), strict=True)
    )


@pytest.mark.parametrize("family", HEADS)
def test_a_frozen_discriminator_is_refused_though_its_head_learns(family):
    gan = make_gan(family)
    gan.discriminator.trainable = False
    optimizer = keras.optimizers.SGD(0.1)
    said = f"'discriminator' of {family.__name__} has nothing to train.*others of disc"
    with pytest.raises(ValueError, match=said):
        gan.compile(generator_optimizer=optimizer)
    gan.discriminator.trainable = True
    gan.compile(generator_optimizer=optimizer)  # which was not used up


@pytest.mark.parametrize("family", HEADS)
@pytest.mark.parametrize("part", ["head", "backbone", "logit"])
def test_a_head_and_a_part_of_a_network_may_be_frozen(family, part):
    gan = make_gan(family)
    first, last = (layer for layer in gan.discriminator.layers if layer.weights)
    head = getattr(gan, HEADS[family])
    frozen = {"head": head, "backbone": first, "logit": last}[part]
    frozen.trainable = False
    gan.compile()
    before = {thing: thing.get_weights() for thing in (first, last, head)}
    labels = {"y": np.arange(32) % CLASSES} if family is ACGAN else {}
    gan.fit(images(32, (6,)), **labels, batch_size=16, verbose=0)
    for thing, weights_before in before.items():
        assert same(weights_before, thing) == (thing is frozen)


@pytest.mark.parametrize("network", ["generator", "discriminator"])
def test_a_frozen_network_of_a_semi_supervised_game_is_refused(network):
    gan = make_gan(SemiSupervisedGAN)
    getattr(gan, network).trainable = False
    with pytest.raises(ValueError, match=f"{network}_optimizer has nothing to train"):
        gan.compile()


def test_a_frozen_network_of_several_is_refused_unless_it_is_auxiliary():
    def cycle(family):
        networks = [ToyNetwork([3], outputs) for outputs in (3, 3, 1, 1)]
        networks[3].trainable = False
        return family(*networks)

    class Helped(ToyCycleGAN):
        auxiliary = ("critic_b",)

    with pytest.raises(ValueError, match=r"'critic_b' of ToyCycleGAN.*`auxiliary`"):
        cycle(ToyCycleGAN).compile()
    cycle(Helped).compile()


# Presets that are none ----------------------------------------------------------------


def broken(config):
    """Configs that Keras answers with errors of many kinds, and the entries' names."""
    model = config["model"]
    inner = model["config"]
    without = {k: v for k, v in inner.items() if k != "generator"}

    def with_model(**entries):
        return {**config, "model": {**model, "config": {**inner, **entries}}}

    def with_rules(**entries):
        return {**config, "compile": {**config["compile"], **entries}}

    penalty = {"class_name": "keras_gan>R1", "config": {"gamma": None}}
    layers = {"class_name": "Sequential", "module": "keras", "config": {"layers": 3}}
    adam = config["compile"]["generator_optimizer"]
    rate = {**adam, "config": {**adam["config"], "learning_rate": float("nan")}}
    auc = {"class_name": "AUC", "module": "keras.metrics"}
    auc["config"] = {"num_thresholds": 10**7}
    yield {**config, "model": None}, '"model" is a JSON object'
    yield {**config, "model": "GAN"}, '"model" is a JSON object'
    yield {**config, "model": {"class_name": "keras_gan>GAN"}}, '"model" has a "class'
    yield {**config, "model": {**model, "config": without}}, "'generator' is missing"
    yield {**config, "compile": [1]}, '"compile" is a JSON object'
    yield {**config, "model": inner["prior"]}, "describes a Uniform; expected GAN"
    yield with_model(generator=3), "generator"
    yield {**config, "compile": {"penalties": [{"class_name": 3}]}}, r"penalties\[0\]"
    yield with_model(frozen=[1]), r"model\.config\.frozen: "
    yield with_model(ema_decay="x"), r"model\.config\.ema_decay: "
    yield (
        with_model(generator={**inner["generator"], "config": [1]}),
        r"model\.config\.generator",
    )
    yield with_model(discriminator=layers), r"model\.config\.discriminator: "
    yield with_rules(metrics=None), r"compile\.metrics: "
    yield with_rules(penalties=[penalty]), r"compile\.penalties\[0\]\.config\.gamma: "
    yield with_rules(discriminator_steps="2"), r"discriminator_steps"
    yield with_rules(generator_optimizer=7), r"compile\.generator_optimizer: "
    yield (
        with_rules(generator_optimizer=rate),
        r"compile\.generator_optimizer\.config\.learning_rate is a finite number",
    )
    yield with_rules(metrics=[auc]), r"compile\.metrics\[0\] names 'AUC'"


@pytest.mark.parametrize("state", ["networks", "training"])
def test_malformed_presets_are_one_value_error_that_names_file_and_entry(
    tmp_path, state
):
    mlp().save_to_preset(tmp_path / "preset", state=state)
    path = tmp_path / "preset" / "config.json"
    config = json.loads(path.read_text())
    for changed, said in broken(config):
        path.write_text(json.dumps(changed))
        metadata = json.loads((tmp_path / "preset" / "metadata.json").read_text())
        metadata["sha256"]["config.json"] = files.sha256(path)
        (tmp_path / "preset" / "metadata.json").write_text(json.dumps(metadata))
        with pytest.raises(ValueError, match=rf"(?s)config\.json.*{said}"):
            GAN.from_preset(tmp_path / "preset")
            pytest.fail(said)


def test_a_saved_game_is_the_game(tmp_path):
    gan = mlp()
    gan.fit(X, batch_size=16, verbose=0)
    gan.save(tmp_path / "g.keras")
    loaded = keras.saving.load_model(tmp_path / "g.keras")
    for one, other in zip(weights(gan), weights(loaded), strict=True):
        np.testing.assert_array_equal(one, other)
