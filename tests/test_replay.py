"""Events run again: the same rows, the same documents, the same calls of a handler, and never a post."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pressroom.bus import Subscription
from pressroom.changes import Change, JobChange
from pressroom.errors import Conflict, UnknownName
from pressroom.events import Event
from pressroom.replay import Replay
from pressroom.retention import remove_expired
from tests.newsroom import Newsroom


@pytest.fixture
def newsroom() -> Newsroom:
    """Three posts on three days, the first of which has expired."""
    newsroom = Newsroom()
    for theme in ("cats", "bats", "owls"):
        newsroom.post(theme)
        newsroom.clock.advance(timedelta(days=1))
    remove_expired(newsroom.runtime, newsroom.clock.advance(timedelta(days=87)))
    newsroom.post("rats")
    return newsroom


def gallery(newsroom: Newsroom) -> bytes:
    views = newsroom.ports.views
    return json.dumps({key: views.get("gallery", key) for key in views.keys("gallery")}).encode()


def nothing_was_published_by(newsroom: Newsroom, calls: int) -> None:
    newsroom.work()
    assert len(newsroom.network.calls) == calls


def test_jobs_replayed_are_the_rows_that_were_there(newsroom: Newsroom) -> None:
    before = newsroom.ports.jobs.find(limit=100)
    assert len(before) == 4
    calls = len(newsroom.network.calls)
    assert newsroom.runtime.replay.into("jobs") == 4
    assert newsroom.ports.jobs.find(limit=100) == before
    nothing_was_published_by(newsroom, calls)


def test_a_job_whose_row_was_spoilt_is_mended_by_a_replay(newsroom: Newsroom) -> None:
    [job] = newsroom.ports.jobs.find(limit=1)
    spoilt = replace(job, phase="nonsense", version=job.version + 7)
    newsroom.ports.store.commit(Change(jobs=(JobChange(job.version, spoilt),)))
    newsroom.runtime.replay.into("jobs")
    assert newsroom.ports.jobs.get(job.id) == job


def test_the_gallery_replayed_is_the_same_to_the_byte(newsroom: Newsroom) -> None:
    newsroom.runtime.replay.catch_up("gallery")
    before, calls = gallery(newsroom), len(newsroom.network.calls)
    assert len(json.loads(before)) == 3
    assert newsroom.runtime.replay.into("gallery") == 5, "four posts and one expiry"
    assert gallery(newsroom) == before
    nothing_was_published_by(newsroom, calls)


def test_a_replay_of_small_batches_is_the_same(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.runtime.replay.catch_up("gallery")
    before = gallery(newsroom)
    monkeypatch.setattr("pressroom.replay.BATCH", 2)
    assert newsroom.runtime.replay.into("gallery") == 5
    assert newsroom.runtime.replay.into("jobs") == 4
    assert gallery(newsroom) == before


def test_catching_up_reads_each_event_once(newsroom: Newsroom) -> None:
    assert newsroom.runtime.replay.catch_up("gallery") == 5
    assert newsroom.runtime.replay.catch_up("gallery") == 0
    newsroom.post("hens")
    assert newsroom.runtime.replay.catch_up("gallery") == 1


def test_of_two_readers_that_catch_up_at_once_each_event_counts_once(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = newsroom.ports.views.write

    def overtaken(*arguments: Any, **more: Any) -> None:
        monkeypatch.setattr(newsroom.ports.views, "write", write)
        newsroom.runtime.replay.catch_up("gallery")
        with pytest.raises(Conflict):
            write(*arguments, **more)
        raise Conflict("Another reader was faster.")

    monkeypatch.setattr(newsroom.ports.views, "write", overtaken)
    assert newsroom.runtime.replay.catch_up("gallery") == 0
    assert len(list(newsroom.ports.views.keys("gallery"))) == 3


def handed_to(handle: Callable[[Event], None], *types: str) -> Subscription:
    return Subscription(name="notify", types=frozenset(types), handle=handle)


class Seen:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def replay(self, newsroom: Newsroom) -> Replay:
        ports = newsroom.ports
        return Replay(ports.events, ports.jobs, ports.views, {"notify": handed_to(self.events.append)})


def test_a_handler_is_handed_every_event_again_in_order(newsroom: Newsroom) -> None:
    seen, calls = Seen(), len(newsroom.network.calls)
    handed = seen.replay(newsroom).through("notify")
    assert handed == len(seen.events) == newsroom.ports.events.last_position()
    assert [event.position for event in seen.events] == list(range(1, handed + 1))
    nothing_was_published_by(newsroom, calls)


def test_a_handler_is_handed_the_types_that_it_wants_alone(newsroom: Newsroom) -> None:
    seen, ports = Seen(), newsroom.ports
    wanted = handed_to(seen.events.append, "PostPublished")
    handed = Replay(ports.events, ports.jobs, ports.views, {"notify": wanted}).through("notify")
    assert handed == len(seen.events) > 0
    assert {event.type for event in seen.events} == {"PostPublished"}


def test_a_range_begins_with_its_first_moment_and_ends_before_its_last(newsroom: Newsroom) -> None:
    seen = Seen()
    first = newsroom.ports.events.after(0)[0].time
    day = timedelta(days=1)
    seen.replay(newsroom).through("notify", first + day, first + 2 * day)
    assert {event.time for event in seen.events} == {first + day}
    assert [event.data["theme"] for event in seen.events if "theme" in event.data] == []
    assert [event.data["text"] for event in seen.events if event.type == "PostPublished"] == ["All about bats"]


def test_small_batches_hand_a_handler_the_same(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Seen()
    monkeypatch.setattr("pressroom.replay.BATCH", 3)
    assert seen.replay(newsroom).through("notify") == newsroom.ports.events.last_position()


def test_what_goes_wrong_in_a_handler_ends_the_replay(newsroom: Newsroom) -> None:
    ports = newsroom.ports

    def broken(event: Event) -> None:
        raise OSError(event.type)

    with pytest.raises(OSError, match="JobRequested"):
        Replay(ports.events, ports.jobs, ports.views, {"notify": handed_to(broken)}).through("notify")


def test_a_read_model_that_does_not_exist_is_named(newsroom: Newsroom) -> None:
    with pytest.raises(UnknownName, match="'galery'") as refused:
        newsroom.runtime.replay.into("galery")
    assert "gallery" in refused.value.todo
    assert newsroom.runtime.replay.models() == ["analytics", "gallery", "jobs", "photos"]


def test_a_handler_that_is_not_enabled_is_named(newsroom: Newsroom) -> None:
    assert newsroom.runtime.replay.handlers() == []
    with pytest.raises(UnknownName, match="no enabled handler called 'notify'"):
        newsroom.runtime.replay.through("notify")
