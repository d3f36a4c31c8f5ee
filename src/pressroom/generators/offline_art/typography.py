"""Setting the title: choosing a face that can draw it, breaking it into balanced lines, fitting them into a box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from pressroom.errors import BadInput
from pressroom.fonts import Face, prepare_text_drawing, world_faces
from pressroom.generators.offline_art.stage import Box

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
# A line that ends in one of these reads badly.
CLINGING = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "like",
        "my",
        "of",
        "on",
        "or",
        "our",
        "the",
        "to",
        "with",
        "your",
    ]
)


_WITHOUT = "Or draw it without a title: `lettering = false` in the settings of the pipeline."


class UndrawableCharacter(BadInput):
    """The title holds a character for which no shipped font has a glyph."""


@dataclass(frozen=True)
class Lettering:
    """The set title: a mask as large as its box, white where the ink goes, and how large the main lines are."""

    mask: Any
    left: int
    top: int
    size: float


def face_for(text: str, names: Sequence[str]) -> Face:
    """Give the first of the named faces that can draw the text, else a plain one of its script.

    Raises UndrawableCharacter, which names the characters, when no single face can.
    """
    faces = [*(Face(name) for name in names), *world_faces()]
    for face in faces:
        if not face.missing(text):
            return face
    nowhere = [c for c in dict.fromkeys(text) if all(face.missing(c) for face in faces)]
    if not nowhere:
        raise UndrawableCharacter(
            f"The title {text!r} mixes scripts that no single font of ours can draw together.",
            todo=(
                "Write the title in one script; does it hold a word that is added to a theme, such as Day? Then give"
                f" the theme a name of its own in the calendar. {_WITHOUT}"
            ),
        )
    shown = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in nowhere)
    raise UndrawableCharacter(
        f"No font that comes with Pressroom can draw {shown} in the title {text!r}.",
        todo=f"Give the picture another title (in a calendar: give the theme a name of its own). {_WITHOUT}",
    )


def split_title(title: str) -> tuple[str, str, str]:
    """Split a title into a leading word set small, the main words, and a further line set small."""
    first, _, rest = title.strip().partition("\n")
    words = first.split()
    if len(words) > 2 and words[0].lower() in KICKERS:
        return words[0], " ".join(words[1:]), " ".join(rest.split())
    return "", " ".join(words), " ".join(rest.split())


def balanced_lines(words: Sequence[str], widths: Sequence[float], space: float, lines: int) -> list[str]:
    """Break words into so many lines that the widest is as narrow as can be and none ends in a small word."""
    count = len(words)

    def width(start: int, end: int) -> float:
        clings = end < count and words[end - 1].lower() in CLINGING
        return (sum(widths[start:end]) + space * (end - start - 1)) * (1.18 if clings else 1)

    @cache
    def best(start: int, left: int) -> tuple[float, float, tuple[int, ...]]:
        if left == 1:
            only = width(start, count)
            return only, only**2, (count,)
        options = []
        for end in range(start + 1, count - left + 2):
            here = width(start, end)
            widest, squares, ends = best(end, left - 1)
            options.append((max(here, widest), squares + here**2, (end, *ends)))
        return min(options)

    lines_, start = [], 0
    for end in best(0, lines)[2]:
        lines_.append(" ".join(words[start:end]))
        start = end
    return lines_


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
    import pyvips

    mask = pyvips.Image.black(round(width), round(height) + 1)
    y = 0.0
    for part in parts:
        mask = mask.insert(part, round((width - part.width) / 2), round(y))
        y += part.height + gap
    return Lettering(mask, round(box.x - width / 2), round(box.y - height / 2), size)


def _main_lines(text: str, face: Face, width: float, height: float, largest: float) -> tuple[Any, float]:
    words = text.split()
    widths = [_draw(word, face, 100).width / 100 for word in words]
    space = _draw("a b", face, 100).width / 100 - _draw("ab", face, 100).width / 100 if not face.missing("ab") else 0.28
    leading = LEADING.get(face.name, face.leading)
    choices = []
    for count in range(1, min(len(words), MOST_LINES) + 1):
        lines = balanced_lines(words, widths, space, count)
        measured = [sum(widths[words.index(w)] for w in line.split()) + space * line.count(" ") for line in lines]
        size = min(largest, width / max(measured), height / (leading * (count - 1) + 0.9))
        ragged = 1 - min(measured) / max(measured)
        choices.append((size * (1 - 0.18 * ragged) * (1 - 0.015 * count), size, lines))
    _, size, lines = max(choices, key=lambda choice: choice[0])
    drawn = _draw("\n".join(lines), face, size, leading)
    for _ in range(6):
        if drawn.width <= width and drawn.height <= height:
            break
        size *= min(width / drawn.width, height / drawn.height) * 0.985
        drawn = _draw("\n".join(lines), face, size, leading)
    return drawn, size


def _small_line(text: str, box: Box, size: float) -> Any:
    """Draw a small tracked line with a rule on either side."""
    face = face_for(text, [LABEL.name])
    drawn = _draw(text, face, size, tracking=0.16 if face == LABEL else 0)
    if drawn.width > box.width:
        drawn = _draw(text, face, size * box.width / drawn.width * 0.98, tracking=0.16 if face == LABEL else 0)
    rule, gap = round(size * 1.5), round(size * 0.55)
    if drawn.width + 2 * (rule + gap) > box.width:
        return drawn
    wide = drawn.embed(rule + gap, 0, drawn.width + 2 * (rule + gap), drawn.height)
    y, thick = drawn.height // 2, max(2, round(size * 0.07))
    wide = wide.draw_rect(255, 0, y, rule, thick, fill=True)
    return wide.draw_rect(255, wide.width - rule, y, rule, thick, fill=True)


def _draw(text: str, face: Face, size: float, leading: float = 1.0, tracking: float = 0.0) -> Any:
    import pyvips

    # Pango measures letter spacing in 1024ths of a point; without fallback="false" it would take installed fonts.
    attributes = (
        f'fallback="false" line_height="{leading / face.leading:.4f}" letter_spacing="{round(tracking * size * 1024)}"'
    )
    prepare_text_drawing()
    return pyvips.Image.text(
        f"<span {attributes}>{escape(text, quote=False)}</span>",
        font=f"{face.family} {size:.1f}",
        fontfile=str(face.file),
        align="centre",
        dpi=72,
    )
