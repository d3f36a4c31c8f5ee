"""A desk in an old library."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import disc, sky, stars
from pressroom.generators.offline_art.brushes.strokes import (
    blurred,
    downward,
    ellipse,
    faded,
    number,
    outward,
    rect,
)
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Box, Stage

PLACE = "between tall bookshelves"
KINDS = "object book science school craft machine"
WORDS = (
    "library book books read reading literacy desk office school study teacher author writer poem poetry science math"
)
LIGHTS = ("before a round window with the full moon in it", "before a round window with the sun in it")
INDOORS = True


def draw(stage: Stage) -> Layers:
    p, u, w, h = stage.palette, stage.unit, stage.width, stage.height
    x, y, r = stage.light
    desk = stage.ground - u * 4.5
    wall = mix(p.near, p.ink, 0.25) if p.night else mix(p.sky[2], p.far, 0.4)
    back = outward(
        "room", (0, mix(wall, p.glow, 0.4), 1), (0.6, wall, 1), (1, mix(wall, p.ink, 0.55 if p.night else 0.15), 1)
    )
    back += rect(0, 0, w, h, wall) + ellipse(x, y, w * 0.8, w * 0.8, "url(#room)")
    opening = r * 1.16
    if stage.title:
        edge = stage.title.right if stage.side > 0 else stage.title.left
        room = abs(x - edge) if stage.side else y - stage.title.bottom
        opening = min(opening, room - u * 3.5)
    quiet = stage.title or Box(0, 0, 0, 0)
    back += _shelves(stage, desk, wall, quiet)
    back += f'<clipPath id="window"><circle cx="{number(x)}" cy="{number(y)}" r="{number(opening)}"/></clipPath>'
    wood = mix("#6e4128", p.near, 0.45 if p.night else 0.1)
    back += faded(blurred(ellipse(x, y, opening * 1.1, opening * 1.1, p.glow), u * 4), 0.5)
    back += f'<g clip-path="url(#window)">{sky(stage, y + opening)}{stars(stage, 200)}{disc(stage)}</g>'
    back += ellipse(
        x, y, opening, opening, "none", f'stroke="{mix(wood, p.ink, 0.35)}" stroke-width="{number(u * 2.4)}"'
    )
    back += downward("desk", (0, mix(wood, p.glow, 0.32), 1), (0.35, wood, 1), (1, mix(wood, p.ink, 0.65), 1))
    back += rect(0, desk, w, h - desk, "url(#desk)") + rect(0, desk, w, u * 0.7, mix(wood, p.pale, 0.45))
    back += faded(blurred(ellipse(x, stage.ground, r * 1.7, u * 3.4, p.glow), u * 3), 0.4)
    return Layers(back, "")


def _shelves(stage: Stage, desk: float, wall: str, quiet: Box) -> str:
    u, p = stage.unit, stage.palette
    shade = 0.62 if p.night else 0.4
    colours = [mix(colour, wall, shade) for colour in (p.accent, p.far, p.mid, p.glow, p.pale, "#7a3b3b", "#3f6b62")]
    board = mix(wall, p.ink, 0.5)
    drawn, row = "", 0
    y = desk - u * 1.5
    while y > -u * 16:
        x = -u * stage.rng.uniform(0, 3)
        while x < stage.width:
            thick, tall = u * stage.rng.uniform(1.3, 3), u * stage.rng.uniform(8.6, 12.6)
            colour = stage.rng.choice(colours)
            if stage.rng.random() < 0.08:
                x += thick * 1.2
                continue
            drawn += rect(x, y - tall, thick * 0.94, tall, colour)
            drawn += rect(x, y - tall * 0.8, thick * 0.94, tall * 0.06, mix(colour, p.glow, 0.35))
            x += thick
        drawn += rect(0, y, stage.width, u * 1.3, board)
        y -= u * 15
        row += 1
    drawn = faded(drawn, 0.85)
    if quiet.width:
        drawn += faded(
            blurred(
                rect(
                    quiet.left - u * 4,
                    quiet.top - u * 4,
                    quiet.width + u * 8,
                    quiet.height + u * 8,
                    mix(wall, p.ink, 0.4) if p.night else mix(wall, "#ffffff", 0.5),
                ),
                u * 6,
            ),
            0.72,
        )
    return drawn
