"""What is removed when its time is over, what is told of it, and what stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pressroom.changes import Change, Claim
from pressroom.desk import Resolution
from pressroom.errors import AccountDisconnected, NotFound
from pressroom.jobs import Job, JobStatus
from pressroom.publications import Publication, PublicationState
from pressroom.retention import remove_expired
from pressroom.testing import Lost, RecordingPublisher
from pressroom.testing.publishers import a_channel
from tests.newsroom import Newsroom

KEPT = timedelta(days=90)


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


def a_network(**settings: Any) -> RecordingPublisher:
    return RecordingPublisher(a_channel(**settings))


def later(newsroom: Newsroom, by: timedelta = KEPT) -> int:
    return remove_expired(newsroom.runtime, newsroom.clock.advance(by))


def with_an_open_attempt(newsroom: Newsroom) -> Job:
    newsroom.network.enqueue(Lost(arrived=True))
    job = newsroom.post()
    assert newsroom.publication(job).open_attempt is not None
    return job


def told(newsroom: Newsroom, since: int) -> list[tuple[str, str]]:
    return [(event.type, event.subject) for event in newsroom.ports.events.after(since)]


def test_an_expired_job_loses_its_content_and_keeps_its_account(newsroom: Newsroom) -> None:
    job = newsroom.post()
    assert later(newsroom) == 1
    gone = newsroom.job(job.id)
    assert gone.status is JobStatus.EXPIRED
    assert (gone.input, gone.result, gone.phase, gone.key) == ({}, {}, "", None)
    assert {record.output for record in newsroom.ports.jobs.steps(job.id).values()} == {None}
    publication = newsroom.publication(job)
    assert (publication.post.text, publication.post.media, publication.prepared) == ("", (), {})
    assert publication.receipt is not None
    assert publication.state is PublicationState.PUBLISHED


def test_the_assets_of_an_expired_job_go_with_their_bytes(newsroom: Newsroom) -> None:
    newsroom.post()
    assert newsroom.runtime.assets.read("images/cats.png")
    later(newsroom)
    assert newsroom.ports.assets.find("") == []
    with pytest.raises(NotFound):
        newsroom.ports.blobs.get("images/cats.png", 1)


def test_each_removal_is_an_event(newsroom: Newsroom) -> None:
    job = newsroom.post()
    before = newsroom.ports.events.last_position()
    later(newsroom)
    assert told(newsroom, before) == [("JobExpired", job.id), ("AssetRemoved", "images/cats.png")]
    assert later(newsroom) == 0, "once"
    assert len(told(newsroom, before)) == 2


def test_nothing_is_removed_a_moment_too_early(newsroom: Newsroom) -> None:
    job = newsroom.post()
    before = newsroom.ports.events.last_position()
    assert later(newsroom, KEPT - timedelta(seconds=1)) == 0
    assert newsroom.job(job.id) == job
    assert told(newsroom, before) == []


def test_nothing_else_is_removed(newsroom: Newsroom) -> None:
    newsroom.runtime.bus.commit(Change(assets=(newsroom.runtime.assets.store("config/days.json", b"{}"),)))
    newsroom.post()
    newsroom.clock.advance(timedelta(days=1))
    younger = newsroom.post("bats")
    later(newsroom, KEPT - timedelta(days=1))
    assert newsroom.job(younger.id) == younger
    assert [asset.key for asset in newsroom.ports.assets.find("")] == ["config/days.json", "images/bats.png"]
    assert newsroom.runtime.assets.read("images/bats.png")


def test_the_gallery_forgets_an_expired_job(newsroom: Newsroom) -> None:
    newsroom.post()
    newsroom.clock.advance(timedelta(days=1))
    younger = newsroom.post("bats")
    later(newsroom, KEPT - timedelta(days=1))
    newsroom.runtime.replay.catch_up("gallery")
    assert list(newsroom.ports.views.keys("gallery")) == [younger.id]


def test_what_waited_or_was_dead_goes_with_its_job(newsroom: Newsroom) -> None:
    [job] = newsroom.runtime.runner.request("picture_post", {"theme": "cats"})
    later(newsroom)
    assert newsroom.ports.queue.next_due(["steps"]) is None
    newsroom.work()
    assert newsroom.network.calls == []
    assert newsroom.job(job.id).status is JobStatus.EXPIRED


def test_a_job_whose_post_may_be_out_stays_with_its_picture_until_that_is_settled(newsroom: Newsroom) -> None:
    job = with_an_open_attempt(newsroom)
    assert later(newsroom) == 0
    assert newsroom.job(job.id).status is not JobStatus.EXPIRED
    assert newsroom.runtime.assets.read("images/cats.png")
    assert newsroom.publication(job).post.text
    newsroom.work()
    assert newsroom.publication(job).state is PublicationState.PUBLISHED
    assert later(newsroom, timedelta(0)) == 1
    assert newsroom.ports.assets.find("") == []


def test_a_post_that_waits_longer_than_jobs_are_kept_goes_out_with_its_picture_and_then_expires() -> None:
    newsroom = Newsroom(network=a_network(posts_per_day=1))
    newsroom.post()
    waiting = newsroom.post("bats")
    assert newsroom.publication(waiting).state is PublicationState.SCHEDULED
    assert later(newsroom) == 1, "the first, which is there"
    assert newsroom.runtime.assets.read("images/bats.png")
    newsroom.work()
    assert [post.text for post in newsroom.network.posts] == ["All about cats", "All about bats"]
    assert newsroom.publication(waiting).state is PublicationState.PUBLISHED
    assert later(newsroom, timedelta(0)) == 1


def test_a_held_post_keeps_its_job_until_somebody_has_decided() -> None:
    newsroom = Newsroom()
    newsroom.network.enqueue(AccountDisconnected("Revoked."))
    job = newsroom.post()
    assert newsroom.publication(job).state is PublicationState.HELD
    assert later(newsroom) == 0
    newsroom.runtime.publishing.resolve(newsroom.publication(job).id, Resolution.GIVE_UP)
    assert later(newsroom, timedelta(0)) == 1


def test_a_post_that_nobody_sends_any_more_does_not_keep_its_job() -> None:
    newsroom = Newsroom(network=a_network(windows=["Mon 00:00-00:01"]))
    job = newsroom.post()
    newsroom.runtime.runner.cancel(job.id)
    assert newsroom.publication(job).state is PublicationState.SCHEDULED
    assert later(newsroom) == 1


def test_what_must_wait_does_not_keep_the_others_from_expiring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressroom.retention._READ", 2)
    newsroom = Newsroom(network=a_network(windows=["Mon 00:00-00:01"]))
    for theme in ("cats", "bats", "owls"):
        newsroom.post(theme)
    cancelled = newsroom.post("rats")
    newsroom.runtime.runner.cancel(cancelled.id)
    assert later(newsroom) == 1
    assert newsroom.job(cancelled.id).status is JobStatus.EXPIRED


def test_a_job_that_moves_at_the_same_moment_is_left_for_the_next_round(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = newsroom.post()
    old = replace(job, version=job.version - 1)
    with monkeypatch.context() as patch:
        patch.setattr(newsroom.ports.jobs, "expired", lambda now, **_: [old])
        patch.setattr(newsroom.ports.assets, "expired", lambda now, **_: [])
        assert later(newsroom) == 0
    assert newsroom.job(job.id) == job
    assert newsroom.runtime.assets.read("images/cats.png")
    assert later(newsroom, timedelta(0)) == 1


def test_bytes_are_removed_after_the_rows_that_point_to_them(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.post()

    def power_cut(key: str, revision: int) -> None:
        assert newsroom.ports.assets.get(key) is None
        raise OSError("power cut")

    monkeypatch.setattr(newsroom.ports.blobs, "remove", power_cut)
    with pytest.raises(OSError, match="power cut"):
        later(newsroom)


def test_an_asset_without_a_job_expires_by_itself(newsroom: Newsroom) -> None:
    stored = newsroom.runtime.assets.store("uploads/1.png", b"abc")
    expires_at = newsroom.clock.now() + timedelta(hours=1)
    newsroom.runtime.bus.commit(Change(assets=(replace(stored, expires_at=expires_at),)))
    before = newsroom.ports.events.last_position()
    assert later(newsroom, timedelta(minutes=59)) == 0
    assert later(newsroom, timedelta(minutes=1)) == 1
    assert told(newsroom, before) == [("AssetRemoved", "uploads/1.png")]
    with pytest.raises(NotFound):
        newsroom.ports.blobs.get("uploads/1.png", 1)


def publications(newsroom: Newsroom) -> Iterator[Publication]:
    for job in newsroom.ports.jobs.find():
        yield from newsroom.ports.publications.of_job(job.id)


def test_an_expired_job_is_not_posted_again_by_asking_again(newsroom: Newsroom) -> None:
    newsroom.post()
    later(newsroom)
    newsroom.post("bats")
    assert [post.text for post in newsroom.network.posts] == ["All about cats", "All about bats"]
    assert [publication.state.value for publication in publications(newsroom)] == ["published", "published"]


def test_a_claim_with_an_end_is_forgotten_and_no_other(newsroom: Newsroom) -> None:
    ports = newsroom.runtime.ports
    end = newsroom.clock.now() + timedelta(days=1)
    ports.store.commit(Change(claims=(Claim("request 1", {}, end), Claim("post 1", {}))))
    assert later(newsroom, timedelta(hours=23)) == 0
    assert later(newsroom, timedelta(hours=1)) == 1
    assert ports.ledger.get("request 1") is None
    assert ports.ledger.get("post 1") is not None
