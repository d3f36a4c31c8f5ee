"""Speech by espeak-ng, as it comes with Pressroom."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.generator import Make, OfflineGeneratorContract
from pressroom.contracts.speech_generator import SpeechGeneratorContract
from pressroom.errors import BadInput, Unavailable
from pressroom.generators.base import Setup
from pressroom.generators.espeak import Espeak, VoiceOptions
from pressroom.speech import Sound, SpeechRequest
from pressroom.testing.clock import ManualClock


def espeak(**settings: Any) -> Espeak:
    return Espeak(Setup("espeak", VoiceOptions(**settings), MemorySecrets(), ManualClock()))


def spoken(text: str, generator: Espeak | None = None, **more: Any) -> Sound:
    generator, request = generator or espeak(), SpeechRequest(text=text, **more)
    return generator.sound(generator.ask(request), request)


class TestContract(OfflineGeneratorContract, SpeechGeneratorContract):
    @pytest.fixture
    def make(self) -> Make:
        return espeak


def test_a_mark_stands_at_each_sentence() -> None:
    text = "The title\n\nMr. Fox ran home. It was late – “too late”, he thought.\n\nHe slept."
    sound = spoken(text)
    assert [text[mark.start : mark.end] for mark in sound.marks] == [
        "The title",
        "Mr. Fox ran home.",
        "It was late – “too late”, he thought.",
        "He slept.",
    ]
    assert sound.marks[0].at_seconds == 0
    last = sound.marks[-1].at_seconds
    assert sound.seconds * 0.6 < last < sound.seconds - 0.5


def test_what_looks_like_a_command_is_read_and_not_obeyed() -> None:
    plain = spoken("She went to the water.")
    for strange in (
        "She went <audio src='x'/> to the water.",
        "She [[w'Ent]] to the water.",
        "She went \x0150s to it",
    ):
        assert spoken(strange).seconds > 0.8 * plain.seconds


def test_a_paragraph_is_followed_by_a_pause() -> None:
    together, apart = spoken("One here. Two here."), spoken("One here.\n\nTwo here.")
    assert apart.seconds == pytest.approx(together.seconds + 0.6, abs=0.5)
    assert apart.seconds > together.seconds


def test_pace_and_settings_change_how_fast_it_speaks() -> None:
    text = "There was once a small boat that was afraid of the dark water."
    usual = spoken(text).seconds
    assert spoken(text, pace=0.7).seconds > 1.2 * usual
    assert spoken(text, espeak(words_per_minute=300)).seconds < 0.7 * usual


@pytest.mark.parametrize("language", ["en", "en-US", "en_GB", "de", "de-AT", "pt-BR", "sv"])
def test_languages_are_named_by_their_tags(language: str) -> None:
    assert spoken("Hallo, hello, olá.", language=language).seconds > 0.5


def test_a_language_that_it_does_not_speak_is_told_with_near_ones() -> None:
    with pytest.raises(BadInput, match="no language 'xq'") as caught:
        spoken("One.", language="xq")
    assert "sq" in caught.value.todo


def test_a_voice_that_there_is_not_is_told_with_near_ones() -> None:
    with pytest.raises(BadInput, match="no voice 'Anny'") as caught:
        spoken("One.", espeak(voice="Anny"))
    assert "Annie" in caught.value.todo


def test_two_voices_sound_different() -> None:
    assert spoken("One.", espeak(voice="Annie")).samples != spoken("One.", espeak(voice="m3")).samples


@pytest.mark.parametrize("code", [-11, 1])
def test_a_voice_that_crashes_takes_nobody_with_it(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(command: list[str], **more: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, code, b"", b"Segmentation fault")

    monkeypatch.setattr("pressroom.generators.espeak.subprocess.run", crash)
    with pytest.raises(Unavailable, match=f"code {code}") as caught:
        spoken("One.")
    assert "Segmentation fault" in caught.value.detail


def test_a_voice_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(command: list[str], timeout: float, **more: Any) -> None:
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr("pressroom.generators.espeak.subprocess.run", hang)
    with pytest.raises(Unavailable, match="did not come to an end"):
        spoken("One.")


def test_doctor_hears_it_speak() -> None:
    assert [finding.ok for finding in espeak().check()] == [True]
    [finding] = espeak(voice="nobody").check()
    assert not finding.ok
