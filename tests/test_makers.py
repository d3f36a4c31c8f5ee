"""Speaking through a maker: long texts in pieces, each asked for and paid for once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config
from pressroom.errors import Unavailable
from pressroom.jobs import Job, JobStatus
from pressroom.makers import SpeechMaker
from pressroom.pipeline import Outcome, Pipeline, PipelineSettings, Request
from pressroom.speech import SpeechRequest
from pressroom.testing import ManualClock, ScriptedSpeech, work_off
from tests.test_generation import Named

SENTENCE = "The hare of day {:02} went over the hill and was not seen again. "
LONG = "".join(SENTENCE.format(day) for day in range(20)).strip()


class Aloud(PipelineSettings):
    speech: str = "hum"


class Words(BaseModel):
    text: str


class Heard(BaseModel):
    seconds: float
    starts: list[int]


def read_aloud(input: Words, speech: SpeechMaker) -> Outcome[Heard]:
    sound = speech.speak(SpeechRequest(text=input.text))
    return Outcome(output=Heard(seconds=sound.seconds, starts=[mark.start for mark in sound.marks]))


aloud = Pipeline("aloud", trigger=Request(), input=Words, settings=Aloud, steps=[read_aloud])


class Room:
    def __init__(self, voice: ScriptedSpeech) -> None:
        self.voice, self.clock = voice, ManualClock()
        self.ports = build_memory_ports(self.clock)
        config = Config.model_validate({"workspace": Path()})
        self.runtime = compose(config, self.ports, {"aloud": aloud}, generators=Named(hum=voice))

    def read(self, text: str) -> Job:
        [job] = self.runtime.runner.request("aloud", {"text": text})
        for _ in range(3):
            work_off(self.runtime)
            self.clock.advance(minutes=1)
        found = self.ports.jobs.get(job.id)
        assert found is not None
        return found

    def heard(self, job: Job) -> Any:
        return self.ports.jobs.steps(job.id)["read_aloud"].output

    def paid(self, job: Job) -> Decimal:
        return sum((cost.money for cost in self.ports.costs.of_job(job.id)), Decimal(0))


def test_a_long_text_is_asked_for_in_pieces_that_end_with_sentences() -> None:
    room = Room(ScriptedSpeech(price=Decimal("0.01")))
    job = room.read(LONG)
    texts = [request.text for request in room.voice.history]
    assert " ".join(texts) == LONG
    assert all(len(text) <= room.voice.longest_text for text in texts)
    assert all(text.endswith("seen again.") for text in texts)
    assert room.paid(job) == Decimal("0.01") * len(texts)


def test_marks_of_every_piece_are_places_in_the_whole_text() -> None:
    room = Room(ScriptedSpeech())
    heard = room.heard(room.read(LONG))
    assert heard["starts"] == [len(SENTENCE.format(0)) * number for number in range(20)]


def test_pieces_that_were_paid_for_are_not_asked_for_again_after_a_failure() -> None:
    room = Room(ScriptedSpeech(price=Decimal("0.01")))
    asked = ScriptedSpeech.ask

    def fails_second(request: SpeechRequest) -> Any:
        if len(room.voice.history) == 1:
            room.voice.enqueue(Unavailable("Away."))
        return asked(room.voice, request)

    room.voice.ask = fails_second  # type: ignore[method-assign]
    job = room.read(LONG)
    assert job.status is JobStatus.COMPLETED
    texts = [request.text for request in room.voice.history]
    assert texts.count(texts[0]) == 1
    assert texts.count(texts[1]) == 2


def test_what_no_voice_can_say_is_left_out_wherever_a_piece_ends() -> None:
    room = Room(ScriptedSpeech())
    job = room.read(f"{LONG[:390]}.\n\n* * * * * * * *")
    assert job.status is JobStatus.COMPLETED
    assert all("hare" in request.text for request in room.voice.history)


def test_an_empty_text_fails_with_a_plain_word() -> None:
    room = Room(ScriptedSpeech())
    job = room.read(" \n ")
    assert job.error is not None
    assert "nothing to read aloud" in job.error.what
    assert room.voice.history == []
