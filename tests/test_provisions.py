"""What a step may ask for by type: ports and mechanisms, and nothing that would let it reach everything."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.assets import Assets
from pressroom.fetching import Fetching
from pressroom.jobs import Job, JobStatus
from pressroom.makers import ImageMaker, TextMaker
from pressroom.pipeline import Pipeline, PipelineSettings, Request
from pressroom.ports import AssetIndex, Clock, Ledger, Ports, Secrets, Store
from pressroom.publishing import Publishing
from pressroom.runtime import Runtime
from pressroom.testing import memory_runtime, work_off


class Making(PipelineSettings):
    image: str = "offline_image"
    text: str = ""


def run(step: Any) -> tuple[Runtime, Job]:
    step.__name__ = "look_around"
    runtime = memory_runtime(Pipeline("wall", trigger=Request(), settings=Making, steps=[step]))
    [job] = runtime.runner.request("wall", {})
    work_off(runtime)
    done = runtime.ports.jobs.get(job.id)
    assert done is not None
    return runtime, done


def test_a_step_is_given_the_ports_and_mechanisms_that_it_asks_for() -> None:
    seen: dict[str, Any] = {}

    def step(
        assets: Assets, index: AssetIndex, clock: Clock, ledger: Ledger, publishing: Publishing, fetching: Fetching
    ) -> None:
        seen.update(assets=assets, index=index, clock=clock, ledger=ledger, publishing=publishing, fetching=fetching)

    runtime, job = run(step)
    assert job.status is JobStatus.COMPLETED
    assert seen["assets"] is runtime.assets
    assert seen["index"] is runtime.ports.assets
    assert seen["clock"] is runtime.ports.clock
    assert seen["ledger"] is runtime.ports.ledger
    assert isinstance(seen["publishing"], Publishing)
    assert isinstance(seen["fetching"], Fetching)


def test_a_maker_is_of_the_generator_that_the_setting_of_the_same_name_chooses() -> None:
    seen: list[Any] = []

    def step(image: ImageMaker) -> None:
        seen.append(image)

    _, job = run(step)
    assert job.status is JobStatus.COMPLETED
    assert isinstance(seen[0], ImageMaker)


def test_a_step_can_do_without_a_maker_whose_setting_is_empty() -> None:
    seen: list[Any] = []

    def step(text: TextMaker | None) -> None:
        seen.append(text)

    run(step)
    assert seen == [None]


def test_a_maker_without_a_setting_says_which_line_to_add() -> None:
    def step(painting: ImageMaker) -> None: ...

    _, job = run(step)
    assert job.error is not None
    assert job.error.what == "The pipeline wall has no setting 'painting' that names a generator."
    assert job.error.todo == 'Add `painting = "NAME"` there.'


@pytest.mark.parametrize("wanted", [Store, Secrets, Ports, Runtime])
def test_a_step_is_given_no_whole_runtime_no_store_and_no_secrets(wanted: type) -> None:
    def step(thing: Any) -> None: ...

    step.__annotations__["thing"] = wanted
    _, job = run(step)
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert "which no earlier step returns and no port provides" in job.error.what
