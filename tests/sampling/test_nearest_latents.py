"""The latents of images, where they are known."""

import keras
import numpy as np
import pytest
from helpers import small

import keras_gan
from keras_gan.core.randomness import seed_of
from keras_gan.sampling import nearest_latents


class Landscape:
    """Fakes z^3 - 3 z: two ways down to most images, and a valley at z = -1 or 1."""

    prior = keras_gan.priors.Normal(1)

    def __call__(self, latents):
        return keras.ops.power(latents, 3) - 3 * latents


def affine_game(weights, shift):
    pixels = weights.shape[1]
    gan = keras_gan.models.GAN(
        keras_gan.networks.MLPGenerator((pixels,), latent_dim=len(weights), widths=()),
        keras_gan.networks.MLPDiscriminator((pixels,), widths=()),
        keras_gan.priors.Normal(len(weights)),
    )
    gan.generator.set_weights([weights, shift])
    return gan


def test_an_affine_generator_has_least_squares_latents():
    draw = np.random.default_rng(0)
    weights, shift = draw.normal(size=(3, 8)), draw.normal(size=8)
    images = draw.normal(size=(5, 8))
    expected, squares, *_ = np.linalg.lstsq(weights.T, (images - shift).T)
    found = nearest_latents(affine_game(weights, shift), images)
    # 500 steps of Adam, the last of them small, end 1e-4 away
    np.testing.assert_allclose(found.latents, expected.T, atol=1e-3)
    # and where the slope is 0 the error is off by the square of that
    np.testing.assert_allclose(found.errors, squares / 8, rtol=1e-4)
    assert found.latents.dtype == found.errors.dtype == np.float32


def test_a_known_latent_is_recovered():
    gan = affine_game(np.random.default_rng(1).normal(size=(4, 9)), np.zeros(9))
    latents = gan.prior(6, seed_of(9, "test"))
    found = nearest_latents(gan, np.asarray(gan(latents)))
    np.testing.assert_allclose(found.latents, latents, atol=1e-3)
    assert found.errors.max() < 1e-6


def test_an_image_does_not_know_the_others():
    gan = small.mlp()
    images = small.images(6)
    options = {"steps": 20, "restarts": 2, "seed": 4}
    found = nearest_latents(gan, images, **options)
    alone = nearest_latents(gan, images[:2], **options)
    apart = nearest_latents(gan, images, **options, batch_size=5)
    # products of other shapes round otherwise; 20 steps of 0.1 let that grow little
    np.testing.assert_allclose(alone.latents, found.latents[:2], atol=1e-3)
    np.testing.assert_allclose(apart.latents, found.latents, atol=1e-3)
    again = nearest_latents(gan, images, **options)
    np.testing.assert_array_equal(again.latents, found.latents)
    other = nearest_latents(gan, images, **{**options, "seed": 5})
    assert abs(other.latents - found.latents).max() > 0.01
    # the errors are those of the latents that are returned
    fakes = np.asarray(gan(found.latents))
    expected = np.square(fakes - images).reshape(6, -1).mean(axis=1)
    np.testing.assert_allclose(found.errors, expected, rtol=1e-5)


def test_restarts_find_what_one_start_misses():
    images = np.full((20, 1), 5.0)
    starts = [
        np.ravel(Landscape.prior(20, seed_of(0, "nearest", restart)))
        for restart in range(4)
    ]
    # Right of 1 it goes down to the root, 2.28; left of it only to z = -1, G = 2
    root = np.max(np.roots([1, 0, -3, -5]).real)
    for restarts in (1, 4):
        found = nearest_latents(Landscape(), images, steps=300, restarts=restarts)
        right = np.max(starts[:restarts], axis=0) > 1
        assert 0 < right.sum() < 20
        np.testing.assert_allclose(found.latents[right, 0], root, atol=1e-3)
        np.testing.assert_allclose(found.latents[~right, 0], -1, atol=1e-2)
        np.testing.assert_allclose(found.errors, np.where(right, 0, 9), atol=1e-3)


def test_progress_is_shown_when_asked_for(capsys):
    nearest_latents(Landscape(), [[1.0]], steps=3, verbose=1)
    assert "3/3" in capsys.readouterr().out
    nearest_latents(Landscape(), [[1.0]], steps=3)
    assert not capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": np.zeros((2, 3))}, r"samples, \(1,\). Received: an array \(2, 3\)"),
        ({"images": np.zeros((0, 1))}, "at least one image"),
        ({"images": [[np.nan]]}, "images holds finite numbers"),
        ({"images": [[1e30]]}, "no float32 number.*from 1e.30"),
        ({"steps": 0}, "steps=0"),
        ({"restarts": 0}, "restarts=0"),
        ({"batch_size": 0}, "batch_size=0"),
        ({"seed": -1}, "seed=-1"),
    ],
    ids=["shape", "none", "nan", "huge", "steps", "restarts", "batch", "seed"],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError, match=message):
        nearest_latents(Landscape(), **{"images": [[1.0]], **arguments})
