"""One job with its whole history."""

from __future__ import annotations

import re

import pytest

from pressroom.publications import PublicationState
from tests.entrypoints.edition import UNKNOWN
from tests.entrypoints.site import Site, a_site


@pytest.fixture
def site() -> Site:
    return a_site()


def test_the_page_tells_everything_of_a_job_that_went_well(site: Site) -> None:
    job = site.edition.job("Cake", url="https://x.example/status/1")
    html = site.page(f"/jobs/{job}")
    assert "<h1>National Cake Day</h1>" in html
    assert 'alt="A square for Cake"' in html
    assert "National Cake Day! #Cake" in html
    assert 'href="https://x.example/status/1"' in html
    assert "Attempt 1" in html
    assert "publish post · preview" in html
    assert "0.0361 USD" in html
    assert job in html


def test_every_event_is_told_in_order_with_its_cause(site: Site) -> None:
    job = site.edition.job("Cake")
    html = site.page(f"/jobs/{job}")
    events = site.runtime.ports.events.of_job(job)
    assert re.findall(r'<li id="(evt_[^"]+)">', html) == [event.id for event in events]
    assert html.count("because of") == len(events) - 1


def test_a_failure_says_what_where_and_what_to_do(site: Site) -> None:
    html = site.page(f"/jobs/{site.edition.job('Cake', ends='JobFailed')}")
    assert "The picture model answered six times that it is overloaded." in html
    assert "step draw_picture" in html
    assert "Redrive it in a while, or name another generator at <code>image</code>" in html
    assert "HTTP 503 Service Unavailable" in html


def test_a_job_with_dead_deliveries_can_be_retried(site: Site) -> None:
    job = site.edition.job("Cake", ends="JobFailed")
    site.edition.dead(job)
    assert f'action="/jobs/{job}/retry"' in site.page(f"/jobs/{job}")
    assert site.submit(f"/jobs/{job}/retry") == f"/jobs/{job}?note=retried"
    assert site.runtime.ports.dead_letters.find(job_id=job) == []
    assert "The job goes on." in site.page(f"/jobs/{job}?note=retried")


def test_a_running_job_can_be_cancelled_and_its_page_is_live(site: Site) -> None:
    job = site.edition.job("Cake", ends="")
    html = site.page(f"/jobs/{job}")
    assert 'hx-trigger="every 2s"' in html
    assert f'action="/jobs/{job}/cancel"' in html
    site.submit(f"/jobs/{job}/cancel")
    html = site.page(f"/jobs/{job}")
    assert "Cancelled" in html
    assert "hx-trigger" not in html


def test_a_job_that_ended_cannot_be_cancelled(site: Site) -> None:
    job = site.edition.job("Cake")
    assert "/cancel" not in site.page(f"/jobs/{job}")
    assert site.client.post(f"/jobs/{job}/cancel").status_code == 400


def test_a_held_job_leads_to_the_decision(site: Site) -> None:
    job = site.edition.job("Cake", ends="JobHeld", state=PublicationState.HELD, problem=UNKNOWN)
    html = site.page(f"/jobs/{job}")
    assert "Why it is held" in html
    assert 'href="/held#pub_' in html


def test_a_rejected_post_says_why(site: Site) -> None:
    job = site.edition.job("Cake", ends="JobCompleted", state=PublicationState.REJECTED, problem=UNKNOWN)
    assert "Rejected" in site.page(f"/jobs/{job}")


def test_a_note_that_nobody_wrote_is_not_shown(site: Site) -> None:
    job = site.edition.job("Cake")
    assert "You won" not in site.page(f"/jobs/{job}?note=You+won")
