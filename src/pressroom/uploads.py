"""Files that start jobs: a job is asked for and waits, its file comes at a signed URL, and then it begins."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pressroom.changes import Change
from pressroom.errors import Conflict, RateLimited
from pressroom.gates import uploaded
from pressroom.incoming import IncomingBlob, UploadTerms
from pressroom.jobs import Job, JobStatus
from pressroom.media import media_type_of
from pressroom.ports import Ports
from pressroom.runner import Along, Runner
from pressroom.upload_arrivals import Arrivals
from pressroom.upload_assets import HEAD_BYTES, REVISION, upload_asset
from pressroom.upload_refusals import Reason, UploadRefused, ended, expired, forged, has_its_file, wrong_size
from pressroom.upload_terms import Announced, accepted, job_id_of, most_pending, terms_for

ASK_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedUpload:
    """A job that waits for a file, and how it is sent: a plain `PUT` of the bytes with these headers."""

    job: Job
    terms: UploadTerms
    url: str
    """Absolute, or below this server's root; empty if the job waits no more: it was asked for before."""
    headers: Mapping[str, str] = field(default_factory=dict)


class Uploads:
    def __init__(self, runner: Runner, ports: Ports) -> None:
        self._runner, self._ports = runner, ports

    # --- asking

    def request(
        self,
        pipeline: str,
        input: dict[str, Any],
        *,
        media_type: str = "",
        bytes: int | None = None,
        key: str | None = None,
        trigger: str = "upload",
        along: Change | Along = Change(),  # noqa: B008 - a frozen value
    ) -> AskedUpload:
        """Start a job that waits for a file, and return where that is to be sent.

        `media_type` and `bytes` are what the client says of it; they become part of what the URL takes. `key` and
        `along` are as in `Runner.request`. Raises `BadInput` for what the pipeline does not take, and `RateLimited`
        if too many uploads are being waited for.
        """
        announced = Announced(media_type=media_type, bytes=bytes)
        declared = self._runner.pipeline(pipeline)
        settings = self._runner.execution.settings[declared.name]
        accepted(declared, settings)  # said here too: the runner may find a job that stands for the same key
        if self._ports.jobs.count().get(JobStatus.UPLOAD_PENDING.value, 0) >= most_pending(settings):
            raise RateLimited(
                f"{most_pending(settings)} uploads that were asked for have not come yet.",
                where=pipeline,
                todo="Send or cancel one of them, or ask again when their time is over.",
                retry_at=self._ports.clock.now() + ASK_AGAIN,
            )
        [job] = self._runner.request(pipeline, input, upload=announced, key=key, trigger=trigger, along=along)
        return self.asked(job, announced)

    def asked(self, job: Job, announced: Announced) -> AskedUpload:
        """Return how a job's file is sent; of a job that is not stored yet too, as `along` is given it."""
        terms = self._stored_terms(job)
        if terms is None:
            settings = self._runner.execution.settings[job.pipeline]
            terms = terms_for(self._runner.pipeline(job.pipeline), settings, announced, job.id, job.created_at)
        if job.status is not JobStatus.UPLOAD_PENDING or self._is_over(terms):
            return AskedUpload(job=job, terms=terms, url="")
        signed = self._ports.blobs.sign_put(terms)
        return AskedUpload(job=job, terms=terms, url=signed.url, headers=signed.headers)

    def start(
        self, pipeline: str, input: dict[str, Any], data: bytes, *, key: str | None = None, trigger: str = "run"
    ) -> Job:
        """Start a job with a file that is at hand; nothing is waited for."""
        types = accepted(self._runner.pipeline(pipeline), self._runner.execution.settings[pipeline])
        shown = media_type_of(data[:HEAD_BYTES])
        # Of another type, it is the pipeline that says so: it looks closer than at the first bytes.
        announced = Announced(media_type=shown if shown in types else types[0], bytes=len(data))
        [job] = self._runner.request(pipeline, input, upload=announced, key=key, trigger=trigger)
        if job.status is not JobStatus.UPLOAD_PENDING:
            return job  # it stands for the same key, and has its file
        terms = self.asked(job, announced).terms
        try:
            with self.receive(terms) as receiving:
                receiving.write(data)
                return receiving.finish()
        except UploadRefused as refused:
            if refused.reason is not Reason.HAS_FILE:
                raise
        # Nobody else knows where it goes: where a store tells of what is put into it, that was faster.
        return self._ports.jobs.get(job.id) or job

    # --- taking in

    def terms(self, key: str, query: Mapping[str, str]) -> UploadTerms:
        """Return what a signed URL takes; raises `UploadRefused` if it is forged, altered or over."""
        terms = self._ports.blobs.verify_put(key, query)
        if terms is None:
            raise forged()
        if self._is_over(terms):
            raise expired(terms)
        return terms

    def receive(self, terms: UploadTerms) -> Receiving:
        """Begin to take a file in; raises `UploadRefused` if its job does not wait for one (any more)."""
        job = self._ports.jobs.get(job_id_of(terms.key))
        if job is None or job.status is not JobStatus.UPLOAD_PENDING:
            raise self._settled(terms, job)
        return Receiving(self, terms, self._ports.blobs.begin(terms.key))

    def keep(self, terms: UploadTerms, incoming: IncomingBlob, head: bytes, size: int, sha256: str) -> Job:
        """Store a file that has come whole, and let its job begin, in one change. Of many at once one succeeds."""
        if self._is_over(terms):
            raise expired(terms)
        try:
            incoming.keep(REVISION)
        except Conflict:
            raise has_its_file(terms) from None
        # From here on the file is either made known or nobody's: its job has another, or has ended.
        job = self._ports.jobs.get(job_id_of(terms.key))
        now = self._ports.clock.now()
        if job is not None and not job.status.has_ended:
            pipeline = self._runner.pipeline(job.pipeline)
            asset = upload_asset(job, terms, head=head, size=size, sha256=sha256, now=now)
            begun = self._runner.execution.commit(
                pipeline, job, lambda records: uploaded(pipeline, job, asset, records, now)
            )
            if begun is not None:
                return begun
        if self._ports.assets.get(terms.key, REVISION) is None:
            self._ports.blobs.remove(terms.key, REVISION)
        raise self._settled(terms, self._ports.jobs.get(job_id_of(terms.key)))

    def arrived(self, key: str) -> Job:
        """Take in a file that a client has put into the store without us, and let its job begin; any number of times.

        Raises `UploadRefused` for one that is not what its URL was signed for, whose job then fails with that reason,
        and for one whose job does not wait any more. Such a file is removed. When it came, the store has judged.
        """
        job = self._ports.jobs.get(job_id_of(key))
        return Arrivals(self._runner.execution, self._ports).take_in(key, job, self._stored_terms(job) if job else None)

    def drop_unknown(self, job: Job) -> None:
        """Remove the file of an expired job that came whole and never became known: its process was killed then."""
        # Whether it waited for one, its request says: its pipeline may have become another meanwhile.
        terms = self._stored_terms(job)
        if terms is not None:
            self._ports.blobs.remove(terms.key, REVISION)

    def _stored_terms(self, job: Job) -> UploadTerms | None:
        """Return what a job waited for; None if it is not stored yet, or was no upload's."""
        requested = next(iter(self._ports.events.of_job(job.id)), None)
        upload = requested.data.get("upload") if requested else None
        return UploadTerms.from_dict(upload) if upload else None

    def _is_over(self, terms: UploadTerms) -> bool:
        return self._ports.clock.now() >= terms.expires_at

    def _settled(self, terms: UploadTerms, job: Job | None) -> UploadRefused:
        if self._ports.assets.get(terms.key, REVISION) is not None:
            return has_its_file(terms)
        return ended(terms, job)


class Receiving:
    """One file on its way in, a piece at a time; nothing of it stays unless `finish` returns."""

    def __init__(self, uploads: Uploads, terms: UploadTerms, incoming: IncomingBlob) -> None:
        self._uploads, self._terms, self._incoming = uploads, terms, incoming
        self._digest, self._head = hashlib.sha256(), b""
        self.size = 0
        """Bytes that have come so far."""

    def __enter__(self) -> Receiving:
        return self

    def __exit__(self, *_: object) -> None:
        self._incoming.drop()

    def write(self, piece: bytes) -> None:
        """Take a piece in; raises `UploadRefused` as soon as it is more than the URL takes."""
        self.size += len(piece)
        if self.size > self._terms.max_bytes:
            raise wrong_size(self._terms, self.size)
        self._incoming.write(piece)
        self._digest.update(piece)
        if len(self._head) < HEAD_BYTES:
            self._head += piece[: HEAD_BYTES - len(self._head)]

    def finish(self) -> Job:
        """Let the job begin with what has come; raises `UploadRefused` if that is not what was announced."""
        if not self._terms.fits(self.size):
            raise wrong_size(self._terms, self.size)
        return self._uploads.keep(self._terms, self._incoming, self._head, self.size, self._digest.hexdigest())
