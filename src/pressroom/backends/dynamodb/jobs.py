"""Jobs and their steps in DynamoDB: read here, written with changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from pressroom.backends.dynamodb import keys, records
from pressroom.backends.dynamodb.asides import Asides
from pressroom.backends.dynamodb.calls import Calls
from pressroom.backends.dynamodb.conditions import absent, all_of, at_most, begins, is_
from pressroom.backends.dynamodb.draft import Draft, Overtaken
from pressroom.backends.dynamodb.drafting_jobs import draft_record
from pressroom.backends.dynamodb.listing import newest
from pressroom.backends.dynamodb.log import DynamoEventLog
from pressroom.backends.dynamodb.store import DynamoStore
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.transaction import refuse
from pressroom.backends.dynamodb.values import Record, us
from pressroom.backends.dynamodb.words import JobWords
from pressroom.changes import Change
from pressroom.errors import NotFound
from pressroom.jobs import Job, JobStatus, StepRecord, fold
from pressroom.searching import all_begin, words_of, words_of_job

_AT_ONCE = 100


class DynamoJobs:
    def __init__(self, calls: Calls, store: DynamoStore, asides: Asides, log: DynamoEventLog, words: JobWords) -> None:
        self._calls, self._store, self._asides, self._log, self._words = calls, store, asides, log, words

    def get(self, job_id: str) -> Job | None:
        found = self._calls.get(STATE, keys.job(job_id))
        return next(self._jobs([found] if found else []), None)

    def by_key(self, key: str) -> Job | None:
        held = self._calls.get(STATE, keys.holder(key))
        job = self.get(held["job_id"]) if held else None
        return job if job and job.key == key else None

    def find(
        self,
        *,
        limit: int = 50,
        before: str | None = None,
        pipeline: str | None = None,
        statuses: Sequence[JobStatus] = (),
        text: str = "",
    ) -> list[Job]:
        """Return jobs; one that was stored a moment ago may be missing, and what is returned is as it stands."""
        wanted = words_of(text)
        if text and not wanted:
            return []
        found = self._jobs(self._with(wanted, before) if wanted else self._listed(pipeline, statuses, before))
        matching = (
            job
            for job in found
            if pipeline in (None, job.pipeline)
            and (not statuses or job.status in statuses)
            and (not wanted or all_begin(wanted, words_of_job(job)))
        )
        return list(islice(matching, limit))

    def count(self) -> dict[str, int]:
        """Return how many there are; each is looked at in an index: 1,000 jobs cost about 15 read units."""
        counted = {
            status.value: self._calls.count(STATE, is_("standing_in", f"jobs {status.value}"), index="standing")
            for status in JobStatus
        }
        return {status: number for status, number in counted.items() if number}

    def expired(self, now: datetime, *, limit: int = 100) -> list[Job]:
        over = all_of(is_("ends_as", "job"), at_most("ends_at", us(now)))
        listed = self._calls.query(STATE, over, index="ending", page=limit)
        found: list[Job] = []
        while some := list(islice(listed, _AT_ONCE)):
            standing = self._calls.get_many(STATE, [(one["of"], one["part"]) for one in some])
            in_order = [standing[one["of"], one["part"]] for one in some if (one["of"], one["part"]) in standing]
            found += [job for job in self._jobs(in_order) if job.status is not JobStatus.EXPIRED]
            if len(found) >= limit:
                break
        return found[:limit]

    def steps(self, job_id: str) -> dict[str, StepRecord]:
        where = all_of(is_("of", keys.of_job(job_id)), begins("part", "step#"))
        found = sorted(self._calls.query(STATE, where), key=lambda record: int(record["came_up"]))
        return {record["path"]: records.step(record) for record in self._asides.whole(found)}

    def rebuild(self, job_id: str) -> None:
        stored = self._calls.get(STATE, keys.job(job_id)) or {}
        job = fold(self._log.of_job(job_id))
        if job is None:
            raise NotFound(f"The log has no job {job_id}.", todo="`pressroom jobs` lists the jobs there are.")
        rebuilt: Job = job
        self._words.add(job, self._calls.get(STATE, keys.words(job_id)))
        as_read = is_("log_end", stored["log_end"]) if stored else absent("log_end")

        def anew(draft: Draft) -> None:
            draft.transaction.change(
                STATE, keys.job(job_id), as_read, refuse(Overtaken()), put=draft_record(draft, rebuilt)
            )

        self._store.commit_with(Change(), anew, also_read=(keys.job(job_id),))

    def _listed(self, pipeline: str | None, statuses: Sequence[JobStatus], before: str | None) -> Iterator[Record]:
        if pipeline is not None:
            groups = [("grouped", f"jobs of {pipeline}")]
        else:
            groups = [("standing", f"jobs {status.value}") for status in dict.fromkeys(statuses)] or [
                ("listed", "jobs")
            ]
        return newest(self._calls, groups, below=before)

    def _with(self, wanted: list[str], before: str | None) -> Iterator[Record]:
        ids = [job_id for job_id in self._words.jobs_with(wanted) if before is None or job_id < before]
        for start in range(0, len(ids), _AT_ONCE):
            some = [keys.job(job_id) for job_id in ids[start : start + _AT_ONCE]]
            found = self._calls.get_many(STATE, some)
            yield from (found[key] for key in some if key in found)

    def _jobs(self, found: Iterable[Record]) -> Iterator[Job]:
        listed = iter(found)
        while some := list(islice(listed, _AT_ONCE)):
            # An item without a version only tells where the events of a job end that is not there.
            yield from map(records.job, self._asides.whole(record for record in some if "version" in record))
