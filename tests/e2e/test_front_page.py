"""The front page in a real browser: the newest picture does not push what the page is for out of sight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from pressroom.testing import plain_png
from tests.browser import browser as browser
from tests.e2e.pages_site import LiveSite, serve
from tests.entrypoints.edition import Edition


def a_poster(theme: str) -> tuple[bytes, str, int, int, str]:
    return plain_png(900, 1600), "image/png", 900, 1600, f"A poster for {theme}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with serve(tmp_path_factory.mktemp("workspace")) as live:
        Edition(live.runtime.ports, a_poster).job("Poster", ago=timedelta(0))
        yield live


@pytest.mark.parametrize("size", [(1280, 900), (820, 1180)], ids=["desk", "tablet"])
def test_a_tall_picture_is_shown_whole_and_does_not_take_the_screen(
    browser: Browser, site: LiveSite, size: tuple[int, int]
) -> None:
    width, height = size
    page = browser.new_page(base_url=site.url, viewport={"width": width, "height": height})
    page.goto("/")
    page.wait_for_function("document.querySelector('.lead img').complete")
    picture = page.locator(".lead img").bounding_box()
    assert picture is not None
    assert picture["width"] / picture["height"] == pytest.approx(900 / 1600, rel=0.01)
    assert picture["height"] < 0.63 * height
    page.close()
