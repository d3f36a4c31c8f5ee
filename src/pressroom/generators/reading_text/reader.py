"""Reads all the text of a picture that lies in memory: finds the lines, turns each upright, reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pressroom.generators.reading_text import cutting, decoding
from pressroom.generators.reading_text.finding import find_lines
from pressroom.generators.reading_text.models import THREADS, Models

if TYPE_CHECKING:
    from pressroom.generators.reading_text.finding import Corners, Pixels

_SAMPLE = 5
"""Lines by which the direction of a whole picture is found out."""
_SURELY_RIGHT = 0.92
"""Mean sureness of lines that are upright beyond doubt."""
_DOUBTFUL = 0.8
"""Sureness below which a line is also tried the other way round."""
_SHORT = 3.0
"""Times its width: a tall line up to here may be a single upright character."""
_FINE, _COARSE = 48, 40
"""Pixels of height at which lines are read. At the lower one a third of the time is saved, and one letter in a
thousand lost (1.1 % and 1.2 % of 15,000 letters of six faces of 12 to 20 pixels were wrong, spaces aside)."""
_MUCH = 40_000
"""Pixels of all lines together, at the full height, from which a picture is read at the lower one."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as it was read, and where it stands in the picture that was looked at."""

    text: str
    sureness: float
    corners: Corners


def read_lines(image: Pixels, models: Models) -> list[ReadLine]:
    """Return every line of text in the picture, in no order; lines without any character are left out."""
    models.alphabet  # noqa: B018 - loaded before several threads ask for it
    found = find_lines(image, models.finding)
    height = _COARSE if sum(_width_read(one) for one in found) > _MUCH else _FINE

    def read(corners: Corners) -> ReadLine:
        line = cutting.cut(image, corners, height)
        characters = decoding.read(line, models.reading, models.alphabet)
        text = "".join(" " * (one.space_before > 0.5) + one.sign for one in characters).strip()
        sureness = sum(one.sureness for one in characters) / len(characters) if characters else 0.0
        return ReadLine(text, sureness, corners)

    with ThreadPoolExecutor(THREADS) as pool:

        def read_all(lines: Iterable[Corners]) -> list[ReadLine]:
            return list(pool.map(read, lines))

        tall = [one for one in found if cutting.is_tall(one)]
        flat = [one for one in found if not cutting.is_tall(one)]
        read_so_far = _read_alike(flat, (0, 2), read_all) + _read_alike(tall, (1, 3), read_all)
        better = _settled(read_so_far, read_all)
    return [one for one in better if one.text]


def _read_alike(
    lines: Sequence[Corners], ways: tuple[int, int], read_all: Callable[..., list[ReadLine]]
) -> list[ReadLine]:
    """Read lines of which most run the same way: the first of two ways, unless a sample says that it is the second."""
    sample = sorted(lines, key=_weight, reverse=True)[:_SAMPLE]
    first, second = ways
    one_way = read_all(cutting.turned(one, first) for one in sample)
    if sample and _mean(one_way) < _SURELY_RIGHT:
        other_way = read_all(cutting.turned(one, second) for one in sample)
        if _mean(other_way) > _mean(one_way):
            first, one_way = second, other_way
    rest = sorted(lines, key=_weight, reverse=True)[_SAMPLE:]
    return one_way + read_all(cutting.turned(one, first) for one in rest)


def _settled(lines: Sequence[ReadLine], read_all: Callable[..., list[ReadLine]]) -> list[ReadLine]:
    """Read what looks wrong the other way round too, and a short tall line upright; the surest reading stays."""
    doubtful = [one for one in lines if one.sureness < _DOUBTFUL]
    tried = {id(one): [one] for one in doubtful}
    ways = [(one, cutting.turned(one.corners, 2)) for one in doubtful]
    for one in lines:
        width, height = cutting.sides(one.corners)
        if cutting.is_tall(_upright(one.corners)) and width <= _SHORT * height:
            tried.setdefault(id(one), [one])
            ways.append((one, _upright(one.corners)))
    for (one, _), again in zip(ways, read_all(corners for _, corners in ways), strict=True):
        tried[id(one)].append(again)
    return [max(tried[id(one)], key=lambda way: way.sureness) if id(one) in tried else one for one in lines]


def _upright(corners: Corners) -> Corners:
    """Return the corners from the one that is at the top left of the picture."""
    return cutting.turned(corners, int((corners[:, 0] + corners[:, 1]).argmin()))


def _mean(lines: Sequence[ReadLine]) -> float:
    return sum(one.sureness for one in lines) / len(lines) if lines else 0.0


def _weight(corners: Corners) -> float:
    """Prefer lines with some length to them, but none that takes long to read."""
    width, height = sorted(cutting.sides(corners), reverse=True)
    return min(width / max(height, 1.0), 12.0)


def _width_read(corners: Corners) -> float:
    width, height = sorted(cutting.sides(corners), reverse=True)
    return width / max(height, 1.0) * _FINE
