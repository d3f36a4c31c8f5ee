"""`POST /v1/audio/speech`: what is taken, and a hum as long as the text."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Any

from tests.fakes.messages import Request
from tests.fakes.openai_errors import failure, invalid_value, read_parameters, wrong_type
from tests.fakes.openai_models import Model, find_model

# openai 3.52.0, audio.speech.create, 2026-11-20
VOICES = "alloy ash ballad coral echo fable onyx nova sage shimmer verse marin cedar".split(" ")  # noqa: SIM905
LONGEST = 4096
RATE = 24_000
CHARACTERS_A_SECOND = 15
_KNOWN = ("model", "input", "voice", "instructions", "response_format", "speed")


@dataclass(frozen=True)
class Reading:
    model: Model
    text: str
    speed: float


def read_reading(request: Request, now: float) -> Reading:
    given = read_parameters(request, _KNOWN)
    model = find_model(given.get("model"), "speech", now)
    text = given.get("input")
    if not isinstance(text, str):
        raise wrong_type("input", "a string")
    if not text:
        raise failure(400, "Invalid 'input': empty string.", "input", "empty_string")
    if len(text) > LONGEST:
        message = f"Invalid 'input': string too long. Expected a string with maximum length {LONGEST}."
        raise failure(400, message, "input", "string_above_max_length")
    if given.get("voice") not in VOICES:
        raise invalid_value("voice", given.get("voice"), ", ".join(map(repr, VOICES)))
    if given.get("response_format") != "wav":
        raise invalid_value("response_format", given.get("response_format"), "'wav' (of those that this server makes)")
    if "instructions" in given and model.id != "gpt-4o-mini-tts":
        raise failure(400, "This model does not take instructions.", "instructions", "invalid_value")
    return Reading(model, text, _speed(given.get("speed", 1.0)))


def hum(reading: Reading) -> bytes:
    """A WAV file whose header is written before its length is known, as the real one streams it."""
    count = round(len(reading.text) / CHARACTERS_A_SECOND / reading.speed * RATE)
    one_second = [round(9000 * math.sin(2 * math.pi * 220 * at / RATE)) for at in range(RATE)]
    samples = struct.pack(f"<{RATE}h", *one_second) * (count // RATE + 1)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    unknown = b"\xff\xff\xff\xff"
    return b"RIFF" + unknown + b"WAVE" + form + b"data" + unknown + samples[: 2 * count]


def _speed(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise wrong_type("speed", "a number")
    if not 0.25 <= given <= 4:
        raise failure(400, "Invalid 'speed': expected a value from 0.25 to 4.0.", "speed", "decimal_out_of_range")
    return float(given)
