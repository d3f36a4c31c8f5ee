"""The memory backend's store: checks and applies a change, wholly or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from pressroom.backends.memory.queue import enqueue, settle
from pressroom.backends.memory.state import State, Transaction, own
from pressroom.changes import Change, Claim, JobChange, ScheduleMove
from pressroom.errors import Conflict
from pressroom.events import Event
from pressroom.media import Asset
from pressroom.ports import Entry
from pressroom.publications import Post, Publication


class MemoryStore:
    def __init__(self, state: State) -> None:
        self._state = state

    def commit(self, change: Change) -> None:
        with self._state.transaction() as transaction:
            apply(self._state, transaction, change)


def apply(state: State, transaction: Transaction, change: Change) -> None:
    """Apply the change within a transaction that its caller has opened, and takes back if this raises."""
    if change.settled:
        settle(state, transaction, change.settled)
    if change.schedule:
        _move_schedule(state, transaction, change.schedule)
    for claim in change.claims:
        _claim(state, transaction, claim)
    for event in change.events:
        _append(state, transaction, event)
    for job_id in change.live_jobs:
        _require_live(state, job_id)
    for job_change in change.jobs:
        _store_job(state, transaction, job_change)
    for delivery in change.deliveries:
        enqueue(state, transaction, delivery)
    for step in change.steps:
        of_job = state.steps.get(step.job_id, {})
        transaction.put(state.steps, step.job_id, of_job | {step.path: own(step)})
    for publication in change.publications:
        _store_publication(state, transaction, publication)
    for asset in change.assets:
        _store_asset(state, transaction, asset)
    for asset in change.removed_assets:
        transaction.remove(state.assets, (asset.key, asset.revision))
    for job_id in change.forgotten_jobs:
        _forget(state, transaction, job_id)
    for cost in change.costs:
        transaction.put(state.costs, cost.id, cost)


def _append(state: State, transaction: Transaction, event: Event) -> None:
    if event.id in state.positions:
        raise Conflict(f"The event {event.id} is already in the log.")
    position = len(state.events) + 1
    stored = replace(own(event), position=position, time=event.time.astimezone(UTC))
    transaction.put(state.events, position, stored)
    transaction.put(state.positions, event.id, position)
    if event.job_id is not None:
        before = state.positions_of_job.get(event.job_id, ())
        transaction.put(state.positions_of_job, event.job_id, (*before, position))


def _require_live(state: State, job_id: str) -> None:
    job = state.jobs.get(job_id)
    if job is None or job.status.has_ended:
        raise Conflict(f"The job {job_id} has ended meanwhile.", where=job_id)


def _store_job(state: State, transaction: Transaction, change: JobChange) -> None:
    job = change.after
    stored = state.jobs.get(job.id)
    version = stored.version if stored else 0
    if version != change.before:
        raise Conflict(f"The job {job.id} is at version {version}, not at {change.before}.", where=job.id)
    if stored and stored.key is not None:
        transaction.remove(state.job_keys, stored.key)
    if job.key is not None:
        holder = state.job_keys.get(job.key)
        if holder is not None:
            raise Conflict(f"The job {holder} already holds the key {job.key}.", where=job.id)
        transaction.put(state.job_keys, job.key, job.id)
    transaction.put(state.jobs, job.id, own(job))


def _store_publication(state: State, transaction: Transaction, publication: Publication) -> None:
    stored = state.publications.get(publication.id)
    version = stored.version if stored else 0
    if version != publication.version - 1:
        raise Conflict(
            f"The publication {publication.id} is at version {version}, not at {publication.version - 1}.",
            where=publication.id,
        )
    holder = state.publication_keys.get(publication.key, publication.id)
    if holder != publication.id:
        raise Conflict(f"The publication {holder} already holds the key {publication.key}.", where=publication.id)
    if stored and stored.key != publication.key:
        raise Conflict(f"The publication {publication.id} holds the key {stored.key}, which is for good.")
    transaction.put(state.publication_keys, publication.key, publication.id)
    transaction.put(state.publications, publication.id, own(publication))


def _store_asset(state: State, transaction: Transaction, asset: Asset) -> None:
    stored = state.assets.get((asset.key, asset.revision))
    if stored and stored.sha256 != asset.sha256:
        raise Conflict(f"Revision {asset.revision} of {asset.key} is already there with other bytes.", where=asset.key)
    transaction.put(state.assets, (asset.key, asset.revision), own(asset))


def _claim(state: State, transaction: Transaction, claim: Claim) -> None:
    if claim.key in state.entries:
        raise Conflict(f"{claim.key} was already claimed.")
    transaction.put(state.entries, claim.key, own(Entry(claim.key, claim.note, state.clock.now())))
    if claim.expires_at is not None:
        transaction.put(state.claims_end, claim.key, claim.expires_at)


def _move_schedule(state: State, transaction: Transaction, move: ScheduleMove) -> None:
    stored = state.schedules.get(move.name)
    if stored != move.before:
        raise Conflict(f"The next time of the schedule {move.name} is {stored}, not {move.before}.", where=move.name)
    if move.after is None:
        transaction.remove(state.schedules, move.name)
    else:
        transaction.put(state.schedules, move.name, move.after)


def _forget(state: State, transaction: Transaction, job_id: str) -> None:
    steps = {path: replace(step, output=None) for path, step in state.steps.get(job_id, {}).items()}
    if steps:
        transaction.put(state.steps, job_id, steps)
    for publication in list(state.publications.values()):
        if publication.job_id == job_id:
            wiped = replace(publication, post=Post(text=""), prepared={}, version=publication.version + 1)
            transaction.put(state.publications, publication.id, wiped)
    for item in list(state.waiting.values()):
        if item.delivery.job_id == job_id:
            transaction.remove(state.waiting, item.delivery.id)
    for letter in list(state.dead.values()):
        if letter.job_id == job_id:
            transaction.remove(state.dead, letter.id)
