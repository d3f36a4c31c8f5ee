"""The contract of a speech generator: its sound is whole, fits its marks, and is as long as its text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from pressroom.contracts.generator import GeneratorContract, Make
from pressroom.errors import BadInput
from pressroom.generators.base import Answer, Generator, SpeechGenerator
from pressroom.sound_finishing import finished
from pressroom.speech import Sound, SpeechRequest

SHORT = "The lamp went out. It was quite dark."
LONG = (
    f'{SHORT}\n\n"Who is there?" asked Mr. Mole — for he heard <b>something</b> [[behind]] the 3 old “apple” trees. '
    "Nobody answered; only the wind went by. Then, very softly, somebody began to sing."
)


class SpeechGeneratorContract(GeneratorContract):
    base = SpeechGenerator

    @pytest.fixture
    def requests(self) -> Sequence[SpeechRequest]:
        return (SpeechRequest(text=SHORT), SpeechRequest(text=LONG, pace=0.9))

    def read(self, generator: Generator[Any], answer: Answer, request: Any) -> Sound:
        assert isinstance(generator, SpeechGenerator)
        return generator.sound(answer, request)

    def test_a_sound_is_of_whole_samples_and_loud_enough_to_be_heard(
        self, make: Make, requests: Sequence[SpeechRequest]
    ) -> None:
        generator = make()
        for request in requests:
            sound = self.read(generator, generator.ask(request), request)
            assert len(sound.samples) % 2 == 0
            assert sound.rate >= 8000
            assert finished([(sound, 0)]).seconds > 0.5

    def test_a_longer_text_is_heard_for_longer(self, make: Make, requests: Sequence[SpeechRequest]) -> None:
        generator = make()
        short, long = (self.read(generator, generator.ask(each), each).seconds for each in requests)
        share = len(LONG) / len(SHORT)
        assert share / 2 < long / short < share * 2

    def test_marks_go_on_in_the_text_and_in_time_and_begin_at_words(
        self, make: Make, requests: Sequence[SpeechRequest]
    ) -> None:
        generator = make()
        for request in requests:
            sound = self.read(generator, generator.ask(request), request)
            assert all(one.at_seconds <= next_one.at_seconds for one, next_one in pairwise(sound.marks))
            assert all(one.end <= next_one.start for one, next_one in pairwise(sound.marks))
            assert all(0 <= mark.at_seconds <= sound.seconds for mark in sound.marks)
            told = [request.text[mark.start : mark.end] for mark in sound.marks]
            assert all(text == text.strip() != "" for text in told)

    def test_a_text_without_words_is_refused_before_it_costs_anything(self, make: Make) -> None:
        with pytest.raises(BadInput, match="nothing to read"):
            make().ask(SpeechRequest(text=" …!\n"))
