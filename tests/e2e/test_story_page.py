"""The page of a bedtime story in a real browser: read at once, completed as its parts come, and gone in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from pressroom.changes import Change
from pressroom.jobs import StepStatus
from tests.browser import browser
from tests.e2e.story_site import PROSE, StorySite, story_site
from tests.photos import photo

__all__ = ["browser"]

TABLET = (820, 1180)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StorySite]:
    with story_site(tmp_path) as site:
        yield site


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": TABLET[0], "height": TABLET[1]})
    yield page
    page.close()


def picture() -> bytes:
    return bytes(photo(400, 300).jpegsave_buffer())


def test_it_reads_well_before_its_parts_are_there_and_they_come_without_a_reload(site: StorySite, page: Page) -> None:
    page.goto(site.page)
    expect(page.locator("h1")).to_have_text(site.story.title)
    expect(page.locator("#words p").first).to_have_text(PROSE[0])
    expect(page.get_by_text("still being painted")).to_be_visible()
    page.evaluate("window.isTheSamePage = true")
    site.paint(picture(), 400, 300)
    expect(page.get_by_alt_text("A hedgehog with a lantern under an apple tree")).to_be_visible()
    expect(page.get_by_text("still practising")).to_be_visible()
    site.speak()
    expect(page.locator("audio")).to_be_visible()
    expect(page.get_by_text("still practising")).to_have_count(0)
    assert page.evaluate("window.isTheSamePage")
    assert page.evaluate("document.querySelector('img').naturalWidth") == 400


def test_what_comes_in_above_does_not_move_the_line_that_is_read(site: StorySite, page: Page) -> None:
    page.goto(site.page)
    last = page.locator("#words p").nth(8)
    last.scroll_into_view_if_needed()
    before = last.bounding_box()
    site.paint(picture(), 400, 300)
    expect(page.locator("#plate img")).to_have_count(1)
    page.locator("#plate img").evaluate("image => image.decode()")
    after = last.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 3


def test_the_words_that_are_heard_are_shown_and_a_click_goes_there(site: StorySite, page: Page) -> None:
    site.speak()
    page.goto(site.page)
    page.evaluate("document.querySelector('audio').muted = true")
    sentence = page.locator("[data-at]", has_text="She looked under the bench.").first
    sentence.click()
    expect(page.locator(".is-heard")).to_have_text("She looked under the bench. ")
    begins = float(sentence.get_attribute("data-at") or "0")
    assert page.evaluate("document.querySelector('audio').currentTime") >= begins


def test_without_scripts_everything_is_there(site: StorySite, browser: Browser) -> None:
    site.paint(picture(), 400, 300)
    site.speak()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.page)
    expect(page.locator("#words")).to_contain_text("counting the steps")
    expect(page.locator("audio")).to_be_visible()
    expect(page.locator("#plate img")).to_be_visible()
    expect(page.locator("#lamp")).to_be_hidden()
    context.close()


def test_the_lamp_makes_it_light_and_is_remembered(site: StorySite, page: Page) -> None:
    page.goto(site.page)
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(colour)
    page.get_by_role("button", name="Turn the lamp on").click()
    light = page.evaluate(colour)
    assert dark != light
    # Its name says what it does: "off, pressed" would say both.
    expect(page.get_by_role("button", name="Turn the lamp off", pressed=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Turn the lamp off")).to_be_visible()
    page.reload()
    assert page.evaluate(colour) == light


@pytest.mark.parametrize("width", [360, 820, 1280])
def test_nothing_is_wider_than_the_window_and_nothing_is_refused(site: StorySite, page: Page, width: int) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.set_viewport_size({"width": width, "height": 800})
    site.paint(picture(), 400, 300)
    site.speak()
    page.goto(site.page)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert said == []


def test_verses_keep_their_lines(tmp_path: Path, page: Page) -> None:
    with story_site(tmp_path, "verse") as site:
        site.speak()
        page.goto(site.page)
        first = page.locator("#words p").first.locator(".line")
        expect(first).to_have_count(4)
        expect(first.nth(1)).to_have_text("the mill was dark, the wheel was still,")


def test_when_its_time_is_over_the_page_says_so_kindly(site: StorySite, page: Page) -> None:
    link = site.expire()
    assert httpx.get(link).status_code == 410
    page.goto(link)
    expect(page.locator("h1")).to_have_text("This story has gone to sleep")
    assert site.story.paragraphs[0] not in page.content()


def test_a_link_that_was_changed_opens_nothing(site: StorySite, page: Page) -> None:
    changed = site.page.replace("signature=", "signature=0")
    assert httpx.get(changed).status_code == 403
    page.goto(changed)
    expect(page.locator("h1")).to_have_text("This link does not open")
    assert httpx.get(changed.replace(f"/{site.job.id}?", f"/{site.job.id}/parts?")).status_code == 403


def test_what_tells_of_parts_says_nothing_else(site: StorySite) -> None:
    site.paint(picture(), 400, 300)
    parts = site.page.replace(f"/{site.job.id}?", f"/{site.job.id}/parts?") + "&after=0"
    with httpx.stream("GET", parts) as answer:
        lines = (line for line in answer.iter_lines() if line.startswith(("event", "data")))
        assert [next(lines), next(lines)] == ["event: AssetStored", "data: {}"]


def test_the_sound_and_the_picture_end_with_the_story(site: StorySite, page: Page) -> None:
    site.speak()
    page.goto(site.page)
    asset = site.runtime.ports.assets.get(f"stories/{site.job.id}.json")
    assert asset is not None
    assert asset.expires_at is not None
    assert f"expires={int(asset.expires_at.timestamp())}" in (page.locator("audio").get_attribute("src") or "")


def test_a_page_that_waits_for_nothing_more_asks_for_nothing_more(site: StorySite, page: Page) -> None:
    site.end()
    page.goto(site.page)
    assert page.locator("#tale").get_attribute("data-tells") is None
    expect(page.get_by_text("still being painted")).to_have_count(0)


def test_a_part_that_failed_is_not_said_to_come_while_letters_wait(site: StorySite, page: Page) -> None:
    ports = site.runtime.ports
    record = next(iter(ports.jobs.steps(site.job.id).values()))
    over = [replace(record, path=name, status=StepStatus.FAILED) for name in ("narrate", "illustrate")]
    ports.store.commit(Change(steps=tuple(over)))
    page.goto(site.page)
    expect(page.locator(".tale-coming")).to_have_count(0)
    assert page.locator("#tale").get_attribute("data-tells") is None
