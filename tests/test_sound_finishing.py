"""The finished sound: joined, trimmed, even, encoded."""

from __future__ import annotations

import io
import math
import struct
from typing import Any

import numpy as np
import pyloudnorm
import pytest
import soundfile

from pressroom.errors import BadInput
from pressroom.sound_finishing import finished
from pressroom.speech import Mark, Sound


def tone(seconds: float, *, rate: int = 22_050, height: float = 0.1, silence: float = 0.0) -> Sound:
    """A tone that swells and fades as a voice does, with silence before it and behind."""
    count, quiet = int(seconds * rate), [0] * int(silence * rate)
    wave = [
        round(32767 * height * (0.2 + abs(math.sin(3 * at / rate))) / 1.2 * math.sin(2 * math.pi * 330 * at / rate))
        for at in range(count)
    ]
    samples = [*quiet, *wave, *quiet]
    return Sound(struct.pack(f"<{len(samples)}h", *samples), rate, (Mark(silence, 0, 4),))


def heard(data: bytes) -> tuple[Any, int]:
    samples, rate = soundfile.read(io.BytesIO(data))
    return samples, rate


@pytest.mark.parametrize("height", [0.004, 0.1, 0.9])
def test_every_sound_is_equally_loud_and_none_is_distorted(height: float) -> None:
    samples, rate = heard(finished([(tone(4, height=height), 0)]).data)
    assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(-16, abs=1)
    assert np.abs(samples).max() < 10 ** (-0.7 / 20)


def test_a_sound_with_sharp_peaks_is_turned_down_at_these_alone() -> None:
    quiet = tone(4, height=0.05)
    samples = np.frombuffer(quiet.samples, dtype="<i2").copy()
    samples[10_000::22_050] = 32_000
    found, rate = heard(finished([(Sound(samples.tobytes(), quiet.rate), 0)]).data)
    assert np.abs(found).max() < 1
    assert pyloudnorm.Meter(rate).integrated_loudness(found) == pytest.approx(-16, abs=1.5)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
def test_whatever_rate_it_comes_in_it_is_mono_at_44100_and_as_long(rate: int) -> None:
    speech = finished([(tone(2, rate=rate), 0)])
    samples, found = heard(speech.data)
    assert found == 44_100
    assert samples.ndim == 1
    assert speech.seconds == pytest.approx(2, abs=0.05)
    assert len(samples) / found == pytest.approx(speech.seconds, abs=0.1)
    assert speech.media_type == "audio/mpeg"


def test_silence_around_it_is_taken_away_and_its_marks_move_with_it() -> None:
    speech = finished([(tone(2, silence=3), 0)])
    assert speech.seconds == pytest.approx(2.6, abs=0.1)
    [mark] = speech.marks
    assert mark.at_seconds == pytest.approx(0.1, abs=0.02)


def test_pieces_follow_each_other_with_a_breath_and_marks_say_where_in_the_whole_text() -> None:
    speech = finished([(tone(1), 0), (tone(1), 50)])
    assert speech.seconds == pytest.approx(2.35, abs=0.05)
    assert [(mark.start, mark.end) for mark in speech.marks] == [(0, 4), (50, 54)]
    assert speech.marks[1].at_seconds == pytest.approx(1.35, abs=0.05)


def test_a_sound_too_short_to_be_measured_is_made_as_loud_as_it_may_be() -> None:
    samples, _ = heard(finished([(tone(0.2), 0)]).data)
    assert 0.5 < np.abs(samples).max() < 1


@pytest.mark.parametrize("samples", [b"", bytes(44_100)])
def test_a_silent_sound_is_an_error(samples: bytes) -> None:
    with pytest.raises(BadInput, match="silent"):
        finished([(Sound(samples, 22_050), 0)])
