"""What cannot be trained is refused before anything is written."""

import numpy as np
import pytest
from helpers.commands import call, changed, refused
from PIL import Image

import keras_gan


@pytest.fixture(autouse=True)
def _nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    assert not (tmp_path / "runs").exists()


def folder_of_images(path, count=4, size=(8, 8)):
    path.mkdir()
    for index in range(count):
        pixels = np.full((size[1], size[0], 3), 10 * index, np.uint8)
        Image.fromarray(pixels).save(path / f"{index}.png")
    return path


def test_an_unknown_name_is_answered_with_the_nearest():
    assert "Did you mean mlp_digits" in refused("train", "mlp_digit")
    assert "Did you mean dcgan_mnist" in refused("sample", "dcgan-mnist")


def test_data_that_are_not_on_disk(monkeypatch):
    def load(source, **options):
        raise RuntimeError(f"{source!r} is not prepared and could not be downloaded.")

    monkeypatch.setattr(keras_gan.datasets, "load", load)
    assert "'mnist' is not prepared" in refused("train", "dcgan_mnist")


def test_an_empty_folder(tmp_path):
    (tmp_path / "empty").mkdir()
    assert "holds no images" in refused("train", "dcgan", "--data", "empty")


@pytest.mark.parametrize("content", [b"no image", None])
def test_a_broken_image_is_named(tmp_path, content):
    folder = folder_of_images(tmp_path / "photos")
    whole = (folder / "1.png").read_bytes()
    (folder / "1.png").write_bytes(
        whole[: len(whole) // 2] if content is None else content
    )
    message = refused("train", "dcgan", "--data", "photos", "--batch-size", "2")
    assert message.startswith(f"Error: --skip-corrupt: {folder / '1.png'} cannot be")
    assert "BytesIO" not in message and "or pass skip_corrupt=True to" in message


def test_a_size_that_the_network_cannot_make():
    message = refused("train", "dcgan", "--data", "digits", "--image-size", "30")
    begin = "Error: --image-size: DCGANGenerator cannot make image_shape=(30, 30, 1)"
    assert message.startswith(begin)
    assert "28 and 32 are the nearest" in message
    assert message.rstrip().endswith("or pass image_size=28 to datasets.load.")


def test_a_size_of_two_numbers_is_named_as_the_library_names_it():
    message = refused("train", "dcgan", "--data", "digits", "--image-size", "20x15")
    begin = "Error: --image-size: DCGANGenerator cannot make image_shape=(20, 15, 1)"
    assert message.startswith(begin)
    assert "pass image_size=(20, 14) to datasets.load" in message


def test_an_option_that_the_command_does_not_have_is_not_named(tmp_path):
    def of_one_size(config):
        networks = config["model"]["config"]
        for player in ("generator", "discriminator"):
            networks[player]["config"]["image_shape"] = [30, 30, 1]

    path = changed(tmp_path / "mine.json", of_one_size, "dcgan_mnist")
    message = refused("info", path)
    assert message.startswith("Error: DCGANGenerator cannot make image_shape=(30, 30")


def test_images_of_several_sizes(tmp_path):
    folder = folder_of_images(tmp_path / "photos")
    Image.new("RGB", (9, 7)).save(folder / "9.png")
    message = refused("train", "dcgan", "--data", "photos", "--batch-size", "2")
    assert message.startswith("Error: --image-size: The images in ")
    assert "Pass image_size=, such as image_size=64, to crop" in message


def test_a_batch_that_no_epoch_fills(tmp_path):
    folder_of_images(tmp_path / "photos")
    message = refused("train", "dcgan", "--data", "photos", "--batch-size", "64")
    begin = "Error: --batch-size: batch_size=64 is larger than the data"
    assert message.startswith(begin)
    assert message.rstrip().endswith("Take a smaller batch_size.")


def test_a_range_of_values_in_doubt_is_an_option(tmp_path):
    (tmp_path / "scans").mkdir()
    for index in range(2):
        levels = np.full((8, 8), 4000 + index, np.uint16)
        Image.fromarray(levels).save(tmp_path / "scans" / f"{index}.png")
    asked = ("train", "dcgan", "--data", "scans", "--batch-size", "2")
    message = refused(*asked)
    assert message.startswith("Error: --value-range LOW:HIGH: The images in ")
    assert "from 4000 to 4001" in message and "value_range=(0, 4095)" in message
    # With a range, what is wrong next is told.
    message = refused(*asked, "--value-range", "0:4095", "--image-size", "30")
    assert "cannot make image_shape=(30, 30, 1)" in message
    assert "LOW:HIGH" in refused(*asked, "--value-range", "4095")


def test_a_size_that_nothing_can_hold():
    message = refused("train", "dcgan", "--data", "digits", "--image-size", 10**6)
    begin = "Error: --image-size: Resized to 1000000 x 1000000, a minibatch of 64"
    assert message.startswith(begin)
    assert "Pass a smaller batch_size or image_size" in message


def test_data_that_are_nowhere(tmp_path):
    folder_of_images(tmp_path / "photos")
    message = refused("train", "dcgan", "--data", "nowhere")
    assert f"There is no file or folder {tmp_path / 'nowhere'}, and" in message
    assert "Did you mean" not in message
    assert "Did you mean 'photos'" in refused("train", "dcgan", "--data", "potos")


def test_a_name_that_is_near_to_nothing_is_not_answered_with_another(tmp_path):
    for name in ("toto", "images"):
        (tmp_path / "my" / name).mkdir(parents=True)
    for command in ("train", "sample", "info"):
        message = refused(command, "images")
        assert "Unknown name 'images'" in message and "Did you mean" not in message
        message = refused(command, "my/photos")
        assert "The folders in my are images, toto." in message
        assert "Did you mean" not in message
        assert "Did you mean mlp_digits" in refused(command, "mlp_digit")
    message = refused("train", "dcgan", "--data", "photos")
    assert "Did you mean" not in message


def test_a_run_that_is_not_there_is_answered_with_those_beside_it(tmp_path):
    for name in ("mine", "mine2", "other"):
        (tmp_path / "my" / name).mkdir(parents=True)
    for command in ("sample", "info", "train"):
        message = refused(command, "my/mein")
        assert "There is no my/mein. Did you mean my/mine" in message
        assert "dcgan" not in message
    assert "There is no folder none either" in refused("sample", "none/run")


def test_resuming_a_generic_config_without_its_data(tmp_path):
    (tmp_path / "mine" / "checkpoints").mkdir(parents=True)
    changed(tmp_path / "mine" / "config.json", lambda config: None, "dcgan")
    message = refused("train", "dcgan", "--resume", "--output", "mine")
    assert "Resume with: keras-gan train mine --resume" in message


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "mlp_digits", "--output", ""],
        ["train", "mlp_digits", "--data", " "],
        ["sample", "mlp_digits", "--output", ""],
        ["export", "mlp_digits", ""],
        ["curves", "mlp_digits", "--output", ""],
        ["lab", "dirac", "--output", ""],
    ],
    ids=" ".join,
)
def test_an_empty_path_is_wrong_usage(arguments):
    code, _, errors = call(*arguments)
    assert code == 2 and "it is empty" in errors


def test_a_batch_larger_than_the_data():
    message = refused("train", "mlp_digits", "--batch-size", "1798")
    assert "--batch-size: batch_size=1798 is larger than the data" in message


def test_data_that_do_not_fit_a_config_made_for_one_shape(tmp_path):
    message = refused("train", "mlp_mnist", "--data", "digits")
    assert "shape (28, 28, 1), and the data have (8, 8, 1)" in message
    assert "--image-size 28" in message
    assert "keras-gan train mlp --data digits" in message
    folder_of_images(tmp_path / "my photos")
    message = refused("train", "dcgan_digits", "--data", "my photos", "--batch-size", 2)
    assert "--image-size" not in message  # colour does not go away by resizing
    assert f"keras-gan train dcgan --data '{tmp_path / 'my photos'}'" in message


def test_a_generic_config_asks_for_data():
    assert "pass --data" in refused("train", "dcgan")


def test_vectors(tmp_path):
    np.save(tmp_path / "points.npy", np.zeros((64, 2), "float32"))
    message = refused("train", "mlp", "--data", "points.npy")
    assert "trains on images. Received: data whose samples have shape (2,)" in message


def test_a_folder_of_images_in_place_of_a_config(tmp_path):
    folder_of_images(tmp_path / "holiday")
    assert "keras-gan train photos --data holiday" in refused("train", "holiday")


@pytest.mark.parametrize("size", ["x", "32x", "0", "-3", "32x48x3"])
def test_an_image_size_that_is_none(size):
    assert "HEIGHTxWIDTH" in refused("train", "mlp_digits", f"--image-size={size}")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--epochs", "0"],
        ["--batch-size", "none"],
        ["--seed", str(2**31)],
        ["--resume", "--overwrite"],
    ],
)
def test_wrong_usage_ends_with_2(arguments):
    code, _, errors = call("train", "mlp_digits", *arguments)
    assert code == 2
    assert "Traceback" not in errors


def popen(config):
    config["compile"]["loss"] = {
        "module": "subprocess",
        "class_name": "Popen",
        "config": {"args": ["touch", "runs"]},
    }


def lambda_layer(config):
    layer = {"module": "keras.layers", "class_name": "Lambda", "config": {}}
    config["model"]["config"]["generator"] = layer


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (popen, "compile.loss names 'Popen' from 'subprocess'"),
        (lambda_layer, "model.generator names 'Lambda'"),
        (
            lambda c: c["model"].update(class_name="keras_gan>GANN"),
            "names 'keras_gan>GANN', which keras_gan does not have. Did you mean GAN",
        ),
        (
            lambda c: c["model"]["config"]["generator"]["config"].update(latent=3),
            "has 'latent', which MLPGenerator does not take. Did you mean 'latent_dim'",
        ),
        (lambda c: c["model"]["config"].pop("prior"), "the entry 'prior' is missing"),
        (
            lambda c: c["compile"].update(losses="hinge"),
            "compile has 'losses', which is no rule of GAN. Did you mean 'loss'",
        ),
        (lambda c: c["compile"].update(loss="hing"), "Did you mean hinge"),
    ],
)
def test_a_config_that_describes_no_game(tmp_path, change, message):
    path = changed(tmp_path / "mine.json", change)
    assert message in refused("train", path).replace("model.config.", "model.")
