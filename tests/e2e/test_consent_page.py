"""Flagged posts in a real browser: what a person sees of one, and both decisions, with and without scripts."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from pressroom.jobs import Job
from tests.browser import browser as browser
from tests.e2e.pages_site import LiveSite, serve

AXE = gzip.decompress((Path(__file__).parent / "axe" / "axe.min.js.gz").read_bytes()).decode()
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SETTINGS = """
[pipelines.daily_post]
channels = ["preview"]
moderation = "judge"
width = 960
height = 540
caption = "{name}! Read http://a.example/very/long/address/without/any/blank/in/it/at/all or call +49 170 1234567"
[generators.judge]
use = "offline_moderation"
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "pressroom.toml").write_text(SETTINGS, encoding="utf-8")
    with serve(workspace) as live:
        yield live


@pytest.fixture
def pages(browser: Browser, site: LiveSite) -> Iterator[Any]:
    contexts = []

    def begin(**options: Any) -> Page:
        contexts.append(browser.new_context(base_url=site.url, **({"viewport": DESK} | options)))
        return contexts[-1].new_page()

    yield begin
    for context in contexts:
        context.close()


@pytest.fixture
def job(site: LiveSite, pages: Any) -> Job:
    """A job whose post was flagged, as its own page shows it come to be."""
    [job] = site.runtime.runner.request("daily_post", {"date": "2026-01-15", "again": True})
    page = pages()
    page.goto(f"/jobs/{job.id}")
    expect(page.locator(".byline .status")).to_have_text("Held for you", timeout=60_000)
    return job


def case(page: Page, job: Job) -> Any:
    return page.locator(f"[id='{job.id}']")


def test_a_flagged_post_is_approved_by_clicking_and_posted(site: LiveSite, pages: Any, job: Job) -> None:
    page = pages()
    page.goto(f"/jobs/{job.id}")
    page.get_by_role("link", name="Decide about its post").click()
    shown = case(page, job)
    expect(shown.get_by_role("heading", name="National Hat Day")).to_be_visible()
    expect(shown.locator("blockquote")).to_contain_text("http://a.example/very/long")
    expect(shown.get_by_text("There is a phone number that ends in 67.")).to_be_visible()
    assert shown.locator("img").first.evaluate("one => one.decode().then(() => one.naturalWidth)") > 100
    shown.get_by_label("Comment").fill("It is our own number.")
    shown.get_by_role("button", name="Approve and post").click()
    expect(page.get_by_role("status").filter(has_text="Approved: the post goes out")).to_be_visible()
    page.goto(f"/jobs/{job.id}")
    expect(page.locator(".byline .status")).to_have_text("Completed", timeout=60_000)
    [publication] = site.runtime.ports.publications.of_job(job.id)
    assert publication.state == "published"
    expect(page.get_by_text("A person approved the post.")).to_be_visible()


def test_a_flagged_post_is_refused_by_keyboard_without_scripts(site: LiveSite, pages: Any, job: Job) -> None:
    page = pages(java_script_enabled=False, viewport=PHONE)
    page.goto("/held")
    shown = case(page, job)
    shown.get_by_label("Comment").focus()
    page.keyboard.type("Not ours.")
    page.keyboard.press("Tab")
    expect(shown.get_by_role("button", name="Approve and post")).to_be_focused()
    page.keyboard.press("Tab")
    expect(shown.get_by_role("button", name="Refuse")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Refused: the post will never be sent")).to_be_visible()
    expect(shown).to_have_count(0)
    assert site.runtime.ports.publications.of_job(job.id) == []
    page.goto(f"/jobs/{job.id}")
    expect(page.get_by_text("A person refused this post: Not ours.").first).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_barriers_and_does_not_scroll_sideways(
    pages: Any, job: Job, size: dict[str, int], scheme: str
) -> None:
    page = pages(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page.goto("/held")
    expect(case(page, job)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.evaluate(AXE)
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})")
    assert found["passes"]
    assert [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]] == []
