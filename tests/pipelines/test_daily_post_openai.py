"""The daily post drawn and written by OpenAI's models, against a strict local server that keeps the invoice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from pressroom.backends.memory import build_memory_ports
from pressroom.changes import Change
from pressroom.config import Config
from pressroom.generation import Generators
from pressroom.generators.base import ImageRequest
from pressroom.jobs import JobStatus
from pressroom.testing import ManualClock, work_off
from tests.fakes.faults import Fault
from tests.fakes.openai import API_KEY, FakeOpenAI
from tests.pipelines.newsroom import Newsroom

IMAGE, TEXT = "/v1/images/generations", "/v1/responses"


class Cut(BaseException):
    """The process was killed."""


@pytest.fixture
def service() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as fake:
        yield fake


def a_room(service: FakeOpenAI, *, timeout_seconds: float = 20, **settings: Any) -> Newsroom:
    generators = {
        name: {"use": use, "base_url": service.base_url_v1, "timeout_seconds": timeout_seconds}
        for name, use in (("art", "openai_image"), ("words", "openai_text"))
    }
    ports = build_memory_ports(ManualClock(datetime(2026, 1, 14, 13, tzinfo=UTC)))
    for name in generators:
        ports.secrets.set(f"generators.{name}.api_key", API_KEY)
    config = Config.model_validate({"workspace": "/nowhere", "generators": generators})
    made = Generators(config, ports.secrets, ports.clock)
    room = Newsroom(generators=made, ports=ports, image="art", text="words", **settings)
    room.clock = ports.clock  # type: ignore[assignment]
    return room


def test_both_models_are_asked_once_and_what_they_used_is_on_the_jobs_account(service: FakeOpenAI) -> None:
    service.say("Tiny hats for everybody.")
    room = a_room(service)
    job = room.make()
    assert job.status is JobStatus.COMPLETED
    assert [billed.kind for billed in service.billed] == ["image", "text"]
    assert service.billed[0].prompt == "A spooky Dress Up Your Pet"
    assert [post.text for post in room.network.posts] == ["Tiny hats for everybody."]
    lines = room.ports.costs.of_job(job.id)
    counted = {(line.what, line.unit): line.quantity for line in lines}
    for name, billed in zip(("art", "words"), service.billed, strict=True):
        assert counted[name, "input_tokens"] == billed.input_tokens
        assert counted[name, "output_tokens"] == billed.output_tokens
    assert "reserved" not in {line.unit for line in lines}
    assert sum(line.money for line in lines) > 0


def test_a_kill_at_any_commit_after_an_answer_was_kept_bills_each_model_once(service: FakeOpenAI) -> None:
    for moment in range(1, 40):
        service.reset()
        room = a_room(service)
        [job] = room.request(date="2026-01-14")
        left = [moment]

        class Store:
            def commit(self, change: Change, room: Newsroom = room, left: list[int] = left) -> None:
                room.ports.store.commit(change)
                left[0] -= 1
                if not left[0]:
                    raise Cut

        try:
            work_off(room.fresh(store=Store()))
        except Cut:
            room.clock.advance(seconds=61)
            room.finish()
        else:
            break
        assert room.job(job).status is JobStatus.COMPLETED
        assert [billed.kind for billed in service.billed] == ["image", "text"], moment
        assert len(room.network.posts) == 1
    else:
        raise AssertionError("more commits than were killed at")
    assert moment > 10


def test_a_kill_between_the_answer_and_the_picture_reads_the_answer_that_was_kept(service: FakeOpenAI) -> None:
    room = a_room(service)
    [job] = room.request(date="2026-01-14")

    class Blobs:
        def __getattr__(self, name: str) -> Any:
            return getattr(room.ports.blobs, name)

        def put(self, key: str, revision: int, data: bytes, *, like: int | None = None) -> None:
            if key.startswith("images/"):
                raise Cut
            room.ports.blobs.put(key, revision, data)

    with pytest.raises(Cut):
        work_off(room.fresh(blobs=Blobs()))
    assert len(service.billed) == 1
    [answer] = room.ports.assets.find("answers/")
    assert b"b64_json" in room.runtime.assets.read(answer.key)
    room.clock.advance(seconds=61)
    room.finish()
    assert room.job(job).status is JobStatus.COMPLETED
    assert [billed.kind for billed in service.billed] == ["image", "text"]


@pytest.mark.parametrize("path", [IMAGE, TEXT])
@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.RATE_LIMITED_BARE, Fault.UNAVAILABLE, Fault.SERVER_ERROR])
def test_a_service_that_says_no_for_now_is_asked_again_and_the_post_goes_out(
    service: FakeOpenAI, path: str, fault: Fault
) -> None:
    service.script(fault, path=path, times=2)
    room = a_room(service)
    job = room.make()
    assert job.status is JobStatus.COMPLETED
    assert [billed.kind for billed in service.billed] == ["image", "text"]
    # What a rate limit did not do costs nothing; what failed otherwise may be on the invoice.
    reserved = [line for line in room.ports.costs.of_job(job.id) if line.unit == "reserved"]
    assert len(reserved) == (0 if fault.status == 429 else 2)


def test_an_answer_that_was_cut_off_may_be_billed_and_its_estimate_stays_on_the_account(service: FakeOpenAI) -> None:
    service.script(Fault.CUT_AFTER_PROCESSING, path=IMAGE)
    room = a_room(service)
    job = room.make()
    assert job.status is JobStatus.COMPLETED
    assert [billed.kind for billed in service.billed] == ["image", "image", "text"]
    [lost] = [line for line in room.ports.costs.of_job(job.id) if line.unit == "reserved"]
    assert lost.what == "art"
    assert lost.money > 0


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.BAD_REQUEST, "BadInput"),
        (Fault.TOKEN_REVOKED, "ConfigurationError"),
        (Fault.OUT_OF_CREDIT, "OutOfCredit"),
    ],
)
def test_a_service_that_says_no_for_good_fails_the_job_with_what_to_do(
    service: FakeOpenAI, fault: Fault, kind: str
) -> None:
    service.script(fault, path=IMAGE)
    room = a_room(service)
    job = room.make()
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert job.error.kind == kind
    assert job.error.todo
    assert service.billed == []
    assert room.ports.costs.of_job(job.id) == []
    room.runtime.runner.retry(job.id)
    room.finish()
    assert room.job(job).status is JobStatus.COMPLETED


def test_a_budget_stops_the_call_before_anything_is_asked(service: FakeOpenAI) -> None:
    room = a_room(service, budget_per_job=0.0001)
    job = room.make()
    assert job.status is JobStatus.FAILED
    assert job.error is not None
    assert job.error.kind == "BudgetExceeded"
    assert service.requests == []


def test_a_budget_counts_what_pictures_really_cost_and_not_what_was_feared(service: FakeOpenAI) -> None:
    room = a_room(service)
    first = room.make()
    real = sum((line.money for line in room.ports.costs.of_job(first.id)), Decimal(0))
    art = room.runtime.generators.named("art")
    feared = art.estimate(ImageRequest(prompt="A spooky Dress Up Your Pet", theme="", width=320, height=256))
    assert 0 < real < feared


def test_the_key_is_in_nothing_that_is_stored_about_a_failure(service: FakeOpenAI) -> None:
    service.api_key = "sk-another-key"
    room = a_room(service)
    job = room.make()
    assert job.error is not None
    told = repr(job) + repr(room.ports.events.of_job(job.id)) + repr(room.ports.dead_letters.find())
    assert API_KEY not in told
    assert "generators.art.api_key" in job.error.todo


def test_a_day_that_is_made_again_is_asked_for_again(service: FakeOpenAI) -> None:
    room = a_room(service)
    room.make()
    room.clock.advance(seconds=1)
    room.make(again=True)
    assert [billed.kind for billed in service.billed] == ["image", "text", "image", "text"]
