"""`keras-gan lab game-2d --html`: which games it plays, and that it plays them."""

import numpy as np
import pytest
from helpers.commands import call, refused

from keras_gan import losses, models, networks, penalties
from keras_gan.cli.lab import game_2d_page, game_2d_variants
from keras_gan.cli.lab.game_2d_variants import DATA, choices, game, logits_of, played

PACKED = {"Game": "WGAN-GP", "R1": "off", "Packing": "2", "k": "5"}


def test_all_combinations_are_played_but_those_with_a_reason():
    """3 games x 2 x 2 x 2, less the 4 of WGAN-GP with R1."""
    found = choices()
    assert len(found) == 20 and len({tuple(c.items()) for c in found}) == 20
    assert game_2d_page.START in found
    assert not any(c["Game"] == "WGAN-GP" and c["R1"] == "on" for c in found)


def test_each_switch_sets_its_rule_and_no_other():
    plain = game(game_2d_page.START, 0)
    assert isinstance(plain.loss, losses.NonSaturating) and not plain.penalties
    assert plain.discriminator_steps == 1
    assert not isinstance(plain.discriminator, networks.Packed)
    minimax = game({**game_2d_page.START, "Game": "MMGAN", "R1": "on"}, 0)
    assert isinstance(minimax.loss, losses.Minimax)
    assert [type(one) for one in minimax.penalties] == [penalties.R1]
    packed = game(PACKED, 0)
    assert isinstance(packed, models.WGANGP) and packed.discriminator.pack_size == 2
    assert [type(one) for one in packed.penalties] == [penalties.GradientPenalty]
    assert packed.discriminator_steps == 5
    for one, other in zip(
        plain.generator.get_weights(), packed.generator.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(one, other)  # all begin alike


def test_the_map_of_packs_is_the_mean_beside_real_points():
    """logit = a.x + b.x' + c, so a point beside real ones has a.x + b.mean(x') + c."""
    inner = networks.MLPDiscriminator((4,), widths=())
    kernel, bias = np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([0.5])
    inner.set_weights([kernel, bias])
    points = np.array([[0.0, 0.0], [1.0, -2.0]])
    real = DATA.sample(game_2d_variants.NUM_PARTNERS, seed=1).mean(axis=0)
    expected = points @ [1.0, 2.0] + real @ [3.0, 4.0] + 0.5
    found = logits_of(networks.Packed(inner, 2), points, 2)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    alone = networks.MLPDiscriminator((2,), widths=())
    alone.set_weights([kernel[:2], bias])
    expected = points @ [1.0, 2.0] + 0.5
    np.testing.assert_allclose(logits_of(alone, points, 1), expected, rtol=1e-6)


def test_a_game_is_played_and_looked_at():
    [found] = played(0, steps=4, looks=2, wanted=[game_2d_page.START])
    assert len(found.looks) == 3 and found.d_loss.shape == found.g_loss.shape == (2,)
    side = game_2d_variants.SIDE
    for look in found.looks:
        assert look.values.shape == (side, side)
        assert 0 <= look.values.min() < look.values.max() <= 1
    assert not np.array_equal(found.looks[0].points, found.looks[1].points)
    # At first the weights know nothing: both losses are near log 2 and 2 log 2.
    assert 0.5 < found.g_loss[0] / np.log(2) < 2 and 0.5 < found.d_loss[0] < 2.8


@pytest.mark.slow
def test_a_page_is_the_same_for_the_same_seed(tmp_path, monkeypatch):
    some = [game_2d_page.START, PACKED]
    monkeypatch.setattr(game_2d_variants, "choices", lambda: some)
    pages = []
    for number, seed in enumerate((3, 3, 4)):
        path = tmp_path / f"{number}.html"
        arguments = ("--html", path, "--steps", 50, "--seed", seed)
        code, shown, errors = call("lab", "game-2d", *arguments)
        assert code == 0, errors
        assert shown.startswith("Page, ") and str(path) in shown
        pages.append(path.read_bytes())
    assert pages[0] == pages[1] != pages[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["kl", "--html", "page.html"], "--html is for game-2d. Received: kl"),
        (["--html", "page.html"], "--html is for game-2d"),
        (["game-2d", "--html", "page.png"], "as HTML. Received: --html page.png"),
        (["game-2d", "--steps", "100"], "--steps is the length of the games of a page"),
        (
            ["game-2d", "--html", "page.html", "--steps", "70"],
            "a multiple of 50, the moments that the page shows. Received: --steps 70; "
            "50 is the nearest",
        ),
    ],
    ids=lambda case: " ".join(case) if isinstance(case, list) else "",
)
def test_what_makes_no_page_is_refused_at_once(
    tmp_path, monkeypatch, arguments, message
):
    monkeypatch.chdir(tmp_path)
    assert message in refused("lab", *arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_is_there_is_kept(tmp_path):
    (tmp_path / "page.html").write_text("mine")
    message = refused("lab", "game-2d", "--html", tmp_path / "page.html")
    assert "Pass --overwrite to replace it, or another --html" in message
