"""Setting the title: choosing a face that can draw it, breaking it into balanced lines, fitting them into a box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pressroom.errors import BadInput
from pressroom.fonts import EMOJI, WORLD, Face
from pressroom.generators.offline_art.stage import Box
from pressroom.lettering.drawing import Drawn, draw_words
from pressroom.lettering.line_breaking import Piece, balanced_lines, joined, pieces
from pressroom.lettering.runs import NoFace, runs

FACES = {
    "spooky": ("crypt", "gothic"),
    "cozy": ("poster", "elegant"),
    "cheerful": ("cheer",),
    "minimal": ("plain",),
    "retro": ("retro", "poster"),
    "elegant": ("elegant",),
}
LABEL = Face("label")
# Display lines stand closer than the fonts ask for; in multiples of the size.
LEADING = {"crypt": 0.9, "gothic": 0.84, "cheer": 0.92, "elegant": 0.98, "retro": 0.96, "poster": 0.96, "plain": 0.98}
MOST_LINES = 12
KICKERS = frozenset(["national", "international", "world", "global"])
_WITHOUT = "Or draw it without a title: `lettering = false` in the settings of the pipeline."


class UndrawableCharacter(BadInput):
    """The title holds a character for which no shipped font has a glyph."""


@dataclass(frozen=True)
class Lettering:
    """The set title: its words, where they stand, and how large the main lines are."""

    words: Drawn
    left: int
    top: int
    size: float

    @property
    def mask(self) -> Any:
        """White where the ink goes."""
        return self.words.ink


def face_for(text: str, names: Sequence[str]) -> Face:
    """Give the first of the named faces that can draw all letters of the text, else the plain one that begins it.

    What that one lacks is drawn by other plain faces. Raises UndrawableCharacter, which names what none can draw.
    """
    try:
        for face in map(Face, names):
            if all(run.face in (face, EMOJI) for run in runs(text, [face])):
                return face
        plain = [run.face for run in runs(text) if run.face != EMOJI and run.text.strip()]
    except NoFace as error:
        raise UndrawableCharacter(
            f"No font that comes with Pressroom can draw {error.named} in the title {text!r}.",
            todo=f"Give the picture another title (in a calendar: give the theme a name of its own). {_WITHOUT}",
        ) from None
    return plain[0] if plain else WORLD


def split_title(title: str) -> tuple[str, str, str]:
    """Split a title into a leading word set small, the main words, and a further line set small."""
    first, _, rest = title.strip().partition("\n")
    words = first.split()
    if len(words) > 2 and words[0].lower() in KICKERS:
        return words[0], " ".join(words[1:]), " ".join(rest.split())
    return "", " ".join(words), " ".join(rest.split())


def set_title(title: str, box: Box, names: Sequence[str], largest: float) -> Lettering:
    """Set a title into a box, as large as it fits, no larger than `largest` pixels."""
    kicker, main, after = split_title(title)
    face = face_for(main, names)
    small = min(largest * 0.27, box.height * 0.12)
    above = _small_line(kicker.upper(), box, small) if kicker else None
    below = _small_line(after, box, small) if after else None
    gap = small * 0.62
    room = box.height - sum(line.height + gap for line in (above, below) if line is not None)
    block, size = _main_lines(main, face, box.width, room, largest)
    parts = [part for part in (above, block, below) if part is not None]
    height = sum(part.height for part in parts) + gap * (len(parts) - 1)
    width = max(part.width for part in parts)
    placed, y = [], 0.0
    for part in parts:
        placed.append((part, round((width - part.width) / 2), round(y)))
        y += part.height + gap
    words = _together(placed, round(width), round(height) + 1)
    return Lettering(words, round(box.x - width / 2), round(box.y - height / 2), size)


def _together(placed: Sequence[tuple[Drawn, int, int]], width: int, height: int) -> Drawn:
    """Put words into one picture, each with its left and upper edge there."""
    import pyvips

    mask, colours = pyvips.Image.black(width, height), None
    for part, left, top in placed:
        mask = mask.insert(part.ink, left, top)
        if part.colours is not None:
            below = colours if colours is not None else pyvips.Image.black(width, height, bands=4)
            colours = below.copy(interpretation="srgb").insert(part.colours, left, top)
    return Drawn(mask, colours, 0)


def _main_lines(text: str, face: Face, width: float, height: float, largest: float) -> tuple[Drawn, float]:
    words = pieces(text)
    widths = [_draw(word.text, face, 100).width / 100 for word in words]
    space = _draw("a b", face, 100).width / 100 - _draw("ab", face, 100).width / 100 if not face.missing("ab") else 0.28
    leading = LEADING.get(face.name, face.leading)
    choices = []
    for count in range(1, min(len(words), MOST_LINES) + 1):
        lines = balanced_lines(words, widths, space, count)
        measured = [_length(line, words, widths, space) for line in lines]
        size = min(largest, width / max(measured), height / (leading * (count - 1) + 0.9))
        ragged = 1 - min(measured) / max(measured)
        choices.append((size * (1 - 0.18 * ragged) * (1 - 0.015 * count), size, lines))
    _, size, chosen = max(choices, key=lambda choice: choice[0])
    broken = "\n".join(joined(line) for line in chosen)
    drawn = _draw(broken, face, size, leading)
    for _ in range(6):
        if drawn.width <= width and drawn.height <= height:
            break
        size *= min(width / drawn.width, height / drawn.height) * 0.985
        drawn = _draw(broken, face, size, leading)
    return drawn, size


def _length(line: Sequence[Piece], words: Sequence[Piece], widths: Sequence[float], space: float) -> float:
    between = sum(space for piece in line[:-1] if piece.gap)
    return sum(widths[words.index(piece)] for piece in line) + between


def _small_line(text: str, box: Box, size: float) -> Drawn:
    """Draw a small tracked line with a rule on either side."""
    face = face_for(text, [LABEL.name])
    drawn = _draw(text, face, size, tracking=0.16 if face == LABEL else 0)
    if drawn.width > box.width:
        drawn = _draw(text, face, size * box.width / drawn.width * 0.98, tracking=0.16 if face == LABEL else 0)
    rule, gap = round(size * 1.5), round(size * 0.55)
    if drawn.width + 2 * (rule + gap) > box.width:
        return drawn
    wide = drawn.embedded(rule + gap, 0, drawn.width + 2 * (rule + gap), drawn.height)
    y, thick = drawn.height // 2, max(2, round(size * 0.07))
    ruled = wide.ink.draw_rect(255, 0, y, rule, thick, fill=True)
    return replace(wide, ink=ruled.draw_rect(255, wide.width - rule, y, rule, thick, fill=True))


def _draw(text: str, face: Face, size: float, leading: float = 1.0, tracking: float = 0.0) -> Drawn:
    return draw_words(text, size, faces=[face], leading=leading, tracking=tracking, align="centre")
