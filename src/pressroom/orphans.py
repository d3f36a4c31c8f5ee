"""Posts whose outcome nobody looks for any more, because their job ended first: they are shown to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pressroom.changes import Change
from pressroom.errors import ConfigurationError, Conflict, Problem, UnknownName
from pressroom.following import job_event
from pressroom.jobs import Job
from pressroom.log import log
from pressroom.publications import Publication, PublicationState
from pressroom.runtime import Runtime

_LONG_ENOUGH = timedelta(hours=1)


def hold_orphans(runtime: Runtime, now: datetime) -> int:
    """Hold the posts that were under way when a deadline or a person ended their step; return how many there were."""
    under_way = runtime.ports.publications.find(states=[PublicationState.PUBLISHING], limit=1000)
    return sum(_hold(runtime, publication, now) for publication in under_way)


def _hold(runtime: Runtime, publication: Publication, now: datetime) -> int:
    job = runtime.ports.jobs.get(publication.job_id)
    attempt = publication.open_attempt
    if job is None or attempt is None or not _is_over(runtime, job, publication):
        return 0
    if now < attempt.last_call_at + _settles_in(runtime, publication):
        return 0  # the call may still be going on, and its answer would be lost
    problem = Problem(
        f"The job ended before it was known whether the post is on {publication.channel}.",
        publication.channel,
        "Look there, then say so with `pressroom held resolve`.",
        "OutcomeUnknown",
    )
    data = {"channel": publication.channel, "error": problem.as_dict(), "known": {}}
    event = job_event("PostHeld", job, now, subject=publication.id, data=data)
    held = replace(
        publication,
        state=PublicationState.HELD,
        problem=problem,
        due_at=None,
        updated_at=now,
        version=publication.version + 1,
    )
    try:
        runtime.bus.commit(Change(events=(event,), publications=(held,)))
    except Conflict:
        log.info("a post moved while it was to be held", publication=publication.id)
        return 0
    return 1


def _settles_in(runtime: Runtime, publication: Publication) -> timedelta:
    """Return how long after a call its post may still appear; of a channel that is not configured any more, an hour."""
    try:
        publisher = runtime.publishing.publisher(publication.channel)
    except (UnknownName, ConfigurationError):
        return _LONG_ENOUGH
    return publisher.timeout + publisher.settles_in


def _is_over(runtime: Runtime, job: Job, publication: Publication) -> bool:
    """Say whether no step will look for this post again."""
    if job.status.has_ended:
        return True
    records = runtime.ports.jobs.steps(job.id).values()
    mine = [record for record in records if publication.is_sent_by(record.path)]
    return bool(mine) and all(record.status.is_over for record in mine)
