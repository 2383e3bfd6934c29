"""What a notebook shows of a game: its samples, its words, its layers."""

import io

import keras
import numpy as np
import pytest
from helpers.families import make_gan
from PIL import Image

from keras_gan import models, pixels

SHAPE = (8, 8, 1)


def test_samples_are_shown_as_the_picture_that_is_written(tmp_path):
    gan = make_gan(shape=SHAPE)
    picture = gan.show(6, seed=2)
    grid = pixels.image_grid(gan.sample(6, seed=2))[..., 0]
    np.testing.assert_array_equal(np.asarray(picture), grid)
    assert picture._repr_png_()[:8] == b"\x89PNG\r\n\x1a\n"  # what a notebook asks for


def test_a_conditional_game_shows_the_class_that_is_asked_for():
    gan = make_gan(models.ConditionalGAN, shape=SHAPE)
    picture = gan.show(2, seed=2, condition=[1, 1])
    samples = gan.sample(2, seed=2, condition=[1, 1])
    grid = pixels.image_grid(samples)[..., 0]
    np.testing.assert_array_equal(np.asarray(picture), grid)


def test_vectors_cannot_be_shown():
    with pytest.raises(ValueError, match="Only images can be drawn"):
        make_gan().show()


def test_bytes_of_a_png_are_the_picture():
    images = np.random.default_rng(0).uniform(-1, 1, (3, 5, 7, 3))
    one = np.asarray(Image.open(io.BytesIO(pixels.png_bytes(images[0]))))
    np.testing.assert_array_equal(one, pixels.to_uint8(images[0]))
    several = np.asarray(Image.open(io.BytesIO(pixels.png_bytes(images))))
    np.testing.assert_array_equal(several, pixels.image_grid(images))
    with pytest.raises(ValueError, match="Only images"):
        pixels.png_bytes(np.zeros((3, 4)))


def test_a_game_says_who_plays_and_how_far_it_is():
    gan = make_gan()
    gan.fit(np.zeros((32, 6), "float32"), batch_size=16, verbose=0)
    counts = [net.count_params() for net in (gan.generator, gan.discriminator)]
    assert repr(gan) == (
        f"<GAN: MLPGenerator of {counts[0]:,} parameters and MLPDiscriminator of "
        f"{counts[1]:,} parameters, compiled, step 2>"
    )
    parts = {n: getattr(gan, n) for n in ("generator", "discriminator", "prior")}
    assert "not compiled, step 0" in repr(models.GAN(**parts))


def test_the_summary_has_the_layers_of_both_players():
    lines = []
    gan = make_gan()
    gan.summary(print_fn=lambda text, **_: lines.append(str(text)))
    text = "\n".join(lines)
    for network in (gan.generator, gan.discriminator):
        assert f'Model: "{network.name}"' in text
        dense = [one for one in network.layers if isinstance(one, keras.layers.Dense)]
        assert dense
        assert all(layer.name in text for layer in dense)


def test_predict_is_the_generator_s_answer():
    gan = make_gan()
    latents = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    np.testing.assert_allclose(gan.predict(latents, verbose=0), gan(latents), rtol=1e-6)
