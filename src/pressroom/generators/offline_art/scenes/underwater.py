"""Below the surface, between kelp and coral."""

from __future__ import annotations

from math import sin

from pressroom.generators.offline_art.brushes.land import bare_tree, hills
from pressroom.generators.offline_art.brushes.strokes import (
    blurred,
    circle,
    downward,
    ellipse,
    faded,
    line,
    outward,
    polygon,
    rect,
)
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "under water among kelp and bubbles"
KINDS = "sea"
WORDS = "ocean oceans reef underwater aquarium mermaid shark diving"
LIGHTS = ("in shafts of moonlight", "in shafts of sunlight")
FLOATS = True


def draw(stage: Stage) -> Layers:
    p, u, w, h = stage.palette, stage.unit, stage.width, stage.height
    teal = "#0d6a7c" if p.night else "#2aa6b8"
    top, deep = mix(p.sky[2], teal, 0.72), mix(p.sky[0], teal, 0.34)
    x, y, r = stage.light
    back = downward("deep", (0, top, 1), (0.55, mix(p.sky[1], teal, 0.62), 1), (1, deep, 1)) + rect(
        0, 0, w, h, "url(#deep)"
    )
    back += outward("bloom", (0, mix(p.light, teal, 0.3), 0.5), (1, teal, 0)) + ellipse(
        x, 0, w * 0.5, h * 0.6, "url(#bloom)"
    )
    shafts = "".join(
        polygon(
            [
                (x + k * r * 0.5 - u * 2, -5),
                (x + k * r * 0.5 + u * 3, -5),
                (x + k * r * 1.3 + u * 9, h),
                (x + k * r * 1.3 - u * 9, h),
            ],
            p.light,
        )
        for k in (-2.2, -1.1, -0.2, 0.8, 1.9)
    )
    back += faded(blurred(shafts, u * 2.2), 0.16)
    back += (
        circle(x, y, r * 1.15, "url(#bloom)")
        + faded(hills(stage, h - u * 20, u * 5, p.far), 0.6)
        + faded(hills(stage, h - u * 12, u * 4, p.mid), 0.85)
    )
    bubbles = ""
    for _ in range(46):
        size = u * stage.rng.uniform(0.3, 1.3)
        bubbles += circle(
            stage.rng.uniform(0, w),
            stage.rng.uniform(h * 0.08, h),
            size,
            "none",
            f'stroke="{p.pale}" stroke-width="{size * 0.2:.1f}" opacity="0.4"',
        )
    front = hills(stage, h - u * 5, u * 2.5, p.ink, 1.2)
    for side in (0.0, 1.0):
        for index in range(7):
            root = side * w + (1 if side == 0 else -1) * u * (1 + index * 3.1)
            if stage.title and not stage.side and index > 4:
                continue
            front += _kelp(stage, root, u * stage.rng.uniform(18, 58 - index * 5), p.ink if index % 2 else p.near)
    front += _coral(stage, stage.focus.x - stage.focus.width * 0.62, p.accent) + _coral(
        stage, stage.focus.x + stage.focus.width * 0.5, mix(p.accent, p.glow, 0.5)
    )
    return Layers(back + bubbles, front)


def _kelp(stage: Stage, x: float, tall: float, colour: str) -> str:
    u, start = stage.unit, stage.rng.uniform(0, 6)
    stem = [(x + sin(start + t * 5) * u * 1.8 * t, stage.height - tall * t) for t in (i / 14 for i in range(15))]
    leaves = "".join(
        polygon([(px, py), (px + side * u * 2.6, py - u * 2.4), (px + side * u * 0.6, py - u * 3.4)], colour)
        for index, (px, py) in enumerate(stem[1:-1])
        for side in ((1,) if index % 2 else (-1,))
    )
    return line(stem, colour, u * 0.9) + leaves


def _coral(stage: Stage, x: float, colour: str) -> str:
    u = stage.unit
    return bare_tree(stage.rng, x, stage.height - u * 3, u * 20, 0.0, mix(colour, stage.palette.near, 0.4))
