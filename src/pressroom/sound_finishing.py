"""Makes spoken pieces into one sound for listening: joined, trimmed, even in loudness, encoded as MP3. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pressroom.errors import BadInput
from pressroom.sound_loudness import SHORTEST_SECONDS, limited, loudness
from pressroom.speech import Mark, Sound, Speech

if TYPE_CHECKING:
    import numpy as np

    Samples = np.ndarray[Any, np.dtype[np.float32]]

RATE = 44_100
LOUDNESS = -16.0
"""LUFS, integrated: what podcasts are made to. https://www.aes.org/technical/documents/AESTD1008, 2026-11-21"""
CEILING = 10 ** (-1.5 / 20)
"""Of single samples; between two of them the encoded sound may rise a little higher, and stays below full scale."""
BIT_RATE = 64
"""kbit/s: speech in one channel is clear with it, and ten minutes are 5 MB."""
_GAP_SECONDS = 0.35
"""Of silence between two pieces: about what a voice leaves between two sentences."""
_SILENT = 10 ** (-50 / 20)
_LEAD_SECONDS, _TAIL_SECONDS = 0.1, 0.5
_FADE_SECONDS = 0.02


def finished(pieces: Sequence[tuple[Sound, int]]) -> Speech:
    """Return one sound of all pieces, each given with the place in the whole text at which its own begins.

    Raises `BadInput` if there is nothing to be heard.
    """
    import numpy as np

    samples, marks = _joined(pieces)
    is_loud = np.greater(samples, _SILENT) | np.less(samples, -_SILENT)
    if not is_loud.any():
        raise BadInput("The voice said nothing: the sound is silent.", todo="Look at the text and at the voice.")
    first = max(0, int(is_loud.argmax()) - int(_LEAD_SECONDS * RATE))
    last = min(len(samples), len(samples) - 1 - int(is_loud[::-1].argmax()) + int(_TAIL_SECONDS * RATE))
    heard = samples[first:last]
    _fade(heard)
    seconds = len(heard) / RATE
    moved = (replace(mark, at_seconds=min(max(mark.at_seconds - first / RATE, 0.0), seconds)) for mark in marks)
    data = _encoded(limited(heard, _gain(heard), CEILING, RATE))
    return Speech(data=data, media_type="audio/mpeg", seconds=seconds, marks=tuple(moved))


def _joined(pieces: Sequence[tuple[Sound, int]]) -> tuple[Samples, list[Mark]]:
    import numpy as np

    parts: list[Samples] = []
    marks: list[Mark] = []
    at = 0.0
    for sound, begins in pieces:
        if parts:
            parts.append(np.zeros(int(_GAP_SECONDS * RATE), dtype=np.float32))
            at += _GAP_SECONDS
        parts.append(_resampled(sound))
        marks += [Mark(at + mark.at_seconds, begins + mark.start, begins + mark.end) for mark in sound.marks]
        at += len(parts[-1]) / RATE
    return parts[0] if len(parts) == 1 else np.concatenate(parts, dtype=np.float32), marks


def _resampled(sound: Sound) -> Samples:
    import numpy as np
    from scipy.signal import resample_poly

    samples = np.frombuffer(sound.samples, dtype="<i2").astype(np.float32)
    samples /= 32768
    if sound.rate == RATE or not samples.size:
        return samples
    common = math.gcd(sound.rate, RATE)
    resampled: Samples = resample_poly(samples, RATE // common, sound.rate // common).astype(np.float32, copy=False)
    return resampled


def _gain(samples: Samples) -> float:
    """Return what makes the sound as loud as any other of ours; if it cannot be measured, as high as it may be."""
    measured = loudness(samples, RATE) if len(samples) > SHORTEST_SECONDS * RATE else -math.inf
    if not math.isfinite(measured):  # below the gate of the measure: a breath
        return CEILING / float(max(samples.max(), -samples.min()))
    return float(10 ** ((LOUDNESS - measured) / 20))


def _fade(samples: Samples) -> None:
    """Let the sound begin and end softly, in its place."""
    import numpy as np

    count = min(len(samples) // 2, int(_FADE_SECONDS * RATE))
    ramp = np.linspace(0, 1, count, dtype=np.float32)
    samples[:count] *= ramp
    samples[len(samples) - count :] *= ramp[::-1]


def _encoded(pieces: Iterable[Samples]) -> bytes:
    import lameenc
    import numpy as np

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(BIT_RATE)
    encoder.set_in_sample_rate(RATE)
    encoder.set_out_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_quality(7)  # speech in one channel sounds no better with the slower ones
    encoder.silence()
    encoded = bytearray()
    for piece in pieces:
        encoded += encoder.encode(np.clip(np.rint(piece * 32767), -32768, 32767).astype("<i2").tobytes())
    return bytes(encoded + encoder.flush())
