"""A bare hill with a crooked tree and a fence."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import clouds, disc, fog, sky, stars
from pressroom.generators.offline_art.brushes.land import bare_tree, fence, grass, hills, knoll
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "on a hill with a crooked bare tree"
KINDS = "animal bird bug building person holiday nature"
WORDS = "halloween haunted hill spooky pumpkin witch graveyard friday"


def draw(stage: Stage) -> Layers:
    p, u, ground = stage.palette, stage.unit, stage.ground
    far_side = -stage.side or stage.rng.choice((-1, 1))
    tree_x = stage.width * (0.5 - 0.44 * far_side) if stage.side else stage.width * (0.5 + 0.43 * far_side)
    tall = u * 82
    if stage.title and not stage.side:
        tall = min(tall, (ground - stage.title.bottom) / 0.76)
    back = sky(stage) + stars(stage) + disc(stage) + clouds(stage, 4, 0.3, 0.75)
    back += hills(stage, ground - u * 8, u * 5, p.far, 1.3) + fog(stage, ground - u * 7, u * 12, 0.35)
    back += hills(stage, ground - u * 1, u * 4, p.mid, 1.1)
    back += bare_tree(stage.rng, tree_x, ground + u * 6, tall, 0.12 * far_side, p.near)
    back += fog(stage, ground - u, u * 9, 0.28)
    back += knoll(stage, stage.focus.x, ground - u * 0.8, stage.width * 0.42, u * 9, p.near)
    start = stage.width * (0.02 if stage.side > 0 else 0.62 if stage.side < 0 else 0.0)
    back += fence(stage, start, start + stage.width * (0.36 if stage.side else 0.24), ground + u * 7, u * 11, p.ink)
    front = grass(stage, stage.height + 2, u * 9, p.ink, 190)
    return Layers(back, front)
