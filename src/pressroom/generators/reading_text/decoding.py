"""Reads one line with the reading model: its characters, where each stands, and how sure the model is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressroom.generators.reading_text.shapes import Pixels

_WIDEST = 1600
"""Pixels that are read at a time; a longer line is read in parts, divided where there is no ink."""
_NARROWEST = 64
STEP = 8
"""Pixels of a line for each answer of the model."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """What the outputs of the reading model stand for; number 0 is no character."""

    characters: tuple[str, ...]

    @property
    def blank(self) -> int:
        """The number of the space between words."""
        return len(self.characters) - 1


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a line, as the model first read it."""

    sign: str
    at: float
    """Pixels of its middle from the line's left end."""
    sureness: float
    space_before: float
    """The highest share that the model gave to a space between the character before and this one."""


def read(line: Pixels, session: Any, alphabet: Alphabet) -> list[Character]:
    """Return the characters of a line that was cut out; spaces are no characters but stand before one."""
    found: list[Character] = []
    for start, end in parts(line):
        found += _part(line[:, start:end], start, session, alphabet)
    return found


def parts(line: Pixels) -> list[tuple[int, int]]:
    """Divide a long line where the least ink is, near the end of each part."""
    import numpy as np

    width = line.shape[1]
    divided, start = [], 0
    ink = line.astype(np.float32).mean(axis=2).std(axis=0) if width > _WIDEST else None
    while ink is not None and width - start > _WIDEST:
        near = start + _WIDEST // 2
        end = near + int(np.argmin(ink[near : start + _WIDEST]))
        divided.append((start, end))
        start = end
    return [*divided, (start, width)]


def _part(part: Pixels, offset: int, session: Any, alphabet: Alphabet) -> list[Character]:
    import numpy as np

    height, width = part.shape[:2]
    values = np.zeros((1, 3, height, max(width, _NARROWEST)), np.float32)
    values[0, :, :, :width] = part[:, :, ::-1].transpose(2, 0, 1)
    values[0, :, :, :width] /= 127.5
    values[0, :, :, :width] -= 1.0
    shares = session.run(None, {session.get_inputs()[0].name: values})[0][0]
    best = shares.argmax(axis=1)
    scale = values.shape[3] / len(best)
    found: list[Character] = []
    space, step = 0.0, 0
    while step < len(best):
        number, begun = int(best[step]), step
        space = max(space, float(shares[step, alphabet.blank]))
        while step < len(best) and best[step] == number:
            step += 1
        if number in (0, alphabet.blank):
            space = max(space, float(shares[begun:step, alphabet.blank].max()))
            continue
        own = shares[begun:step, number]
        at = (begun + float((own * np.arange(len(own))).sum() / own.sum()) + 0.5) * scale
        found.append(Character(alphabet.characters[number], offset + at, float(own.max()), space))
        space = 0.0
    return found
