"""A festival street under strings of lights."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import bunting, clouds, disc, fog, sky, stars, string_lights
from pressroom.generators.offline_art.brushes.strokes import blurred, ellipse, faded, line, polygon
from pressroom.generators.offline_art.brushes.town import house, houses
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "in an old street hung with lights"
KINDS = "person vehicle holiday sport music building"
WORDS = "festival street parade market carnival party mardi gras neighbor town village block bicycle"


def draw(stage: Stage) -> Layers:
    p, u, w, ground = stage.palette, stage.unit, stage.width, stage.ground
    back = sky(stage) + stars(stage) + disc(stage) + clouds(stage, 3, 0.15, 0.5)
    back += houses(stage, ground - u * 4, u * 22, mix(p.far, p.sky[2], 0.2), lit=0.35, wide=10) + fog(
        stage, ground - u * 6, u * 10, 0.35
    )
    back += houses(stage, ground - u * 1, u * 13, p.mid, lit=0.55, wide=11)
    for x, tall in ((-0.05, 46), (0.07, 34), (0.93, 34), (1.05, 46)):
        under_title = stage.title is not None and stage.side != 0 and (x < 0.5) == (stage.side > 0)
        height = u * tall * (0.55 if under_title else 0.8 if stage.side == 0 else 1)
        back += house(stage, x * w - u * 9, ground + u * 2, u * 18, height, p.near, lit=0.5)
    back += polygon(
        [(0, ground - u * 1.5), (w, ground - u * 1.5), (w, stage.height + 2), (0, stage.height + 2)], p.near
    )
    back += faded(blurred(ellipse(stage.focus.x, ground + u, w * 0.34, u * 5, p.glow), u * 4), 0.35) + _cobbles(stage)
    level = stage.height * 0.72 if stage.side else stage.focus.top + u * 4
    hang = -u * 2
    if stage.side:
        near, far = (w * 0.5, w) if stage.side > 0 else (0.0, w * 0.5)
        back += string_lights(stage, (near, hang), (far, u * 10), u * 5, 11) + bunting(
            stage, (near, u * 6), (far, hang), u * 6, 12
        )
    else:
        back += string_lights(stage, (0, level), (stage.focus.left + stage.focus.width * 0.1, level - u * 4), u * 3, 5)
        back += string_lights(stage, (stage.focus.right - stage.focus.width * 0.1, level - u * 4), (w, level), u * 3, 5)
    return Layers(back, "")


def _cobbles(stage: Stage) -> str:
    u, y, row, drawn = stage.unit, stage.ground, 0, ""
    while y < stage.height:
        tall = u * (1.1 + row * 0.5)
        wide = tall * 2.6
        x = -wide * (0.5 if row % 2 else 0)
        while x < stage.width:
            drawn += ellipse(
                x + wide / 2,
                y + tall / 2,
                wide * 0.46,
                tall * 0.42,
                stage.palette.mid,
                f'opacity="{stage.rng.uniform(0.3, 0.8):.2f}"',
            )
            x += wide
        y += tall
        row += 1
    return faded(drawn, 0.5) + line(
        [(0, stage.ground - u * 1.5), (stage.width, stage.ground - u * 1.5)], stage.palette.ink, u * 0.4
    )
