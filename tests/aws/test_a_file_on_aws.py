"""Uploads on AWS: a client puts its file into the store by itself, and the bus lets its job begin."""

from __future__ import annotations

import httpx

from tests.on_aws import on_aws, until
from tests.uploading import PNG, looking


def test_a_file_that_is_put_into_the_store_travels_by_the_bus_and_lets_its_job_begin() -> None:
    with on_aws(looking(max_bytes=1000)) as aws:
        asked = aws.runtime.uploads.request("look_at", {}, bytes=len(PNG))
        assert asked.url.startswith(aws.aws.endpoint_url)
        assert aws.executions("look_at") == {}
        assert httpx.put(asked.url, content=PNG, headers=dict(asked.headers)).status_code == 200
        job = aws.finished(asked.job.id)
        assert (job.status, job.result["seen"]) == ("completed", len(PNG))
        until(lambda: aws.executions("look_at") == {job.id: "SUCCEEDED"})


def test_a_file_larger_than_was_announced_fails_its_job_and_is_removed() -> None:
    with on_aws(looking(max_bytes=1000)) as aws:
        asked = aws.runtime.uploads.request("look_at", {}, bytes=len(PNG))
        # The emulator does not look at what was signed, which S3 does: what is not held there is held here.
        assert httpx.put(asked.url, content=PNG + b"more", headers=dict(asked.headers)).status_code == 200
        job = aws.finished(asked.job.id)
        assert job.status == "failed"
        assert job.error is not None
        assert aws.executions("look_at") == {}
        assert aws.runtime.ports.assets.get(asked.terms.key) is None
