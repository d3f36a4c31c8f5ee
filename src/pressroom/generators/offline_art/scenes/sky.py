"""High above the clouds, with balloons in the distance."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import birds, clouds, disc, heap, rays, stars
from pressroom.generators.offline_art.brushes.air import sky as paint_sky
from pressroom.generators.offline_art.brushes.land import mountains
from pressroom.generators.offline_art.brushes.strokes import ellipse, faded, line, rect, shape
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "high above a sea of clouds, with hot-air balloons far away"
KINDS = "flying"
WORDS = "sky aviation flight fly air kite balloon cloud clouds weather wind heaven angel"
FLOATS = True


def draw(stage: Stage) -> Layers:
    p, u, w, h = stage.palette, stage.unit, stage.width, stage.height
    back = paint_sky(stage, h * 0.86) + ("" if p.night else rays(stage, p.light, 0.16)) + stars(stage) + disc(stage)
    back += clouds(stage, 5, 0.1, 0.6) + birds(stage)
    back += faded(
        mountains(stage, h * 0.9, u * 20, mix(p.far, p.sky[2], 0.35), snow=mix(p.pale, p.far, 0.3), peaks=6), 0.8
    )
    far = -(stage.side or 1)
    spots = ((0.5 + 0.46 * far, 0.74, 3.2), (0.5 + 0.36 * far, 0.82, 2.2), (0.5 - 0.46 * far, 0.62, 2.6))
    back += "".join(_balloon(stage, x * w, y * h, size * u, index) for index, (x, y, size) in enumerate(spots))
    front, y = "", h * 0.9
    for row, share in enumerate((0.25, 0.55, 0.85)):
        colour = mix(mix(p.sky[2], p.pale, 0.35), p.mid, share * (0.8 if p.night else 0.45))
        x = -u * 12
        while x < w + u * 12:
            size = u * stage.rng.uniform(5, 8.5)
            front += heap(x, y + row * u * 5.5 + stage.rng.uniform(-1, 1) * u, size, colour)
            x += size * 1.8
        front += rect(0, y + row * u * 5.5 + u * 2, w, h, colour)
    return Layers(back, front)


def _balloon(stage: Stage, x: float, y: float, r: float, index: int) -> str:
    p = stage.palette
    skin = mix((p.accent, p.glow, p.far)[index], p.sky[1], 0.25)
    envelope = "M-1 0a1 1 0 0 1 2 0c0 .8-.7 1.1-.75 1.3h-.5c0-.2-.75-.5-.75-1.3z"
    drawn = shape(envelope, skin, x, y, r)
    drawn += ellipse(x, y, r * 0.42, r, mix(skin, p.pale, 0.4), 'opacity="0.7"')
    drawn += line([(x - r * 0.24, y + r * 1.3), (x - r * 0.16, y + r * 1.7)], p.ink, r * 0.05) + line(
        [(x + r * 0.24, y + r * 1.3), (x + r * 0.16, y + r * 1.7)], p.ink, r * 0.05
    )
    return drawn + rect(x - r * 0.2, y + r * 1.65, r * 0.4, r * 0.32, mix("#6d4328", p.near, 0.3))
