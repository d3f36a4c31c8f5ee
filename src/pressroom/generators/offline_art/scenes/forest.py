"""A clearing between rows of conifers in the mist."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import disc, fog, sky, stars
from pressroom.generators.offline_art.brushes.land import conifer, conifers, grass, hills, knoll
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "in a clearing of a misty forest"
KINDS = "animal bird bug nature"
WORDS = "forest wood woods tree trees arbor camping hike hiking trail wildlife squirrel acorn mushroom bigfoot wolf"


def draw(stage: Stage) -> Layers:
    p, u, ground = stage.palette, stage.unit, stage.ground
    gap = (stage.focus.x - u * 24, stage.focus.x + u * 24)
    back = sky(stage) + stars(stage, 90, 0.5) + disc(stage)
    back += conifers(stage, ground - u * 7, u * 34, p.far, 26) + fog(stage, ground - u * 10, u * 16, 0.4)
    back += conifers(stage, ground - u * 3, u * 44, p.mid, 15, gap) + fog(stage, ground - u * 4, u * 12, 0.34)
    back += hills(stage, ground, u * 2, p.near, 1.2)
    back += knoll(stage, stage.focus.x, ground - u * 0.8, stage.width * 0.4, u * 5, p.near)
    edges = ((0.015, 92.0), (0.1, 62.0), (0.985, 88.0), (0.92, 56.0))
    for at, tall in edges:
        if stage.title and stage.side and abs(at * stage.width - stage.title.x) < stage.title.width * 0.6:
            tall = tall * 0.45
        elif not stage.side:
            tall = tall * 0.62
        back += conifer(stage.rng, at * stage.width, stage.height + u * 3, u * tall, p.ink)
    return Layers(back, fog(stage, ground + u * 9, u * 4, 0.12) + grass(stage, stage.height + 2, u * 8, p.ink, 150))
