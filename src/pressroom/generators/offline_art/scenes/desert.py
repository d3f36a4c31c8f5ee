"""A desert of dunes, mesas and cacti."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import birds, clouds, disc, rays, sky, stars
from pressroom.generators.offline_art.brushes.land import hills, knoll
from pressroom.generators.offline_art.brushes.strokes import line, polygon
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "among the mesas and cacti of a desert"
KINDS = "desert vehicle flying"
WORDS = "desert cowboy cowgirl western cactus camel route mexico mexican tequila margarita texas ufo alien roswell road"


def draw(stage: Stage) -> Layers:
    p, u, w, ground = stage.palette, stage.unit, stage.width, stage.ground
    back = (
        sky(stage)
        + ("" if p.night else rays(stage, p.light, 0.18))
        + stars(stage)
        + disc(stage)
        + clouds(stage, 3, 0.2, 0.55)
        + birds(stage)
    )
    base = ground - u * 6
    for at, wide, tall in ((0.08, 20, 14), (0.3, 12, 9), (0.62, 26, 11), (0.9, 16, 18)):
        x = at * w
        back += polygon(
            [
                (x - u * wide * 0.7, base + u * 3),
                (x - u * wide * 0.5, base - u * tall * 0.5),
                (x - u * wide * 0.42, base - u * tall),
                (x + u * wide * 0.42, base - u * tall),
                (x + u * wide * 0.5, base - u * tall * 0.45),
                (x + u * wide * 0.75, base + u * 3),
            ],
            mix(p.far, p.sky[2], 0.25),
        )
    back += hills(stage, ground - u * 5, u * 3, p.far, 1.3) + hills(stage, ground - u * 1, u * 2.4, p.mid, 1.1)
    side = -(stage.side or 1)
    back += cactus(w * (0.5 + side * 0.46), ground + u * 5, u * 24, p.near) + cactus(
        w * (0.5 + side * 0.36), ground + u * 3, u * 11, p.near
    )
    back += cactus(w * (0.5 - side * 0.47), ground + u * 4, u * 18, p.near)
    back += knoll(stage, stage.focus.x, ground - u * 0.8, w * 0.46, u * 6, p.near)
    return Layers(back, hills(stage, stage.height - u * 2.5, u * 2, p.ink, 1.4))


def cactus(x: float, foot: float, tall: float, colour: str) -> str:
    """Draw a saguaro."""
    t = tall
    trunk = line([(x, foot), (x, foot - t)], colour, t * 0.16)
    left = line(
        [(x, foot - t * 0.38), (x - t * 0.24, foot - t * 0.4), (x - t * 0.25, foot - t * 0.7)], colour, t * 0.11
    )
    return (
        trunk
        + left
        + line(
            [(x, foot - t * 0.5), (x + t * 0.22, foot - t * 0.52), (x + t * 0.23, foot - t * 0.86)], colour, t * 0.11
        )
    )
