"""A small stored world, a change that touches all of it, and the ways in which one part of that can conflict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pressroom.changes import Change, Claim, JobChange, ScheduleMove, change_job
from pressroom.contracts.samples import (
    LEASE,
    NOW,
    a_cost,
    a_delivery,
    a_new_job,
    a_publication,
    a_step,
    an_asset,
    an_event,
    claim_one,
    happened,
)
from pressroom.deliveries import Delivery, Done
from pressroom.jobs import Job, StepStatus
from pressroom.ports import Ports
from pressroom.testing.clock import ManualClock

DAY = timedelta(days=1)


@dataclass(frozen=True)
class World:
    job: Job
    held: Delivery
    lost: Delivery
    """Leased once, now by somebody else."""


def a_world(ports: Ports, clock: ManualClock) -> World:
    """Store a job, two leased deliveries, a publication, an asset, a claim and a schedule."""
    asked = a_new_job("job_1", key="today")
    ports.store.commit(
        asked
        + Change(
            deliveries=(a_delivery("lost", queue="lost", job_id="job_1"), a_delivery("held", job_id="job_1")),
            publications=(a_publication("pub_1"),),
            steps=(a_step("job_1", "draw"),),
            assets=(an_asset("images/old.jpg"),),
            claims=(Claim("sent", {"by": "world"}),),
            schedule=ScheduleMove("daily_post", None, NOW),
        )
    )
    lost = claim_one(ports.queue, "lost")
    clock.advance(LEASE)
    claim_one(ports.queue, "lost")
    return World(asked.jobs[0].after, claim_one(ports.queue), lost)


def the_change(world: World) -> Change:
    """Return a change that touches everything, and goes well."""
    begun = change_job(world.job, [happened("JobStarted", "job_1")])
    first = begun.events[0]
    return begun + Change(
        events=(an_event(job_id="job_1", cause_id=first.id),),
        jobs=a_new_job("job_2", key="tomorrow").jobs,
        steps=(
            a_step("job_1", "draw", status=StepStatus.COMPLETED, output={"asset": "images/new.jpg"}, attempts=1),
            a_step("job_1", "write"),
        ),
        deliveries=(a_delivery("after", queue="next", job_id="job_1", event=first),),
        settled=Done(world.held),
        publications=(a_publication("pub_1", version=2), a_publication("pub_2", job_id="job_2")),
        assets=(an_asset("images/new.jpg", job_id="job_1"),),
        removed_assets=(an_asset("images/old.jpg"),),
        forgotten_jobs=("job_2",),
        claims=(Claim("drawn", {"by": "change"}),),
        costs=(a_cost("cost_1", "0.04"),),
        schedule=ScheduleMove("daily_post", NOW, NOW + DAY),
    )


def _with_job(change: Change, *more: JobChange) -> Change:
    return replace(change, jobs=(*change.jobs, *more))


BROKEN: dict[str, Callable[[Change, World], Change]] = {
    "the version of a job": lambda change, world: _with_job(change, JobChange(1, replace(world.job, version=9))),
    "a job that should be new": lambda change, world: _with_job(change, JobChange(0, world.job)),
    "a job that should be there": lambda change, world: _with_job(change, JobChange(3, replace(world.job, id="job_9"))),
    "the key of a job": lambda change, world: _with_job(change, *a_new_job("job_9", key="today").jobs),
    "a key twice in one change": lambda change, world: _with_job(change, *a_new_job("job_9", key="tomorrow").jobs),
    "the version of a publication": lambda change, world: replace(
        change, publications=(*change.publications, a_publication("pub_1", version=5))
    ),
    "a publication that should be new": lambda change, world: replace(
        change, publications=(a_publication("pub_3"), a_publication("pub_1", version=1))
    ),
    "the key of a publication": lambda change, world: replace(
        change, publications=(*change.publications, a_publication("pub_9", key="key of pub_1"))
    ),
    "a publication under another key": lambda change, world: replace(
        change, publications=(*change.publications, a_publication("pub_1", key="another", version=3))
    ),
    "a new publication with the id of another": lambda change, world: replace(
        change, publications=(*change.publications, a_publication("pub_1", key="another"))
    ),
    "a live job that is not there": lambda change, world: replace(change, live_jobs=("job_9",)),
    "a claim": lambda change, world: replace(change, claims=(*change.claims, Claim("sent", {}))),
    "a claim twice in one change": lambda change, world: replace(change, claims=(*change.claims, Claim("drawn", {}))),
    "the time of a schedule": lambda change, world: replace(
        change, schedule=ScheduleMove("daily_post", NOW + DAY, NOW + 2 * DAY)
    ),
    "a schedule that should be new": lambda change, world: replace(
        change, schedule=ScheduleMove("daily_post", None, NOW + DAY)
    ),
    "a schedule that should be there": lambda change, world: replace(
        change, schedule=ScheduleMove("photo_feed", NOW, NOW + DAY)
    ),
    "a lease": lambda change, world: replace(change, settled=Done(world.lost)),
}
"""By the part that conflicts: how the change that touches everything is broken there."""


def everything(ports: Ports) -> dict[str, Any]:
    """Return what can be read through every port that a change writes to."""
    jobs = ports.jobs.find(limit=1000)
    return {
        "events": [event.id for event in ports.events.after(0)],
        "positions": [event.position for event in ports.events.after(0)],
        "jobs": jobs,
        "steps": {job.id: ports.jobs.steps(job.id) for job in jobs},
        "publications": ports.publications.find(),
        "assets": ports.assets.find(""),
        "claims": {key: entry.note for key in ("sent", "drawn") if (entry := ports.ledger.get(key))},
        "spent": ports.costs.spent(NOW - DAY),
        "schedule": ports.schedules.next_at("daily_post"),
        "due": {name: ports.queue.next_due([name]) for name in ("steps", "lost", "next")},
        "dead": ports.dead_letters.find(),
    }
