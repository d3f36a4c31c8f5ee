"""The open sea with a lighthouse on a cliff."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import birds, clouds, disc, fog, sky, stars
from pressroom.generators.offline_art.brushes.land import water, waves
from pressroom.generators.offline_art.brushes.strokes import blurred, faded, polygon, rect
from pressroom.generators.offline_art.brushes.town import lantern
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "on the sea, with a lighthouse on a far cliff"
KINDS = "vessel"
WORDS = "sea beach sail sailing navy maritime coast pirate boat ship lighthouse columbus"


def draw(stage: Stage) -> Layers:
    p, u = stage.palette, stage.unit
    horizon = stage.ground - u * 13
    back = sky(stage, horizon) + stars(stage) + disc(stage) + clouds(stage, 5, 0.15, 0.6) + birds(stage)
    far = -(stage.side or stage.rng.choice((-1, 1)))
    edge = stage.width if far > 0 else 0.0
    base = [
        (edge, horizon - u * 13),
        (edge - far * u * 9, horizon - u * 12),
        (edge - far * u * 15, horizon - u * 4),
        (edge - far * u * 26, horizon + 1),
        (edge, horizon + 1),
    ]
    tower = edge - far * u * 4.4
    foot = horizon - u * 12
    back += polygon(base, p.mid)
    back += polygon(
        [
            (tower - u * 2.4, foot + u * 2),
            (tower - u * 1.5, foot - u * 16),
            (tower + u * 1.5, foot - u * 16),
            (tower + u * 2.4, foot + u * 2),
        ],
        mix(p.pale, p.mid, 0.35),
    )
    back += rect(tower - u * 2.05, foot - u * 5, u * 4.1, u * 3.4, p.accent) + rect(
        tower - u * 1.75, foot - u * 12, u * 3.5, u * 3, p.accent
    )
    back += rect(tower - u * 1.9, foot - u * 16.6, u * 3.8, u * 0.9, p.ink) + rect(
        tower - u * 1.2, foot - u * 19, u * 2.4, u * 2.4, p.glow
    )
    back += polygon([(tower - u * 1.8, foot - u * 19), (tower, foot - u * 22), (tower + u * 1.8, foot - u * 19)], p.ink)
    if p.night:
        lamp = foot - u * 17.8
        beam = polygon(
            [(tower, lamp), (tower - far * u * 90, lamp - u * 4), (tower - far * u * 90, lamp + u * 9)], p.glow
        )
        back += faded(blurred(beam, u * 1.4), 0.13) + lantern(stage, tower, lamp, u * 1.3)
    back += water(stage, horizon, mix(p.far, p.sky[2], 0.35), p.near) + fog(stage, horizon, u * 5, 0.25)
    front = waves(stage, stage.ground - u * 2.2, u * 1.9, p.mid, u * 22)
    front += waves(stage, stage.ground + u * 2.2, u * 2.3, p.near, u * 29) + waves(
        stage, stage.ground + u * 7.6, u * 2.4, p.ink, u * 37
    )
    return Layers(back, front)
