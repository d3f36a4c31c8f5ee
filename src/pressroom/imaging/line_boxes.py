"""Draws boxes with numbers around the lines of text in a picture, so that they can be told on any ground."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot
from statistics import median
from typing import TYPE_CHECKING

from pressroom.errors import BadInput
from pressroom.imaging.picture_opening import PictureLimits, open_picture

if TYPE_CHECKING:
    import pyvips

Point = tuple[float, float]
Box = tuple[Point, Point, Point, Point]

MOST_PIXELS = 24_000_000
"""Of the picture that is drawn on; a larger one is reduced."""
_INK = "#c4186c"
_HALO = "#ffffff"
_STRIP = 1024
"""Rows that are drawn at a time, so that the layer with the boxes never lies in memory whole."""
_MARGIN = 0.12
"""Of a line's height, by which its outline stands away from it."""
_FACE = "label"


@dataclass(frozen=True, slots=True)
class DrawnLines:
    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """One box as it is drawn, and where its number stands."""

    number: int
    box: Box
    top: float
    bottom: float
    at: Point
    size: float
    """Of the digits, in pixels."""
    is_doubtful: bool


def draw_boxes(data: bytes, boxes: Sequence[Box], doubtful: Sequence[bool] = ()) -> DrawnLines:
    """Return the picture upright, as a PNG, each box outlined and numbered from 1; doubtful ones are dashed.

    `boxes` are corners in pixels of the picture as it is looked at, clockwise from where the text begins.
    Raises `BadInput` if the picture cannot be decoded.
    """
    import pyvips

    from pressroom.imaging.grounds import on_a_ground
    from pressroom.imaging.libvips import a_turn
    from pressroom.imaging.picture_decoding import decode
    from pressroom.imaging.picture_fitting import resized

    with a_turn():
        opened = open_picture(data, PictureLimits())
        scale = min(1.0, (MOST_PIXELS / (opened.width * opened.height)) ** 0.5)
        image = decode(opened, scale)
        width, height = max(1, round(opened.width * scale)), max(1, round(opened.height * scale))
        if (image.width, image.height) != (width, height):
            image = resized(image, width, height)
        image = on_a_ground(image)
        marks = _marks([_scaled(box, scale) for box in boxes], doubtful, width, height)
        strips = [_strip(image, top, min(_STRIP, height - top), marks) for top in range(0, height, _STRIP)]
        try:
            drawn = pyvips.Image.arrayjoin(strips, across=1) if len(strips) > 1 else strips[0]
            png: bytes = drawn.crop(0, 0, width, height).pngsave_buffer(compression=6, strip=True)
        except pyvips.Error as error:
            raise BadInput("The picture cannot be drawn on.", detail=str(error), todo="Export it again.") from error
    return DrawnLines(png, width, height)


def _scaled(box: Box, scale: float) -> Box:
    first, second, third, fourth = ((x * scale, y * scale) for x, y in box)
    return first, second, third, fourth


def _marks(boxes: Sequence[Box], doubtful: Sequence[bool], width: int, height: int) -> list[_Mark]:
    marks = []
    for number, box in enumerate(boxes, 1):
        (x0, y0), (x1, y1), _, (x3, y3) = box = _grown(box, width, height)
        side = hypot(x1 - x0, y1 - y0) or 1.0
        tall = hypot(x3 - x0, y3 - y0)
        size = min(max(0.5 * tall, 9.0), 30.0)
        reach = _pill(number, size)[0] / 2 + 0.25 * size
        # Before the line begins, half-way down it; within the picture in any case.
        x = (x0 + x3) / 2 - (x1 - x0) / side * reach
        y = (y0 + y3) / 2 - (y1 - y0) / side * reach
        wide, high = _pill(number, size)
        at = (min(max(x, wide / 2), width - wide / 2), min(max(y, high / 2), height - high / 2))
        margin = high + 8
        top, bottom = min(y for _, y in (*box, at)) - margin, max(y for _, y in (*box, at)) + margin
        unsure = number <= len(doubtful) and doubtful[number - 1]
        marks.append(_Mark(number, box, top, bottom, at, size, unsure))
    return marks


def _grown(box: Box, width: int, height: int) -> Box:
    """Return the box a little larger, so that its outline does not stand on the letters."""
    middle = (sum(x for x, _ in box) / 4, sum(y for _, y in box) / 4)
    sides = [hypot(box[end][0] - box[start][0], box[end][1] - box[start][1]) for start, end in ((0, 1), (0, 3))]
    by = _MARGIN * min(sides)
    shares = [1 + 2 * by / max(side, 1.0) for side in sides]
    u = ((box[1][0] - box[0][0]) / 2, (box[1][1] - box[0][1]) / 2)
    v = ((box[3][0] - box[0][0]) / 2, (box[3][1] - box[0][1]) / 2)

    def corner(along: int, down: int) -> Point:
        x = middle[0] + along * shares[0] * u[0] + down * shares[1] * v[0]
        y = middle[1] + along * shares[0] * u[1] + down * shares[1] * v[1]
        return min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height))

    return corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)


def _pill(number: int, size: float) -> Point:
    """Return the width and the height of what a number stands on."""
    return size * (0.55 * len(str(number)) + 0.5), size * 1.25


def _strip(image: pyvips.Image, top: int, rows: int, marks: Sequence[_Mark]) -> pyvips.Image:
    import pyvips

    part = image.crop(0, top, image.width, rows)
    here = [mark for mark in marks if mark.bottom >= top and mark.top <= top + rows]
    if not here:
        return part
    _know_the_face()
    svg = "".join(_svg(here, image.width, rows, top))
    layer = pyvips.Image.svgload_buffer(svg.encode(), unlimited=True)
    return part.composite2(layer, "over").extract_band(0, n=3).cast("uchar").copy_memory()


def _svg(marks: Sequence[_Mark], width: int, rows: int, top: int) -> Iterator[str]:
    from pressroom.fonts import Face

    stroke = min(max(median(mark.size for mark in marks) * 0.13, 1.25), 4.0)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{rows}" viewBox="0 {top} {width} {rows}">'
        f'<g fill="none" stroke-linejoin="round">'
    )
    for colour, wide in ((_HALO, stroke * 2.2), (_INK, stroke)):
        yield f'<g stroke="{colour}" stroke-width="{wide:.2f}">'
        for mark in marks:
            corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in mark.box)
            dashes = (
                f' stroke-dasharray="{stroke * 4:.1f} {stroke * 3:.1f}"' if mark.is_doubtful and wide == stroke else ""
            )
            yield f'<polygon points="{corners}"{dashes}/>'
        yield "</g>"
    yield f'</g><g font-family="{Face(_FACE).family}" text-anchor="middle" fill="{_HALO}">'
    for mark in marks:
        (x, y), (wide, high) = mark.at, _pill(mark.number, mark.size)
        yield (
            f'<rect x="{x - wide / 2:.1f}" y="{y - high / 2:.1f}" width="{wide:.1f}" height="{high:.1f}" '
            f'rx="{high / 4:.1f}" fill="{_INK}" stroke="{_HALO}" stroke-width="{stroke * 0.8:.2f}"/>'
            f'<text x="{x:.1f}" y="{y + mark.size * 0.36:.1f}" font-size="{mark.size:.1f}">{mark.number}</text>'
        )
    yield "</g></svg>"


def _know_the_face() -> None:
    """Let Pango know the face of the digits, so that every machine draws the same ones."""
    import pyvips

    from pressroom.fonts import Face, prepare_text_drawing

    prepare_text_drawing()
    face = Face(_FACE)
    pyvips.Image.text("0", font=f"{face.family} 12", fontfile=str(face.file))
