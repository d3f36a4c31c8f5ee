"""A beach with a jetty, and boats at anchor. It stands where a story names it; no day's theme does."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import birds, clouds, disc, sky, stars
from pressroom.generators.offline_art.brushes.land import grass, hills, knoll, water
from pressroom.generators.offline_art.brushes.strokes import line, path, polygon, rect, trace
from pressroom.generators.offline_art.brushes.town import houses
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "on a beach beside a jetty"
KINDS = ""
WORDS = "beach coast shore harbour harbor seaside jetty quay port bay island tide lighthouse"


def draw(stage: Stage) -> Layers:
    p, u, w, ground = stage.palette, stage.unit, stage.width, stage.ground
    horizon = ground - u * 15
    back = sky(stage, horizon) + stars(stage) + disc(stage) + clouds(stage, 4, 0.12, 0.5) + birds(stage)
    back += hills(stage, horizon - u * 1, u * 3, mix(p.far, p.sky[2], 0.35), 0.9)
    back += houses(stage, horizon, u * 6, mix(p.mid, p.far, 0.5), lit=0.5, wide=7)
    back += water(stage, horizon, mix(p.sky[2], p.far, 0.45), p.near)
    for at, size in ((0.16, 7.5), (0.34, 4.5), (0.86, 6.0)):
        back += _boat(stage, at * w, horizon + u * (2 + size * 0.55), u * size)
    back += _jetty(stage, -stage.rng.choice((-1, 1)), ground - u * 4)
    sand = mix(p.pale, p.mid, 0.62 if p.night else 0.3)
    back += knoll(stage, stage.focus.x, ground - u * 1.6, w * 0.5, u * 6, sand)
    return Layers(back, grass(stage, stage.height + 2, u * 7, p.ink, 110))


def _boat(stage: Stage, x: float, y: float, size: float) -> str:
    p = stage.palette
    hull = trace("M", x - size, y - size * 0.3, "L", x + size, y - size * 0.3, "L", x + size * 0.7, y + size * 0.12)
    hull += trace(" L", x - size * 0.7, y + size * 0.12) + "z"
    mast = line([(x, y - size * 0.3), (x, y - size * 2)], p.ink, size * 0.09)
    sail = polygon(
        [(x + size * 0.1, y - size * 1.9), (x + size * 0.1, y - size * 0.5), (x + size * 0.95, y - size * 0.5)],
        mix(p.pale, p.mid, 0.3),
    )
    light = rect(x - size * 0.12, y - size * 2.1, size * 0.24, size * 0.24, p.glow)
    return mast + sail + path(hull, mix(p.accent, p.near, 0.5)) + light


def _jetty(stage: Stage, side: int, y: float) -> str:
    p, u, w = stage.palette, stage.unit, stage.width
    wood = mix(p.near, p.ink, 0.4)
    left = w * (0.62 if side > 0 else -0.02)
    planks = rect(left, y - u * 3.4, w * 0.4, u * 1.1, wood)
    posts = "".join(rect(left + w * 0.4 * at, y - u * 5, u * 1.1, u * 9, wood) for at in (0.04, 0.3, 0.56, 0.82))
    return posts + planks
