"""The change: everything that one decision changes, stored wholly or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pressroom.costs import Cost
from pressroom.deliveries import Delivery, Settlement
from pressroom.events import Event
from pressroom.jobs import Job, StepRecord, fold
from pressroom.media import Asset
from pressroom.publications import Publication


@dataclass(frozen=True, slots=True)
class JobChange:
    before: int
    """The version that must be stored; 0 for a job that must not exist yet."""
    after: Job


@dataclass(frozen=True, slots=True)
class Claim:
    """A key of the ledger that must not have been claimed yet."""

    key: str
    note: dict[str, Any]
    expires_at: datetime | None = None
    """From when on it may be forgotten, so that the key can be claimed anew; None: never."""


@dataclass(frozen=True, slots=True)
class ScheduleMove:
    """A schedule's next time, from the one that must be stored to the one after it."""

    name: str
    before: datetime | None
    after: datetime | None
    """None: the schedule is no longer kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    events: tuple[Event, ...] = ()
    jobs: tuple[JobChange, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    """Put on their queues; each refers to an event of this change or an earlier one."""
    settled: Settlement | None = None
    live_jobs: tuple[str, ...] = ()
    """Jobs that must not have ended: nothing may go out for one that has."""
    publications: tuple[Publication, ...] = ()
    """Stored if the version stored is one less than theirs; 1 for a new one."""
    assets: tuple[Asset, ...] = ()
    removed_assets: tuple[Asset, ...] = ()
    forgotten_jobs: tuple[str, ...] = ()
    """Jobs whose steps' outputs and publications' posts are wiped."""
    claims: tuple[Claim, ...] = ()
    costs: tuple[Cost, ...] = ()
    schedule: ScheduleMove | None = None

    def __add__(self, other: Change) -> Change:
        """Return both as one; the other's single-valued parts win where both have one."""
        return Change(
            events=self.events + other.events,
            jobs=self.jobs + other.jobs,
            steps=self.steps + other.steps,
            deliveries=self.deliveries + other.deliveries,
            settled=other.settled or self.settled,
            live_jobs=self.live_jobs + other.live_jobs,
            publications=self.publications + other.publications,
            assets=self.assets + other.assets,
            removed_assets=self.removed_assets + other.removed_assets,
            forgotten_jobs=self.forgotten_jobs + other.forgotten_jobs,
            claims=self.claims + other.claims,
            costs=self.costs + other.costs,
            schedule=other.schedule or self.schedule,
        )


def change_job(job: Job | None, events: Sequence[Event], **more: Any) -> Change:
    """Return the change that these events of one job make, with the job folded forward over them."""
    after = fold(events, job)
    if after is None:
        raise ValueError("a job begins with the event JobRequested")
    return Change(events=tuple(events), jobs=(JobChange(job.version if job else 0, after),), **more)


def settle(change: Change, settled: Settlement) -> Change:
    return replace(change, settled=settled)
