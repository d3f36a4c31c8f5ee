"""Measures how loud a long sound is, and turns its peaks down, piece by piece: memory does not grow with its length."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Samples = np.ndarray[Any, np.dtype[np.float32]]

SHORTEST_SECONDS = 0.4
"""Loudness is that of blocks of this length, a new one every quarter of it; ITU-R BS.1770-5."""
_STEPS_A_BLOCK = 4
_SILENT_LUFS, _QUIETER_LU = -70.0, 10.0
"""Blocks that do not count: silent ones, and those so much quieter than the rest."""
_OFFSET = -0.691
_PIECE_STEPS = 100
"""Ten seconds."""
_LIMITER_SECONDS = 0.005


def loudness(samples: Samples, rate: int) -> float:
    """Return the integrated loudness in LUFS of one channel; minus infinity if no block of it counts."""
    import numpy as np

    step = int(SHORTEST_SECONDS * rate) // _STEPS_A_BLOCK
    sums = np.concatenate([np.square(piece).reshape(-1, step).sum(axis=1) for piece in _weighted(samples, rate, step)])
    blocks = np.convolve(sums, np.ones(_STEPS_A_BLOCK), "valid") / (step * _STEPS_A_BLOCK)
    counting = blocks[blocks >= _power(_SILENT_LUFS)]
    if not counting.size:
        return -math.inf
    # What is quieter than the rest by more than this is a pause.
    counting = counting[counting > counting.mean() * 10 ** (-_QUIETER_LU / 10)]
    return _OFFSET + 10 * math.log10(counting.mean())


def _weighted(samples: Samples, rate: int, step: int) -> Iterator[Any]:
    """Yield the sound as the ear weights its pitches, in whole steps; what is left of the last one is not measured."""
    import pyloudnorm
    from scipy.signal import lfilter, lfilter_zi

    filters = [
        pyloudnorm.IIRfilter(4.0, 1 / math.sqrt(2), 1500.0, rate, "high_shelf"),
        pyloudnorm.IIRfilter(0.0, 0.5, 38.0, rate, "high_pass"),
    ]
    states = [lfilter_zi(one.b, one.a) * 0 for one in filters]
    whole = len(samples) // step * step
    for start in range(0, whole, step * _PIECE_STEPS):
        piece: Any = samples[start : min(start + step * _PIECE_STEPS, whole)]
        for number, one in enumerate(filters):
            piece, states[number] = lfilter(one.b, one.a, piece, zi=states[number])
        yield piece


def limited(samples: Samples, gain: float, ceiling: float, rate: int) -> Iterator[Samples]:
    """Yield the sound with a gain, turned down for a few milliseconds wherever it would pass the ceiling.

    Its peaks alone are turned down, so that nothing rasps.
    """
    import numpy as np
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    width = int(_LIMITER_SECONDS * rate) | 1
    margin = 2 * width  # what a sample's gain depends on lies within one width and a half on either side
    size = rate * 10
    for start in range(0, len(samples), size):
        before, after = max(0, start - margin), min(len(samples), start + size + margin)
        around = samples[before:after] * np.float32(gain)
        here = slice(start - before, min(start + size, len(samples)) - before)
        most = float(np.abs(around).max())
        if most > ceiling:
            allowed = np.minimum(1.0, ceiling / np.maximum(np.abs(around), 1e-9)).astype(np.float32)
            # The least gain of its surroundings, then smoothed over half of them: never above what a sample needs.
            around *= uniform_filter1d(minimum_filter1d(allowed, 2 * width + 1), width)
        yield around[here]


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET) / 10))
