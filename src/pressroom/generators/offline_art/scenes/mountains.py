"""A mountain lake at the foot of a range."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import birds, clouds, disc, fog, sky, stars
from pressroom.generators.offline_art.brushes.land import conifers, grass, knoll, mountains, water
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "on the shore of a mountain lake"
KINDS = "animal nature vehicle camp"
WORDS = "mountain mountains lake outdoors camp camping climb climbing adventure explore national-park nature earth hike"


def draw(stage: Stage) -> Layers:
    p, u, ground = stage.palette, stage.unit, stage.ground
    shore = ground - u * 9
    cap = mix(p.pale, p.far, 0.25)
    back = sky(stage, shore) + stars(stage) + disc(stage) + clouds(stage, 4, 0.12, 0.5)
    back += mountains(stage, shore, u * 36, mix(p.far, p.sky[2], 0.3), snow=cap, peaks=5) + fog(
        stage, shore - u * 4, u * 9, 0.3
    )
    back += mountains(stage, shore, u * 20, p.far, peaks=7)
    back += conifers(stage, shore, u * 9, p.mid, 46)
    back += water(stage, shore, mix(p.sky[2], p.far, 0.45), p.near) + fog(stage, shore, u * 4, 0.28) + birds(stage)
    back += knoll(stage, stage.focus.x, ground - u * 0.8, stage.width * 0.36, u * 14, p.near)
    front = grass(stage, stage.height + 2, u * 8, p.ink, 170)
    return Layers(back, front)
