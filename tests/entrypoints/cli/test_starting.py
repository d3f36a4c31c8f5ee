"""Starting a pipeline by hand whose jobs otherwise wait for an upload."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from pressroom.entrypoints.cli._inputs import describe, read_input
from pressroom.entrypoints.cli._starting import start
from pressroom.errors import BadInput
from pressroom.jobs import JobStatus
from pressroom.pipeline import Pipeline, Request, Upload
from pressroom.testing import memory_runtime, work_off
from tests.uploading import PNG, look, looking


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "receipt.png"
    path.write_bytes(PNG)
    return path


def test_a_file_takes_the_place_of_the_upload(file: Path) -> None:
    runtime = memory_runtime(looking())
    [job] = start(runtime, "look_at", read_input(looking(), [f"file={file}"]))
    assert (job.status, job.input) == (JobStatus.PENDING, {})
    work_off(runtime)
    found = runtime.ports.jobs.get(job.id)
    assert found is not None
    assert (found.status, found.result["seen"]) == (JobStatus.COMPLETED, len(PNG))


def test_the_file_must_be_given_and_is_explained() -> None:
    with pytest.raises(BadInput, match="file must be given") as raised:
        read_input(looking(), [])
    assert "-i file=…  A file on this machine; over HTTP it is uploaded. (must be given)" in raised.value.todo
    assert describe(looking()) in raised.value.todo


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read"), (b"", "is empty"), (b"x" * 100_001, "is too large")]
)
def test_a_file_that_cannot_be_used_starts_nothing(tmp_path: Path, content: bytes | None, said: str) -> None:
    runtime, file = memory_runtime(looking()), tmp_path / "receipt.png"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadInput, match=said) as raised:
        start(runtime, "look_at", {"file": str(file)})
    assert raised.value.todo
    assert runtime.ports.jobs.find() == []


def do_nothing() -> None:
    """Is a step."""


class Named(BaseModel):
    file: str


def test_a_pipeline_that_no_upload_starts_is_given_its_own_file() -> None:
    runtime = memory_runtime(Pipeline("told", trigger=Request(), steps=[do_nothing], input=Named))
    [job] = start(runtime, "told", {"file": "a.png"}, trigger="demo")
    assert job.input == {"file": "a.png"}
    assert runtime.ports.events.of_job(job.id)[0].data["trigger"] == "demo"


def test_without_a_file_the_reason_says_how_to_give_one() -> None:
    with pytest.raises(BadInput, match="works on a file") as raised:
        start(memory_runtime(looking()), "look_at", {})
    assert "-i file=PATH" in raised.value.todo


def test_the_largest_file_that_is_taken_can_be_set(file: Path) -> None:
    pipeline = Pipeline("look_at", trigger=Upload(("image/png",), 10), steps=[look], settings=looking().settings)
    with pytest.raises(BadInput, match="1 to 10 bytes"):
        start(memory_runtime(pipeline), "look_at", {"file": str(file)})
    runtime = memory_runtime(pipeline, pipelines={"look_at": {"max_upload_bytes": 10_000}})
    assert start(runtime, "look_at", {"file": str(file)})
