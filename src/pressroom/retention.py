"""Removes jobs and assets whose time is over. Each removal is an event; bytes go last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pressroom.changes import Change, change_job
from pressroom.errors import Conflict
from pressroom.events import Event
from pressroom.following import job_event
from pressroom.jobs import Job
from pressroom.log import log
from pressroom.media import Asset
from pressroom.runtime import Runtime

BATCH = 100


def remove_expired(runtime: Runtime, now: datetime) -> int:
    """Expire the jobs and remove the assets that are due, a batch each; return how many there were.

    A job that has a post whose outcome is not settled waits: its account must stay truthful.
    """
    # Unsettled ones stay at the head of the list, so more are read than are removed at once.
    jobs = [job for job in runtime.ports.jobs.expired(now, limit=1000) if not _is_unsettled(runtime, job.id)]
    removed = sum(_expire(runtime, job, now) for job in jobs[:BATCH])
    for asset in runtime.ports.assets.expired(now):
        if asset.job_id is None or not _is_unsettled(runtime, asset.job_id):
            _remove(runtime, asset, now)
            removed += 1
    return removed


def _is_unsettled(runtime: Runtime, job_id: str) -> bool:
    publications = runtime.ports.publications.of_job(job_id)
    return any(publication.open_attempt and not publication.state.is_final for publication in publications)


def _expire(runtime: Runtime, job: Job, now: datetime) -> int:
    assets = runtime.ports.assets.of_job(job.id)
    events = [job_event("JobExpired", job, now), *(_removed(asset, now) for asset in assets)]
    change = change_job(job, events, removed_assets=tuple(assets), forgotten_jobs=(job.id,))
    try:
        runtime.bus.commit(change)
    except Conflict:
        log.info("a job moved while it was to expire; the next round looks again", job_id=job.id)
        return 0
    _drop_bytes(runtime, assets)
    return 1


def _remove(runtime: Runtime, asset: Asset, now: datetime) -> None:
    runtime.bus.commit(Change(events=(_removed(asset, now),), removed_assets=(asset,)))
    _drop_bytes(runtime, [asset])


def _drop_bytes(runtime: Runtime, assets: Iterable[Asset]) -> None:
    # A crash between the commit and this leaves files that nothing points to, never rows without bytes.
    for asset in assets:
        runtime.ports.blobs.remove(asset.key, asset.revision)


def _removed(asset: Asset, now: datetime) -> Event:
    data = {"key": asset.key, "revision": asset.revision, "job_id": asset.job_id}
    return Event(type="AssetRemoved", subject=asset.key, time=now, data=data, job_id=asset.job_id)
