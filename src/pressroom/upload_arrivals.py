"""Files that clients have put into the store without us: measured, told from their bytes, taken in or refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from pressroom.errors import NotFound, UnknownName
from pressroom.execution import Execution
from pressroom.following import Happening, Records
from pressroom.gates import uploaded
from pressroom.incoming import UploadTerms
from pressroom.jobs import Job, JobStatus, StepStatus
from pressroom.log import log
from pressroom.pipeline import Pipeline
from pressroom.ports import Ports
from pressroom.upload_assets import HEAD_BYTES, REVISION, upload_asset
from pressroom.upload_refusals import UploadRefused, ended, forged, wrong_size
from pressroom.upload_terms import FOLDER


def refused(pipeline: Pipeline, refusal: UploadRefused, records: Records, now: datetime) -> Happening | None:
    """Return what it comes to that a job's file is not what was announced; None if it no longer waits for one. Pure."""
    gate = pipeline.upload_gate
    record = records.get(gate.name) if gate else None
    if record is None or record.status.is_over:
        return None
    failed = replace(record, status=StepStatus.FAILED, error=refusal.problem(record.path), completed_at=now)
    return Happening(records=(failed,))


class Arrivals:
    def __init__(self, execution: Execution, ports: Ports) -> None:
        self._execution, self._ports = execution, ports

    def take_in(self, key: str, job: Job | None, terms: UploadTerms | None) -> Job:
        """Let the job of a stored file begin; `terms` are those that it waited for. See `Uploads.arrived`."""
        if job is None or terms is None or terms.key != key:
            if key.startswith(FOLDER):  # what lies elsewhere no client has put there
                self._drop(key, "no job waits for it")
            raise forged()
        if job.status is not JobStatus.UPLOAD_PENDING:
            return self._settled(job, terms)
        try:
            found = self._ports.blobs.measure(key, REVISION, most_bytes=terms.max_bytes, head_bytes=HEAD_BYTES)
        except NotFound:
            return job  # it was refused and removed; this word of it comes late
        pipeline, now = self._execution.pipelines.get(job.pipeline), self._ports.clock.now()
        if pipeline is None:  # another version has it: whoever brings the word brings it again
            raise UnknownName("pipeline", job.pipeline, self._execution.pipelines, where=job.id)
        if not terms.fits(found.size):
            refusal = wrong_size(terms, found.size)
            self._execution.commit(pipeline, job, partial(refused, pipeline, refusal, now=now))
            self._drop(key, str(refusal))
            raise refusal
        asset = upload_asset(job, terms, head=found.head, size=found.size, sha256=found.sha256, now=now)
        begun = self._execution.commit(pipeline, job, partial(uploaded, pipeline, job, asset, now=now))
        return begun or self._settled(self._ports.jobs.get(job.id) or job, terms)

    def _settled(self, job: Job, terms: UploadTerms) -> Job:
        """Return a job that has its file; raises `UploadRefused` for one that has ended without."""
        if job.status.has_ended and self._ports.assets.get(terms.key, REVISION) is None:
            self._drop(terms.key, f"its job is {job.status}")
            raise ended(terms, job)
        return job

    def _drop(self, key: str, why: str) -> None:
        log.info("a file that nobody waits for is removed", key=key, why=why)
        self._ports.blobs.remove(key, REVISION)
