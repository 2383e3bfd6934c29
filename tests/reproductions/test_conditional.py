"""The reproduction of digits on demand as training data."""

import sys

import conditional as reproduction
import numpy as np
import pytest

from keras_gan import models, networks, priors


def test_the_nearest_image_names_a_digit():
    """Four images on a line of grey, one of three test images nearer to another's."""
    levels, classes = np.array([-1.0, -0.5, 0.5, 1.0]), np.array([0, 0, 1, 1])
    test, test_classes = np.array([-0.9, 0.4, -0.1]), np.array([0, 1, 1])

    def flat(greys):
        return np.tile(greys.reshape(-1, 1, 1, 1), (1, 28, 28, 1)).astype("f4")

    # -0.1 is 0.4 from -0.5 and 0.6 from 0.5
    error = reproduction.error_of(flat(levels), classes, flat(test), test_classes)
    assert error == pytest.approx(1 / 3)


def game():
    return models.ConditionalGAN(
        networks.ConditionalMLPGenerator((28, 28, 1), 4, num_classes=10, widths=(8,)),
        networks.ConditionalMLPDiscriminator((28, 28, 1), num_classes=10, widths=(8,)),
        priors.Normal(4),
        num_classes=10,
    )


def test_as_many_digits_of_each_class_are_drawn(monkeypatch):
    monkeypatch.setattr(reproduction, "ROWS", 40)
    player = game()
    images, classes = reproduction.drawn(player, seed=3)
    assert np.bincount(classes).tolist() == [4] * 10
    np.testing.assert_array_equal(
        images[7::10], player.sample(40, seed=3, condition=7)[7::10]
    )


def test_shares_of_real_digits(mnist):
    """Ten of a hundred sevens are called threes; the classifier is 99.5 % right."""
    images, classes = reproduction.images_of("test", 2000)
    share, smallest = reproduction.shares_of(images, classes)
    assert share > 0.985 and 0.94 < smallest <= share
    sevens = np.flatnonzero(classes == 7)
    called = classes.copy()
    called[sevens[: len(sevens) // 10]] = 3
    lower, least = reproduction.shares_of(images, called)
    assert lower == pytest.approx(share - len(sevens) // 10 / 2000, abs=0.002)
    # A twelfth or so of the threes are now sevens; the threes' share falls by that.
    threes = np.sum(called == 3)
    assert least == pytest.approx(1 - len(sevens) // 10 / threes, abs=0.03)


@pytest.mark.parametrize(
    ("errors", "verdicts"),
    [
        ([0.0319], [True, True]),
        ([0.0321], [True, False]),
        ([0.03, 0.035], [True, False]),
        ([0.0627], [True, False]),
        ([0.0629], [False, False]),
    ],
    ids=["below both", "above one", "the mean above one", "the other", "above both"],
)
def test_the_verdicts(errors, verdicts):
    made = reproduction.claims(errors, 0.0324)
    assert [claim.holds for claim in made] == verdicts
    assert {claim.seeds for claim in made} == {len(errors)}
    assert [claim.what[-5:] for claim in made] == ["6.28%", "3.20%"]
    assert made[0].ours.endswith("%; 3.24% by training images")


def test_what_can_not_be_measured(monkeypatch):
    with pytest.raises(SystemExit, match="nothing to draw from"):
        reproduction.preset("mlp")
    with pytest.raises(SystemExit, match="mlp_digits is a GAN, which draws without"):
        reproduction.preset("mlp_digits")


@pytest.mark.slow
def test_the_command(mnist, monkeypatch, tmp_path, capsys):
    """With 1000 real digits in place of samples."""
    monkeypatch.setattr(reproduction, "ROWS", 1000)
    game_path = tmp_path / "preset"
    player = game()
    player.compile()
    player.save_to_preset(game_path)
    real = reproduction.images_of("train", 1000)
    monkeypatch.setattr(reproduction, "drawn", lambda game, seed: real)
    monkeypatch.setattr(
        sys, "argv", ["conditional.py", "--preset", str(game_path), "--draws", "1"]
    )
    with pytest.raises(SystemExit, match="above 6.28%"):  # a fiftieth of the images
        reproduction.main()
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    assert rows[0][1:] == rows[1][1:] and 5 < float(rows[0][1].rstrip("%")) < 20
