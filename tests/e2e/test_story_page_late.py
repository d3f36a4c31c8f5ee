"""A part of a bedtime story that is done after its deadline: it comes to a page that is open, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from pressroom.changes import Change, change_job
from pressroom.deliveries import Delivery, Done, Task
from pressroom.following import job_event
from pressroom.jobs import StepStatus
from tests.browser import browser
from tests.e2e.story_site import StorySite, story_site
from tests.photos import photo

__all__ = ["browser", "page"]

from datetime import timedelta

from tests.e2e.test_story_page import page


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StorySite]:
    with story_site(tmp_path) as site:
        yield site


@contextmanager
def a_late_picture(site: StorySite) -> Iterator[None]:
    """Let the deadline pass and the job complete while somebody still paints; leaving it, the painter is done."""
    ports = site.runtime.ports
    put = Delivery(queue="tests", task=Task.STEP, name="illustrate", job_id=site.job.id)
    ports.store.commit(Change(deliveries=(put,)))
    [held] = ports.queue.claim(["tests"], 1, timedelta(minutes=10))
    record = next(iter(ports.jobs.steps(site.job.id).values()))
    over = {"narrate": StepStatus.FAILED, "illustrate": StepStatus.PASSED_OVER}
    steps = tuple(replace(record, path=path, status=status) for path, status in over.items())
    job = ports.jobs.get(site.job.id)
    assert job is not None
    completed = job_event("JobCompleted", job, ports.clock.now())
    site.runtime.bus.commit(change_job(job, [completed], steps=steps))
    yield
    ports.store.commit(Change(settled=Done(held)))


def test_a_picture_that_is_late_comes_to_an_open_page_of_a_story_whose_job_has_ended(
    site: StorySite, page: Page
) -> None:
    with a_late_picture(site):
        page.goto(site.page)
        expect(page.get_by_text("still being painted")).to_be_visible()
        page.evaluate("window.isTheSamePage = true")
        site.paint(bytes(photo(400, 300).jpegsave_buffer()), 400, 300)
    expect(page.get_by_alt_text("A hedgehog with a lantern under an apple tree")).to_be_visible()
    assert page.evaluate("window.isTheSamePage")
    assert page.locator("#tale").get_attribute("data-tells") is not None
    page.reload()
    assert page.locator("#tale").get_attribute("data-tells") is None, "nothing more is to come"


def test_a_page_that_was_open_before_the_job_ended_has_it_too(site: StorySite, page: Page) -> None:
    page.goto(site.page)
    expect(page.get_by_text("still being painted")).to_be_visible()
    with a_late_picture(site):
        expect(page.get_by_text("still practising")).to_be_visible()
        site.paint(bytes(photo(400, 300).jpegsave_buffer()), 400, 300)
    expect(page.get_by_alt_text("A hedgehog with a lantern under an apple tree")).to_be_visible()
    expect(page.get_by_text("still practising")).to_have_count(0)


def test_once_nobody_paints_any_more_nothing_is_said_to_come(site: StorySite) -> None:
    with a_late_picture(site):
        assert "still being painted" in httpx.get(site.page).text
    assert "still being painted" not in httpx.get(site.page).text
    parts = site.page.replace(f"/{site.job.id}?", f"/{site.job.id}/parts?")
    assert httpx.get(parts).status_code == 204
