"""Posts whose job ended while they were under way are shown to a person, and only those."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pressroom.composition import compose
from pressroom.desk import Resolution
from pressroom.jobs import Job, JobStatus
from pressroom.orphans import hold_orphans
from pressroom.publications import PublicationState
from pressroom.scheduler import Scheduler
from pressroom.testing import Lost
from tests.newsroom import Newsroom


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


def under_way(newsroom: Newsroom) -> Job:
    newsroom.network.enqueue(Lost(arrived=True))
    job = newsroom.post()
    assert newsroom.publication(job).state is PublicationState.PUBLISHING
    return job


def end(newsroom: Newsroom, job: Job) -> None:
    """End the job as a deadline does, which asks nobody whether a post is under way."""
    from pressroom.changes import change_job
    from pressroom.following import job_event

    now = newsroom.clock.now()
    failed = job_event("JobFailed", newsroom.job(job.id), now, data={"error": {"what": "Too late."}})
    newsroom.runtime.bus.commit(change_job(newsroom.job(job.id), [failed]))


def test_a_post_that_was_under_way_when_its_job_ended_is_held_once_the_call_is_surely_over(newsroom: Newsroom) -> None:
    job = under_way(newsroom)
    end(newsroom, job)
    assert hold_orphans(newsroom.runtime, newsroom.clock.now()) == 0
    assert hold_orphans(newsroom.runtime, newsroom.clock.advance(timedelta(hours=1))) == 1
    [held] = newsroom.runtime.publishing.held()
    assert held.problem is not None
    assert "before it was known" in held.problem.what
    assert hold_orphans(newsroom.runtime, newsroom.clock.now()) == 0


def test_a_person_can_say_where_it_is(newsroom: Newsroom) -> None:
    job = under_way(newsroom)
    end(newsroom, job)
    hold_orphans(newsroom.runtime, newsroom.clock.advance(timedelta(hours=1)))
    [held] = newsroom.runtime.publishing.held()
    newsroom.runtime.publishing.resolve(held.id, Resolution.IT_IS_THERE, url="https://example.org/1")
    assert newsroom.publication(job).state is PublicationState.PUBLISHED
    assert newsroom.job(job.id).status is JobStatus.FAILED


def test_a_post_that_is_still_looked_for_is_left_alone(newsroom: Newsroom) -> None:
    job = under_way(newsroom)
    assert hold_orphans(newsroom.runtime, newsroom.clock.advance(timedelta(hours=1))) == 0
    newsroom.work()
    assert newsroom.publication(job).state is PublicationState.PUBLISHED


def test_a_post_on_a_channel_that_is_not_configured_any_more_is_held_and_keeps_nothing_else_from_being_done(
    newsroom: Newsroom,
) -> None:
    job = under_way(newsroom)
    end(newsroom, job)
    runner = newsroom.runtime.runner
    without = compose(newsroom.runtime.config, newsroom.ports, runner.pipelines())
    newsroom.clock.advance(timedelta(minutes=59))
    assert hold_orphans(without, newsroom.clock.now()) == 0, "the call may still be going on"
    newsroom.clock.advance(timedelta(minutes=2))
    Scheduler(without).look()
    [held] = without.publishing.held()
    without.publishing.resolve(held.id, Resolution.GIVE_UP)
    assert newsroom.publication(job).state is PublicationState.REJECTED
