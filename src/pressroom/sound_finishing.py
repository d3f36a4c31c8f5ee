"""Makes spoken pieces into one sound for listening: joined, trimmed, even in loudness, encoded as MP3. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pressroom.errors import BadInput
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
_SHORTEST_MEASURED_SECONDS = 0.4
"""Loudness is that of blocks of this length; ITU-R BS.1770-5."""
_LIMITER_SECONDS = 0.005


def finished(pieces: Sequence[tuple[Sound, int]]) -> Speech:
    """Return one sound of all pieces, each given with the place in the whole text at which its own begins.

    Raises `BadInput` if there is nothing to be heard.
    """
    import numpy as np

    samples, marks = _joined(pieces)
    loud = np.flatnonzero(np.abs(samples) > _SILENT)
    if not loud.size:
        raise BadInput("The voice said nothing: the sound is silent.", todo="Look at the text and at the voice.")
    first = max(0, int(loud[0]) - int(_LEAD_SECONDS * RATE))
    last = min(len(samples), int(loud[-1]) + int(_TAIL_SECONDS * RATE))
    heard = _faded(_limited(_evened(samples[first:last])))
    seconds = len(heard) / RATE
    moved = (replace(mark, at_seconds=min(max(mark.at_seconds - first / RATE, 0.0), seconds)) for mark in marks)
    return Speech(data=_encoded(heard), media_type="audio/mpeg", seconds=seconds, marks=tuple(moved))


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
    return np.concatenate(parts, dtype=np.float32), marks


def _resampled(sound: Sound) -> Samples:
    import numpy as np
    from scipy.signal import resample_poly

    samples = np.frombuffer(sound.samples, dtype="<i2").astype(np.float32) / np.float32(32768)
    if sound.rate == RATE or not samples.size:
        return samples
    common = math.gcd(sound.rate, RATE)
    resampled: Samples = resample_poly(samples, RATE // common, sound.rate // common).astype(np.float32)
    return resampled


def _evened(samples: Samples) -> Samples:
    """Return the sound as loud as any other of ours; one that is too short to be measured as high as it may be."""
    import numpy as np
    import pyloudnorm

    if len(samples) <= _SHORTEST_MEASURED_SECONDS * RATE:
        return samples * np.float32(CEILING / np.abs(samples).max())
    loudness = float(pyloudnorm.Meter(RATE).integrated_loudness(samples))
    if not math.isfinite(loudness):  # below the gate of the measure: a breath
        return samples * np.float32(CEILING / np.abs(samples).max())
    return samples * np.float32(10 ** ((LOUDNESS - loudness) / 20))


def _limited(samples: Samples) -> Samples:
    """Turn down for a few milliseconds whatever is above the ceiling: its peaks alone, so that nothing rasps."""
    import numpy as np
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    gain = np.minimum(1.0, CEILING / np.maximum(np.abs(samples), 1e-9)).astype(np.float32)
    if gain.min() >= 1.0:
        return samples
    width = int(_LIMITER_SECONDS * RATE) | 1
    # The least gain of its surroundings, then smoothed over half of them: never above what a sample needs.
    smooth = uniform_filter1d(minimum_filter1d(gain, 2 * width + 1), width)
    return samples * np.asarray(smooth, dtype=np.float32)


def _faded(samples: Samples) -> Samples:
    import numpy as np

    count = min(len(samples) // 2, int(0.02 * RATE))
    ramp = np.linspace(0, 1, count, dtype=np.float32)
    faded = samples.copy()
    faded[:count] *= ramp
    faded[len(faded) - count :] *= ramp[::-1]
    return faded


def _encoded(samples: Samples) -> bytes:
    import lameenc
    import numpy as np

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(BIT_RATE)
    encoder.set_in_sample_rate(RATE)
    encoder.set_out_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_quality(7)  # speech in one channel sounds no better with the slower ones
    encoder.silence()
    whole = np.clip(np.rint(samples * 32767), -32768, 32767).astype("<i2")
    return bytes(encoder.encode(whole.tobytes())) + bytes(encoder.flush())
