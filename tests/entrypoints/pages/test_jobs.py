"""The front page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest

from pressroom.changes import Change, change_job
from pressroom.entrypoints.pages.jobs import PAGE_LENGTH
from pressroom.events import Event
from pressroom.publications import PublicationState
from tests.entrypoints.edition import UNKNOWN, Edition
from tests.entrypoints.heic import a_heic
from tests.entrypoints.site import KEY, PAGE, a_site


def headlines(html: str) -> list[str]:
    return re.findall(r'class="headline"[^>]*>([^<]+)<', html)


def test_an_empty_workspace_says_how_to_begin() -> None:
    html = a_site().page("/")
    assert "Nothing has gone to press yet." in html
    assert "pressroom run daily_post" in html


def test_jobs_are_listed_newest_first_with_what_they_made() -> None:
    site = a_site()
    site.edition.job("Cake")
    site.edition.job("Bread")
    html = site.page("/")
    assert headlines(html) == ["National Bread Day", "National Cake Day"]
    assert 'alt="A square for Bread"' in html


def test_jobs_are_searched_by_the_words_that_they_hold() -> None:
    site = a_site()
    site.edition.job("Cake")
    site.edition.job("Bread")
    html = site.page("/?search=national+brea")
    assert headlines(html) == ["National Bread Day"]
    assert 'name="search" value="national brea"' in html
    assert "search=national+brea" in re.findall(r'href="([^"]+)" id="tab-completed"', html)[0]
    nothing = site.page("/?search=%22%3E%3Cb%3Ecroissant")
    assert "No job has words that begin like “&#34;&gt;&lt;b&gt;croissant”." in nothing
    assert headlines(nothing) == []


def test_what_few_browsers_show_is_shown_as_a_small_jpeg_everywhere() -> None:
    site = a_site()
    job = Edition(site.runtime.ports, a_heic).job("Cake")
    for path, count in (("/", 2), (f"/jobs/{job}", 1), ("/preview", 1), ("/analytics", 1)):
        sources = re.findall(r'<img src="([^"]+)"', site.page(path))
        kinds = [site.client.get(source.replace("&amp;", "&")).headers["content-type"] for source in sources]
        assert kinds == ["image/jpeg"] * count, path


def test_the_front_page_shows_what_came_of_a_job_not_what_was_on_the_way_to_it() -> None:
    site = a_site()
    [job] = site.runtime.runner.request("product_image", {"name": "A mug"})
    pictures = [
        site.runtime.assets.store(key, key.encode(), job=job, media_type="image/jpeg", width=40, height=30)
        for key in ("product-photos/mug.jpg", "product-images/mug.jpg")
    ]
    told = Event(
        type="StepCompleted",
        subject=job.id,
        time=site.clock.now(),
        job_id=job.id,
        data={"step": "set_words", "result": {"image_key": "product-images/mug.jpg"}},
    )
    site.runtime.bus.commit(Change(assets=tuple(pictures)) + change_job(job, [told]))
    html = site.page("/")
    assert "product-images/mug.jpg" in html
    assert "product-photos/mug.jpg" not in html


def test_a_job_that_is_not_on_all_its_channels_says_on_how_many() -> None:
    site = a_site()
    job = site.edition.job("Cake")
    assert "channels" not in reached_on(site.page("/"))
    [there] = site.runtime.ports.publications.of_job(job)
    refused = replace(there, id="pub_refused", key="k", channel="sky", state=PublicationState.REJECTED, receipt=None)
    site.runtime.bus.commit(Change(publications=(replace(refused, version=1),)))
    for path in ("/", f"/jobs/{job}"):
        assert reached_on(site.page(path)) == "1 of 2 channels"


def reached_on(html: str) -> str:
    return html.partition('class="phase">')[2].partition("<")[0]


def test_a_photo_that_was_kept_and_not_posted_says_why() -> None:
    site = a_site()
    at = site.clock.now()
    told: list[tuple[str, dict[str, Any]]] = [
        ("JobRequested", {"pipeline": "photo_feed", "input": {}}),
        ("StepCompleted", {"step": "take_in", "result": {"title": "Dunes", "not_posted": "It was posted before."}}),
        ("JobCompleted", {"phase": "kept"}),
    ]
    events = [Event(type=kind, subject="job_1", time=at, job_id="job_1", data=data) for kind, data in told]
    site.runtime.bus.commit(change_job(None, events))
    for path in ("/", "/jobs/job_1"):
        assert ">It was posted before.<" in site.page(path)


def test_a_status_is_a_word_and_a_shape() -> None:
    site = a_site()
    site.edition.job("Cake", ends="JobFailed")
    assert re.search(r'mark-cross".*?<span>Failed</span>', site.page("/?status=failed"), re.S)


@pytest.mark.parametrize(("query", "left"), [("status=failed", ["Bread"]), ("status=completed", ["National Cake Day"])])
def test_jobs_can_be_chosen_by_status(query: str, left: list[str]) -> None:
    site = a_site()
    site.edition.job("Cake")
    site.edition.job("Bread", ends="JobFailed")
    assert headlines(site.page(f"/?{query}")) == left


def test_jobs_can_be_chosen_by_pipeline() -> None:
    site = a_site()
    site.edition.job("Cake")
    site.edition.job("Fox", pipeline="bedtime_story")
    assert headlines(site.page("/?pipeline=bedtime_story")) == ["National Fox Day"]


def test_a_filter_that_finds_nothing_leads_back() -> None:
    site = a_site()
    site.edition.job("Cake")
    assert "No job is like that." in site.page("/?pipeline=photo_feed")


def test_a_status_that_is_none_is_left_out() -> None:
    site = a_site()
    site.edition.job("Cake")
    assert headlines(site.page("/?status=nonsense")) == ["National Cake Day"]


def test_older_jobs_are_on_further_pages_each_once() -> None:
    site = a_site()
    for number in range(PAGE_LENGTH + 3):
        site.edition.job(f"Number {number}")
    first = site.page("/")
    older = re.search(r'href="(/\?before=[^"]+)"', first)
    assert older is not None
    second = site.page(older[1])
    assert len(headlines(first)) == PAGE_LENGTH
    assert len({*headlines(first), *headlines(second)}) == PAGE_LENGTH + 3
    assert 'rel="next"' not in second


def test_a_running_job_makes_the_list_live() -> None:
    site = a_site()
    site.edition.job("Cake", ends="", ago=timedelta(seconds=3))
    assert 'hx-trigger="every 2s"' in site.page("/")


def test_what_needs_a_person_stands_before_everything_else() -> None:
    site = a_site()
    site.edition.job("Cake", ends="JobHeld", state=PublicationState.HELD, channel="main", problem=UNKNOWN)
    site.edition.dead(site.edition.job("Bread", ends="JobFailed"))
    site.edition.pause("main", "The token was revoked.")
    html = site.page("/")
    top = html[html.index("Needs you") : html.index('<table class="jobs">')]
    assert "1 post held" in top
    assert "1 dead letter" in top
    assert "Channel main paused" in top
    assert "The token was revoked." in top


def test_the_newest_post_with_a_picture_leads_the_front_page() -> None:
    site = a_site()
    site.edition.job("Cake")
    site.edition.job("Bread", ends="JobFailed")
    assert re.search(r'class="lead".*?National Cake Day', site.page("/"), re.S)
    assert 'class="lead"' not in site.page("/?status=completed")


def test_nothing_is_said_of_needs_when_there_are_none() -> None:
    site = a_site()
    site.edition.job("Cake")
    assert "Needs you" not in site.page("/")


def test_a_pipeline_that_needs_no_input_can_be_started_from_here() -> None:
    site = a_site()
    calendar = files("pressroom.samples").joinpath("national-days.json").read_bytes()
    asset = site.runtime.assets.store("config/national-days.json", calendar, media_type="application/json")
    site.runtime.bus.commit(Change(assets=(asset,)))
    assert '<option value="daily_post">' in site.page("/")
    assert "note=requested" in site.submit("/jobs", pipeline="daily_post")
    assert {job.pipeline for job in site.runtime.ports.jobs.find()} == {"daily_post"}


def test_a_pipeline_that_is_none_cannot_be_started() -> None:
    response = a_site().client.post("/jobs", data={"pipeline": "nonsense"})
    assert response.status_code == 422
    assert "nonsense" in response.json()["message"]


def test_whoever_shortens_the_address_of_a_job_comes_to_the_list() -> None:
    site = a_site()
    answer = site.client.get("/jobs", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (307, "/")
    outside = a_site(host="0.0.0.0", key=KEY)
    assert outside.client.get("/jobs").status_code == 401
