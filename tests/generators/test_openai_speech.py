"""Speech by OpenAI, against a strict local server."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.generator import RemoteGeneratorContract
from pressroom.contracts.speech_generator import SpeechGeneratorContract
from pressroom.errors import BadInput
from pressroom.generators._wave_reading import read_wave
from pressroom.generators.base import Answer, Setup
from pressroom.generators.openai_speech import OpenAISpeech, VoiceOptions
from pressroom.speech import Sound, SpeechRequest
from pressroom.testing.clock import ManualClock
from tests.fakes.openai import FakeOpenAI
from tests.generators.openai_bench import NAME, OpenAIBench

REQUEST = SpeechRequest(text="The lamp went out. It was dark.", pace=0.9)
Made = Callable[..., OpenAISpeech]


class TestContract(OpenAIBench, RemoteGeneratorContract, SpeechGeneratorContract):
    generator_class = OpenAISpeech


class TestAsking(OpenAIBench):
    generator_class = OpenAISpeech

    def test_it_asks_once_for_a_sound_that_can_be_joined(self, made_with: Made, service: FakeOpenAI) -> None:
        made_with().ask(REQUEST)
        [request] = service.requests
        body = json.loads(request.body)
        assert body.pop("instructions").startswith("Read this bedtime story")
        assert body == {
            "model": "gpt-4o-mini-tts",
            "input": REQUEST.text,
            "voice": "sage",
            "response_format": "wav",
            "speed": 0.9,
        }

    def test_a_model_that_takes_no_instructions_gets_none(self, made_with: Made, service: FakeOpenAI) -> None:
        made_with(model="tts-1", instructions="", voice="nova").ask(REQUEST)
        body = json.loads(service.requests[0].body)
        assert (body["model"], body["voice"], "instructions" in body) == ("tts-1", "nova", False)

    def test_what_it_cost_is_reckoned_by_the_minute_of_sound(self, made_with: Made) -> None:
        generator = made_with(price_per_minute=Decimal(6))
        answer = generator.ask(REQUEST)
        [used] = answer.usage
        seconds = generator.sound(answer, REQUEST).seconds
        assert (used.unit, used.quantity) == ("characters", len(REQUEST.text))
        assert float(used.money) == pytest.approx(seconds / 10, rel=1e-3)

    def test_a_text_that_is_too_long_is_refused_before_it_costs_anything(
        self, made_with: Made, service: FakeOpenAI
    ) -> None:
        with pytest.raises(BadInput, match="4,096"):
            made_with().ask(SpeechRequest(text="word " * 900))
        assert service.requests == []

    def test_doctor_tells_that_the_service_ends(self, clock: ManualClock) -> None:
        clock.move_to(datetime(2026, 11, 21, tzinfo=UTC))
        options = VoiceOptions()
        generator = OpenAISpeech(Setup(NAME, options, MemorySecrets(), clock))
        last = generator.check()[-1]
        assert (last.ok, "2027-01-06" in last.what, "espeak" in last.todo) == (True, True, True)
        clock.move_to(datetime(2027, 1, 6, tzinfo=UTC))
        assert not generator.check()[-1].ok

    def test_doctor_accepts_a_server_that_answers(self, made_with: Made) -> None:
        assert all(finding.ok for finding in made_with().check())


def wave(samples: bytes, *, channels: int = 1, bits: int = 16, length: int | None = None, before: bytes = b"") -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, 24_000, 48_000, 2, bits)
    size = len(samples) if length is None else length
    return b"RIFF\0\0\0\0WAVE" + before + form + b"data" + size.to_bytes(4, "little") + samples


SAMPLES = struct.pack("<4h", 1, -2, 3, -4)


@pytest.mark.parametrize(
    "data",
    [
        wave(SAMPLES),
        wave(SAMPLES, length=0xFFFFFFFF),
        wave(SAMPLES, length=0),
        wave(SAMPLES, before=b"LIST\x03\0\0\0abc\0"),
        wave(SAMPLES) + b"LIST\x04\0\0\0abcd",
        wave(SAMPLES + b"\x01", length=0xFFFFFFFF),
    ],
)
def test_samples_are_read_from_every_form_of_the_file(data: bytes) -> None:
    assert read_wave(data) == Sound(SAMPLES, 24_000)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no WAV file"),
        (b"ID3\x04 an MP3 file", "no WAV file"),
        (wave(SAMPLES, channels=2), "2 channels"),
        (wave(SAMPLES, bits=8), "8 bits"),
        (b"RIFF\0\0\0\0WAVEdata\x04\0\0\0abcd", "before their form"),
        (b"RIFF\0\0\0\0WAVE", "no samples"),
    ],
)
def test_what_is_no_such_file_is_refused_with_why(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_wave(data)
    generator = OpenAISpeech(Setup(NAME, VoiceOptions(), MemorySecrets(), ManualClock()))
    with pytest.raises(BadInput, match=why) as caught:
        generator.sound(Answer(data, "audio/wav"), REQUEST)
    assert caught.value.todo


def test_a_mark_stands_where_the_text_begins() -> None:
    generator = OpenAISpeech(Setup(NAME, VoiceOptions(), MemorySecrets(), ManualClock()))
    more: dict[str, Any] = {"text": "  One. Two. "}
    [mark] = generator.sound(Answer(wave(SAMPLES), "audio/wav"), REQUEST.model_copy(update=more)).marks
    assert (mark.at_seconds, mark.start, mark.end) == (0, 2, 11)
