"""The JSON shapes that others rely on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pressroom.documents import dead_document, event_document, found_words, held_document, job_document, job_line
from pressroom.errors import BadInput
from pressroom.publishers.base import CannotTell
from pressroom.testing import Lost
from tests.engine import Bench, Calls, a_pipeline
from tests.newsroom import Newsroom


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document as a reader of the JSON gets it; what is not JSON is an error."""
    read: dict[str, Any] = json.loads(json.dumps(document))
    return read


def test_a_line_of_the_listing_has_what_others_rely_on(newsroom: Newsroom) -> None:
    job = newsroom.post()
    line = plain(job_line(job))
    assert {"id", "pipeline", "status", "created_at"} <= set(line)
    assert (line["id"], line["pipeline"], line["status"]) == (job.id, "picture_post", "completed")


def test_a_job_is_shown_with_its_whole_history(newsroom: Newsroom) -> None:
    job = newsroom.post()
    document = plain(job_document(newsroom.runtime, job))
    assert {"result", "error", "steps", "events", "assets", "cost", "publications"} <= set(document)
    assert document["phase"] == "posted"
    assert document["result"] == {"theme": "cats", "url": "memory://posts/1"}
    assert document["error"] is None
    assert [step["path"] for step in document["steps"]] == ["draw", "each_channels", "publish_post[main]"]
    assert document["events"][0]["type"] == "JobRequested"
    assert [asset["key"] for asset in document["assets"]] == ["images/cats.png"]
    [publication] = document["publications"]
    assert {"id", "channel", "state", "remote_id", "url", "attempts"} <= set(publication)
    assert (publication["channel"], publication["state"], publication["attempts"]) == ("main", "published", 1)
    assert (publication["remote_id"], publication["url"]) == ("1", "memory://posts/1")


def test_a_failed_job_is_shown_with_why_and_with_its_dead_letter() -> None:
    def does(_: Any) -> None:
        raise BadInput("No paint.", todo="Buy some.")

    bench = Bench(a_pipeline(Calls().step("draw", does)))
    document = plain(job_document(bench.runtime, bench.run()))
    assert document["status"] == "failed"
    assert document["error"]["what"] == "No paint."
    [dead] = document["dead"]
    assert dead["name"] == "draw"


def test_a_dead_letter_is_shown_with_what_to_do() -> None:
    def does(_: Any) -> None:
        raise BadInput("No paint.", todo="Buy some.")

    bench = Bench(a_pipeline(Calls().step("draw", does)))
    job = bench.run()
    [letter] = bench.letters(job)
    document = plain(dead_document(letter))
    assert {"id", "queue", "job_id", "attempts", "error", "advice"} <= set(document)
    assert (document["queue"], document["job_id"], document["advice"]) == ("steps", job.id, "Buy some.")


def test_an_event_is_shown_in_its_envelope_with_its_job(newsroom: Newsroom) -> None:
    job = newsroom.post()
    first = newsroom.ports.events.of_job(job.id)[0]
    document = plain(event_document(first))
    assert (document["specversion"], document["type"], document["job_id"]) == ("1.0", "JobRequested", job.id)
    assert document["position"] == first.position


def test_a_held_post_is_shown_with_what_is_known_and_what_can_be_done(newsroom: Newsroom) -> None:
    newsroom.network.enqueue(Lost(arrived=False))
    newsroom.network.enqueue_readings(CannotTell("Two posts look alike.", {"posts": ["1", "2"]}))
    job = newsroom.post()
    for _ in range(5):
        newsroom.clock.advance(hours=1)
        newsroom.work()
    [held] = newsroom.runtime.publishing.held()
    document = plain(held_document(newsroom.ports.events, held))
    assert {"publication_id", "job_id", "channel", "reason", "known", "actions"} <= set(document)
    assert (document["job_id"], document["channel"]) == (job.id, "main")
    assert document["actions"] == ["it_is_there", "send_again", "give_up"]
    assert document["known"]["text"] == "All about cats"
    assert document["known"]["found"] == {"posts": ["1", "2"]}
    assert len(document["known"]["attempts"]) == 1
    assert document["reason"]


def test_candidates_are_said_in_a_few_words_each() -> None:
    found = {"candidates": [{"id": "1", "url": "https://x.example/1"}, {"id": "2", "url": ""}], "looked": 2}
    assert found_words(found) == {"candidates": "1 https://x.example/1, 2", "looked": "2"}
