"""Texts by OpenAI, against a strict local server."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.generator import RemoteGeneratorContract, TextGeneratorContract
from pressroom.errors import BadInput, ConfigurationError, OutOfCredit, PressroomError, RateLimited, Unavailable
from pressroom.generators._openai_errors import Asked, refusal
from pressroom.generators.base import Answer, Setup, TextRequest, Usage
from pressroom.generators.openai_text import OpenAIText, TextOptions
from pressroom.testing.clock import ManualClock
from tests.fakes import openai_models
from tests.fakes.faults import Fault
from tests.fakes.openai import FakeOpenAI
from tests.generators.openai_bench import NAME, OpenAIBench

REQUEST = TextRequest(purpose="caption", prompt="A caption for a spooky cat", theme="Dress Up Your Pet")
NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
Made = Callable[..., OpenAIText]


def offline_door(**settings: Any) -> OpenAIText:
    """A generator for reading alone: nothing listens where it would ask."""
    options = TextOptions(base_url="http://127.0.0.1:1/v1", **settings)
    return OpenAIText(Setup(NAME, options, MemorySecrets(), ManualClock()))


def answer_with(*content: dict[str, Any], **more: Any) -> Answer:
    message = {"type": "message", "role": "assistant", "content": list(content)}
    document = {"status": "completed", "output": [{"type": "reasoning", "summary": []}, message], **more}
    return Answer(json.dumps(document).encode(), "application/json")


def said(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text}


class TestContract(OpenAIBench, RemoteGeneratorContract, TextGeneratorContract):
    generator_class = OpenAIText


class TestAsking(OpenAIBench):
    generator_class = OpenAIText

    def test_it_asks_once_with_room_for_thinking_and_leaves_nothing_stored(
        self, made_with: Made, service: FakeOpenAI
    ) -> None:
        made_with().ask(REQUEST)
        body = json.loads(service.requests[0].body)
        assert body["model"] == "gpt-6-luna"
        assert body["input"] == "A caption for a spooky cat"
        assert "at most 280 characters" in body["instructions"]
        assert "no title" in body["instructions"]
        assert body["max_output_tokens"] == 2560
        assert body["store"] is False
        assert "reasoning" not in body

    def test_a_story_may_have_the_title_that_its_prompt_asks_for(self, made_with: Made, service: FakeOpenAI) -> None:
        made_with().ask(REQUEST.model_copy(update={"purpose": "story"}))
        assert "no title" not in json.loads(service.requests[0].body)["instructions"]

    def test_the_settings_decide_model_effort_and_room(self, made_with: Made, service: FakeOpenAI) -> None:
        made_with(model="gpt-6-sol", reasoning_effort="low", max_output_tokens=500).ask(REQUEST)
        body = json.loads(service.requests[0].body)
        assert (body["model"], body["reasoning"], body["max_output_tokens"]) == ("gpt-6-sol", {"effort": "low"}, 500)

    def test_the_text_is_what_the_model_wrote(self, made_with: Made, service: FakeOpenAI) -> None:
        service.say("Boo, said the cat.")
        generator = made_with()
        assert generator.text(generator.ask(REQUEST), REQUEST) == "Boo, said the cat."

    def test_what_was_used_is_counted_in_money(self, made_with: Made, service: FakeOpenAI) -> None:
        answer = made_with(model="gpt-6-sol").ask(REQUEST)
        billed = service.billed[0]
        assert answer.usage == (
            Usage("input_tokens", billed.input_tokens, Decimal(2) * billed.input_tokens / 1_000_000),
            Usage("output_tokens", billed.output_tokens, Decimal(10) * billed.output_tokens / 1_000_000),
        )

    def test_the_estimate_covers_an_answer_that_uses_all_its_room(self, made_with: Made, service: FakeOpenAI) -> None:
        service.say("x" * 100_000)
        generator = made_with()
        answer = generator.ask(REQUEST)
        assert service.billed[0].output_tokens == 2560
        assert sum(line.money for line in answer.usage) <= generator.estimate(REQUEST)

    def test_an_answer_that_broke_off_says_what_to_change(self, made_with: Made, service: FakeOpenAI) -> None:
        service.say("x" * 100_000)
        generator = made_with()
        with pytest.raises(BadInput, match="used up its 2560 tokens") as caught:
            generator.text(generator.ask(REQUEST), REQUEST)
        assert "max_output_tokens" in caught.value.todo

    def test_an_answer_without_end_is_none_of_this_api(
        self, made_with: Made, service: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("pressroom.generators._openai.LONGEST_ANSWER_BYTES", 1_000)
        service.say("x" * 2_000)
        with pytest.raises(ConfigurationError, match=r"no answer of this API\. The call may have been billed"):
            made_with().ask(REQUEST)

    @pytest.mark.parametrize("fault", [Fault.PROCESSED_BUT_JUNK, Fault.PROCESSED_BUT_EMPTY, Fault.JUNK_BODY])
    def test_an_unreadable_answer_is_returned_and_only_reading_it_fails(
        self, made_with: Made, service: FakeOpenAI, fault: Fault
    ) -> None:
        service.script(fault)
        generator = made_with()
        answer = generator.ask(REQUEST)
        assert answer.usage == (Usage("unreported", 1, generator.estimate(REQUEST)),)
        with pytest.raises(BadInput, match="it holds no text"):
            generator.text(answer, REQUEST)

    def test_a_dead_model_is_named_with_its_end(self, made_with: Made) -> None:
        with pytest.raises(ConfigurationError, match=r"text-davinci-003 ended on 2024-01-04\. .*gpt-6-luna"):
            made_with(model="text-davinci-003").ask(REQUEST)


class TestReading:
    def test_parts_are_joined_and_thinking_is_left_out(self) -> None:
        thought = {"type": "reasoning_text", "text": "hm"}
        assert offline_door().text(answer_with(thought, said("Boo, "), said("cat!\n")), REQUEST) == "Boo, cat!"

    @pytest.mark.parametrize("text", ['"Boo!"', "“Boo!”", "'Boo!'", "„Boo!“", " « Boo! » "])
    def test_quotation_marks_around_the_whole_are_taken_off(self, text: str) -> None:
        assert offline_door().text(answer_with(said(text)), REQUEST) == "Boo!"

    @pytest.mark.parametrize("text", ['"Boo!" and "Woof!"', '"', "'tis the cat's"])
    def test_other_quotation_marks_stay(self, text: str) -> None:
        assert offline_door().text(answer_with(said(text)), REQUEST) == text

    def test_a_text_that_is_too_long_is_shortened_at_a_word(self) -> None:
        text = offline_door().text(answer_with(said("spooky cats " * 100)), REQUEST)
        assert 200 < len(text) <= 280
        assert text.endswith(("spooky…", "cats…"))

    def test_a_refusal_gives_the_models_reason(self) -> None:
        refused = {"type": "refusal", "refusal": "I will not frighten cats."}
        with pytest.raises(BadInput, match="refused to write this: I will not frighten cats"):
            offline_door().text(answer_with(refused), REQUEST)

    def test_a_text_held_back_by_content_rules_says_so(self) -> None:
        held = answer_with(status="incomplete", incomplete_details={"reason": "content_filter"})
        with pytest.raises(BadInput, match="content rules"):
            offline_door().text(held, REQUEST)

    def test_a_failed_answer_gives_the_servers_reason(self) -> None:
        failed = answer_with(status="failed", error={"code": "server_error", "message": "Sorry about that!"})
        with pytest.raises(BadInput, match="Sorry about that!"):
            offline_door().text(failed, REQUEST)

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\xff\xfe",
            b"null",
            b"[1]",
            b'{"output": 3}',
            b'{"output": [3, {"type": "message", "content": [3]}]}',
            b"[" * 100_000,
        ],
    )
    def test_junk_is_never_read_as_text(self, raw: bytes) -> None:
        with pytest.raises(BadInput, match="holds no text"):
            offline_door().text(Answer(raw, "application/json"), REQUEST)


class TestDoctor(OpenAIBench):
    generator_class = OpenAIText

    @pytest.fixture
    def clock(self, service: FakeOpenAI) -> ManualClock:
        return ManualClock(datetime.fromtimestamp(service.now(), UTC))

    @pytest.mark.parametrize(("days", "is_warning"), [(30, True), (60, True), (61, False)])
    def test_a_model_that_ends_within_sixty_days_is_a_warning(
        self, made_with: Made, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, days: int, is_warning: bool
    ) -> None:
        end = clock.now().date() + timedelta(days=days)
        monkeypatch.setitem(openai_models.MODELS, "gpt-6-sol", openai_models.Model("gpt-6-sol", "text", end))
        finding = made_with(model="gpt-6-sol").check()[-1]
        assert finding.ok
        assert f"ends on {end.isoformat()}, in {days} days" in finding.what
        assert finding.todo == ('Move to another one in time: model = "gpt-6-luna" in [generators.art].' * is_warning)

    def test_a_known_end_counts_when_the_server_does_not_say(
        self, service: FakeOpenAI, secrets: MemorySecrets, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(openai_models.MODELS, "gpt-4o", openai_models.Model("gpt-4o", "text"))
        clock = ManualClock(datetime(2027, 1, 1, tzinfo=UTC))
        options = TextOptions(
            base_url=service.base_url_v1, model="gpt-4o", input_price=Decimal(1), output_price=Decimal(1)
        )
        finding = OpenAIText(Setup(NAME, options, secrets, clock)).check()[-1]
        assert "ends on 2027-01-14, in 13 days" in finding.what
        assert "gpt-6-luna" in finding.todo

    def test_a_compatible_server_without_a_list_is_no_failure(self, made_with: Made, service: FakeOpenAI) -> None:
        findings = made_with(base_url=service.base_url).check()
        assert [finding.ok for finding in findings] == [True] * 3
        assert "does not list its models" in findings[1].what


ASKED = Asked(NAME, "gpt-6-luna", "api.openai.com", NOW, is_billed=True)


def refused(status: int, error: dict[str, str], headers: dict[str, str] | None = None) -> PressroomError:
    return refusal(status, headers or {}, json.dumps({"error": error}).encode(), ASKED)


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (400, {"code": "billing_hard_limit_reached"}, OutOfCredit),
        (400, {"code": "content_policy_violation"}, BadInput),
        (400, {"code": "unknown_parameter"}, BadInput),
        (402, {}, OutOfCredit),
        (403, {"code": "unsupported_country_region_territory"}, ConfigurationError),
        (403, {"code": "model_not_found"}, ConfigurationError),
        (404, {"code": "model_not_found"}, ConfigurationError),
        (307, {}, ConfigurationError),
        (408, {}, Unavailable),
        (413, {}, BadInput),
        (429, {"type": "insufficient_quota"}, OutOfCredit),
        (429, {"code": "rate_limit_exceeded"}, RateLimited),
        (529, {}, Unavailable),
    ],
)
def test_each_refusal_says_what_the_queue_must_do(
    status: int, error: dict[str, str], expected: type[PressroomError]
) -> None:
    assert type(refused(status, error)) is expected


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after-ms": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after": "Sat, 31 Oct 2026 08:02:00 GMT"}, 120),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"}, 360),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1.5s"}, 1.5),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "120ms"}, 0.12),
        ({"retry-after": "999999999"}, 86400),
    ],
)
def test_when_to_come_back_is_read_in_every_form(headers: dict[str, str], seconds: float) -> None:
    error = refused(429, {"code": "rate_limit_exceeded"}, headers)
    assert isinstance(error, RateLimited)
    assert error.retry_at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"retry-after": "soon"},
        {"retry-after": "-5"},
        {"retry-after": "Fri, 30 Oct 2026 08:00:00 GMT"},
        {"x-ratelimit-remaining-requests": "4", "x-ratelimit-reset-requests": "6m0s"},
    ],
)
def test_a_header_that_says_nothing_leaves_the_time_open(headers: dict[str, str]) -> None:
    error = refused(429, {"code": "rate_limit_exceeded"}, headers)
    assert isinstance(error, RateLimited)
    assert error.retry_at is None


def test_a_key_that_the_server_repeats_is_not_shown() -> None:
    error = refused(401, {"message": "Incorrect API key provided: sk-abcd*****wxyz."})
    assert "abcd" not in str(error.problem().as_dict())
