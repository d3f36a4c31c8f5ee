"""The pages of numbers and of photos in a real browser: they fit, they read, nobody is kept out."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pressroom.changes import Change
from pressroom.publications import PublicationState
from pressroom.read_models.photos import photo_key
from pressroom.testing import plain_png
from tests.browser import browser as browser
from tests.e2e.pages_site import LiveSite, serve
from tests.entrypoints.edition import UNKNOWN, Edition
from tests.photo_events import PhotoEvents
from tests.post_events import PostEvents

AXE = gzip.decompress((Path(__file__).parent / "axe" / "axe.min.js.gz").read_bytes()).decode()
SIZES = {"phone": {"width": 390, "height": 844}, "small phone": {"width": 320, "height": 640},
         "desk": {"width": 1280, "height": 900}}  # fmt: skip
PHOTO = f"/photos/{photo_key('inbox', 'p0')}"
PAGES = ["/analytics", "/analytics?period=365&count=views", "/analytics?channel=nobody", "/photos", PHOTO]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with serve(tmp_path_factory.mktemp("workspace")) as live:
        _fill(live)
        yield live


def _fill(site: LiveSite) -> None:
    """Forty photos on three channels: some read, some refused, one held, one with a very long name."""
    runtime = site.runtime
    now = runtime.ports.clock.now()
    Edition(runtime.ports).job("Bread", ends="JobHeld", state=PublicationState.HELD, channel="main", problem=UNKNOWN)
    for number in range(40):
        at = now - timedelta(hours=19 * number + 1)
        one = PhotoEvents(f"p{number}", job_id=f"job_{number}")
        for key in (one.key, one.variant_key("main")):
            runtime.ports.blobs.put(key, 1, plain_png(16, 9))
        title = "Antidisestablishmentarianism" * 3 if number == 0 else f"Walk no. {number}"
        events = [one.original(at=at, title=title, caption="At dawn"), one.variant("main", at=at)]
        for place, channel in enumerate(("main", "sky", "a-channel-with-a-long-name")):
            post = PostEvents(3 * number + place, channel, pipeline="photo_feed", job_id=one.job_id)
            media = [{"key": one.variant_key("main"), "revision": 1, "width": 16, "height": 9}]
            refused = (number + place) % 9 == 4
            end = post.rejected(at) if refused else post.published(at, media=media, title=title)
            events += [post.requested(at), post.attempted(1, at), end]
            if not refused and channel != "sky" and number % 3:
                events.append(post.read(at + timedelta(minutes=30), likes=7 * number % 83, views=11_000 + number))
        runtime.bus.commit(Change(events=tuple(events)))


@pytest.fixture
def visit(browser: Browser, site: LiveSite) -> Iterator[Any]:
    contexts = []

    def begin(path: str, **options: Any) -> tuple[Page, list[str]]:
        context = browser.new_context(base_url=site.url, **options)
        contexts.append(context)
        page, complaints = context.new_page(), []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page, complaints

    yield begin
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("size", SIZES)
def test_a_page_fits_without_scrolling_sideways_and_without_complaints(visit: Any, path: str, size: str) -> None:
    page, complaints = visit(path, viewport=SIZES[size])
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert [text for text in complaints if "410" not in text] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_barriers(visit: Any, path: str, scheme: str) -> None:
    page, _ = visit(path, viewport=SIZES["desk"], color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(AXE)
    what = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] if scheme == "light" else ["color-contrast"]
    found = page.evaluate("what => axe.run({runOnly: what})", what)
    assert found["passes"]
    assert [f"{one['id']}: {one['help']}: {one['nodes'][0]['html']}" for one in found["violations"]] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_complete_without_scripts(visit: Any, path: str) -> None:
    page, _ = visit(path, java_script_enabled=False)
    assert len(page.locator("main").inner_text()) > 60


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_no_two_labels_of_an_axis_lie_on_each_other(visit: Any, size: str) -> None:
    page, _ = visit("/analytics", viewport=SIZES[size])
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('svg.chart')].map(chart => [...chart.querySelectorAll('.axis')]
             .filter(text => Number(text.getAttribute('y')) > chart.height.baseVal.value - 10)
             .map(text => { const box = text.getBoundingClientRect(); return [box.left, box.right]; }))"""
    )
    with_labels = [labels for labels in boxes if labels]
    assert with_labels
    for labels in with_labels:
        ordered = sorted(labels)
        assert all(left[1] < right[0] for left, right in pairwise(ordered))


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_bars_keep_to_their_chart_and_its_numbers_to_a_readable_size(visit: Any, size: str) -> None:
    page, _ = visit("/analytics", viewport=SIZES[size])
    outside = page.evaluate(
        """() => [...document.querySelectorAll('svg.chart rect, svg.chart text')].filter(part => {
             const box = part.getBoundingClientRect(), chart = part.ownerSVGElement.getBoundingClientRect();
             return box.left < chart.left - 1 || box.right > chart.right + 1 || box.bottom > chart.bottom + 1;
           }).map(part => part.outerHTML)"""
    )
    assert outside == []
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.chart .axis')).fontSize)") >= 12


def test_every_form_of_a_bar_is_told_apart_without_colour(visit: Any) -> None:
    page, _ = visit("/analytics?channel=main", viewport=SIZES["desk"])
    forms = {
        kind: page.evaluate(
            "kind => { const one = document.querySelector(`.chart .${kind}`);"
            " return one && [getComputedStyle(one).fill, getComputedStyle(one).strokeDasharray, one.tagName].join(); }",
            kind,
        )
        for kind in ("bar-all", "ring", "post-published", "post-rejected", "post-held")
    }
    assert None not in forms.values()
    assert len({forms["post-published"], forms["post-rejected"], forms["post-held"]}) == 3
    assert forms["bar-all"] != forms["ring"]


def test_a_count_is_chosen_with_the_keyboard(visit: Any) -> None:
    page, _ = visit("/analytics", viewport=SIZES["desk"])
    page.get_by_role("link", name="Views").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/analytics?count=views")
    assert page.locator(".figures a[aria-current]").inner_text().startswith("Views")
    page.get_by_text("The same as a table").press("Enter")
    assert page.locator("#time-table table").is_visible()


def test_a_photo_is_opened_from_the_contact_sheet(visit: Any) -> None:
    page, _ = visit("/photos", viewport=SIZES["phone"])
    page.get_by_role("link", name="Walk no. 3", exact=True).click()
    page.wait_for_url("**/photos/photo_*")
    assert page.locator("h1").inner_text() == "Walk no. 3"
    page.get_by_role("link", name="Photos").last.click()
    page.wait_for_url("**/photos")
