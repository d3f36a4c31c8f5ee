"""Files that clients put into a store without us, as they do on S3: taken in, refused with the reason, or removed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pressroom.composition import compose
from pressroom.config import Config
from pressroom.contracts.base import at_once
from pressroom.errors import NotFound, UnknownName
from pressroom.jobs import Job, JobStatus
from pressroom.upload_refusals import Reason, UploadRefused
from pressroom.uploads import AskedUpload
from tests.uploading import OTHER_PNG, PNG, UploadDesk, looking


@pytest.fixture
def desk() -> UploadDesk:
    return UploadDesk()


def stored(desk: UploadDesk, asked: AskedUpload, data: bytes = PNG) -> str:
    """Store a file as S3 would: whatever comes, of any size, at the address of the job."""
    desk.ports.blobs.put(asked.terms.key, 1, data)
    return asked.terms.key


def refused(desk: UploadDesk, key: str) -> UploadRefused:
    with pytest.raises(UploadRefused) as raised:
        desk.uploads.arrived(key)
    return raised.value


def types_of(desk: UploadDesk, job: Job) -> list[str]:
    return [event.type for event in desk.ports.events.of_job(job.id)]


def test_a_file_that_arrived_lets_its_job_begin(desk: UploadDesk) -> None:
    asked = desk.ask()
    begun = desk.uploads.arrived(stored(desk, asked))
    assert begun.id == asked.job.id
    desk.work()
    job = desk.job(asked.job)
    assert job.status is JobStatus.COMPLETED
    assert (job.result["seen"], job.result["type"]) == (len(PNG), "image/png")


def test_it_comes_to_the_same_events_as_a_file_that_came_through_us(desk: UploadDesk) -> None:
    asked, other = desk.ask(), desk.ask()
    desk.put(asked.url)
    desk.uploads.arrived(stored(desk, other))
    desk.work()
    assert types_of(desk, other.job) == types_of(desk, asked.job)
    one, two = (desk.ports.assets.get(each.terms.key) for each in (asked, other))
    assert one is not None
    assert two is not None
    assert replace(one, key="", job_id="") == replace(two, key="", job_id="")


def test_the_word_of_it_may_come_any_number_of_times(desk: UploadDesk) -> None:
    key = stored(desk, asked := desk.ask())
    at_once(desk.uploads.arrived, [key] * 4)
    desk.work()
    assert desk.uploads.arrived(key).status is JobStatus.COMPLETED
    assert types_of(desk, asked.job).count("UploadStored") == 1
    assert desk.blob(asked) == PNG


def test_the_type_is_read_from_the_bytes(desk: UploadDesk) -> None:
    asked = desk.ask()
    desk.uploads.arrived(stored(desk, asked, b"GIF89a and more"))
    found = desk.ports.assets.get(asked.terms.key)
    assert found is not None
    assert (found.media_type, found.about["announced_type"]) == ("image/gif", "image/png")


@pytest.mark.parametrize(("data", "reason"), [(b"x" * 101, Reason.TOO_LARGE), (b"", Reason.TOO_SMALL)])
def test_a_file_of_another_size_fails_its_job_with_the_reason_and_is_removed(data: bytes, reason: Reason) -> None:
    desk = UploadDesk(looking(max_bytes=100))
    asked = desk.ask()
    refusal = refused(desk, stored(desk, asked, data))
    assert refusal.reason is reason
    desk.work()
    job = desk.job(asked.job)
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert job.error.what == refusal.what
    assert "1 to 100" in job.error.what
    assert desk.blob(asked) is None
    assert desk.ports.assets.get(asked.terms.key) is None


def test_after_a_refusal_the_same_word_again_finds_nothing_to_do() -> None:
    desk = UploadDesk(looking(max_bytes=100))
    asked = desk.ask()
    key = stored(desk, asked, b"x" * 101)
    refused(desk, key)
    assert refused(desk, key).reason is Reason.ENDED
    assert types_of(desk, asked.job).count("JobFailed") == 1


def test_a_word_of_what_is_not_there_changes_nothing(desk: UploadDesk) -> None:
    asked = desk.ask()
    assert desk.uploads.arrived(asked.terms.key).status is JobStatus.UPLOAD_PENDING
    desk.uploads.arrived(stored(desk, asked))
    desk.work()
    assert desk.job(asked.job).status is JobStatus.COMPLETED


def test_a_file_that_came_in_time_is_taken_in_although_the_word_of_it_is_late(desk: UploadDesk) -> None:
    asked = desk.ask()
    key = stored(desk, asked)
    desk.clock.move_to(asked.terms.expires_at)
    assert desk.uploads.arrived(key).status is not JobStatus.UPLOAD_PENDING


def test_a_file_that_came_too_late_is_removed(desk: UploadDesk) -> None:
    asked = desk.ask()
    desk.clock.move_to(asked.terms.expires_at)
    desk.work()
    assert desk.job(asked.job).status is JobStatus.FAILED
    assert refused(desk, stored(desk, asked)).reason is Reason.ENDED
    assert desk.blob(asked) is None


def test_a_file_that_the_deadline_found_first_is_known_already(desk: UploadDesk) -> None:
    asked = desk.ask()
    key = stored(desk, asked)
    desk.clock.move_to(asked.terms.expires_at)
    desk.work()
    assert desk.uploads.arrived(key).status is JobStatus.COMPLETED
    assert desk.blob(asked) == PNG


def test_a_file_that_is_too_large_to_be_held_is_not_read_when_the_time_is_over() -> None:
    desk = UploadDesk(looking(max_bytes=100))
    asked = desk.ask()
    stored(desk, asked, b"x" * 101)
    desk.clock.move_to(asked.terms.expires_at)
    desk.work()
    assert desk.job(asked.job).status is JobStatus.FAILED


def test_what_no_job_waits_for_is_removed(desk: UploadDesk) -> None:
    key = "uploads/job_of_nobody.png"
    desk.ports.blobs.put(key, 1, PNG)
    assert refused(desk, key).reason is Reason.FORGED
    with pytest.raises(NotFound):
        desk.ports.blobs.get(key, 1)


def test_what_is_no_upload_is_refused_and_left_alone(desk: UploadDesk) -> None:
    desk.ports.blobs.put("images/a.png", 1, PNG)
    assert refused(desk, "images/a.png").reason is Reason.FORGED
    assert desk.ports.blobs.get("images/a.png", 1) == PNG


def test_a_file_under_another_name_than_the_jobs_is_removed_and_the_job_waits_on(desk: UploadDesk) -> None:
    asked = desk.ask()
    key = asked.terms.key.replace(".png", ".gif")
    desk.ports.blobs.put(key, 1, PNG)
    assert refused(desk, key).reason is Reason.FORGED
    with pytest.raises(NotFound):
        desk.ports.blobs.get(key, 1)
    assert desk.job(asked.job).status is JobStatus.UPLOAD_PENDING


def test_a_job_whose_pipeline_is_not_here_keeps_its_file_and_waits(desk: UploadDesk) -> None:
    asked = desk.ask()
    key = stored(desk, asked)
    config = Config.model_validate({"workspace": Path()})
    other = compose(config, desk.ports, {})
    with pytest.raises(UnknownName, match="look_at"):
        other.uploads.arrived(key)
    assert desk.blob(asked) == PNG
    assert desk.job(asked.job).status is JobStatus.UPLOAD_PENDING


def test_a_job_that_was_started_with_a_file_at_hand_is_not_disturbed_by_the_stores_word(desk: UploadDesk) -> None:
    begin = desk.ports.blobs.begin

    class Telling:
        """A store that tells of what is put into it before whoever put it there goes on."""

        def __init__(self, key: str) -> None:
            self._key, self._inner = key, begin(key)

        def write(self, piece: bytes) -> None:
            self._inner.write(piece)

        def keep(self, revision: int) -> None:
            self._inner.keep(revision)
            desk.uploads.arrived(self._key)

        def drop(self) -> None:
            self._inner.drop()

    desk.ports.blobs.begin = Telling  # type: ignore[method-assign]
    job = desk.uploads.start("look_at", {}, OTHER_PNG)
    desk.work()
    assert desk.job(job).status is JobStatus.COMPLETED
    assert types_of(desk, job).count("UploadStored") == 1
