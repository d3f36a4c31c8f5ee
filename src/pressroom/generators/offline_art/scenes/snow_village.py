"""A village in the snow."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import clouds, disc, falling, fog, sky, stars
from pressroom.generators.offline_art.brushes.land import conifer, conifers, hills, knoll
from pressroom.generators.offline_art.brushes.strokes import polygon, rect
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "in falling snow near a lit village"
KINDS = "winter"
WORDS = "snow winter christmas santa ice cold ski skiing sled snowman snowflake penguin polar arctic hanukkah yule"


def draw(stage: Stage) -> Layers:
    p, u, w, ground = stage.palette, stage.unit, stage.width, stage.ground
    snow = mix("#f3f6ff", p.sky[1], 0.42 if p.night else 0.08)
    back = sky(stage) + stars(stage) + disc(stage) + clouds(stage, 4, 0.2, 0.6)
    back += hills(stage, ground - u * 11, u * 5, mix(p.far, snow, 0.25), 1.2) + conifers(
        stage, ground - u * 9, u * 10, p.mid, 30
    )
    back += fog(stage, ground - u * 9, u * 9, 0.3) + hills(stage, ground - u * 6, u * 2, mix(snow, p.far, 0.5), 1.3)
    for index in range(9):
        x = (index + stage.rng.uniform(0.1, 0.7)) / 9 * w
        if abs(x - stage.focus.x) > u * 17:
            back += _cabin(stage, x, ground - u * stage.rng.uniform(2.5, 5), u * stage.rng.uniform(5, 7), snow)
    back += hills(stage, ground - u * 1.2, u * 1.6, mix(snow, p.mid, 0.25), 1.3)
    back += knoll(stage, stage.focus.x, ground - u * 0.8, w * 0.44, u * 5, snow)
    for at in (0.03, 0.97):
        tall = 26 if stage.title and (at < 0.5) == (stage.side > 0) else 46
        back += conifer(stage.rng, at * w, stage.height, u * tall, p.ink)
    front = hills(stage, stage.height - u * 3, u * 1.6, mix(snow, "#ffffff", 0.35), 1.6)
    return Layers(back, front + falling(stage, "#ffffff", 170, 0.36))


def _cabin(stage: Stage, x: float, foot: float, size: float, snow: str) -> str:
    p = stage.palette
    walls = rect(x - size / 2, foot - size * 0.6, size, size * 0.75, p.near)
    lit = rect(x - size * 0.3, foot - size * 0.4, size * 0.2, size * 0.26, p.glow) + rect(
        x + size * 0.1, foot - size * 0.4, size * 0.2, size * 0.26, p.glow
    )
    return (
        walls
        + lit
        + polygon(
            [(x - size * 0.68, foot - size * 0.52), (x, foot - size * 1.15), (x + size * 0.68, foot - size * 0.52)],
            mix(snow, "#ffffff", 0.3),
        )
    )
