"""A theatre stage with curtains and spotlights."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import falling
from pressroom.generators.offline_art.brushes.strokes import (
    blurred,
    circle,
    downward,
    ellipse,
    faded,
    line,
    outward,
    path,
    polygon,
    rect,
    trace,
)
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "on a stage between red curtains"
KINDS = "music person sport science machine"
WORDS = "music theatre theater jazz dance song concert opera award trophy winner magic comedy joke actor blues karaoke"
LIGHTS = ("in the spotlights", "in the spotlights")
INDOORS = True


def draw(stage: Stage) -> Layers:
    p, u, w, h = stage.palette, stage.unit, stage.width, stage.height
    x, y, r = stage.light
    wall = mix(p.sky[0], p.sky[1], 0.5) if p.night else mix(p.sky[1], p.sky[2], 0.4)
    back = outward(
        "room", (0, mix(wall, p.glow, 0.5), 1), (0.5, wall, 1), (1, mix(wall, p.ink, 0.55 if p.night else 0.12), 1)
    )
    back += rect(0, 0, w, h, wall) + ellipse(x, y, w * 0.75, w * 0.75, "url(#room)")
    back += outward("pool", (0, p.light, 0.95), (0.8, p.light, 0.75), (1, p.light, 0.6)) + faded(
        circle(x, y, r * 1.08, "url(#pool)"), 0.9
    )
    beams = "".join(
        polygon(
            [
                (x + k * w * 0.22 - u, -u * 3),
                (x + k * w * 0.22 + u, -u * 3),
                (x + r * 0.95, stage.ground),
                (x - r * 0.95, stage.ground),
            ],
            p.light,
        )
        for k in (-1.3, 0, 1.3)
    )
    back += faded(blurred(beams, u * 1.3), 0.15)
    wood = mix("#6e4128", p.near, 0.4 if p.night else 0.1)
    floor = stage.ground - u * 5
    back += downward("boards", (0, mix(wood, p.glow, 0.25), 1), (1, mix(wood, p.ink, 0.6), 1)) + rect(
        0, floor, w, h - floor, "url(#boards)"
    )
    back += faded(
        "".join(
            line([(x + (k - x) * 0.72, floor), (k, h)], p.ink, u * 0.22)
            for k in range(-w // 4, w + w // 4, round(u * 7))
        ),
        0.4,
    )
    back += faded(blurred(ellipse(x, stage.ground, r * 1.25, u * 4.4, p.light), u * 1.4), 0.5)
    back += _curtain(stage, 0, 1) + _curtain(stage, w, -1)
    return Layers(back, faded(falling(stage, p.glow, 60, 0.3), 0.7))


def _curtain(stage: Stage, edge: float, turn: int) -> str:
    u, p, h = stage.unit, stage.palette, stage.height
    red = mix(mix("#a3202f", p.accent, 0.2), p.near, 0.3 if p.night else 0.05)
    drawn, folds = "", 5
    towards_title = stage.title is not None and stage.side != 0 and turn != -stage.side
    wide = stage.width * (0.008 if towards_title else 0.018)
    for index in reversed(range(folds)):
        reach = edge + turn * wide * (index + 1)
        colour = mix(red, p.ink, 0.12 + 0.3 * (index % 2))
        sway = ("C", reach - turn * u, h * 0.4, reach + turn * u * 0.5, h * 0.7, reach - turn * u * 0.6, h - u * 3)
        d = trace("M", edge, -5, "H", reach, *sway, "H", edge, "z")
        drawn += path(d, colour)
    return drawn
