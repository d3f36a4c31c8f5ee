"""Uploads whose client reaches S3 without us: the whole way from asking to the job's end, over a strict S3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.errors import NotFound
from pressroom.jobs import JobStatus
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock, work_off
from pressroom.upload_refusals import UploadRefused
from tests.s3_store import Shop, a_strict_s3, sent
from tests.uploading import OTHER_PNG, PNG, looking


class Desk:
    def __init__(self, shop: Shop, clock: ManualClock) -> None:
        self.shop, self.clock = shop, clock
        ports = replace(build_memory_ports(clock), blobs=shop.blobs)
        config = Config.model_validate({"workspace": Path()})
        self.runtime: Runtime = compose(config, ports, {"look_at": looking(max_bytes=1000)})

    def status(self, job_id: str) -> JobStatus:
        work_off(self.runtime)
        job = self.runtime.ports.jobs.get(job_id)
        assert job is not None
        return job.status


@pytest.fixture
def desk() -> Iterator[Desk]:
    clock = ManualClock()
    with a_strict_s3(clock) as shop:
        yield Desk(shop, clock)


def test_an_upload_is_asked_for_sent_to_s3_and_taken_in_when_s3_tells_of_it(desk: Desk) -> None:
    asked = desk.runtime.uploads.request("look_at", {}, bytes=len(PNG))
    assert asked.url.startswith(desk.shop.s3.base_url)
    assert sent("PUT", asked.url, asked.headers, PNG)[0] == 200
    assert desk.status(asked.job.id) is JobStatus.UPLOAD_PENDING
    desk.runtime.uploads.arrived(asked.terms.key)
    assert desk.status(asked.job.id) is JobStatus.COMPLETED
    found = desk.runtime.ports.assets.get(asked.terms.key)
    assert found is not None
    assert (found.bytes, found.media_type) == (len(PNG), "image/png")


def test_a_used_url_takes_no_second_file_and_the_first_one_stays(desk: Desk) -> None:
    asked = desk.runtime.uploads.request("look_at", {})
    sent("PUT", asked.url, asked.headers, PNG)
    desk.runtime.uploads.arrived(asked.terms.key)
    assert sent("PUT", asked.url, asked.headers, OTHER_PNG)[0] == 412
    assert desk.status(asked.job.id) is JobStatus.COMPLETED
    assert desk.shop.blobs.get(asked.terms.key, 1) == PNG


def test_what_the_signature_cannot_hold_is_measured_before_the_file_is_known(desk: Desk) -> None:
    asked = desk.runtime.uploads.request("look_at", {})
    assert sent("PUT", asked.url, asked.headers, PNG + b"x" * 1000)[0] == 200
    with pytest.raises(UploadRefused, match="1 to 1000 bytes, and more came"):
        desk.runtime.uploads.arrived(asked.terms.key)
    assert desk.status(asked.job.id) is JobStatus.FAILED
    with pytest.raises(NotFound):
        desk.shop.blobs.get(asked.terms.key, 1)


def test_a_url_whose_time_is_over_is_refused_by_s3_and_the_job_has_failed(desk: Desk) -> None:
    asked = desk.runtime.uploads.request("look_at", {}, bytes=len(PNG))
    desk.clock.advance(timedelta(minutes=10))
    assert sent("PUT", asked.url, asked.headers, PNG)[0] == 403
    assert desk.status(asked.job.id) is JobStatus.FAILED


def test_a_file_at_hand_is_stored_through_us_and_s3s_word_of_it_changes_nothing(desk: Desk) -> None:
    job = desk.runtime.uploads.start("look_at", {}, PNG)
    [key] = [asset.key for asset in desk.runtime.ports.assets.of_job(job.id)]
    assert desk.runtime.uploads.arrived(key).id == job.id
    assert desk.status(job.id) is JobStatus.COMPLETED
