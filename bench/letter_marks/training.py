"""Teaches the network, and says how well it does on letters that it has not seen."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from bench.letter_marks.network import Network
from pressroom.generators.reading_text.signs import SIGNS

_FEWEST = 20
"""Times that a letter must have been drawn to be learned."""
_PLAIN_KEPT = 0.4
"""Share of the letters without marks that is learned from at first: there are far too many of them.

Going on from there it learns from all of them, so that it sees no marks where there are none."""
_FASTEST = 2e-3
_SELDOM, _SELDOM_SHARE = 3, 0.01
"""Times, and share of a letter's, from which it is believed that the reading model takes it for a sign."""
_BATCH = 256
_HELD_BACK = 12_000
_SHIFT = 2
"""Pixels by which a window is moved, so that a letter need not stand exactly in its middle."""


def train(files: list[Path], out: Path, epochs: int, *, start: Path | None = None) -> None:
    """Learn from lessons; `start` has weights to go on from, in smaller steps."""
    import numpy as np

    stored = [np.load(file) for file in files]
    seen, told, spaces = (np.concatenate([one[name] for one in stored]) for name in ("seen", "told", "spaces"))
    drawn = np.concatenate([one["letters"] for one in stored])
    known = Counter(one for one in drawn.tolist() if not one.isascii())
    letters = ["", *sorted(one for one, count in known.items() if count >= _FEWEST)]
    numbers = {one: number for number, one in enumerate(letters)}
    right = np.array([0 if one.isascii() else numbers.get(one, -1) for one in drawn.tolist()])
    possible = _possible(told[:, :SIGNS].argmax(axis=1), right, len(letters))
    chance = np.random.default_rng(1)
    order = chance.permutation(np.flatnonzero(right >= 0))
    held, rest = order[:_HELD_BACK], order[_HELD_BACK:]
    rest = rest[(right[rest] > 0) | (chance.random(len(rest)) < (_PLAIN_KEPT if start is None else 1))]
    network, steps, step = Network(len(letters)), len(rest) // _BATCH * epochs, 0
    if start is not None:
        with np.load(start) as stored_weights:
            letters_before = stored_weights["letters"].tolist()
            if letters_before != letters:
                raise SystemExit(f"{start} knows other letters than these lessons; begin without it.")
            network.weights = {name: np.asarray(stored_weights[name], np.float32) for name in network.weights}
    print(f"{len(drawn)} letters of {len(letters)} kinds, {len(rest)} to learn from", flush=True)
    for epoch in range(epochs):
        chance.shuffle(rest)
        wrong = 0.0
        for begin in range(0, len(rest) - _BATCH + 1, _BATCH):
            some = rest[begin : begin + _BATCH]
            step += 1
            rate = (_FASTEST if start is None else _FASTEST / 3) * min(1.0, step / 300) * 0.5 * (
                1 + np.cos(np.pi * step / steps)
            ) + 1e-6
            windows = _varied(seen[some], chance)
            wrong += network.learn(windows, told[some].astype(np.float32), right[some], spaces[some], rate)
        print(
            f"epoch {epoch + 1}: {wrong * _BATCH / len(rest):.3f}",
            _tried(network, seen, told, right, spaces, held),
            flush=True,
        )
        weights = {name: value.astype(np.float16) for name, value in network.weights.items()}
        np.savez_compressed(out, letters=np.array(letters), possible=possible, **weights)


def _possible(signs: Any, right: Any, letters: int) -> Any:
    """Return for each sign of ASCII which letters it was taken for often enough to be believed."""
    import numpy as np

    counts = np.zeros((SIGNS, letters), np.int64)
    np.add.at(counts, (signs[right >= 0], right[right >= 0]), 1)
    possible = counts >= np.maximum(_SELDOM, _SELDOM_SHARE * counts.sum(axis=0))
    possible[:, 0] = True
    return possible


def _varied(windows: Any, chance: Any) -> Any:
    """Return the windows moved a little, and a little lighter or darker."""
    import numpy as np

    values = np.pad(windows, ((0, 0), (0, 0), (_SHIFT, _SHIFT))).astype(np.float32) / 255
    width = windows.shape[2]
    starts = chance.integers(0, 2 * _SHIFT + 1, len(values))
    moved = np.stack([one[:, start : start + width] for one, start in zip(values, starts, strict=True)])
    contrast, shift = chance.uniform(0.8, 1.2), chance.uniform(-0.06, 0.06)
    return np.clip((moved - 0.5) * contrast + 0.5 + shift, 0, 1).astype(np.float32)


def _tried(network: Network, seen: Any, told: Any, right: Any, spaces: Any, held: Any) -> str:
    import numpy as np

    answers = [
        network.answers(seen[some].astype(np.float32) / 255, told[some].astype(np.float32))
        for some in np.array_split(held, 12)
    ]
    letters, space = np.concatenate([one for one, _ in answers]), np.concatenate([one for _, one in answers])
    hit, wanted, known = letters.argmax(axis=1) == right[held], right[held], spaces[held] >= 0
    spaced = ((space > 0) == (spaces[held] == 1))[known].mean()
    return f"with marks {hit[wanted > 0].mean():.4f}, plain {hit[wanted == 0].mean():.4f}, spaces {spaced:.4f}"
