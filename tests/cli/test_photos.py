"""`keras-gan train photos`, and the validation by held-out images, in this process."""

import json

import keras
import numpy as np
import pytest
from helpers.commands import call, changed, refused
from PIL import Image

import keras_gan
from keras_gan.cli import photographs, run_config, training, validating
from keras_gan.saving import checkpoints, run_folders
from keras_gan.saving.objects import whole

RNG = np.random.default_rng(0)


def folder_of(path, classes=(), each=60, size=(12, 9)):
    """A folder of pictures of noise, (height, width), perhaps with sub-folders."""
    for place in classes or (".",):
        (path / place).mkdir(parents=True, exist_ok=True)
        for number in range(each):
            pixels = RNG.integers(0, 256, (*size, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(path / place / f"{number}.png")
    return path


def test_a_folder_is_fitted_with_the_reasons_said(tmp_path, capsys):
    data = folder_of(tmp_path, ("cats", "dogs"))
    config = run_config.read("photos")
    config["data"]["source"] = str(data)
    config = photographs.with_size(config)
    assert config["data"]["image_size"] == 8

    def load(changed):
        return keras_gan.datasets.load(**changed["data"])

    dataset = photographs.all_images(config, None, load)
    assert dataset.num_classes == 2 and dataset.num_samples == 120
    assert photographs.all_images(config, False, load).num_classes is None
    asked = training.Asked(minutes=1.0)
    fitted = photographs.fitted(config, dataset, asked, "photos")
    shown = " ".join(capsys.readouterr().out.split())
    assert "25 % of a picture, at its top and bottom, is cut off" in shown
    assert "Held out: 24 pictures (to measure by" in shown
    assert "recipe" not in fitted and fitted["data"]["held_out"] == 24
    assert fitted["data"]["labels"]
    wanted = {"freq": "auto", "best": "val_kernel_distance", "health": True}
    assert fitted["validation"] == wanted
    game = keras_gan.saving.configs.build(fitted, keras_gan.models.GAN)
    assert type(game).__name__ == "ConditionalGAN" and game.num_classes == 2
    assert game.generator.output_shape == (None, 8, 8, 3)


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """A run of photos on two classes, and what it printed."""
    folder = tmp_path_factory.mktemp("photos")
    data = folder_of(folder / "pictures", ("cats", "dogs"))
    run = folder / "run"
    code, shown, errors = call(
        *("train", "photos", "--data", data, "--output", run),
        *("--steps", 3, "--batch-size", 8, "--set", "compile.loss=hinge"),
    )
    assert code == 0, errors
    return run, " ".join(shown.split())


@pytest.mark.slow
def test_photos_says_what_it_chose_and_why(photos):
    run, shown = photos
    for text in (
        "8 x 8 pixels, as the shorter side of most has 9",
        "Cropped: the middle is seen; 25 % of a picture, at its top and bottom",
        "Held out: 24 pictures",
        "Batch size: 8 (as asked)",
        "Classes: 2, told to both players",
        "Game: DCGAN with resize-convolutions, 32 filters, R1",
        "Augmentation: DiffAugment",
        "Best: val_kernel_distance",
    ):
        assert text in shown, shown
    config = json.loads((run / "config.json").read_text())
    assert "recipe" not in config  # which is done
    assert config["data"]["held_out"] == 24 and config["data"]["image_size"] == 8
    assert config["data"]["passes"] == 67  # 67 * 96 pictures are more than 6400
    validation = {"freq": 1, "best": "val_kernel_distance", "health": True}
    assert config["validation"] == validation
    history = json.loads((run / "history.json").read_text())
    assert {"diversity", "d_auc", "d_overfitting", "fake_copies"} <= set(history)
    assert config["compile"]["loss"]["class_name"] == "keras_gan>Hinge"
    game = keras_gan.models.GAN.from_preset(run)
    assert game.class_names == ["cats", "dogs"] and game.sample(2).shape == (2, 8, 8, 3)


@pytest.mark.slow
def test_photos_resumes_without_the_recipe(photos):
    run, _ = photos
    code, shown, errors = call("train", run, "--resume", "--steps", 5)
    assert code == 0, errors
    assert "Augmentation:" not in shown
    assert checkpoints.steps(run / "checkpoints")[-1] == 5
    history = json.loads((run / "history.json").read_text())
    assert len(history["val_kernel_distance"]) == 1  # of one epoch that went on


@pytest.mark.slow
def test_photos_without_classes_as_a_zip_and_few(tmp_path):
    data = folder_of(tmp_path / "pictures", each=30, size=(8, 8))
    code, shown, errors = call(
        *("train", "photos", "--data", data, "--output", tmp_path / "run"),
        *("--steps", 2),
    )
    assert code == 0, errors
    shown = " ".join(shown.split())
    assert "of 30 pictures all are needed" in shown and "Cropped" not in shown
    assert "Batch size: 15" in shown
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert "validation" not in config and config["data"]["held_out"] is None


def test_what_photos_cannot_do_is_refused(tmp_path):
    data = folder_of(tmp_path / "few", each=5)
    message = refused("train", "photos", "--data", data, "--output", tmp_path / "x")
    assert "20 pictures at least" in message
    flat = folder_of(tmp_path / "flat", each=25)
    arguments = "--data", flat, "--output", tmp_path / "x"
    message = refused("train", "photos", *arguments, "--conditional")
    assert "one sub-folder for each class" in message
    assert "names no data of its own" in refused("train", "photos")
    code, _, errors = call("train", "mlp_digits", "--conditional")
    assert code == 2 and "are for a recipe" in " ".join(errors.split())
    assert not (tmp_path / "x").exists()


@pytest.fixture(scope="module")
def validated(tmp_path_factory):
    """A run of three epochs, validated after the first and the last."""
    folder = tmp_path_factory.mktemp("validated")

    def change(config):
        metric = keras_gan.metrics.KernelDistance(num_samples=60)
        metric = keras.saving.serialize_keras_object(metric)
        config["compile"]["metrics"] = [whole(metric)]
        config["data"] |= {"held_out": 60, "batch_size": 500}
        config["validation"] = {"freq": 2, "best": "val_kernel_distance"}
        config["epochs"] = 3

    config = changed(folder / "config.json", change)
    code, shown, errors = call("train", config, "--output", folder / "run")
    assert code == 0, errors
    return folder / "run", shown


def test_a_run_is_validated_by_what_it_holds_out_to_the_end(validated):
    run, _ = validated
    history = json.loads((run / "history.json").read_text())
    assert len(history["d_loss"]) == 3
    measured = history["val_kernel_distance"]
    # Epochs 1 and 3: they are counted back from the last one.
    assert sum(value is not None for value in measured) == len(measured) == 2
    game = keras_gan.models.GAN.from_preset(run / "checkpoints" / "step-000000009")
    data = keras_gan.datasets.load(
        "digits", 500, held_out=60, split="held_out", shuffle=False,
        drop_remainder=False,
    )  # fmt: skip
    assert data.num_samples == 60
    metric = keras_gan.metrics.KernelDistance(num_samples=60)
    game.compile(metrics=[metric])
    found = game.evaluate(data, return_dict=True, verbose=0)["kernel_distance"]
    assert measured[-1] == pytest.approx(found, rel=1e-5)


def test_the_preset_is_that_of_the_best_checkpoint(validated):
    run, shown = validated
    history = json.loads((run / "history.json").read_text())
    values = np.abs(history["val_kernel_distance"])
    step = (3, 9)[int(np.argmin(values))]
    assert run_folders.best(run / "checkpoints")["step"] == step
    assert f"at step {step} of 9" in shown
    game = keras_gan.models.GAN.from_preset(run / "preset")
    assert int(game.step.numpy()) == step


def test_validation_needs_what_is_held_out(tmp_path):
    config = changed(tmp_path / "c.json", lambda c: c.update(validation={}))
    message = refused("train", config, "--output", tmp_path / "x")
    assert 'no "held_out" in "data"' in message
    for wrong in ({"freq": 0}, {"every": 2}, {"best": 3}, {"freq": "often"}):
        config = changed(tmp_path / "c.json", lambda c, w=wrong: c.update(validation=w))
        assert '"validation" is how the run is measured' in refused("train", config)


@pytest.mark.parametrize(
    ("epochs", "freq", "after"),
    [(3, 2, [1, 3]), (6, 2, [2, 4, 6]), (1, 5, [1]), (7, 3, [1, 4, 7])],
)
def test_validations_are_counted_back_from_the_last_epoch(epochs, freq, after):
    config = {"validation": {"freq": freq}}
    assert validating.of_fit(config, "data", epochs)["validation_freq"] == after


def test_as_many_validations_as_the_minutes_have_room_for():
    auto = {"validation": {}}
    assert validating.number_in(auto, minutes=30, seconds=14.4) == 10  # 8 % of 1800 s
    assert validating.number_in(auto, minutes=1, seconds=60) == 3  # at least
    assert validating.number_in(auto, minutes=600, seconds=0.1) == 25  # at most
    assert validating.number_in({"validation": {"freq": 2}}, 30, 1) == 0
    assert validating.with_frequency(auto, 50, 10)["validation"] == {"freq": 5}
    assert validating.with_frequency(auto, 2, 10)["validation"] == {"freq": 1}
