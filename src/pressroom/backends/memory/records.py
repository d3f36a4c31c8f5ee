"""What the memory backend reads back of events, jobs, publications and assets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from pressroom.backends.memory.state import State, own
from pressroom.errors import NotFound
from pressroom.events import Event
from pressroom.jobs import Job, JobStatus, StepRecord, fold
from pressroom.media import Asset
from pressroom.publications import Publication, PublicationState
from pressroom.searching import all_begin, words_of, words_of_job


class MemoryEventLog:
    def __init__(self, state: State) -> None:
        self._state = state

    def of_job(self, job_id: str) -> list[Event]:
        with self._state.lock:
            return self._at(self._state.positions_of_job.get(job_id, ()))

    def get(self, event_id: str) -> Event | None:
        with self._state.lock:
            position = self._state.positions.get(event_id)
            return own(self._state.events[position]) if position else None

    def after(
        self,
        position: int,
        *,
        limit: int = 1000,
        types: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Event]:
        with self._state.lock:
            upwards = range(max(position, 0) + 1, len(self._state.events) + 1)
            return self._at(self._matching(upwards, types, since, until), limit)

    def latest(self, *, limit: int = 100, types: Sequence[str] = (), before: int | None = None) -> list[Event]:
        with self._state.lock:
            last = len(self._state.events)
            highest = last if before is None else min(before - 1, last)
            return self._at(self._matching(range(highest, 0, -1), types, None, None), limit)

    def last_position(self) -> int:
        with self._state.lock:
            return len(self._state.events)

    def _matching(
        self, positions: Iterable[int], types: Sequence[str], since: datetime | None, until: datetime | None
    ) -> Iterator[int]:
        for position in positions:
            event = self._state.events[position]
            in_time = (since is None or event.time >= since) and (until is None or event.time < until)
            if in_time and (not types or event.type in types):
                yield position

    def _at(self, positions: Iterable[int], limit: int | None = None) -> list[Event]:
        numbered = zip(positions, range(limit), strict=False) if limit is not None else ((p, 0) for p in positions)
        return [own(self._state.events[position]) for position, _ in numbered]


class MemoryJobStore:
    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, job_id: str) -> Job | None:
        with self._state.lock:
            job = self._state.jobs.get(job_id)
            return own(job) if job else None

    def by_key(self, key: str) -> Job | None:
        with self._state.lock:
            job_id = self._state.job_keys.get(key)
            return own(self._state.jobs[job_id]) if job_id else None

    def find(
        self,
        *,
        limit: int = 50,
        before: str | None = None,
        pipeline: str | None = None,
        statuses: Sequence[JobStatus] = (),
        text: str = "",
    ) -> list[Job]:
        wanted = words_of(text)
        if text and not wanted:
            return []
        with self._state.lock:
            found = [
                job
                for job in self._state.jobs.values()
                if pipeline in (None, job.pipeline)
                and (not statuses or job.status in statuses)
                and (before is None or job.id < before)
                and (not wanted or all_begin(wanted, words_of_job(job)))
            ]
            # Ids sort by the time they were made.
            found.sort(key=lambda job: job.id, reverse=True)
            return [own(job) for job in found[:limit]]

    def count(self) -> dict[str, int]:
        with self._state.lock:
            counted: dict[str, int] = {}
            for job in self._state.jobs.values():
                counted[job.status.value] = counted.get(job.status.value, 0) + 1
            return counted

    def expired(self, now: datetime, *, limit: int = 100) -> list[Job]:
        with self._state.lock:
            over = [
                (job.expires_at, job.id)
                for job in self._state.jobs.values()
                if job.expires_at and job.expires_at <= now and job.status is not JobStatus.EXPIRED
            ]
            return [own(self._state.jobs[job_id]) for _, job_id in sorted(over)[:limit]]

    def steps(self, job_id: str) -> dict[str, StepRecord]:
        with self._state.lock:
            return {path: own(step) for path, step in self._state.steps.get(job_id, {}).items()}

    def rebuild(self, job_id: str) -> None:
        with self._state.transaction() as transaction:
            events = (self._state.events[p] for p in self._state.positions_of_job.get(job_id, ()))
            job = fold(events)
            if job is None:
                raise NotFound(f"The log has no job {job_id}.", todo="`pressroom jobs` lists the jobs there are.")
            stored = self._state.jobs.get(job_id)
            if stored and stored.key is not None:
                transaction.remove(self._state.job_keys, stored.key)
            if job.key is not None:
                transaction.put(self._state.job_keys, job.key, job_id)
            transaction.put(self._state.jobs, job_id, own(job))


class MemoryPublications:
    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, publication_id: str) -> Publication | None:
        with self._state.lock:
            publication = self._state.publications.get(publication_id)
            return own(publication) if publication else None

    def by_key(self, key: str) -> Publication | None:
        with self._state.lock:
            publication_id = self._state.publication_keys.get(key)
            return own(self._state.publications[publication_id]) if publication_id else None

    def of_job(self, job_id: str) -> list[Publication]:
        with self._state.lock:
            found = [item for item in self._state.publications.values() if item.job_id == job_id]
            return [own(item) for item in sorted(found, key=lambda item: item.id)]

    def find(
        self,
        *,
        states: Sequence[PublicationState] = (),
        channel: str | None = None,
        limit: int = 100,
        before: str | None = None,
    ) -> list[Publication]:
        with self._state.lock:
            found = [
                item
                for item in self._state.publications.values()
                if channel in (None, item.channel)
                and (not states or item.state in states)
                and (before is None or item.id < before)
            ]
            found.sort(key=lambda item: item.id, reverse=True)
            return [own(item) for item in found[:limit]]

    def count(self, states: Sequence[PublicationState]) -> int:
        with self._state.lock:
            return sum(item.state in states for item in self._state.publications.values())


class MemoryAssetIndex:
    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, key: str, revision: int | None = None) -> Asset | None:
        with self._state.lock:
            newest = max((r for k, r in self._state.assets if k == key), default=None)
            asset = self._state.assets.get((key, newest or 0) if revision is None else (key, revision))
            return own(asset) if asset else None

    def of_job(self, job_id: str) -> list[Asset]:
        with self._state.lock:
            found = [asset for asset in self._state.assets.values() if asset.job_id == job_id]
            return [own(asset) for asset in sorted(found, key=lambda asset: (asset.key, asset.revision))]

    def expired(self, now: datetime, *, limit: int = 100) -> list[Asset]:
        with self._state.lock:
            over = [
                (asset.expires_at, asset.key, asset.revision)
                for asset in self._state.assets.values()
                if asset.expires_at and asset.expires_at <= now
            ]
            return [own(self._state.assets[key, revision]) for _, key, revision in sorted(over)[:limit]]

    def revisions(self, key: str) -> list[Asset]:
        with self._state.lock:
            found = sorted((one for one in self._state.assets if one[0] == key), reverse=True)
            return [own(self._state.assets[one]) for one in found]

    def find(self, prefix: str, *, limit: int = 100, after: str = "") -> list[Asset]:
        with self._state.lock:
            known = sorted(self._state.assets)
            newest = {key: revision for key, revision in known if key.startswith(prefix) and key > after}
            return [own(self._state.assets[key, newest[key]]) for key in sorted(newest)[:limit]]
