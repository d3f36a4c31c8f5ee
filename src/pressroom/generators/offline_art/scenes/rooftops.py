"""The roofs of a city, seen from the ridge of one of them."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import clouds, disc, fog, sky, stars
from pressroom.generators.offline_art.brushes.strokes import blurred, ellipse, faded, line, polygon, rect
from pressroom.generators.offline_art.brushes.town import houses, towers
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "on a rooftop above the lights of a city"
KINDS = "animal bird machine person music"
WORDS = "city urban architecture night roof skyscraper superhero hero batman chimney santa"


def draw(stage: Stage) -> Layers:
    p, u, ground = stage.palette, stage.unit, stage.ground
    back = sky(stage) + stars(stage) + disc(stage) + clouds(stage, 3, 0.2, 0.6)
    back += towers(stage, ground - u * 2, u * 40, mix(p.far, p.sky[2], 0.25), lit=0.12) + fog(
        stage, ground - u * 8, u * 12, 0.3
    )
    back += towers(stage, ground + u * 1, u * 26, p.mid, lit=0.32)
    back += houses(stage, ground + u * 8, u * 14, p.near, lit=0.4, wide=12)
    eave = ground + u * 1.2
    back += polygon([(0, eave), (stage.width, eave), (stage.width, stage.height + 2), (0, stage.height + 2)], p.ink)
    tiles = ""
    row, y = 0, eave
    while y < stage.height:
        y += u * 3.2
        tiles += line([(0, y), (stage.width, y)], p.near, u * 0.3)
        shift = u * 2.2 * (row % 2)
        tiles += "".join(
            line([(x + shift, y - u * 3.2), (x + shift, y)], p.near, u * 0.2)
            for x in range(0, stage.width, round(u * 4.4))
        )
        row += 1
    back += faded(tiles, 0.65) + rect(0, eave - u * 0.9, stage.width, u * 1.4, mix(p.ink, p.near, 0.6))
    stack = stage.width * (0.07 if stage.side > 0 else 0.9 if stage.side < 0 else stage.rng.choice((0.04, 0.86)))
    back += rect(stack, eave - u * 17, u * 9, u * 19, p.ink) + rect(stack - u * 1, eave - u * 19, u * 11, u * 3, p.ink)
    smoke = "".join(
        ellipse(stack + u * (4 + k * 1.2), eave - u * (22 + 5 * k), u * (2 + k * 0.9), u * 2.6, p.sky[2])
        for k in range(5)
    )
    return Layers(back + faded(blurred(smoke, u * 1.6), 0.4), "")
