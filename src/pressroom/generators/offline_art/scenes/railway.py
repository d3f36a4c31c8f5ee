"""A viaduct across a valley."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import clouds, disc, fog, sky, stars
from pressroom.generators.offline_art.brushes.land import conifers, grass, hills, mountains
from pressroom.generators.offline_art.brushes.strokes import line, number, path, rect, trace
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "on a stone viaduct across a misty valley"
KINDS = "rail"
WORDS = "train trains railway railroad locomotive"


def draw(stage: Stage) -> Layers:
    p, u, w, h = stage.palette, stage.unit, stage.width, stage.height
    deck = stage.ground
    back = sky(stage) + stars(stage) + disc(stage) + clouds(stage, 5, 0.15, 0.6)
    back += mountains(stage, deck + u * 2, u * 24, mix(p.far, p.sky[2], 0.3), peaks=6) + fog(
        stage, deck - u * 2, u * 10, 0.35
    )
    back += (
        conifers(stage, h + u * 1, u * 16, p.mid, 22)
        + hills(stage, h - u * 1, u * 3, p.mid)
        + fog(stage, h - u * 6, u * 10, 0.3)
    )
    stone = mix(p.near, p.ink, 0.25)
    d, span = f"M0 {number(deck)}H{w}V{number(h + 4)}", u * 15
    x = float(w)
    while x > -span:
        spring = deck + span * 0.62
        arc = ("A", span * 0.41, span * 0.41, "0 0 0", x - span * 0.91, spring)
        d += trace("H", x - span * 0.09, "V", spring, *arc, "V", h + 4)
        x -= span
    back += path(d + "z", stone)
    back += rect(0, deck - u * 0.7, w, u * 1.5, mix(p.ink, p.mid, 0.35)) + line(
        [(0, deck - u * 0.4), (w, deck - u * 0.4)], mix(p.light, p.near, 0.5), u * 0.25
    )
    return Layers(back, grass(stage, h + 2, u * 5, p.ink, 120))
