"""The pages in a real browser, over a real workspace."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from pressroom.publications import PublicationState
from tests.browser import browser as browser
from tests.e2e.pages_site import LiveSite, serve
from tests.entrypoints.edition import UNKNOWN, Edition

AXE = gzip.decompress((Path(__file__).parent / "axe" / "axe.min.js.gz").read_bytes()).decode()
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
PAGES = [
    "jobs", "posted job", "held job", "failed job", "feed", "post", "held", "dead", "dead letter", "channels",
    "gallery", "not found",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with serve(tmp_path_factory.mktemp("workspace")) as live:
        yield live


class Visit:
    """A reader with one window, who notices whatever the browser complains about."""

    def __init__(self, browser: Browser, site: LiveSite, **options: Any) -> None:
        self.context = browser.new_context(base_url=site.url, **({"viewport": DESK} | options))
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, kind: str, text: str) -> None:
        # That a missing page is missing is no complaint about the page that says so.
        if kind in ("error", "warning") and "status of 404" not in text:
            self.complaints.append(text)


@pytest.fixture
def visit(browser: Browser, site: LiveSite) -> Iterator[Any]:
    visits: list[Visit] = []

    def begin(**options: Any) -> Visit:
        visits.append(Visit(browser, site, **options))
        return visits[-1]

    yield begin
    for one in visits:
        one.context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_page_renders_without_complaints_and_without_sideways_scrolling(
    visit: Any, site: LiveSite, name: str, size: dict[str, int]
) -> None:
    reader = visit(viewport=size)
    reader.page.goto(site.paths[name])
    assert reader.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert reader.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barriers(visit: Any, site: LiveSite, name: str, scheme: str) -> None:
    page = visit(color_scheme=scheme, reduced_motion="reduce").page
    page.goto(site.paths[name])
    page.evaluate(AXE)
    # Only the colours differ in the dark.
    what = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] if scheme == "light" else ["color-contrast"]
    found = page.evaluate("what => axe.run({runOnly: what})", what)
    assert found["passes"]
    said = [f"{one['id']}: {one['help']}: {one['nodes'][0]['html']}" for one in found["violations"]]
    assert said == []


@pytest.mark.parametrize("name", PAGES)
def test_headings_begin_with_one_first_and_skip_no_level(visit: Any, site: LiveSite, name: str) -> None:
    page = visit().page
    page.goto(site.paths[name])
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(one => Number(one.tagName[1]))")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_complete_without_scripts(visit: Any, site: LiveSite, name: str) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(site.paths[name])
    assert len(page.locator("main").inner_text()) > 20


def test_dark_mode_is_dark(visit: Any) -> None:
    shades = {}
    for scheme in ("light", "dark"):
        page = visit(color_scheme=scheme).page
        page.goto("/")
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        shades[scheme] = sum(int(part) for part in colour.removeprefix("rgb(").rstrip(")").split(","))
    assert shades["dark"] < 150 < 600 < shades["light"]


def test_times_are_shown_in_the_readers_own_zone(visit: Any, site: LiveSite) -> None:
    shown = set()
    for zone in ("Asia/Tokyo", "America/New_York"):
        page = visit(timezone_id=zone).page
        page.goto(site.paths["posted job"])
        shown.add(page.locator(".byline time").inner_text())
    assert len(shown) == 2


def test_the_keyboard_reaches_the_content_and_then_the_actions(visit: Any, site: LiveSite) -> None:
    page = visit().page
    page.goto(site.paths["failed job"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    reached = []
    for _ in range(3):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert "Retry what failed" in reached


def test_what_has_the_focus_is_plain_to_see(visit: Any) -> None:
    page = visit().page
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


def test_a_held_post_is_resolved_by_clicking(visit: Any, site: LiveSite) -> None:
    held = Edition(site.runtime.ports).job(
        "Espresso", ends="JobHeld", state=PublicationState.HELD, channel="main", problem=UNKNOWN
    )
    page = visit().page
    page.goto(f"/jobs/{held}")
    page.get_by_role("link", name="Decide", exact=True).click()
    case = page.locator("article.case", has_text="National Espresso Day!")
    case.get_by_label("Its address there").fill("https://x.example/status/7")
    case.get_by_role("button", name="It is there").click()
    expect(page.get_by_role("status").filter(has_text="Noted")).to_be_visible()
    expect(page.locator("article.case", has_text="National Espresso Day!")).to_have_count(0)
    [publication] = site.runtime.ports.publications.of_job(held)
    assert publication.state is PublicationState.PUBLISHED
    assert publication.receipt is not None
    assert publication.receipt.url == "https://x.example/status/7"


def test_a_job_started_by_clicking_shows_its_end_without_a_reload(visit: Any) -> None:
    reader = visit()
    page = reader.page
    page.goto("/")
    page.get_by_label("Start a job").select_option("daily_post")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("status").filter(has_text="The job was started.")).to_be_visible()
    if "/jobs/" not in page.url:  # a day with several themes means several jobs
        page.locator("a.headline").first.click()
    expect(page.locator(".byline .status")).to_have_text("Completed", timeout=60_000)
    expect(page.locator("#announcement")).to_contain_text("Completed")
    page.get_by_role("link", name="Open the post").click()
    expect(page.locator("article.post img")).to_be_visible()
    assert reader.complaints == []


def test_the_focus_and_the_counts_follow_while_the_page_lives(visit: Any, site: LiveSite) -> None:
    edition = Edition(site.runtime.ports)
    edition.job("Stuffing", ends="")
    page = visit().page
    page.goto("/")
    held = page.get_by_role("link", name=re.compile("^Held"))
    before = len(site.runtime.publishing.held())
    page.locator("a.headline").nth(1).focus()
    focused = page.evaluate("document.activeElement.id")
    edition.job("Fudge", ends="JobHeld", state=PublicationState.HELD, channel="main", problem=UNKNOWN)
    expect(held.first).to_contain_text(f"{before + 1} waiting for you")
    assert focused
    assert page.evaluate("document.activeElement.id") == focused


def test_what_the_reader_opened_stays_open_while_the_page_lives(visit: Any, site: LiveSite) -> None:
    running = Edition(site.runtime.ports).job("Tea", ends="")
    page = visit().page
    page.goto(f"/jobs/{running}")
    details = page.locator(".wire details").first
    details.locator("summary").click()
    with page.expect_response(f"**/jobs/{running}"):
        pass
    page.wait_for_function("document.querySelectorAll('time:not([data-done])').length === 0")
    expect(page.locator(".wire details").first).to_have_attribute("open", "")
