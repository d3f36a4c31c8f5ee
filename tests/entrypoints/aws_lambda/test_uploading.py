"""Uploads on AWS: what S3 tells of is taken in once, and what is not what was announced is refused, not tried again."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from pressroom.entrypoints.aws_lambda import uploading
from pressroom.uploads import AskedUpload
from tests.carried import Carried, batch, carried
from tests.engine import Bench
from tests.lambdas import LambdaContext
from tests.uploading import PNG, looking

CONTEXT = LambdaContext("press-uploading", remaining_ms=150_000)
QUEUE = "press-uploads"


@pytest.fixture
def bench() -> Bench:
    return Bench(looking(max_bytes=1000))


@pytest.fixture(autouse=True)
def here(bench: Bench) -> Iterator[Carried]:
    with carried(bench.runtime) as made:
        yield made


def _sent(bench: Bench, asked: AskedUpload, data: bytes = PNG) -> str:
    """Let the client put its file into the store; return what S3 tells of it."""
    incoming = bench.runtime.ports.blobs.begin(asked.terms.key)
    incoming.write(data)
    incoming.keep(1)
    return json.dumps(
        {
            "source": "aws.s3",
            "detail-type": "Object Created",
            "detail": {"bucket": {"name": "press-assets-1"}, "object": {"key": asked.terms.key, "size": len(data)}},
        }
    )


def test_a_file_that_came_lets_its_job_begin_however_often_it_is_told_of(bench: Bench) -> None:
    asked = bench.runtime.uploads.request("look_at", {}, bytes=len(PNG))
    told = _sent(bench, asked)
    for _ in range(2):
        assert uploading.handler(batch(QUEUE, told, told), CONTEXT) == {"batchItemFailures": []}
    assert bench.status(asked.job) == "pending"
    assert [type for type, _ in bench.events(asked.job)].count("UploadStored") == 1


def test_a_file_that_is_not_what_was_announced_is_refused_and_not_told_of_again(bench: Bench) -> None:
    asked = bench.runtime.uploads.request("look_at", {}, bytes=len(PNG))
    told = _sent(bench, asked, PNG + b"more")
    assert uploading.handler(batch(QUEUE, told), CONTEXT) == {"batchItemFailures": []}
    assert bench.status(asked.job) == "failed"
    assert bench.runtime.ports.assets.get(asked.terms.key) is None


def test_a_file_that_nobody_asked_for_holds_up_none_of_the_others(bench: Bench) -> None:
    asked = bench.runtime.uploads.request("look_at", {}, bytes=len(PNG))
    stray = json.dumps({"detail": {"object": {"key": "uploads/job_unknown.png"}}})
    uploading.handler(batch(QUEUE, stray, _sent(bench, asked)), CONTEXT)
    assert bench.status(asked.job) == "pending"
