"""Files that start jobs: asking, taking in, refusing, and what becomes of a job whose file never comes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from pressroom.arguments import Context
from pressroom.assets import Assets
from pressroom.errors import BadInput, ConfigurationError, RateLimited
from pressroom.incoming import UploadTerms
from pressroom.jobs import Job, JobStatus
from pressroom.pipeline import On, Outcome, Pipeline, Start, Step, StoredUpload, Upload
from pressroom.testing import plain_png
from pressroom.upload_refusals import Reason, UploadRefused
from pressroom.upload_terms import UploadSettings
from pressroom.uploads import AskedUpload
from tests.engine import Bench, Calls, a_pipeline

PNG = plain_png(16, 16)
SETTINGS: dict[str, Any] = {"settings": UploadSettings}


def look(upload: StoredUpload, assets: Assets, job: Job) -> Outcome[StoredUpload]:
    """Return what the step was given, and how many bytes it read."""
    data = assets.read(upload.key, upload.revision)
    return Outcome(output=upload, result={"seen": len(data), "type": upload.media_type}, phase="looked")


def looking(*steps: Any, types: tuple[str, ...] = ("image/png",), max_bytes: int = 100_000, **more: Any) -> Pipeline:
    trigger = Upload(types, max_bytes=max_bytes)
    return a_pipeline(look, *steps, name="look_at", trigger=trigger, **(SETTINGS | more))


class Desk(Bench):
    """A bench whose pipeline an upload starts."""

    def __init__(self, pipeline: Pipeline | None = None, **sections: Any) -> None:
        super().__init__(pipeline or looking(), **sections)
        self.uploads = self.runtime.uploads

    def ask(self, **how: Any) -> AskedUpload:
        return self.uploads.request(self.pipeline.name, {}, **how)

    def terms(self, url: str) -> UploadTerms:
        parts = urlsplit(url)
        return self.uploads.terms(parts.path.removeprefix("/"), dict(parse_qsl(parts.query, keep_blank_values=True)))

    def put(self, url: str, data: bytes = PNG) -> Job:
        with self.uploads.receive(self.terms(url)) as receiving:
            for at in range(0, len(data), 50):
                receiving.write(data[at : at + 50])
            return receiving.finish()

    def refused(self, url: str, data: bytes = PNG) -> Reason:
        with pytest.raises(UploadRefused) as raised:
            self.put(url, data)
        assert raised.value.todo
        return raised.value.reason

    def blob(self, asked: AskedUpload) -> bytes | None:
        blobs = self.runtime.ports.blobs
        try:
            return blobs.get(asked.terms.key, 1)
        except BadInput:
            return None


@pytest.fixture
def desk() -> Desk:
    return Desk()


# --- asking


def test_a_job_that_is_asked_for_waits_for_its_file(desk: Desk) -> None:
    asked = desk.ask()
    desk.work()
    job = desk.job(asked.job)
    assert job.status is JobStatus.UPLOAD_PENDING
    assert job.result == {"image_key": f"uploads/{job.id}.png"}
    assert asked.terms.expires_at == desk.clock.now() + timedelta(minutes=10)
    assert asked.headers == {"Content-Type": "image/png"}
    assert desk.standing(job) == {"on_upload_stored": "waiting"}


def test_a_stored_file_lets_the_job_begin(desk: Desk) -> None:
    asked = desk.ask()
    begun = desk.put(asked.url)
    assert begun.status is JobStatus.PENDING
    desk.work()
    job = desk.job(asked.job)
    assert job.status is JobStatus.COMPLETED
    assert (job.result["seen"], job.result["type"], job.phase) == (len(PNG), "image/png", "looked")


def test_the_file_its_event_and_what_starts_next_are_one_change(desk: Desk) -> None:
    asked = desk.ask()
    changes = []
    store = desk.runtime.ports.store
    commit = store.commit
    desk.runtime.bus._store = type("Told", (), {"commit": lambda _, change: (changes.append(change), commit(change))})()  # type: ignore[assignment]
    desk.put(asked.url)
    [change] = changes
    assert [event.type for event in change.events] == ["UploadStored", "StepCompleted"]
    assert change.events[0].subject == asked.terms.key
    assert change.events[0].data == change.assets[0].as_dict()
    assert [delivery.name for delivery in change.deliveries] == ["look"]
    assert change.jobs[0].after.status is JobStatus.PENDING
