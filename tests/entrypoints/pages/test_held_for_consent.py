"""Flagged posts on the page: what would be posted, what was found, and the two buttons."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.entrypoints.api.app import create_app
from pressroom.generators.base import Flag
from pressroom.jobs import Job, JobStatus
from pressroom.publications import PublicationState
from tests.consent import LINK, RUDE, Newsroom
from tests.entrypoints.edition import UNKNOWN, Edition
from tests.entrypoints.site import Client, Site


class Room(Newsroom):
    """The newsroom with its pages."""

    def __init__(self, *verdicts: Any, **settings: Any) -> None:
        super().__init__(*verdicts, **settings)
        app = create_app(self.runtime, worker=None, key="")
        client = Client(app, "http://127.0.0.1:8080")
        self.site = Site(self.runtime, client, Edition(self.ports), self.clock)

    def html(self, path: str = "/held") -> str:
        return self.site.page(path)


def a_held_post(*flags: Flag, **wish: Any) -> tuple[Room, Job]:
    room = Room(list(flags or (RUDE, LINK)))
    return room, room.post(**wish)


def test_the_words_of_each_channel_the_picture_and_what_was_found_stand_there() -> None:
    room, _ = a_held_post()
    html = room.html()
    assert "Moderation found something in a post that has not been sent." in html
    assert ">On main</h3>" in html
    assert "<blockquote>All about cats</blockquote>" in html
    assert ">On sky</h3>" in html
    assert "<blockquote>All about cats, in blue</blockquote>" in html
    assert 'alt="cat 1"' in html
    assert "<strong>Profanity</strong>" in html
    assert "70 %" in html
    assert RUDE.why in html
    assert LINK.why in html


def test_every_picture_is_shown_by_a_signed_address_that_opens() -> None:
    room, _ = a_held_post(pictures=3)
    addresses = [part.split('"')[0] for part in room.html().split('class="consent-picture" href="')[1:]]
    assert len(addresses) == 3
    for address in addresses:
        assert room.site.client.get(address.replace("&amp;", "&")).status_code == 200


def test_words_that_channels_share_stand_there_once() -> None:
    room = Room([RUDE], channels=["main", "preview"])
    room.post()
    assert ">On main, preview</h3>" in room.html()


def test_a_flag_of_a_category_within_another_is_read_as_words() -> None:
    room, _ = a_held_post(Flag(category="self-harm/intent", score=0.5, why="Found in the words."))
    assert "<strong>Self-harm, intent</strong>" in room.html()


def test_words_links_and_flags_of_strangers_are_escaped_and_no_link_is_live() -> None:
    evil = "<script>alert(1)</script> http://evil.example/x"
    room, _ = a_held_post(Flag(category=evil, score=1.0, why=evil), text=evil)
    html = room.html()
    assert "<script>alert(1)" not in html
    assert 'href="http://evil' not in html
    assert "http://evil.example/x" in html


def test_an_approved_post_goes_out_once_with_the_comment_kept() -> None:
    room, job = a_held_post()
    where = room.site.submit(f"/held/{job.id}", action="approve", comment="Fine.", step="moderate")
    assert where == "/held?note=approve"
    room.finish()
    assert len(room.sent) == 2
    (approved,) = [event for event in room.ports.events.of_job(job.id) if event.type == "PostApproved"]
    assert approved.data == {"step": "moderate", "by": "on the page", "comment": "Fine."}
    html = room.html("/held?note=approve")
    assert "Approved: the post goes out as it stands." in html
    assert "No post is held." in html


def test_a_refused_post_is_never_sent() -> None:
    room, job = a_held_post()
    assert room.site.submit(f"/held/{job.id}", action="refuse", comment="") == "/held?note=refuse"
    room.finish()
    assert room.job(job).status is JobStatus.CANCELLED
    assert room.sent == []
    assert "A person refused this post." in room.html(f"/jobs/{job.id}")


@pytest.mark.parametrize("action", ["approve", "refuse"])
def test_a_decision_made_twice_is_refused_the_second_time(action: str) -> None:
    room, job = a_held_post()
    room.site.submit(f"/held/{job.id}", action=action)
    response = room.site.client.post(f"/held/{job.id}", data={"action": action})
    assert response.status_code == 400


def test_a_way_on_for_another_kind_of_held_post_is_refused() -> None:
    room, job = a_held_post()
    assert room.site.client.post(f"/held/{job.id}", data={"action": "send_again"}).status_code == 404
    assert room.site.client.post(f"/held/{job.id}", data={"action": "delete"}).status_code == 400
    assert room.job(job).status is JobStatus.HELD


def test_both_kinds_of_held_posts_stand_on_the_page_and_are_counted() -> None:
    room, job = a_held_post()
    other = room.site.edition.job("Cake", ends="JobHeld", state=PublicationState.HELD, channel="main", problem=UNKNOWN)
    html = room.html()
    assert f'id="{job.id}"' in html
    assert f"/jobs/{other}" in html
    assert "A post is also held when nobody can find out" in html
    assert '2<span class="unseen"> waiting for you</span>' in html
    assert "Moderation (judge) found something in this post: profanity (0.70)" in room.html("/")


def test_the_page_of_its_job_says_why_it_is_held_and_leads_to_the_decision() -> None:
    room, job = a_held_post()
    html = room.html(f"/jobs/{job.id}")
    assert "Why it is held" in html
    assert "Moderation (judge) found something in this post" in html
    assert f'href="/held#{job.id}"' in html
    assert "judge found something in the post: profanity, link." in html


def test_a_job_that_is_held_for_another_reason_leads_to_the_page() -> None:
    room = Room()
    job = room.site.edition.job("Cake", ends="JobHeld", state=PublicationState.HELD, channel="main", problem=UNKNOWN)
    assert 'href="/held" id="to-held"' in room.html(f"/jobs/{job}")
