"""The page in Chromium: it draws what the game draws, and asks nobody."""

import numpy as np
import pytest
from helpers import browser, infogan_game
from helpers.browser import changed, opened, pixels
from PIL import Image

import keras_gan
from keras_gan import explore, networks, priors, sampling
from keras_gan.core.randomness import seed_of
from keras_gan.models import GAN
from keras_gan.pixels import to_uint8

pytestmark = browser.NEEDED


def conditional():
    """Colour, 6 x 8, and classes with names."""
    shape = (6, 8, 3)
    return keras_gan.models.ConditionalGAN(
        networks.ConditionalMLPGenerator(shape, 5, 3, widths=(16,)),
        networks.ConditionalMLPDiscriminator(shape, 3, widths=(4,)),
        priors.Normal(5),
        num_classes=3,
        class_names=["Käfer", "<b>", "dog"],
        seed=1,
    )


@pytest.fixture(scope="module")
def chromium():
    with browser.started() as found:
        yield found


@pytest.fixture(scope="module")
def game():
    return conditional()


@pytest.fixture(scope="module")
def path(game, tmp_path_factory):
    found = tmp_path_factory.mktemp("explored") / "page.html"
    explore.page(game, found)
    return found


@pytest.fixture(scope="module")
def page(chromium, path):
    with opened(chromium, path) as found:
        yield found
        own = [path.as_uri()]
        within = ("blob:", "data:")
        assert [url for url in found.asked if not url.startswith(within)] == own
        assert found.complaints == []


def drawn(page, latents, labels=None):
    """Bytes that a page draws of latents."""
    labels = [None] * len(latents) if labels is None else labels
    samples = [
        {"latents": row.tolist(), "label": label}
        for row, label in zip(np.asarray(latents), labels, strict=True)
    ]
    numbers = page.evaluate(
        "async samples => (await kerasGan.draw(samples)).map(i => Array.from(i))",
        samples,
    )
    shape = page.evaluate("kerasGan.facts.shape")
    return to_uint8(np.array(numbers).reshape(-1, *shape)).astype(int)


def slider(page, name):
    return page.get_by_role("slider", name=name, exact=True)


def test_a_page_draws_what_sample_draws(game, page):
    labels = [0, 1, 2, 2, 1, 0]
    latents = game.prior(6, seed_of(4, "sample"))
    expected = to_uint8(game.sample(6, seed=4, condition=labels)).astype(int)
    assert abs(drawn(page, latents, labels) - expected).max() <= 1
    assert expected.std() > 20  # they are pictures


def test_the_first_pictures_are_on_the_canvas(game, page):
    latents = np.array(
        page.evaluate("kerasGan.drawSamples(2, 0, 4).map(({latents}) => [...latents])")
    )
    expected = to_uint8(np.asarray(game([latents, np.array([0, 1])]))).astype(int)
    for index in (0, 1):
        found = pixels(page, f"cells[{index}]")
        assert abs(found[..., :3] - expected[index]).max() <= 1
        assert (found[..., 3] == 255).all()


def test_a_moved_slider_changes_the_picture_and_undo_brings_it_back(page):
    before = pixels(page)
    slider(page, "Direction 1").fill("2.5")
    after = changed(page, before)
    np.testing.assert_array_equal(pixels(page, "cells[0]"), after)
    page.get_by_role("button", name="Undo changes").click()
    np.testing.assert_array_equal(changed(page, after), before)


def test_a_class_is_chosen_by_its_name(page):
    before = pixels(page)
    page.get_by_label("Class", exact=True).select_option("dog")
    changed(page, before)
    assert page.get_by_role("radio", name="Sample 1, class dog").is_checked()
    page.get_by_role("button", name="Undo changes").click()
    assert page.get_by_role("radio", name="Sample 1, class Käfer").is_checked()


def test_a_keyboard_is_enough(page):
    before = pixels(page)
    page.get_by_role("radio", name="Sample 1,").focus()
    page.keyboard.press("ArrowRight")
    moved = changed(page, before)
    page.keyboard.press("ArrowDown")
    changed(page, moved)
    assert page.get_by_role("radio", name="Sample 6, class dog").is_checked()
    page.keyboard.press("Home")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "Sample 1, class Käfer"
    slider(page, "Direction 2").focus()
    before = pixels(page)
    page.keyboard.press("PageUp")
    changed(page, before)
    page.get_by_role("button", name="Undo changes").press("Enter")


def test_a_path_goes_from_one_sample_to_another(page):
    page.get_by_role("radio", name="Sample 1,").click()
    page.get_by_role("button", name="Begin a path here").click()
    assert slider(page, "Way").is_disabled()
    page.get_by_role("radio", name="Sample 3,").click()
    page.wait_for_timeout(100)
    end = pixels(page)
    slider(page, "Way").fill("0")
    begin = changed(page, end)
    np.testing.assert_array_equal(begin, pixels(page, "cells[0]"))
    page.get_by_role("button", name="Play").click()
    changed(page, begin)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("radio", name="Sample 1,").click()


def test_the_way_is_that_of_interpolate(page):
    a, b = np.random.default_rng(0).normal(size=(2, 5))
    expected = sampling.interpolate(a, b, steps=3, how="spherical")[1]
    found = page.evaluate("([a, b]) => kerasGan.between(a, b, 0.5)", [list(a), list(b)])
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize(("threshold", "stddev"), [(4.0, 0.9995), (0.5, 0.2836)])
def test_latents_are_truncated_normal(page, threshold, stddev):
    """The deviation of N(0, 1) within t: 1 - 2 t phi(t)/(2 Phi(t) - 1), its root."""
    rows = page.evaluate(
        "t => kerasGan.drawSamples(4000, 7, t).map(s => Array.from(s.latents))",
        threshold,
    )
    latents = np.array(rows)
    assert abs(latents).max() <= threshold
    # 20 000 numbers: standard errors of 0.7 % and of stddev/141
    assert abs(latents.mean()) < 4 * stddev / 141
    np.testing.assert_allclose(latents.std(), stddev, rtol=0.025)


def test_the_python_of_a_sample_draws_it(game, page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page.get_by_role("button", name="Copy as Python").click()
    text = page.get_by_label("Python that draws this sample").input_value()
    exec(text, {"gan": game})
    grid = np.asarray(Image.open("sample.png")).astype(int)
    scale = 64 // 16
    found = grid[scale::scale, scale::scale][:6, :8]
    assert abs(found - pixels(page)[..., :3]).max() <= 1


def test_a_picture_is_saved_as_it_is_shown(page, tmp_path):
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as PNG").click()
    download.value.save_as(tmp_path / "sample.png")
    found = np.asarray(Image.open(tmp_path / "sample.png").convert("RGBA"))
    np.testing.assert_array_equal(found, pixels(page))


def test_the_next_seed_draws_others(page):
    before = pixels(page, "cells[5]")
    page.get_by_role("button", name="Next seed").click()
    others = changed(page, before, "cells[5]")
    page.get_by_label("Seed").fill("0")
    page.get_by_label("Seed").press("Enter")
    np.testing.assert_array_equal(changed(page, others, "cells[5]"), before)


def test_nothing_is_wider_than_400_pixels(chromium, path):
    with opened(chromium, path, width=400, color_scheme="dark") as page:
        sides = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert sides == [400, 400]
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert sum(map(int, colour[4:-1].split(","))) < 3 * 64  # it is dark
        before = pixels(page)
        slider(page, "Direction 1").fill("-3")
        changed(page, before)
        page.set_viewport_size({"width": 400, "height": 500})
        slider(page, "Direction 5").focus()  # below the fold: the picture comes along
        picture, moved = (
            found.bounding_box()
            for found in (page.locator("#large"), page.locator(":focus"))
        )
        assert 0 <= picture["y"] <= picture["y"] + picture["height"] <= moved["y"] < 500


def test_codes_move_the_picture(chromium, tmp_path):
    gan = infogan_game.game(shape=(4, 4, 1))
    explore.page(gan, tmp_path / "page.html")
    with opened(chromium, tmp_path / "page.html") as page:
        latents = gan.prior(4, seed_of(1, "sample"))
        expected = to_uint8(gan.sample(4, seed=1)).astype(int)
        assert abs(drawn(page, latents) - expected).max() <= 1
        for code in page.evaluate("kerasGan.facts.codes"):
            control = page.get_by_label(code["name"].replace("_", " ")).first
            before = pixels(page)
            if code["kind"] == "categorical":
                chosen = int(control.input_value())
                control.select_option(index=(chosen + 1) % 2)
            else:
                high = float(control.get_attribute("max"))
                control.fill(str(high if float(control.input_value()) < 0 else -high))
            changed(page, before)
        assert page.complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["conditional_mnist", "infogan_mnist", "mmgan_mnist"])
def test_presets_draw_what_sample_draws(chromium, tmp_path, name):
    gan = GAN.from_preset(name)
    explore.page(gan, tmp_path / "page.html", name=name)
    labels = [5, 0, 7, 7] if gan.conditioned else None
    condition = {"condition": labels} if labels else {}
    with opened(chromium, tmp_path / "page.html") as page:
        latents = gan.prior(4, seed_of(0, "sample"))
        expected = to_uint8(gan.sample(4, seed=0, **condition)).astype(int)
        assert abs(drawn(page, latents, labels) - expected).max() <= 1
        assert page.complaints == []
