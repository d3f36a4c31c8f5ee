"""Sets a name into its place: as large as it fits in three lines, wrapped at words, shortened if need be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from pressroom.fitting import ELLIPSIS
from pressroom.fonts import Face
from pressroom.lettering.drawing import Drawn, draw_words
from pressroom.lettering.line_breaking import Piece, balanced_lines, joined, pieces
from pressroom.lettering.runs import clusters

MOST_LINES = 3
_MEASURED_AT = 100.0
_MOST_CORRECTIONS = 5
_SURELY = 0.96
"""How full a line is filled that is broken between letters, which are measured one by one."""
_LOOSE = " ,;:-–—/&+·|、，・（(["
"""What must not stand before an ellipsis."""
_TALL_SCRIPTS = ((0x0590, 0x0E7F, 1.36), (0x1780, 0x17FF, 1.4), (0x2E80, 0xD7FF, 1.26))
"""Whose marks, or whose squares, need more room between lines than Latin."""
_LEADING = 1.14
_FIRST_JOINING = 0x0590
CAPITALS, DEPTH = 0.73, 0.24
"""How far letters reach above and below the line that they stand on, as multiples of the size."""


@dataclass(frozen=True, slots=True)
class SetText:
    """Lines of one size, ready to be drawn."""

    lines: tuple[str, ...]
    text: str
    """What can be read, on one line."""
    size: float
    leading: float
    width: float
    is_whole: bool
    """Whether nothing had to be left out."""

    @property
    def height(self) -> float:
        """From the top of the first line's capitals to the depth of the last line's letters."""
        return self.size * (CAPITALS + DEPTH + self.leading * (len(self.lines) - 1))


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is to look; sizes in pixels."""

    largest: float
    least: float
    faces: tuple[Face, ...] = ()
    tracking: float = 0.0
    language: str = ""
    is_right_to_left: bool = False
    most_lines: int = MOST_LINES


def set_text(text: str, width: float, height: float, style: Style) -> SetText:
    """Choose size and line breaks for a text that has something to be seen."""
    leading = leading_for(text)
    parts = _short_pieces(pieces(text), width / style.least, style)
    widths = [_width(part.text, style) for part in parts]
    # A text of hundreds of words is cut before it is measured as a whole; it would never fit.
    most = _fitting_count(parts, widths, width / style.least, style.most_lines)
    best = _best(parts, widths, width, height, leading, style) if most == len(parts) else None
    if best is not None:
        return _as_drawn(best, width, style)
    for count in range(most, 0, -1):
        shortened = _shortened(parts[:count])
        if shortened is None:
            continue
        own = [*widths[: len(shortened) - 1], _width(shortened[-1].text, style)]
        best = _best(shortened, own, width, height, leading, style)
        if best is not None:
            return _as_drawn(replace(best, is_whole=False), width, style)
    return SetText((ELLIPSIS,), ELLIPSIS, style.least, leading, _width(ELLIPSIS, style) * style.least, is_whole=False)


def _as_drawn(text: SetText, width: float, style: Style) -> SetText:
    """Return the text a little smaller if need be: each letter is set on a whole pixel, and many add up."""
    for _ in range(_MOST_CORRECTIONS):
        widest = max(draw_line(line, text.size, style).width for line in text.lines)
        if widest <= width:
            break
        text = replace(text, size=text.size * width / widest * 0.997)
    return replace(text, width=widest)


def draw_line(line: str, size: float, style: Style) -> Drawn:
    """Draw one line in the direction of the text that it belongs to."""
    mark = "\u200f" if style.is_right_to_left else "\u200e"
    # Spaces between letters would tear scripts apart whose letters join.
    tracking = style.tracking if all(ord(one) < _FIRST_JOINING for one in line) else 0.0
    return draw_words(mark + line, size, faces=style.faces, tracking=tracking, language=style.language)


def leading_for(text: str) -> float:
    """Return the distance of two lines, as a multiple of the size, that the scripts of a text need."""
    needed = [leading for first, last, leading in _TALL_SCRIPTS if any(first <= ord(one) <= last for one in text)]
    return max(needed, default=_LEADING)


def _best(
    parts: Sequence[Piece], widths: Sequence[float], width: float, height: float, leading: float, style: Style
) -> SetText | None:
    """Return the most pleasing way to set the pieces; None if they do not fit at the least size."""
    blank = _width(". .", style) - _width("..", style)
    choices: list[tuple[float, SetText]] = []
    for count in range(1, min(style.most_lines, len(parts)) + 1):
        lines = balanced_lines(parts, widths, blank, count)
        measured, at = [], 0
        for line in lines:
            own = sum(widths[at : at + len(line)]) + blank * sum(bool(part.gap) for part in line[:-1])
            measured.append(own)
            at += len(line)
        size = min(style.largest, width / max(measured), height / (CAPITALS + DEPTH + leading * (count - 1)))
        if size < style.least:
            continue
        found = SetText(tuple(map(joined, lines)), joined(parts), size, leading, max(measured) * size, is_whole=True)
        ragged = 1 - min(measured) / max(measured)
        ends_badly = max((line[-1].cost for line in lines[:-1]), default=1.0) - 1
        choices.append((size * (1 - 0.15 * ragged) * (1 - 0.03 * count) * (1 - 0.5 * ends_badly), found))
    return max(choices, key=lambda choice: choice[0])[1] if choices else None


def _shortened(parts: Sequence[Piece]) -> list[Piece] | None:
    """End pieces with an ellipsis; None if nothing would be left before it."""
    kept = list(parts)
    while kept:
        last = kept[-1].text.rstrip(_LOOSE)
        if last:
            return [*kept[:-1], Piece(last + ELLIPSIS, " ")]
        kept.pop()
    return None


def _fitting_count(parts: Sequence[Piece], widths: Sequence[float], line: float, lines: int) -> int:
    """Return how many pieces can fit at most at the least size."""
    room = line * lines
    for count, total in enumerate(accumulate(widths), start=1):
        if total > room:
            return count - 1 or 1
    return len(parts)


def _short_pieces(parts: Sequence[Piece], longest: float, style: Style) -> list[Piece]:
    """Break what is longer than a line between its characters, because nothing else is left."""
    found: list[Piece] = []
    for part in parts:
        shown = clusters(part.text)
        if len(shown) < 8 or _width(part.text[:400], style) <= longest:
            found.append(part)
            continue
        each = {one: _width(one, style) for one in set(shown)}
        piece, reached = "", 0.0
        for one in shown:
            if piece and reached + each[one] > longest * _SURELY:
                found.append(Piece(piece, "", 1.3))
                piece, reached = "", 0.0
            piece, reached = piece + one, reached + each[one]
        found.append(Piece(piece, part.gap, part.cost))
    return found


def _width(text: str, style: Style) -> float:
    """Measure how much room a text takes between others, as a multiple of its size."""
    return (_drawn_width(f"|{text}|", style) - _drawn_width("||", style)) / _MEASURED_AT


def _drawn_width(text: str, style: Style) -> int:
    return draw_line(text, _MEASURED_AT, style).width
