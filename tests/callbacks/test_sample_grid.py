"""Pictures of the same latents after each epoch, as PNG."""

import errno
import os

import numpy as np
import pytest
from helpers.families import make_gan
from PIL import Image

import keras_gan
from keras_gan.callbacks import SampleGrid
from keras_gan.pixels import image_grid


def game(image_shape=(8, 8, 1)):
    return make_gan(shape=image_shape)


def data(image_shape=(8, 8, 1), batches=2):
    images = np.random.default_rng(0).uniform(-1, 1, (8 * batches, *image_shape))
    return keras_gan.datasets.load(images.astype("float32"), batch_size=8)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_a_grid_keeps_every_pixel(channels):
    images = np.random.default_rng(0).uniform(-1, 1, (5, 64, 80, channels))
    grid = image_grid(images)
    # Five images fill two rows of three cells; 2 pixels lie between and around them.
    assert grid.shape == (2 * 66 + 2, 3 * 82 + 2, 3 if channels == 2 else channels)
    fourth = grid[68:132, 2:82, :channels]
    np.testing.assert_array_equal(fourth, keras_gan.pixels.to_uint8(images[3]))
    assert np.unique(grid[68:132, 166:246]).tolist() == [96]  # the sixth cell


@pytest.mark.parametrize(("side", "scale"), [(8, 4), (28, 2), (32, 2), (64, 1)])
def test_small_images_are_enlarged_pixel_by_pixel(side, scale):
    image = np.random.default_rng(0).uniform(-1, 1, (1, side, side, 1))
    gap = max(2, scale)
    inside = image_grid(image)[gap:-gap, gap:-gap]
    pixels = keras_gan.pixels.to_uint8(image[0, ..., 0])
    enlarged = np.kron(pixels, np.ones((scale, scale)))
    np.testing.assert_array_equal(inside[..., 0], enlarged)


def test_vectors_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"Only images.*Received: shape \(7, 2\)"):
        image_grid(np.zeros((7, 2)))


def test_each_epoch_has_its_picture_of_the_same_latents(tmp_path):
    gan = game()
    callback = SampleGrid(tmp_path / "samples", num_samples=6, seed=3)
    gan.fit(data(), epochs=2, verbose=0, callbacks=[callback])
    names = sorted(path.name for path in tmp_path.rglob("*.png"))
    assert names == ["epoch-0001.png", "epoch-0002.png", "samples.png"]
    last = np.asarray(Image.open(tmp_path / "samples" / "epoch-0002.png"))
    expected = image_grid(gan.sample(6, seed=3))[..., 0]
    np.testing.assert_array_equal(last, expected)
    newest = (tmp_path / "samples.png").read_bytes()
    assert newest == (tmp_path / "samples" / "epoch-0002.png").read_bytes()


def test_every_other_epoch(tmp_path):
    callback = SampleGrid(tmp_path / "samples", num_samples=1, every=2)
    game().fit(data(), epochs=5, verbose=0, callbacks=[callback])
    names = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert names == ["epoch-0002.png", "epoch-0004.png"]


def test_a_game_on_vectors_is_refused_before_the_first_step(tmp_path):
    gan = game((2,))
    with pytest.raises(ValueError, match="Only images can be drawn"):
        gan.fit(data((2,)), verbose=0, callbacks=[SampleGrid(tmp_path / "samples")])
    assert int(gan.step.numpy()) == 0
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_told_with_path_and_step(tmp_path, monkeypatch):
    """Pillow's own error names neither."""
    from keras_gan import pixels

    def full(picture, file, format):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pixels.Image.Image, "save", full)
    callback = SampleGrid(tmp_path / "samples")
    with pytest.raises(OSError) as error:
        game().fit(data(), epochs=2, verbose=0, callbacks=[callback])
    assert error.value.errno == errno.ENOSPC
    message = str(error.value)
    assert "samples of epoch 1, at step 2, could not be written: No space" in message
    assert str(tmp_path / "samples" / "epoch-0001.png") in message
    assert "keras_gan-" not in message and os.listdir(tmp_path / "samples") == []


def test_what_a_killed_run_left_is_removed(tmp_path):
    (tmp_path / "samples").mkdir()
    for name in (".epoch-0009.png.keras_gan-abcdefgh", ".epoch-0009.png.mine"):
        (tmp_path / "samples" / name).touch()
    game().fit(data(), verbose=0, callbacks=[SampleGrid(tmp_path / "samples")])
    names = sorted(os.listdir(tmp_path / "samples"))
    assert names == [".epoch-0009.png.mine", "epoch-0001.png"]
