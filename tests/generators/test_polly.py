"""Speech by Amazon Polly, against a strict local server."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.generator import RemoteGeneratorContract
from pressroom.contracts.speech_generator import SpeechGeneratorContract
from pressroom.errors import BadInput, ConfigurationError, PressroomError, RateLimited, Unavailable
from pressroom.generators.base import Setup
from pressroom.generators.polly import Polly, VoiceOptions
from pressroom.speech import SpeechRequest
from pressroom.testing.clock import ManualClock
from tests.fakes.faults import Fault
from tests.fakes.polly import KEY_ID, REGION, SECRET_KEY, FakePolly

NAME = "voice"
REQUEST = SpeechRequest(text="The lamp went out. It was <very> dark.")
FAILURES = {
    fault.value: fault
    for fault in (
        Fault.BAD_REQUEST,
        Fault.TOKEN_EXPIRED,
        Fault.RATE_LIMITED,
        Fault.SERVER_ERROR,
        Fault.UNAVAILABLE,
        Fault.CUT_BEFORE_PROCESSING,
        Fault.CUT_AFTER_PROCESSING,
        Fault.PROCESSED_BUT_TRUNCATED,
    )
}
Made = Callable[..., Polly]


class PollyBench:
    failures = tuple(FAILURES)

    @pytest.fixture
    def service(self) -> Iterator[FakePolly]:
        with FakePolly() as service:
            yield service

    @pytest.fixture
    def secrets(self) -> MemorySecrets:
        prefix = f"generators.{NAME}."
        return MemorySecrets({f"{prefix}access_key_id": KEY_ID, f"{prefix}secret_access_key": SECRET_KEY})

    @pytest.fixture
    def make(self, service: FakePolly, secrets: MemorySecrets) -> Made:
        def make(**settings: Any) -> Polly:
            options = VoiceOptions(**{"base_url": service.base_url, "region": REGION, **settings})
            return Polly(Setup(NAME, options, secrets, ManualClock()))

        return make

    @pytest.fixture
    def secret(self) -> str:
        return SECRET_KEY

    @pytest.fixture
    def calls(self, service: FakePolly) -> Callable[[], int]:
        return lambda: len(service.requests)

    @pytest.fixture
    def break_next_call(self, service: FakePolly) -> Callable[[str], None]:
        return lambda failure: service.script(FAILURES[failure])


class TestContract(PollyBench, RemoteGeneratorContract, SpeechGeneratorContract):
    @pytest.mark.skip("without keys of its own it takes the machine's role")
    def test_a_missing_secret_is_named_with_how_to_set_it(self) -> None: ...  # type: ignore[override]


class TestAsking(PollyBench):
    def test_the_text_is_read_as_it_is(self, make: Made, service: FakePolly) -> None:
        make().ask(REQUEST)
        [request] = service.requests
        assert request.json() == {
            "Engine": "neural",
            "OutputFormat": "pcm",
            "SampleRate": "16000",
            "Text": REQUEST.text,
            "VoiceId": "Amy",
        }

    def test_a_slower_pace_is_asked_for_without_the_text_becoming_markup(self, make: Made, service: FakePolly) -> None:
        polly = make()
        slow = REQUEST.model_copy(update={"pace": 0.8})
        seconds = [polly.sound(polly.ask(each), each).seconds for each in (REQUEST, slow)]
        assert seconds[1] == pytest.approx(seconds[0] / 0.8, rel=0.01)
        assert "&lt;very&gt;" in service.requests[1].json()["Text"]

    def test_marks_are_a_second_call_that_is_paid_for(self, make: Made, service: FakePolly) -> None:
        polly = make(sentence_marks=True)
        answer = polly.ask(REQUEST)
        marks = polly.sound(answer, REQUEST).marks
        assert [REQUEST.text[mark.start : mark.end] for mark in marks] == ["The lamp went out.", "It was <very> dark."]
        assert marks[1].at_seconds > 1
        assert service.billed_characters == 2 * len(REQUEST.text)
        [used] = answer.usage
        assert used.money == Decimal(16) * service.billed_characters / 1_000_000

    def test_a_text_beyond_its_limit_is_refused_before_it_costs_anything(self, make: Made, service: FakePolly) -> None:
        with pytest.raises(BadInput, match="2,900"):
            make().ask(SpeechRequest(text="word " * 600))
        assert service.requests == []

    @pytest.mark.parametrize(
        ("fault", "kind", "said"),
        [
            (Fault.RATE_LIMITED, RateLimited, "too many requests"),
            (Fault.TOKEN_EXPIRED, ConfigurationError, "refuses the credentials"),
            (Fault.BAD_REQUEST, BadInput, "does not support it"),
            (Fault.UNAVAILABLE, Unavailable, "in trouble"),
            (Fault.CUT_AFTER_PROCESSING, Unavailable, "may be billed"),
        ],
    )
    def test_each_failure_says_what_it_is(
        self, make: Made, service: FakePolly, fault: Fault, kind: type[PressroomError], said: str
    ) -> None:
        service.script(fault)
        with pytest.raises(kind, match=said):
            make().ask(REQUEST)

    def test_a_voice_that_does_not_speak_with_the_engine_is_told(self, make: Made) -> None:
        with pytest.raises(BadInput, match="Carla does not support"):
            make(voice="Carla").ask(REQUEST)
        [finding] = make(voice="Carla").check()
        assert (finding.ok, "Amy" in finding.todo) == (False, True)

    def test_doctor_finds_a_voice_that_speaks(self, make: Made) -> None:
        assert [finding.ok for finding in make().check()] == [True]

    def test_without_the_library_it_says_how_to_get_it(self, make: Made, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "boto3", None)
        with pytest.raises(ConfigurationError, match="needs boto3") as caught:
            make().ask(REQUEST)
        assert "pressroom[aws]" in caught.value.todo

    def test_without_a_region_it_says_which_setting(self, make: Made, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
        with pytest.raises(ConfigurationError, match="no region"):
            make(region="").ask(REQUEST)

    def test_one_credential_of_two_is_told(self, make: Made, secrets: MemorySecrets) -> None:
        secrets.remove(f"generators.{NAME}.secret_access_key")
        with pytest.raises(ConfigurationError, match="one is missing"):
            make().ask(REQUEST)
        [finding] = make().check()
        assert (finding.ok, "secret_access_key" in finding.todo) == (False, True)

    @pytest.mark.parametrize("wrong", [{"base_url": "nonsense"}, {"region": "Frankfurt am Main"}])
    def test_an_address_or_a_region_that_is_none_is_told(self, make: Made, wrong: dict[str, str]) -> None:
        with pytest.raises(ConfigurationError, match="cannot be used"):
            make(**wrong).ask(REQUEST)
