"""The job as the fold of its events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pressroom.errors import Problem
from pressroom.events import Event
from pressroom.jobs import Job, JobStatus, StepRecord, StepStatus, fold

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
REQUEST = {
    "pipeline": "daily_post",
    "input": {"date": "2026-10-31"},
    "key": "daily_post:2026-10-31",
    "expires_at": (NOW + timedelta(days=2)).isoformat(),
}


def event(type: str, minutes: int = 0, /, **data: Any) -> Event:
    return Event(type=type, subject="job_1", job_id="job_1", time=NOW + timedelta(minutes=minutes), data=data)


def folded(*events: Event) -> Job:
    job = fold([event("JobRequested", **REQUEST), *events])
    assert job is not None
    return job


def test_a_requested_job_is_pending_with_what_was_asked_for() -> None:
    assert folded() == Job(
        id="job_1",
        pipeline="daily_post",
        status=JobStatus.PENDING,
        created_at=NOW,
        updated_at=NOW,
        input={"date": "2026-10-31"},
        key="daily_post:2026-10-31",
        expires_at=NOW + timedelta(days=2),
        version=1,
    )


def test_a_job_that_waits_for_its_upload_says_so() -> None:
    job = fold([event("JobRequested", **(REQUEST | {"status": "upload_pending"}))])
    assert job is not None
    assert job.status is JobStatus.UPLOAD_PENDING


@pytest.mark.parametrize(
    ("type", "status"),
    [
        ("JobStarted", JobStatus.PROCESSING),
        ("JobHeld", JobStatus.HELD),
        ("JobResumed", JobStatus.PROCESSING),
        ("JobCompleted", JobStatus.COMPLETED),
        ("JobFailed", JobStatus.FAILED),
        ("JobSkipped", JobStatus.SKIPPED),
        ("JobCancelled", JobStatus.CANCELLED),
    ],
)
def test_an_event_of_the_job_gives_it_its_status(type: str, status: JobStatus) -> None:
    job = folded(event("JobStarted"), event(type, 5))
    assert job.status is status
    assert job.updated_at == NOW + timedelta(minutes=5)
    assert job.completed_at == (NOW + timedelta(minutes=5) if status.has_ended else None)


def test_what_steps_give_their_user_is_gathered() -> None:
    job = folded(event("StepCompleted", result={"image": "a.jpg"}), event("StepCompleted", result={"url": "https://"}))
    assert job.result == {"image": "a.jpg", "url": "https://"}


def test_a_phase_stands_until_another_is_named() -> None:
    job = folded(event("StepCompleted", phase="drawn"), event("JobStarted"))
    assert job.phase == "drawn"
    assert folded(event("StepCompleted", phase="drawn"), event("JobCompleted", phase="posted")).phase == "posted"


def test_an_error_stands_until_the_job_goes_on() -> None:
    problem = Problem("The network was away.", "publish_post", "Wait.", "Unavailable")
    failed = folded(event("JobFailed", error=problem.as_dict()))
    assert failed.error == problem
    assert fold([event("JobResumed")], failed).error is None  # type: ignore[union-attr]


def test_a_released_key_is_free() -> None:
    assert folded(event("JobKeyReleased")).key is None


def test_an_expired_job_keeps_no_content() -> None:
    job = folded(event("StepCompleted", result={"text": "secret"}, phase="drawn"), event("JobExpired"))
    assert (job.input, job.result, job.phase, job.key) == ({}, {}, "", None)


def test_an_expired_job_still_tells_when_it_was_completed() -> None:
    job = folded(event("JobCompleted", 5), event("JobExpired", 90))
    assert (job.status, job.completed_at) == (JobStatus.EXPIRED, NOW + timedelta(minutes=5))


def test_an_event_of_the_job_raises_its_version() -> None:
    assert folded(event("JobStarted"), event("StepStarted"), event("StepCompleted")).version == 4


@pytest.mark.parametrize("type", ["AssetStored", "PostPublished"])
def test_an_event_that_only_reports_something_leaves_the_job_as_it_is(type: str) -> None:
    assert folded(event(type, 5, phase="x")) == folded()


def test_a_fold_can_go_on_where_it_stopped() -> None:
    events = [event("JobStarted", 1), event("StepCompleted", 2, result={"a": 1}), event("JobCompleted", 3)]
    assert fold(events[1:], folded(events[0])) == folded(*events)


def test_without_a_request_there_is_no_job() -> None:
    assert fold([]) is None
    assert fold([event("JobStarted")]) is None


def test_a_listing_shows_times_as_text_and_the_error_whole() -> None:
    problem = Problem("The network was away.")
    shown = folded(event("JobFailed", 5, error=problem.as_dict())).as_dict()
    assert shown["status"] == "failed"
    assert shown["created_at"] == "2026-10-31T08:00:00+00:00"
    assert shown["completed_at"] == "2026-10-31T08:05:00+00:00"
    assert shown["error"] == problem.as_dict()


def test_a_listing_of_an_open_job_has_no_end() -> None:
    shown = folded().as_dict()
    assert (shown["completed_at"], shown["error"]) == (None, None)


@pytest.mark.parametrize("status", list(JobStatus))
def test_a_job_has_ended_unless_something_can_still_happen(status: JobStatus) -> None:
    assert status.has_ended == (status.value in {"completed", "failed", "skipped", "cancelled", "expired"})


def test_a_step_is_over_when_nothing_more_happens_to_it() -> None:
    assert {status.value for status in StepStatus if status.is_over} == {"completed", "failed", "passed_over"}


def test_a_step_is_listed_by_its_path() -> None:
    step = StepRecord(job_id="job_1", path="draw[main]", status=StepStatus.READY, started_at=NOW, attempts=2)
    assert step.as_dict() == {
        "path": "draw[main]",
        "status": "ready",
        "attempts": 2,
        "started_at": "2026-10-31T08:00:00+00:00",
        "completed_at": None,
        "output": None,
        "error": None,
    }
