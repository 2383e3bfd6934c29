"""The page of a game of points, in Chromium: it shows the numbers that it was given."""

import base64
import gzip
import hashlib
import io
import itertools
import re

import numpy as np
import pytest
from helpers import browser
from helpers.browser import opened, pixels
from PIL import Image

from keras_gan.explore.game_page import CHARTS, Trajectory, game_page

SIDE, POINTS, LOOKS, REACH = 5, 6, 4, 2.0
NAMES = {"Game": ("one", "other"), "R1": ("off", "on")}
REASON = "The other has none."


def switches():
    return [
        {
            "title": title,
            "said": f"About {title}.",
            "options": [{"name": name, "said": ""} for name in names],
        }
        for title, names in NAMES.items()
    ]


def trajectories():
    """Three games; the values of the last are no probabilities."""
    rng = np.random.default_rng(0)
    found = []
    for game, r1 in itertools.product(*NAMES.values()):
        if (game, r1) == ("other", "on"):
            continue
        values = rng.random((LOOKS, SIDE, SIDE))
        values[0, 0], values[0, -1] = 0.0, 1.0  # the lowest x2, and the highest
        found.append(
            Trajectory(
                choice={"Game": game, "R1": r1},
                values=values if game == "one" else 7 * values - 3,
                points=rng.uniform(-REACH, REACH, (LOOKS, POINTS, 2)),
                d_loss=rng.random(LOOKS - 1),
                g_loss=rng.random(LOOKS - 1),
                modes=np.arange(LOOKS),
                good=np.linspace(0, 0.75, LOOKS),
                is_probability=game == "one",
            )
        )
    return found


def written(path):
    facts = {
        "title": "Points & games",
        "reach": REACH,
        "steps": [0, 100, 200, 300],
        "real": np.zeros((3, 2)),
        "num_modes": 8,
        "switches": switches(),
        "refused": [({"Game": "other", "R1": "on"}, REASON)],
        "start": 0,
    }
    game_page(trajectories(), path, facts=facts)
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return written(tmp_path_factory.mktemp("games") / "page.html")


@pytest.fixture(scope="module")
def chromium():
    with browser.started() as found:
        yield found


@pytest.fixture
def page(chromium, path):
    with opened(chromium, path) as found:
        yield found
        assert found.asked == [path.as_uri()]
        assert found.complaints == []


def held(text, name):
    packed = re.search(rf'<script [^>]*id="{name}">(.*?)</script>', text, re.S)[1]
    return gzip.decompress(base64.b64decode(packed))


def test_the_page_holds_what_was_played_and_the_charts_as_published(path):
    text = path.read_text("utf-8")
    games = trajectories()
    levels = np.frombuffer(held(text, "values"), "uint8").reshape(-1, LOOKS, SIDE, SIDE)
    for game, found in zip(games[:2], levels, strict=False):
        assert abs(found / 255 - game.values).max() <= 0.5 / 255 + 1e-9  # rounded
    low, high = (end(games[2].values, axis=(1, 2)) for end in (np.min, np.max))
    np.testing.assert_array_equal(levels[2].min((1, 2)), 0)
    np.testing.assert_array_equal(levels[2].max((1, 2)), 255)
    spread = (high - low)[:, None, None]
    restored = low[:, None, None] + levels[2] / 255 * spread
    assert (abs(restored - games[2].values) <= 0.51 / 255 * spread).all()
    places = np.frombuffer(held(text, "places"), "<u2")
    points = np.stack([game.points for game in games])
    found = places.reshape(points.shape) / 65535 * 2 * REACH - REACH
    assert abs(found - points).max() <= 0.51 / 65535 * 2 * REACH
    script = (CHARTS / "chart.umd.min.js").read_bytes()
    assert script.decode() in text
    assert hashlib.sha256(script).hexdigest() in (CHARTS / "README.md").read_text()
    assert "{{" not in text.split("<script")[0]


@pytest.mark.parametrize(
    ("name", "message"), [("page.htm", r"called something\.html"), ("a.html", "exists")]
)
def test_a_page_is_not_written_elsewhere_or_over_another(tmp_path, name, message):
    (tmp_path / "a.html").touch()
    with pytest.raises((ValueError, FileExistsError), match=message):
        written(tmp_path / name)
    assert [(p.name, p.stat().st_size) for p in tmp_path.iterdir()] == [("a.html", 0)]


def picture(page, name):
    """A chart as it is seen: int array (height, width, 3)."""
    shot = page.locator(f"#{name}").screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


def time_of(page):
    return page.get_by_role("slider", name="Time")


@browser.NEEDED
def test_a_moment_is_drawn_as_it_was_kept(page):
    game = trajectories()[0]
    for look in (3, 0):
        time_of(page).fill(str(look))
        moment = page.evaluate(
            """look => {
              const { values, points } = kerasGan.momentOf(0, look);
              return { values: [...values], points: points.map(({ x, y }) => [x, y]) };
            }""",
            look,
        )
        levels = np.reshape(moment["values"], (SIDE, SIDE))
        np.testing.assert_array_equal(levels, np.round(255 * game.values[look]))
        np.testing.assert_allclose(moment["points"], game.points[look], atol=1e-4)
    # Of this look the lowest row is "fake" and the highest "real", in the map's pixels
    # as at the ends of the chart.
    heat = pixels(page, "heat")[..., :3].astype(int)
    fake, real = (128, 115, 172), (224, 130, 20)
    assert (heat[-1] == fake).all() and (heat[0] == real).all()
    area = page.evaluate("Chart.getChart('map').chartArea")
    chart = picture(page, "map")
    across = int(area["left"] + 0.3 * area["width"])
    assert abs(chart[int(area["top"]) + 3, across] - real).max() <= 8
    assert abs(chart[int(area["bottom"]) - 4, across] - fake).max() <= 8


@browser.NEEDED
def test_the_time_moves_what_is_seen_and_what_is_said(page):
    said = page.locator("#state")
    assert said.inner_text() == "3 of 8 modes, 75 % of G's points on them at step 300."
    before = [picture(page, "map"), picture(page, "losses"), pixels(page, "heat")]
    time_of(page).focus()
    page.keyboard.press("ArrowLeft")
    after = [picture(page, "map"), picture(page, "losses"), pixels(page, "heat")]
    for one, other in zip(before, after, strict=True):
        assert (one != other).any()  # of the losses the line at the moment
    assert said.inner_text() == "2 of 8 modes, 50 % of G's points on them at step 200."
    assert time_of(page).get_attribute("aria-valuetext") == "step 200"
    label = page.locator("#map").get_attribute("aria-label")
    assert label.startswith("Game one, R1 off, at step 200: 2 of 8 modes")


@browser.NEEDED
def test_the_losses_are_those_of_the_game(page):
    game = trajectories()[0]
    for index, expected in enumerate((game.d_loss, game.g_loss)):
        found = page.evaluate(
            f"Chart.getChart('losses').data.datasets[{index}].data.map(p => [p.x, p.y])"
        )
        np.testing.assert_array_equal(np.array(found)[:, 0], [100, 200, 300])
        np.testing.assert_allclose(np.array(found)[:, 1], expected, rtol=5.1e-3)


@browser.NEEDED
def test_switches_choose_a_game_and_say_what_cannot_be(page):
    option = page.get_by_role("radio", name="other")
    before = picture(page, "map")
    page.get_by_role("radio", name="one").focus()
    page.keyboard.press("ArrowDown")
    assert (picture(page, "map") != before).any()
    assert option.is_checked() and page.evaluate("kerasGan.state.game") == 2
    on = page.get_by_role("radio", name="on", exact=True)
    assert on.is_disabled()
    why = page.locator(f"#{on.get_attribute('aria-describedby')}")
    assert why.inner_text() == REASON
    assert "lower (" in page.locator("#low").inner_text()  # no probability
    page.get_by_role("radio", name="one").click()
    assert on.is_enabled() and why.inner_text() == ""
    on.click()
    assert page.evaluate("kerasGan.state.game") == 1 and option.is_disabled()
    page.get_by_text("How all games ended").click()
    page.get_by_role("button", name="Show Game other, R1 off").click()
    assert option.is_checked()
    assert page.locator("tr[aria-current]").inner_text().split("\t")[1:] == [
        *("other", "off", "3 of 8", "75 %")
    ]


@browser.NEEDED
def test_a_game_is_played_from_its_start_and_paused(page):
    seen = page.evaluate(
        """async () => {
          const [play, seen] = [document.getElementById("play"), []];
          play.click();
          while (play.textContent === "Pause") {
            seen.push(kerasGan.state.look);
            await new Promise(requestAnimationFrame);
          }
          return [...seen, kerasGan.state.look];
        }"""
    )
    assert (seen[0], seen[-1]) == (0, 3) and seen == sorted(seen)
    assert time_of(page).input_value() == "3"
    play = page.get_by_role("button", name="Play")
    play.press("Enter")
    page.get_by_role("button", name="Pause").press("Enter")
    assert play.is_visible() and page.evaluate("kerasGan.state.look") < 3


@browser.NEEDED
def test_the_page_fits_400_pixels_and_follows_the_dark(chromium, path):
    with opened(chromium, path, width=400, color_scheme="dark") as page:
        sides = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert sides == [400, 400]
        dark = picture(page, "map")
        page.emulate_media(color_scheme="light")
        light = picture(page, "map")
        assert dark[0, 0].max() < 64 < 192 < light[0, 0].min()  # beside the chart
        assert abs(light - dark).mean() > 20  # and in it
        page.set_viewport_size({"width": 400, "height": 600})
        page.get_by_role("radio", name="on", exact=True).focus()
        chart, focused = (
            found.bounding_box()
            for found in (page.locator("#map"), page.locator(":focus"))
        )
        end = chart["y"] + chart["height"]  # the map stays in sight above the switch
        assert 0 <= chart["y"] < end <= focused["y"] < 600
        assert page.complaints == []
