"""A garden table under strings of lights at dusk."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import clouds, disc, fog, sky, stars, string_lights
from pressroom.generators.offline_art.brushes.land import conifers, hills
from pressroom.generators.offline_art.brushes.strokes import blurred, downward, ellipse, faded, line, rect
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "on a garden table under strings of lights"
KINDS = "food drink"
WORDS = "picnic barbecue bbq garden summer beer wine festival street market party"


def draw(stage: Stage) -> Layers:
    p, u, w, h = stage.palette, stage.unit, stage.width, stage.height
    table = stage.ground - u * 5
    back = sky(stage, table) + stars(stage) + disc(stage) + clouds(stage, 4, 0.1, 0.5)
    back += hills(stage, table - u * 10, u * 4, p.far, 1.2) + conifers(
        stage, table - u * 6, u * 12, mix(p.far, p.mid, 0.5), 26
    )
    back += fog(stage, table - u * 7, u * 9, 0.3) + hills(stage, table - u * 3, u * 2.4, p.mid, 1.5)
    if stage.side:
        start, end = (w * 0.46, w) if stage.side > 0 else (0.0, w * 0.54)
        back += string_lights(stage, (start, -u * 2), (end, u * 12), u * 6, 11) + string_lights(
            stage, (start, u * 5), (end, -u * 2), u * 5, 11
        )
    else:
        level = stage.focus.top + u * 2
        back += string_lights(stage, (0, level), (stage.focus.x - u * 24, level - u * 6), u * 3, 4)
        back += string_lights(stage, (stage.focus.x + u * 24, level - u * 6), (w, level), u * 3, 4)
    wood = mix("#7a4a2c", p.near, 0.42 if p.night else 0.1)
    back += downward("table", (0, mix(wood, p.glow, 0.3), 1), (0.35, wood, 1), (1, mix(wood, p.ink, 0.6), 1))
    back += rect(0, table, w, h - table, "url(#table)") + rect(0, table, w, u * 0.7, mix(wood, p.pale, 0.5))
    boards, y, step = "", table, u * 2.6
    while y < h:
        y += step
        step *= 1.25
        boards += line([(0, y), (w, y)], p.ink, u * 0.3)
    back += faded(boards, 0.4) + faded(blurred(ellipse(stage.focus.x, stage.ground, u * 46, u * 4, p.glow), u * 3), 0.4)
    return Layers(back, "")
