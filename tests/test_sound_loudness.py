"""The loudness and the peaks of a long sound, measured and turned down piece by piece."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest

from pressroom.sound_loudness import limited, loudness

RATE = 44_100


def _speech(seconds: float, seed: int = 1) -> np.ndarray:
    """Noise that comes and goes as words and pauses do."""
    rng = np.random.default_rng(seed)
    at = np.arange(int(seconds * RATE)) / RATE
    swell = np.clip(np.sin(at * 2.1) + 0.6 * np.sin(at * 17), 0, None) * (np.sin(at * 0.4) > -0.6)
    return (0.1 * swell * rng.standard_normal(len(at))).astype(np.float32)


@pytest.mark.parametrize("seconds", [0.5, 9.95, 34.56])
def test_it_is_as_loud_as_another_program_measures(seconds: float) -> None:
    sound = _speech(seconds)
    assert loudness(sound, RATE) == pytest.approx(pyloudnorm.Meter(RATE).integrated_loudness(sound), abs=0.1)


def test_a_breath_has_no_loudness() -> None:
    assert loudness(_speech(3) * np.float32(1e-4), RATE) == -np.inf


def test_no_sample_passes_the_ceiling_and_what_is_below_stays_as_it_was() -> None:
    sound = _speech(25)
    loudest = float(np.abs(sound).max())
    found = np.concatenate(list(limited(sound, 2.0, loudest, RATE)))
    assert len(found) == len(sound)
    assert np.abs(found).max() <= loudest * 1.0001
    far = np.ones(len(sound), dtype=bool)
    for peak in np.flatnonzero(np.abs(sound * 2) > loudest):
        far[max(0, peak - RATE // 50) : peak + RATE // 50] = False
    assert far.sum() > RATE
    assert np.array_equal(found[far], sound[far] * np.float32(2))


def test_where_two_pieces_meet_nothing_is_heard_of_it() -> None:
    sound = _speech(12)
    seam = 10 * RATE
    sound[seam - 40 : seam + 40] = 0.9  # a peak that both pieces have a part of
    whole = np.concatenate(list(limited(sound, 1.0, 0.5, RATE)))
    # The same sound moved so that the peak lies in the middle of a piece.
    moved = np.concatenate(list(limited(sound[RATE:], 1.0, 0.5, RATE)))
    around = slice(seam - RATE // 10, seam + RATE // 10)
    assert np.allclose(whole[around], moved[around.start - RATE : around.stop - RATE], atol=1e-6)
