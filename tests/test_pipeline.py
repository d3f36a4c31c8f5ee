"""The pipeline as data, and the mistakes that it refuses when it is declared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from pressroom.errors import ConfigurationError
from pressroom.events import Event
from pressroom.pipeline import (
    Choice,
    ForEach,
    NoInput,
    On,
    Parallel,
    Part,
    Pipeline,
    PipelineSettings,
    Request,
    Step,
    inside,
)


def draw(job: Any) -> None: ...
def write(job: Any) -> None: ...
def publish(job: Any) -> None: ...
def tell(job: Any) -> None: ...
def is_late(job: Any) -> bool:
    return False


def channels(job: Any) -> list[str]:
    return ["main", "sky"]


def a_pipeline(*steps: Part, name: str = "daily_post", **more: Any) -> Pipeline:
    return Pipeline(name, trigger=Request(), steps=steps, **more)


def names(pipeline: Pipeline) -> list[str]:
    return [node.name for node in pipeline.nodes()]


def test_a_plain_function_is_a_step_named_by_it() -> None:
    [step] = a_pipeline(draw).steps
    assert step == Step(draw)
    assert step.name == "draw"


def test_every_node_is_listed_outer_before_inner_and_failure_last() -> None:
    pipeline = a_pipeline(
        Parallel(draw, [write, On("AssetStored")]),
        Choice(is_late, publish),
        ForEach(channels, Step(tell)),
        on_failure=[Step(channels)],
    )
    assert names(pipeline) == [
        "together_draw_write",
        "draw",
        "write",
        "on_asset_stored",
        "choose_is_late",
        "publish",
        "each_channels",
        "tell",
        "channels",
    ]


def test_a_choice_may_have_nothing_to_do_otherwise() -> None:
    choice = Choice(is_late, [draw, write])
    assert choice.otherwise == ()
    assert [node.name for node in inside(choice)] == ["draw", "write"]


def test_a_branch_may_be_one_function_or_several() -> None:
    parallel = Parallel(draw, [write, publish], deadline=timedelta(minutes=1), optional=True)
    assert [[node.name for node in branch] for branch in parallel.branches] == [["draw"], ["write", "publish"]]
    assert (parallel.deadline, parallel.optional) == (timedelta(minutes=1), True)


def test_the_events_that_jobs_wait_for_are_known() -> None:
    gate = On("UploadStored", "uploads/")
    assert a_pipeline(draw, Parallel(write, [gate, publish])).gates() == [gate]


def test_an_event_is_waited_for_by_type_and_by_how_its_subject_begins() -> None:
    gate = On("AssetStored", "uploads/")

    def event(type: str, subject: str) -> Event:
        return Event(type=type, subject=subject, time=datetime(2026, 10, 31, tzinfo=UTC))

    assert gate.name == "on_asset_stored"
    assert gate.matches(event("AssetStored", "uploads/1.png"))
    assert not gate.matches(event("AssetStored", "images/1.png"))
    assert not gate.matches(event("AssetRemoved", "uploads/1.png"))


@pytest.mark.parametrize("name", ["", "Daily", "daily-post", "daily post", "1st", "_private"])
def test_a_name_that_could_not_be_a_module_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="A pipeline's name is like daily_post, not"):
        a_pipeline(draw, name=name)


def test_a_pipeline_without_steps_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="The pipeline daily_post has no steps"):
        a_pipeline()


@pytest.mark.parametrize(
    ("steps", "failure"),
    [
        ([draw, write, draw], []),
        ([draw, Parallel(write, draw)], []),
        ([Choice(is_late, draw, draw)], []),
        ([ForEach(channels, draw), draw], []),
        ([draw], [draw]),
    ],
    ids=["in a row", "in a branch", "in both ways of a choice", "in a loop", "on failure"],
)
def test_two_steps_of_one_name_are_refused(steps: list[Part], failure: list[Part]) -> None:
    with pytest.raises(ConfigurationError, match="two steps called draw") as refused:
        a_pipeline(*steps, on_failure=failure)
    assert "Wrap one of the functions" in refused.value.todo


@pytest.mark.parametrize(
    "steps",
    [[On("AssetStored")], [Parallel(draw, [write, On("AssetStored")])]],
    ids=["directly", "deep inside"],
)
def test_waiting_for_an_event_inside_a_loop_is_refused(steps: list[Part]) -> None:
    with pytest.raises(ConfigurationError, match="waits for AssetStored inside a ForEach") as refused:
        a_pipeline(ForEach(channels, *steps))
    assert "wait before or after the ForEach" in refused.value.todo


def test_a_pipeline_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        a_pipeline(draw).name = "other"  # type: ignore[misc]


def test_without_an_input_of_its_own_a_pipeline_takes_none() -> None:
    with pytest.raises(ValidationError):
        NoInput(date="2026-10-31")  # type: ignore[call-arg]


@pytest.mark.parametrize("given", [0.1, "0.1", Decimal("0.1")])
def test_a_budget_is_exactly_what_stands_in_the_settings(given: Any) -> None:
    settings = PipelineSettings(budget_per_job=given, budget_per_day=given, budget_per_month=given)
    assert [settings.budget_per_job, settings.budget_per_day, settings.budget_per_month] == [Decimal("0.1")] * 3
    assert sum([settings.budget_per_day or 0] * 3) == Decimal("0.3")


@pytest.mark.parametrize("wrong", [{"keep_days": 0}, {"budget_per_day": -1}, {"catch_up_hours": -1}, {"chanels": []}])
def test_settings_refuse_what_cannot_be_meant(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PipelineSettings(**wrong)


def test_a_deadline_that_asks_for_more_than_the_settings_is_refused() -> None:
    def patience(settings: PipelineSettings, job: Any) -> timedelta:
        return timedelta(minutes=1)

    with pytest.raises(ConfigurationError, match="patience asks for more than the pipeline's settings"):
        Parallel(draw, deadline=patience)  # type: ignore[arg-type]
