"""A flowering meadow between rolling hills."""

from __future__ import annotations

from math import cos, pi, sin

from pressroom.generators.offline_art.brushes.air import birds, clouds, disc, fog, rays, sky, stars
from pressroom.generators.offline_art.brushes.land import conifers, grass, hills, knoll
from pressroom.generators.offline_art.brushes.strokes import circle, ellipse, faded, line
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "in a flowering meadow"
KINDS = "animal bird bug nature person sport camp vehicle"
WORDS = (
    "garden gardening meadow park spring flower flowers farm farmer picnic walk grass butterfly bee honey plant picnic"
)


def draw(stage: Stage) -> Layers:
    p, u, ground = stage.palette, stage.unit, stage.ground
    back = sky(stage) + ("" if p.night else rays(stage, p.light, 0.14)) + stars(stage, 110, 0.6) + disc(stage)
    back += clouds(stage, 5, 0.08, 0.5) + birds(stage)
    back += hills(stage, ground - u * 10, u * 5, p.far, 1.2) + conifers(
        stage, ground - u * 9, u * 6, mix(p.far, p.mid, 0.5), 22
    )
    back += hills(stage, ground - u * 4, u * 4, mix(p.far, p.mid, 0.6), 1.5) + fog(stage, ground - u * 5, u * 7, 0.22)
    back += knoll(stage, stage.focus.x, ground - u * 0.8, stage.width * 0.5, u * 5, p.mid)
    blades = grass(stage, stage.height + 2, u * 11, p.near, 210)
    blooms = ""
    for _ in range(34):
        x = stage.rng.uniform(0, stage.width)
        edge = abs(x / stage.width - 0.5) * 2
        y = stage.height - u * stage.rng.uniform(2, 5.5 + 8 * edge)
        blooms += line([(x, y), (x + stage.rng.uniform(-1, 1) * u, stage.height + 2)], p.near, u * 0.35)
        blooms += _bloom(
            x, y, u * stage.rng.uniform(0.7, 1.5), stage.rng.choice((p.accent, p.glow, p.pale, p.accent)), p.ink
        )
    return Layers(back, blades + blooms + grass(stage, stage.height + 2, u * 6, p.ink, 170))


def _bloom(x: float, y: float, size: float, colour: str, heart: str) -> str:
    petals = "".join(
        ellipse(x + cos(k * pi / 3) * size * 0.62, y + sin(k * pi / 3) * size * 0.62, size * 0.5, size * 0.5, colour)
        for k in range(6)
    )
    return (
        petals
        + circle(x, y, size * 0.42, mix(colour, heart, 0.65))
        + faded(circle(x - size * 0.1, y - size * 0.1, size * 0.2, colour), 0.6)
    )
