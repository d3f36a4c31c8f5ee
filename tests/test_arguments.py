"""What a step is given for each kind of parameter, and what it is told when there is nothing to give."""

from __future__ import annotations

from typing import Any, Optional

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from pressroom.arguments import Context, call, output_type, parameters
from pressroom.assets import Assets
from pressroom.errors import BadInput, ConfigurationError, Problem
from pressroom.jobs import Job, JobStatus
from pressroom.pipeline import ForEach, Outcome, Parallel, Part, PipelineSettings
from pressroom.ports import AssetIndex, Clock, Ledger
from pressroom.publishing import Publishing
from tests.engine import Bench, Calls, a_pipeline


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    theme: str = "cats"


class Settings(PipelineSettings):
    style: str = "spooky"


class Words(BaseModel):
    text: str


class LongWords(Words):
    pages: int = 1


class Picture(BaseModel):
    key: str


def run(*steps: Part) -> Bench:
    """Run one job over these steps, and expect that it is completed."""
    bench = Bench(a_pipeline(*steps, input=Wish, settings=Settings))
    job = bench.run()
    assert job.status is JobStatus.COMPLETED, job.error
    return bench


def failure(*steps: Part) -> Problem:
    bench = Bench(a_pipeline(*steps, input=Wish, settings=Settings))
    job = bench.run()
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    return job.error


def test_a_step_is_given_its_job_its_input_and_the_pipelines_settings() -> None:
    given: list[Any] = []

    def draw(job: Job, wish: Wish, settings: Settings, common: PipelineSettings) -> None:
        given.extend((job.pipeline, wish.theme, settings.style, common is settings))

    bench = Bench(a_pipeline(draw, input=Wish, settings=Settings), pipelines={"work_through": {"style": "merry"}})
    bench.run(theme="bats")
    assert given == ["work_through", "bats", "merry", True]


def test_a_step_is_given_the_ports_that_it_names() -> None:
    given: list[Any] = []

    def draw(clock: Clock, assets: Assets, index: AssetIndex, ledger: Ledger, publishing: Publishing) -> None:
        given.extend((clock, assets, index, ledger, publishing))

    bench = run(draw)
    ports = bench.runtime.ports
    assert given[:4] == [ports.clock, bench.runtime.assets, ports.assets, ports.ledger]
    assert isinstance(given[4], Publishing)


def test_a_step_may_look_at_everything_that_is_known() -> None:
    seen: list[Context] = []
    calls = Calls()
    run(calls.step("write"), calls.step("draw", seen.append))
    assert (seen[0].path, seen[0].attempt, seen[0].cause is not None) == ("draw", 1, True)
    assert seen[0].cause is not None
    assert (seen[0].cause.type, seen[0].cause.subject) == ("StepCompleted", "write")
    assert list(seen[0].records) == ["write", "draw"]


def test_a_step_is_given_the_output_of_an_earlier_one() -> None:
    given: list[str] = []

    def write() -> Words:
        return Words(text="Boo")

    def post(words: Words) -> None:
        given.append(words.text)

    run(write, post)
    assert given == ["Boo"]


def test_an_output_is_found_by_a_model_that_it_extends_and_within_an_outcome() -> None:
    given: list[Words] = []

    def write() -> Outcome[LongWords]:
        return Outcome(output=LongWords(text="Boo", pages=3))

    def post(words: Words) -> None:
        given.append(words)

    run(write, post)
    assert given == [LongWords(text="Boo", pages=3)]


def test_within_a_loop_the_output_of_the_same_turn_is_the_nearest() -> None:
    given: dict[str, str] = {}

    def names(job: Job) -> list[str]:
        return ["main", "sky"]

    def first() -> Words:
        return Words(text="for all")

    def fit(item: str) -> Words:
        return Words(text=f"for {item}")

    def send(item: str, words: Words) -> None:
        given[item] = words.text

    run(first, ForEach(names, fit, send))
    assert given == {"main": "for main", "sky": "for sky"}


def test_within_a_loop_the_output_from_before_it_is_found_too() -> None:
    given: list[str] = []

    def names(job: Job) -> list[str]:
        return ["main", "sky"]

    def sizes(job: Job) -> list[str]:
        return ["small"]

    def first() -> Words:
        return Words(text="for all")

    def outer(item: str) -> Picture:
        return Picture(key=item)

    def send(words: Words, picture: Picture) -> None:
        given.append(f"{words.text} {picture.key}")

    run(first, ForEach(names, outer, ForEach(sizes, send)))
    assert sorted(given) == ["for all main", "for all sky"]


def test_a_list_of_a_model_is_every_output_of_it_in_order() -> None:
    given: list[list[str]] = []

    def names(job: Job) -> list[str]:
        return ["main", "sky"]

    def send(item: str) -> Words:
        return Words(text=item)

    def tell(every: list[Words]) -> None:
        given.append([words.text for words in every])

    run(ForEach(names, send), tell)
    assert given == [["main", "sky"]]


def test_what_failed_or_did_not_run_has_no_output() -> None:
    given: list[Any] = []

    def draw() -> Picture:
        raise BadInput("No paint.")

    def tell(every: list[Picture], picture: Picture | None, older: Optional[Picture]) -> None:  # noqa: UP045 - both ways
        given.extend((every, picture, older))

    run(Parallel(draw, optional=True), tell)
    assert given == [[], None, None]


def test_a_question_is_given_what_a_step_would_be() -> None:
    asked: list[str] = []

    def write() -> Words:
        return Words(text="main sky")

    def names(wish: Wish, words: Words, settings: Settings) -> list[str]:
        asked.append(f"{wish.theme} {settings.style}")
        return words.text.split()

    calls = Calls()
    run(write, ForEach(names, calls.step("send")))
    assert asked == ["cats spooky"]
    assert calls.paths == ["send[main]", "send[sky]"]


def test_an_item_becomes_the_model_that_the_step_asks_for() -> None:
    given: list[Any] = []

    def files(job: Job) -> list[dict[str, str]]:
        return [{"key": "a.png"}]

    def load(item: Picture) -> None:
        given.append(item)

    run(ForEach(files, load))
    assert given == [Picture(key="a.png")]


def test_the_reason_of_a_failure_is_only_there_once_something_has_failed() -> None:
    def draw(why: Problem) -> None: ...

    problem = failure(draw)
    assert problem.kind == "ConfigurationError"
    assert "why" in problem.what
    assert "on_failure" in problem.todo


def test_a_model_that_nothing_returns_is_named_with_the_step_that_asks_for_it() -> None:
    def post(words: Words) -> None: ...

    problem = failure(post)
    assert problem.what == (
        "The step post asks for 'words', a Words, which no earlier step returns and no port provides."
    )
    assert problem.todo


def test_a_port_that_does_not_exist_is_named_with_the_step_that_asks_for_it() -> None:
    def post(size: int) -> None: ...

    assert "The step post asks for 'size', a int" in failure(post).what


def test_a_parameter_without_annotation_is_named() -> None:
    def post(job: Job, size) -> None: ...  # type: ignore[no-untyped-def]

    with pytest.raises(ConfigurationError, match="does not say what it wants as size"):
        parameters(post)


def test_what_an_edited_redrive_brings_takes_the_place_of_an_argument() -> None:
    given: list[Words] = []

    def write() -> Words:
        return Words(text="too long")

    def post(words: Words) -> None:
        given.append(words)
        if len(words.text) > 5:
            raise BadInput("Too long.")

    bench = Bench(a_pipeline(write, post))
    job = bench.run()
    [letter] = bench.letters(job)
    bench.runtime.runner.redrive(letter.id, {"words": {"text": "short"}})
    bench.work()
    assert given == [Words(text="too long"), Words(text="short")]
    assert bench.status(job) is JobStatus.COMPLETED


def test_what_an_edited_redrive_brings_must_fit() -> None:
    context = _context({"words": {"txt": "?"}})

    def post(words: Words) -> None: ...

    with pytest.raises(ValidationError):
        call(post, context, lambda *_: None)


def _context(extra: dict[str, Any]) -> Context:
    bench = Bench(a_pipeline(*Calls().steps("draw")))
    job = bench.request()
    return Context(pipeline=bench.pipeline, settings=PipelineSettings(), job=job, records={}, extra=extra)


def test_the_model_of_an_output_is_read_from_the_annotation() -> None:
    def plain() -> Words: ...  # type: ignore[empty-body]
    def wrapped() -> Outcome[Words]: ...  # type: ignore[empty-body]
    def nothing() -> None: ...

    assert (output_type(plain), output_type(wrapped), output_type(nothing)) == (Words, Words, None)
