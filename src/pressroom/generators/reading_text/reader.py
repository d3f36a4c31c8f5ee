"""Reads all the text of a picture that lies in memory: finds the lines, turns each upright, reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pressroom.generators.reading_text import cutting, decoding, second_look
from pressroom.generators.reading_text.decoding import Character
from pressroom.generators.reading_text.finding import find_lines
from pressroom.generators.reading_text.models import THREADS, Models
from pressroom.generators.reading_text.unread import unread

if TYPE_CHECKING:
    from pressroom.generators.reading_text.shapes import Corners, Pixels

_SAMPLE = 5
"""Lines by which the direction of a whole picture is found out."""
_SURELY_RIGHT = 0.92
"""Mean sureness of lines that are upright beyond doubt."""
_DOUBTFUL = 0.8
"""Sureness below which a line is also tried the other way round."""
_FEW = 4
"""Characters up to which a doubtful line is none: leaves and waves look like such."""
_SHORT = 3.0
"""Times its width: a tall line up to here may be a single upright character."""
HEIGHT = 44
"""Pixels at which lines are read: with 48 it takes an eighth longer and is no better, with 40 twice as many letters
are wrong (191, 181 and 346 of 3,780 in 44 lines of ten languages, as they stand before the second look)."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as it was read, and where it stands in the picture that was looked at."""

    text: str
    sureness: float
    corners: Corners


@dataclass(frozen=True, slots=True)
class ReadOnce:
    """A line as the reading model saw it one way round, and as it is to be looked at a second time."""

    characters: Sequence[Character]
    whole: Pixels
    scale: float
    """How much larger it is in there than as it was read."""
    corners: Corners

    @property
    def sureness(self) -> float:
        read = [one.sureness for one in self.characters if one.sureness > 0]
        return sum(read) / len(read) if read else 0.0


def read_lines(image: Pixels, models: Models) -> list[ReadLine]:
    """Return every line of text in the picture, in no order; lines without any character are left out."""
    found = find_lines(image, models)
    if found:
        models.ready()

    def read(corners: Corners) -> ReadOnce:
        return read_once(image, corners, models)

    with ThreadPoolExecutor(THREADS) as pool:

        def read_all(lines: Iterable[Corners]) -> list[ReadOnce]:
            return list(pool.map(read, lines))

        tall = [one for one in found if cutting.is_tall(one)]
        flat = [one for one in found if not cutting.is_tall(one)]
        read_so_far = _read_alike(flat, (0, 2), read_all) + _read_alike(tall, (1, 3), read_all)
        better = _settled(read_so_far, read_all)
    kept = [one for one in better if one.sureness >= (_DOUBTFUL if len(one.characters) <= _FEW else 0.01)]
    texts = spelt(kept, models)
    return [ReadLine(text, one.sureness, one.corners) for text, one in zip(texts, kept, strict=True)]


def read_once(image: Pixels, corners: Corners, models: Models) -> ReadOnce:
    """Read the line that stands between these corners."""
    line = cutting.cut(image, cutting.grown(corners, 0, 0, second_look.BESIDE), HEIGHT)
    read = decoding.read(line, models.reading, models.alphabet)
    characters = sorted((*read, *unread(line, read)), key=lambda one: one.at)
    whole, scale = second_look.cut_whole(image, corners, line)
    return ReadOnce(characters, whole, scale, corners)


def spelt(lines: Sequence[ReadOnce], models: Models) -> list[str]:
    """Return the text of each line of a picture.

    Called by one thread alone: NumPy divides the work among threads of its own, which would be in each other's way.
    """
    if not lines:
        return []
    look = models.second_look
    return look.speller.texts(
        [look.look(one.whole, one.characters, one.scale, cutting.sides(one.corners)[1]) for one in lines]
    )


def _read_alike(
    lines: Sequence[Corners], ways: tuple[int, int], read_all: Callable[..., list[ReadOnce]]
) -> list[ReadOnce]:
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


def _settled(lines: Sequence[ReadOnce], read_all: Callable[..., list[ReadOnce]]) -> list[ReadOnce]:
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


def _mean(lines: Sequence[ReadOnce]) -> float:
    return sum(one.sureness for one in lines) / len(lines) if lines else 0.0


def _weight(corners: Corners) -> float:
    """Prefer lines with some length to them, but none that takes long to read."""
    width, height = sorted(cutting.sides(corners), reverse=True)
    return min(width / max(height, 1.0), 12.0)
