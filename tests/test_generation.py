"""Generators are asked within a budget, and what they answered is kept before it is read: nothing is billed twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from pressroom.arguments import Context
from pressroom.backends.memory import build_memory_ports
from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.bus import Bus
from pressroom.changes import Change
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.costs import Cost
from pressroom.errors import BadInput, ConfigurationError, OutOfCredit, RateLimited, Unavailable, UnknownName
from pressroom.generation import Asking, Generators
from pressroom.generators.base import ImageRequest, TextRequest
from pressroom.generators.offline_image import OfflineImage
from pressroom.jobs import Job, JobStatus
from pressroom.makers import ImageMaker, TextMaker
from pressroom.pipeline import Outcome, Pipeline, PipelineSettings, Request
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock, ScriptedImage, ScriptedText, work_off

PRICE = Decimal("0.04")
READ = ("First!", "Second!")


class VerseSettings(PipelineSettings):
    text: str = "poet"
    image: str = ""


class Verse(BaseModel):
    text: str


class Subject(BaseModel):
    theme: str = "cats"


def compose_verse(input: Subject, text: TextMaker) -> Outcome[Verse]:
    asked = TextRequest(purpose="caption", prompt=f"About {input.theme}", theme=input.theme)
    written = text.write(asked)
    return Outcome(output=Verse(text=written), result={"verse": written})


verse = Pipeline("verse", trigger=Request(), input=Subject, settings=VerseSettings, steps=[compose_verse])


class Poet(ScriptedText):
    """Costs the same for every answer, and less than was to be feared."""

    def estimate(self, request: TextRequest) -> Decimal:
        return 2 * self.script.price


class Named(Generators):
    """Finds the scripted generators of a test, by name."""

    def __init__(self, **known: Any) -> None:
        self._known = known

    def names(self) -> list[str]:
        return sorted(self._known)

    def named(self, name: str) -> Any:
        if name not in self._known:
            raise UnknownName("generator", name, self.names())
        return self._known[name]


class Study:
    def __init__(
        self, *answers: str | Exception, budgets: dict[str, Any] | None = None, known: Any = None, **verse_: Any
    ) -> None:
        self.clock = ManualClock()
        self.ports = build_memory_ports(self.clock)
        self.poet = Poet(*answers, price=PRICE, name="poet")
        sections = {"pipelines": {"verse": verse_}, "budgets": budgets or {}}
        self._config = Config.model_validate({"workspace": Path(), **sections})
        self._known = known or {"poet": self.poet}
        self.runtime = self.fresh()

    def fresh(self, **ports: Any) -> Runtime:
        ports_ = replace(self.ports, **ports)
        return compose(self._config, ports_, {"verse": verse}, generators=Named(**self._known))

    def ask(self, theme: str = "cats") -> Job:
        [job] = self.runtime.runner.request("verse", {"theme": theme})
        return job

    def finish(self, job: Job) -> Job:
        for _ in range(50):
            work_off(self.runtime)
            due = self.ports.queue.next_due(["steps", "events"])
            if due is None:
                break
            self.clock.move_to(max(due, self.clock.now()))
        found = self.ports.jobs.get(job.id)
        assert found is not None
        return found

    def costs(self, job: Job) -> list[tuple[str, Decimal]]:
        return [(cost.unit, cost.money) for cost in self.ports.costs.of_job(job.id)]


class Cut(BaseException):
    """The process was killed."""


def test_an_answer_is_read_and_its_real_cost_takes_the_place_of_the_estimate() -> None:
    study = Study("First!")
    job = study.ask()
    assert study.finish(job).result == {"verse": "First!"}
    assert study.costs(job) == [("texts", PRICE)]


def test_the_estimate_is_on_the_account_while_the_model_is_asked() -> None:
    study = Study("First!")
    seen: list[Any] = []
    ask = study.poet.ask

    def look_and_ask(request: TextRequest) -> Any:
        seen.append(study.costs(job))
        return ask(request)

    study.poet.ask = look_and_ask  # type: ignore[method-assign]
    job = study.ask()
    study.finish(job)
    assert seen == [[("reserved", 2 * PRICE)]]


def test_the_raw_answer_is_kept_before_anything_is_read_from_it() -> None:
    study = Study("First!", "Second!")
    read = study.poet.text

    def die(*_: Any) -> str:
        raise Cut

    study.poet.text = die  # type: ignore[assignment,method-assign]
    job = study.ask()
    with pytest.raises(Cut):
        work_off(study.runtime)
    [asset] = study.ports.assets.find("answers/")
    assert asset.job_id == job.id
    assert b'{"text": "First!"}' in study.runtime.assets.read(asset.key)
    study.poet.text = read  # type: ignore[method-assign]
    study.clock.advance(seconds=61)
    assert study.finish(job).result == {"verse": "First!"}
    assert len(study.poet.history) == 1
    assert study.costs(job) == [("texts", PRICE)]


def test_an_answer_that_was_kept_is_settled_even_if_the_crash_came_before_that() -> None:
    study = Study("First!", "Second!")
    job = study.ask()

    class Costs:
        def __getattr__(self, name: str) -> Any:
            return getattr(study.ports.costs, name)

        def settle(self, *_: Any) -> None:
            raise Cut

    with pytest.raises(Cut):
        work_off(study.fresh(costs=Costs()))
    assert study.costs(job) == [("reserved", 2 * PRICE)]
    study.clock.advance(seconds=61)
    study.finish(job)
    assert study.costs(job) == [("texts", PRICE)]
    assert len(study.poet.history) == 1


def test_every_kill_after_the_answer_was_kept_bills_once() -> None:
    for moment in range(1, 20):
        study = Study("First!", "Second!")
        job = study.ask()
        left = [moment]

        class Store:
            def commit(self, change: Change, study: Study = study, left: list[int] = left) -> None:
                study.ports.store.commit(change)
                left[0] -= 1
                if not left[0]:
                    raise Cut

        try:
            work_off(study.fresh(store=Store()))
        except Cut:
            study.clock.advance(seconds=61)
        done = study.finish(job)
        assert done.status is JobStatus.COMPLETED
        assert len(study.poet.history) == 1, moment
        assert study.costs(job) == [("texts", PRICE)]


def test_an_answer_is_told_with_what_it_used() -> None:
    study = Study("First!")
    job = study.ask()
    study.finish(job)
    [told] = [event for event in study.ports.events.of_job(job.id) if event.type == "AnswerReceived"]
    assert (told.data["generator"], told.data["model"]) == ("poet", "scripted")
    assert told.data["usage"] == [{"unit": "texts", "quantity": 1, "money": "0.04", "currency": "USD"}]
    assert "First!" not in str(told.data)


def test_another_job_asks_for_itself() -> None:
    study = Study("First!", "Second!")
    jobs = [study.ask(), study.ask()]
    assert sorted(study.finish(job).result["verse"] for job in jobs) == ["First!", "Second!"]


# --- an answer that cannot be used


def cannot_read(study: Study, *unreadable: str, error: Exception) -> None:
    """Let the poet fail to read these answers."""
    read = study.poet.text

    def text(answer: Any, request: TextRequest) -> str:
        said = read(answer, request)
        if said in unreadable:
            raise error
        return said

    study.poet.text = text  # type: ignore[method-assign]


def test_a_redrive_after_an_answer_that_cannot_be_used_asks_anew() -> None:
    study = Study("First!", "Second!")
    cannot_read(study, "First!", error=BadInput("The answer came, but it holds no text."))
    job = study.ask()
    assert study.finish(job).status is JobStatus.FAILED
    study.runtime.runner.retry(job.id)
    assert study.finish(job).result == {"verse": "Second!"}
    assert study.costs(job) == [("texts", PRICE), ("texts", PRICE)]


def test_an_answer_that_a_defect_could_not_read_is_read_once_that_is_mended() -> None:
    study = Study("First!", "Second!")
    read = study.poet.text
    cannot_read(study, "First!", error=KeyError("text"))
    job = study.ask()
    assert study.finish(job).status is JobStatus.FAILED
    study.poet.text = read  # type: ignore[method-assign]
    study.runtime.runner.retry(job.id)
    assert study.finish(job).result == {"verse": "First!"}
    assert len(study.poet.history) == 1


def test_an_answer_that_cannot_be_used_stays_stored_with_the_reason() -> None:
    study = Study("First!")
    cannot_read(study, "First!", error=BadInput("It holds no text."))
    study.finish(study.ask())
    [noted] = study.ports.assets.find("answers/")
    assert b"It holds no text." in study.runtime.assets.read(noted.key)
    assert b"First!" in study.runtime.assets.read(noted.key, noted.revision - 1)


def test_asking_anew_keeps_to_the_budget() -> None:
    study = Study("First!", "Second!", budget_per_job=0.10)
    cannot_read(study, "First!", error=BadInput("It holds no text."))
    job = study.ask()
    study.finish(job)
    study.runtime.runner.retry(job.id)
    done = study.finish(job)
    assert done.error is not None
    assert done.error.kind == "BudgetExceeded"
    assert len(study.poet.history) == 1


def test_the_answer_to_asking_anew_is_kept_like_any_other() -> None:
    study = Study("First!", "Second!")
    cannot_read(study, "First!", error=BadInput("It holds no text."))
    job = study.ask()
    study.finish(job)
    study.runtime.runner.retry(job.id)

    class Store:
        def commit(self, change: Change) -> None:
            study.ports.store.commit(change)
            if any(event.type == "AnswerReceived" for event in change.events):
                raise Cut

    with pytest.raises(Cut):
        work_off(study.fresh(store=Store()))
    study.clock.advance(seconds=61)
    assert study.finish(job).result == {"verse": "Second!"}
    assert len(study.poet.history) == 2


# --- what asking comes to


def test_an_answer_that_was_lost_may_be_billed_so_its_estimate_stays() -> None:
    study = Study(Unavailable("The connection broke."), "First!")
    job = study.ask()
    study.finish(job)
    assert sorted(study.costs(job)) == [("reserved", 2 * PRICE), ("texts", PRICE)]


def test_an_unforeseen_error_may_be_billed_too() -> None:
    study = Study(KeyError("data"))
    job = study.ask()
    assert study.finish(job).status is JobStatus.FAILED
    assert study.costs(job) == [("reserved", 2 * PRICE)]


@pytest.mark.parametrize("error", [OutOfCredit("No credit."), BadInput("Not this.")])
def test_what_was_refused_costs_nothing(error: Exception) -> None:
    study = Study(error)
    job = study.ask()
    assert study.finish(job).status is JobStatus.FAILED
    assert study.costs(job) == []


def test_a_rate_limit_costs_nothing_and_leaves_the_budget_for_the_next_try() -> None:
    study = Study(RateLimited("Wait."), RateLimited("Wait."), "First!", budget_per_job=0.10)
    job = study.ask()
    assert study.finish(job).status is JobStatus.COMPLETED
    assert study.costs(job) == [("texts", PRICE)]


# --- budgets


@pytest.mark.parametrize(
    ("settings", "said", "todo"),
    [
        ({"budget_per_job": 0.07}, "of verse is 0.07 a job", "[pipelines.verse] budget_per_job"),
        ({"budget_per_day": 0.07}, "of verse is 0.07 a day", "[pipelines.verse] budget_per_day"),
        ({"budget_per_month": 0.07}, "of verse is 0.07 a month", "[pipelines.verse] budget_per_month"),
        ({"budgets": {"per_day": 0.07}}, "of all pipelines together is 0.07 a day", "[budgets] per_day"),
        ({"budgets": {"per_month": 0.07}}, "of all pipelines together is 0.07 a month", "[budgets] per_month"),
    ],
)
def test_a_call_that_could_pass_a_budget_is_not_made(settings: dict[str, Any], said: str, todo: str) -> None:
    study = Study("First!", **settings)
    job = study.finish(study.ask())
    assert study.poet.history == []
    assert job.error is not None
    assert job.error.kind == "BudgetExceeded"
    assert "poet was not called: it may cost 0.08 USD" in job.error.what
    assert said in job.error.what
    assert todo in job.error.todo
    assert study.costs(job) == []


def test_a_budget_is_for_its_span_and_begins_anew() -> None:
    study = Study("First!", "Second!", budget_per_day=0.10)
    first, second = study.ask(), study.ask()
    assert sorted(study.finish(job).status for job in (first, second)) == [JobStatus.COMPLETED, JobStatus.FAILED]
    [letter] = study.ports.dead_letters.find()
    study.clock.advance(days=1)
    study.runtime.runner.redrive(letter.id)
    assert {study.finish(job).status for job in (first, second)} == {JobStatus.COMPLETED}


def test_two_that_ask_at_once_cannot_pass_a_budget_together() -> None:
    study = Study("First!", "Second!", budget_per_day=0.10)
    inside = threading.Event()
    jobs = [study.ask(), study.ask()]
    ask = study.poet.ask

    def slow(request: TextRequest) -> Any:
        inside.set()
        other.result(20)
        return ask(request)

    study.poet.ask = slow  # type: ignore[method-assign]

    def come_second() -> None:
        assert inside.wait(20)
        work_off(study.fresh())

    with ThreadPoolExecutor() as threads:
        other = threads.submit(come_second)
        work_off(study.runtime)
    assert len(study.poet.history) == 1
    assert sorted(study.finish(job).status for job in jobs) == [JobStatus.COMPLETED, JobStatus.FAILED]


def test_a_budget_of_nothing_still_lets_what_is_free_through() -> None:
    study = Study("First!", budget_per_job=0)
    study.poet.script.price = Decimal(0)
    assert study.finish(study.ask()).status is JobStatus.COMPLETED


def test_other_pipelines_count_against_the_budget_of_all() -> None:
    study = Study("First!", budgets={"per_day": 1})
    cost: dict[str, Any] = {"unit": "posts", "quantity": 1, "currency": "USD", "at": study.clock.now()}
    spent = Cost(id="cost_1", job_id="job_9", pipeline="other", what="main", money=Decimal("0.95"), **cost)
    study.ports.costs.reserve(spent, [])
    assert study.finish(study.ask()).status is JobStatus.FAILED


# --- which generator


def test_a_setting_that_names_no_generator_is_answered_with_the_closest() -> None:
    job = Study(text="poett")
    done = job.finish(job.ask())
    assert done.error is not None
    assert done.error.todo == "Did you mean poet?"


def test_a_generator_of_another_kind_is_refused() -> None:
    study = Study(known={"poet": ScriptedImage(name="poet")})
    done = study.finish(study.ask())
    assert done.error is not None
    assert done.error.what == "poet generates image, which is not what text of verse is for."


def test_a_section_of_any_name_says_which_generator_it_uses() -> None:
    config = Config.model_validate({"workspace": Path("/nowhere"), "generators": {"art": {"use": "offline_image"}}})
    generators = Generators(config, MemorySecrets(), ManualClock())
    art = generators.named("art")
    assert isinstance(art, OfflineImage)
    assert art.setup.name == "art"
    assert isinstance(generators.named("offline_image"), OfflineImage)
    assert generators.configured() == ["art"]
    assert {"art", "offline_image", "openai_image"} <= set(generators.names())


def test_a_generator_that_is_not_there_or_wrongly_set_is_named_with_its_mistake() -> None:
    sections = {"art": {"use": "offline_image", "colour": "red"}, "words": {"use": "offline_texts"}}
    config = Config.model_validate({"workspace": Path("/nowhere"), "generators": sections})
    generators = Generators(config, MemorySecrets(), ManualClock())
    with pytest.raises(ConfigurationError, match="colour"):
        generators.named("art")
    with pytest.raises(UnknownName, match="Did you mean offline_text"):
        generators.named("words")
    with pytest.raises(UnknownName, match="Did you mean art"):
        generators.named("arts")


def test_a_picture_is_asked_for_in_the_same_way() -> None:
    study = Study()
    artist = ScriptedImage(price=PRICE, alt_text="A grey square", name="artist")
    runtime = study.runtime
    asking = Asking(
        bus=Bus(study.ports.store, study.ports.wake),
        assets=runtime.assets,
        costs=study.ports.costs,
        clock=study.clock,
        config=runtime.config,
        generators=Named(artist=artist),
    )
    job = study.ask()
    context = Context(pipeline=verse, settings=VerseSettings(), job=job, records={}, path="draw")
    request = ImageRequest(prompt="A cat", theme="cats", width=16, height=8)
    pictures = [ImageMaker(asking, context, artist).draw(request) for _ in range(2)]
    assert pictures[0] == pictures[1]
    assert (pictures[0].width, pictures[0].height, pictures[0].alt_text) == (16, 8, "A grey square")
    assert len(artist.history) == 1
    ImageMaker(asking, context, artist).draw(request.model_copy(update={"prompt": "A dog"}))
    assert len(artist.history) == 2
