"""The platform of a small railway station, with a lit train. It stands where a story names it; no day's theme does."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import clouds, disc, fog, sky, stars
from pressroom.generators.offline_art.brushes.land import conifers, hills
from pressroom.generators.offline_art.brushes.strokes import circle, line, polygon, rect
from pressroom.generators.offline_art.brushes.town import lantern
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "on a station platform before a lit train"
KINDS = ""
WORDS = "station platform railway railroad train"


def draw(stage: Stage) -> Layers:
    p, u, w, ground = stage.palette, stage.unit, stage.width, stage.ground
    back = sky(stage) + stars(stage) + disc(stage) + clouds(stage, 4, 0.15, 0.5)
    back += hills(stage, ground - u * 14, u * 4, p.far, 1.3) + conifers(stage, ground - u * 12, u * 9, p.mid, 34)
    back += fog(stage, ground - u * 14, u * 8, 0.3) + _train(stage, ground - u * 3)
    stone = mix(p.near, p.mid, 0.4)
    back += rect(0, ground - u * 3, w, stage.height, stone)
    back += rect(0, ground - u * 3, w, u * 1.2, mix(p.pale, p.near, 0.45))
    back += "".join(
        line([(x * w / 12, ground - u * 1.8), ((x * w / 12 - w / 2) * 1.6 + w / 2, stage.height)], p.near, u * 0.25)
        for x in range(13)
    )
    for at in (0.06, 0.94):
        back += rect(at * w - u * 0.6, ground - u * 36, u * 1.2, u * 37, p.ink)
        back += polygon(
            [
                (at * w - u * 3, ground - u * 36),
                (at * w, ground - u * 39),
                (at * w + u * 3, ground - u * 36),
            ],
            p.ink,
        )
        back += lantern(stage, at * w, ground - u * 34.6, u * 1.8)
    return Layers(back, "")


def _train(stage: Stage, rail: float) -> str:
    p, u, w = stage.palette, stage.unit, stage.width
    body = mix(p.accent, p.near, 0.55)
    drawn, x, long = "", -u * 10, u * 46
    while x < w:
        drawn += rect(x, rail - u * 17, long - u * 1.6, u * 15, body, f'rx="{u * 1.6:.1f}"')
        drawn += rect(x, rail - u * 17.6, long - u * 1.6, u * 2.2, mix(p.ink, p.near, 0.3), f'rx="{u:.1f}"')
        drawn += rect(x, rail - u * 6, long - u * 1.6, u * 0.8, mix(p.pale, body, 0.4))
        for index in range(6):
            drawn += rect(x + u * (3 + index * 7), rail - u * 14, u * 4.6, u * 5.6, p.glow, f'rx="{u * 0.6:.1f}"')
        for at in (0.14, 0.26, 0.7, 0.82):
            drawn += circle(x + long * at, rail - u * 1.4, u * 1.9, p.ink)
        x += long
    return drawn
