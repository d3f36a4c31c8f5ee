"""Jobs of a pipeline that came to be started by uploads, or no longer is, while they were there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pressroom.assets import Assets
from pressroom.composition import compose
from pressroom.errors import NotFound
from pressroom.jobs import Job, JobStatus
from pressroom.pipeline import Outcome, Pipeline, Request
from pressroom.retention import remove_expired
from pressroom.runtime import Runtime
from pressroom.testing import work_off
from tests.engine import Bench, a_pipeline
from tests.uploading import PNG, UploadDesk, looking


def draw(job: Job, assets: Assets) -> Outcome[Any]:
    return Outcome(assets=(assets.store(f"drawn/{job.id}.png", PNG, job=job),))


def without_uploads() -> Pipeline:
    return a_pipeline(draw, name="look_at", trigger=Request(), keep=timedelta(days=2))


def with_another_pipeline(bench: Bench, pipeline: Pipeline) -> Runtime:
    return compose(bench.runtime.config, bench.runtime.ports, {pipeline.name: pipeline})


def test_a_job_from_before_its_pipeline_was_started_by_uploads_expires_and_so_do_the_others() -> None:
    bench = Bench(without_uploads())
    jobs = [bench.run(), bench.run()]
    runtime = with_another_pipeline(bench, looking(keep=timedelta(days=2)))
    bench.clock.advance(timedelta(days=2))
    remove_expired(runtime, bench.clock.now())
    assert [bench.status(job) for job in jobs] == [JobStatus.EXPIRED, JobStatus.EXPIRED]
    for job in jobs:
        with pytest.raises(NotFound):
            runtime.assets.read(f"drawn/{job.id}.png")


def test_asking_for_what_such_a_job_stands_for_is_answered_with_the_job_and_no_address() -> None:
    bench = Bench(without_uploads())
    [job] = bench.runtime.runner.request("look_at", {}, key="the one")
    runtime = with_another_pipeline(bench, looking(keep=timedelta(days=2)))
    asked = runtime.uploads.request("look_at", {}, key="the one")
    assert (asked.job.id, asked.url) == (job.id, "")


def test_a_file_of_nobody_goes_with_its_job_also_when_the_pipeline_takes_no_uploads_any_more() -> None:
    desk = UploadDesk(looking(keep=timedelta(days=2)))
    asked = desk.ask()
    desk.ports.blobs.put(asked.terms.key, 1, PNG)  # whole, and its process was killed before it was known
    runtime = with_another_pipeline(desk, without_uploads())
    work_off(runtime)
    desk.clock.advance(timedelta(days=2))
    remove_expired(runtime, desk.clock.now())
    assert desk.status(asked.job) is JobStatus.EXPIRED
    assert desk.blob(asked) is None
