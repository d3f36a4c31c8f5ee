"""A table under an arched window."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import bunting, disc, sky, stars
from pressroom.generators.offline_art.brushes.land import hills
from pressroom.generators.offline_art.brushes.strokes import (
    blurred,
    circle,
    downward,
    ellipse,
    faded,
    line,
    number,
    outward,
    path,
    polygon,
    rect,
    trace,
)
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "on a wooden table before an arched window"
KINDS = "food drink object music holiday craft"
WORDS = "kitchen cook cooking food meal lunch dinner breakfast recipe bake baking"
LIGHTS = ("in the light of the full moon outside", "in the light of the sun outside")
INDOORS = True


def draw(stage: Stage) -> Layers:
    p, u, w, h = stage.palette, stage.unit, stage.width, stage.height
    x, y, r = stage.light
    table = stage.ground - u * 5
    wall = mix(p.near, p.sky[0], 0.35) if p.night else mix(p.sky[2], p.far, 0.22)
    sill = table - u * 3
    half = r * 1.32
    if stage.title and stage.side:
        edge = stage.title.right if stage.side > 0 else stage.title.left
        half = min(half, abs(x - edge) - u * 4)
    elif stage.title:
        half = min(half, y + r * 0.1 - stage.title.bottom - u * 3.5)
    arch = trace("M", x - half, sill, "V", y + r * 0.1, "A", half, half, "0 0 1", x + half, y + r * 0.1, "V", sill, "z")
    frame = mix(wall, p.ink, 0.55) if p.night else mix(wall, "#ffffff", 0.7)
    back = outward(
        "room", (0, mix(wall, p.glow, 0.34), 1), (0.55, wall, 1), (1, mix(wall, p.ink, 0.5 if p.night else 0.12), 1)
    )
    back += rect(0, 0, w, h, wall) + ellipse(x, y, w * 0.85, w * 0.85, "url(#room)") + _panels(stage, wall, table)
    back += f'<clipPath id="window"><path d="{arch}"/></clipPath>'
    outside = (
        sky(stage, sill)
        + stars(stage, 220)
        + disc(stage)
        + hills(stage, sill - u * 7, u * 3, p.far)
        + hills(stage, sill - u * 3, u * 2, p.mid)
    )
    back += faded(blurred(path(arch, p.glow), u * 4), 0.5) + f'<g clip-path="url(#window)">{outside}</g>'
    back += path(arch, "none", f'stroke="{frame}" stroke-width="{number(u * 2.2)}"')
    back += line([(x, y + r * 0.1 - half), (x, sill)], frame, u * 1.1) + line(
        [(x - half, y + r * 0.25), (x + half, y + r * 0.25)], frame, u * 1.1
    )
    back += rect(x - half - u * 3, sill - u * 0.4, half * 2 + u * 6, u * 2.6, frame)
    if stage.title is None or stage.side:
        anchor = stage.width if stage.side >= 0 else 0.0
        back += bunting(
            stage, (x - half * 1.5, -u), (anchor, u * 6) if stage.side >= 0 else (x + half * 1.5, -u), u * 5, 9
        )
    wood = mix("#7a4a2c", p.near, 0.45 if p.night else 0.12)
    back += downward("table", (0, mix(wood, p.glow, 0.3), 1), (0.3, wood, 1), (1, mix(wood, p.ink, 0.6), 1))
    back += rect(0, table, w, h - table, "url(#table)") + rect(0, table, w, u * 0.7, mix(wood, p.pale, 0.45))
    grain = ""
    for _ in range(26):
        gy = stage.rng.uniform(table + u * 2, h)
        gx, length = stage.rng.uniform(-0.1, 1) * w, stage.rng.uniform(0.1, 0.4) * w
        grain += line(
            [(gx, gy), (gx + length * 0.5, gy + stage.rng.uniform(-0.4, 0.4) * u), (gx + length, gy)], p.ink, u * 0.22
        )
    back += faded(grain, 0.28) + faded(blurred(ellipse(x, stage.ground, r * 1.7, u * 4, p.glow), u * 3), 0.4)
    cloth = polygon([(0, h), (0, h - u * 2), (w, h - u * 2), (w, h)], p.ink)
    return Layers(back, faded(cloth, 0.25))


def _panels(stage: Stage, wall: str, table: float) -> str:
    u, dark = stage.unit, mix(wall, stage.palette.ink, 0.45)
    boards = "".join(
        line([(k, 0), (k, table)], dark, u * 0.25) for k in range(round(u * 4), stage.width, round(u * 13))
    )
    shelf_side = -1 if stage.side > 0 else 1
    drawn = faded(boards, 0.3)
    if stage.title is None or stage.side == 0:
        return drawn
    left = stage.title.left if shelf_side < 0 else stage.title.left + stage.title.width * 0.25
    y = table - u * 0.2
    for index in range(5):
        drawn += _jar(
            stage,
            left + u * (3 + index * 8.2),
            y,
            index,
            mix(wall, stage.palette.ink, 0.32 if stage.palette.night else 0.2),
        )
    return drawn


def _jar(stage: Stage, x: float, foot: float, index: int, colour: str) -> str:
    u = stage.unit
    tall = u * (8, 12, 6, 10, 7)[index]
    body = rect(x, foot - tall, u * 5.4, tall, colour, f'rx="{number(u * 1.2)}"')
    return (
        body
        + rect(x + u * 0.8, foot - tall - u * 1.2, u * 3.8, u * 1.4, colour)
        + circle(x + u * 2.7, foot - tall - u * 1.5, u * 0.6, colour)
    )
