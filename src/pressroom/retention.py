"""Removes jobs, assets and claims whose time is over. Each removal but a claim's is an event; bytes go last."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from pressroom.changes import Change, change_job
from pressroom.errors import Conflict
from pressroom.events import Event
from pressroom.following import job_event
from pressroom.jobs import Job
from pressroom.log import log
from pressroom.media import Asset
from pressroom.publications import Publication, PublicationState
from pressroom.runtime import Runtime

BATCH = 100
_READ = 1000
_Found = TypeVar("_Found")


def remove_expired(runtime: Runtime, now: datetime) -> int:
    """Expire the jobs, remove the assets and forget the claims that are due; return how many there were.

    A job that has a post which may still go out, or whose outcome is not settled, waits with its assets until every
    post of it has an end.
    """
    ports = runtime.ports

    @functools.cache
    def is_over(job_id: str) -> bool:
        return not any(_may_move(runtime, publication) for publication in ports.publications.of_job(job_id))

    jobs = _first(lambda limit: ports.jobs.expired(now, limit=limit), lambda job: is_over(job.id))
    removed = sum(_expire(runtime, job, now) for job in jobs)
    assets = _first(
        lambda limit: ports.assets.expired(now, limit=limit),
        lambda asset: asset.job_id is None or is_over(asset.job_id),
    )
    for asset in assets:
        _remove(runtime, asset, now)
    return removed + len(assets) + ports.ledger.forget_expired(now)


def _first(read: Callable[[int], list[_Found]], is_over: Callable[[_Found], bool]) -> list[_Found]:
    """Return a batch of what may go; what waits stays at the head of the list, however much of it there is."""
    limit = _READ
    while True:
        found = read(limit)
        over = [one for one in found if is_over(one)]
        if len(over) >= BATCH or len(found) < limit:
            return over[:BATCH]
        limit *= 4


def _may_move(runtime: Runtime, publication: Publication) -> bool:
    if publication.state.is_final:
        return False
    if publication.open_attempt is not None or publication.state is PublicationState.HELD:
        return True
    job = runtime.ports.jobs.get(publication.job_id)  # nobody sends the posts of one that has ended
    return job is not None and not job.status.has_ended


def _expire(runtime: Runtime, job: Job, now: datetime) -> int:
    # What has a longer time of its own stays until that is over.
    assets = [one for one in runtime.ports.assets.of_job(job.id) if one.expires_at is None or one.expires_at <= now]
    events = [job_event("JobExpired", job, now), *(_removed(asset, now) for asset in assets)]
    change = change_job(job, events, removed_assets=tuple(assets), forgotten_jobs=(job.id,))
    try:
        runtime.bus.commit(change)
    except Conflict:
        log.info("a job moved while it was to expire; the next round looks again", job_id=job.id)
        return 0
    _drop_bytes(runtime, assets)
    runtime.uploads.drop_unknown(job)
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
