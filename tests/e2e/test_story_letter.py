"""The letter of a story in a real browser: it fits a phone, is dark where the reader is, and needs no pictures."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import browser as browser
from tests.test_story_letter import ADA, STANZA, story, written

LONG = "Wilhelmina-Henriettas Gutenachtgeschichtensammlungsaufbewahrungskiste"
LETTERS = {
    "prose": written(story("Once there was a lantern, and it was bright. " * 6)).html,
    "verse without a picture": written(story(STANZA, STANZA, form="verse"), picture=None).html,
    "a long word": written(story(LONG, title=LONG), reader=ADA.model_copy(update={"name": LONG})).html,
}


def opened(browser: Browser, html: str, width: int, scheme: str) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page.set_content(html)
    return page


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize("width", [360, 700])
def test_nobody_has_to_scroll_sideways(browser: Browser, letter: str, width: int) -> None:
    page = opened(browser, letter, width, "light")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.get_by_role("heading").bounding_box()
    assert box is not None
    assert box["x"] >= 16
    page.close()


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(248, 241, 226)"), ("dark", "rgb(18, 19, 28)")])
def test_it_is_as_dark_as_the_reader_has_it_and_legible(browser: Browser, scheme: str, paper: str) -> None:
    page = opened(browser, LETTERS["prose"], 360, scheme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) >= 8
    assert min(contrasts.values()) >= 4.5, contrasts
    page.close()


def test_the_button_is_large_enough_for_a_thumb(browser: Browser) -> None:
    page = opened(browser, LETTERS["prose"], 360, "dark")
    box = page.get_by_role("link", name="Listen to it").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    page.close()


def test_without_pictures_their_description_is_read(browser: Browser) -> None:
    page = opened(browser, LETTERS["prose"], 360, "light")
    assert page.get_by_role("img", name='A "big" <hedgehog>').count() == 1
    page.close()


CONTRASTS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return colour.startsWith("rgba(0, 0, 0, 0") ? behind(element.parentElement) : colour;
  };
  const found = {};
  for (const element of document.querySelectorAll("body *")) {
    const words = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
    if (!words.length || getComputedStyle(element).display === "none") continue;
    const [one, other] = [light(parts(getComputedStyle(element).color)), light(parts(behind(element)))];
    found[words[0].data.trim().slice(0, 30)] = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  }
  return found;
}"""
