"""The JSON documents that the command line, the API and the pages show. Their fields are relied on by others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pressroom.costs import summary
from pressroom.deliveries import DeadLetter
from pressroom.events import Event
from pressroom.jobs import Job
from pressroom.ports import EventLog
from pressroom.publications import Publication

if TYPE_CHECKING:
    from pressroom.approvals import Waiting
    from pressroom.runtime import Runtime


def job_line(job: Job) -> dict[str, Any]:
    return job.as_dict()


def job_document(runtime: Runtime, job: Job) -> dict[str, Any]:
    """Return everything that is known of a job: its whole history on one page."""
    ports = runtime.ports
    return job_line(job) | {
        "steps": [record.as_dict() for record in ports.jobs.steps(job.id).values()],
        "events": [event_document(event) for event in ports.events.of_job(job.id)],
        "assets": [asset.as_dict() for asset in ports.assets.of_job(job.id)],
        "cost": summary(ports.costs.of_job(job.id)),
        "publications": [publication.as_dict() for publication in ports.publications.of_job(job.id)],
        "dead": [dead_document(letter) for letter in ports.dead_letters.find(job_id=job.id)],
    }


def event_document(event: Event) -> dict[str, Any]:
    return event.as_dict()


def held_document(events: EventLog, publication: Publication) -> dict[str, Any]:
    """Return what a person needs to decide about a held post; `found` is what its publisher found out."""
    from pressroom.desk import Resolution

    problem = publication.problem
    return {
        "publication_id": publication.id,
        "job_id": publication.job_id,
        "channel": publication.channel,
        "network": publication.network,
        "reason": problem.what if problem else "A person must decide.",
        "todo": problem.todo if problem else "",
        "known": {
            "text": publication.post.text,
            "attempts": publication.as_dict()["attempt_history"],
            "detail": problem.detail if problem else "",
            "found": found_out(events, publication),
        },
        "actions": [resolution.value for resolution in Resolution],
        "since": publication.updated_at.isoformat(),
    }


def waiting_document(waiting: Waiting) -> dict[str, Any]:
    """Return what a person needs to decide about a flagged post; it has no publication yet, and goes to no channel."""
    from pressroom.approvals import Decision

    draft = waiting.draft
    return {
        "publication_id": None,
        "job_id": waiting.job.id,
        "channel": "",
        "network": "",
        "reason": waiting.problem.what,
        "todo": waiting.problem.todo,
        "known": {
            "title": draft.title if draft else "",
            "text": draft.text if draft else "",
            "texts": dict(draft.texts) if draft else {},
            "link": draft.link if draft else "",
            "pictures": [
                {"key": media.key, "revision": media.revision, "alt_text": media.alt_text}
                for media in (draft.media if draft else [])
            ],
            "flags": [flag.model_dump() for flag in waiting.flags],
        },
        "actions": [decision.value for decision in Decision],
        "since": waiting.since.isoformat(),
        "pipeline": waiting.job.pipeline,
        "step": waiting.step,
    }


def found_out(events: EventLog, publication: Publication) -> dict[str, Any]:
    """Return what reconciling found out before it gave up, in the words of the publisher: posts that could be it."""
    for event in reversed(events.of_job(publication.job_id)):
        if event.type == "PostHeld" and event.subject == publication.id:
            return dict(event.data.get("known", {}))
    return {}


def found_words(found: dict[str, Any]) -> dict[str, str]:
    """Return what was found out as people read it: each candidate in a few words, for terminal and page."""
    return {
        name: ", ".join(map(_words, value)) if isinstance(value, list) else _words(value)
        for name, value in found.items()
    }


def _words(value: Any) -> str:
    return " ".join(str(part) for part in value.values() if part) if isinstance(value, dict) else str(value)


def dead_document(letter: DeadLetter) -> dict[str, Any]:
    return letter.as_dict()
