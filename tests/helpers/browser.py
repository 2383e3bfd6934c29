"""The system's Chromium without a window, and pages that record what they do."""

import contextlib
import os
import shutil

import numpy as np
import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NEEDED = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium: apt-get install chromium"
)


@contextlib.contextmanager
def started():
    """A browser of playwright; its sandbox refuses to run as root, as in CI."""
    from playwright import sync_api

    with sync_api.sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(browser, path, width=1280, **options):
    """A page of `keras_gan.explore` that has drawn its samples.

    Attributes of the page: `complaints`, errors and warnings of the console and
    exceptions; `asked`, addresses of all requests that are not within the page.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900}, accept_downloads=True, **options
    )
    page = context.new_page()
    page.complaints, page.asked = [], []
    page.on(
        "console",
        lambda said: (
            page.complaints.append(said.text)
            if said.type in ("error", "warning")
            else None
        ),
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    yield page
    context.close()


PIXELS = """canvas => Array.from(
  canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
)"""


def pixels(page, of="large"):
    """The pixels of a canvas of `kerasGan.pictures`: uint8 (height, width, 4)."""
    canvas = page.evaluate_handle(f"kerasGan.pictures.{of}")
    sides = canvas.evaluate("canvas => [canvas.height, canvas.width]")
    return np.array(canvas.evaluate(PIXELS), np.uint8).reshape(*sides, 4)


def changed(page, before, of="large"):
    """The pixels once they are others than `before`."""
    page.wait_for_function(
        f"before => ({PIXELS})(kerasGan.pictures.{of}).some((p, i) => p !== before[i])",
        arg=before.ravel().tolist(),
    )
    page.wait_for_timeout(50)  # what is still waiting is drawn
    return pixels(page, of)
