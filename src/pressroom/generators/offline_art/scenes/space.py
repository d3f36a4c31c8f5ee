"""Deep space above the surface of a small moon."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.air import disc, stars
from pressroom.generators.offline_art.brushes.land import knoll, mountains
from pressroom.generators.offline_art.brushes.strokes import blurred, circle, downward, ellipse, faded, outward, rect
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.scenes import Layers
from pressroom.generators.offline_art.stage import Stage

PLACE = "on a cratered moon with planets in a starry sky"
KINDS = "space"
WORDS = "space astronaut astronomy nasa moon mars planet rocket star wars alien ufo galaxy asteroid robot pluto"
LIGHTS = ("in front of a glowing planet", "in front of a glowing planet")


def draw(stage: Stage) -> Layers:
    p, u, w, h = stage.palette, stage.unit, stage.width, stage.height
    dark, haze = (p.sky[0], p.sky[1]) if p.night else (mix(p.ink, "#10143a", 0.5), mix(p.near, "#2a2a6a", 0.5))
    back = downward("void", (0, mix(dark, "#000000", 0.25), 1), (1, haze, 1)) + rect(0, 0, w, h, "url(#void)")
    clouds = "".join(
        ellipse(
            stage.rng.uniform(0, w),
            stage.rng.uniform(0, h * 0.8),
            u * stage.rng.uniform(18, 42),
            u * stage.rng.uniform(6, 16),
            stage.rng.choice((p.far, p.accent, p.sky[2])),
        )
        for _ in range(7)
    )
    back += faded(blurred(clouds, u * 7), 0.28) + stars(stage, 260, 0.95)
    x, y, r = stage.light
    back += (
        outward("halo", (0, p.glow, 0.6), (0.4, p.glow, 0.25), (1, p.glow, 0))
        + circle(x, y, r * 2.3, "url(#halo)")
        + disc(stage)
    )
    far = -(stage.side or stage.rng.choice((-1, 1)))
    px, py = w * (0.5 + far * 0.42), h * (0.78 if stage.side else 0.55)
    world = mix(p.accent, p.sky[1], 0.45)
    back += (
        circle(px, py, u * 6, world)
        + ellipse(px, py - u * 1.6, u * 5.6, u * 0.9, mix(world, p.pale, 0.3))
        + ellipse(px, py + u * 1.8, u * 5.2, u * 0.7, mix(world, p.ink, 0.3))
    )
    ring = ellipse(
        px,
        py,
        u * 10.5,
        u * 2.4,
        "none",
        f'stroke="{mix(p.pale, world, 0.3)}" stroke-width="{u * 0.7:.1f}" transform="rotate(-16 {px:.0f} {py:.0f})"',
    )
    back += faded(ring, 0.85)
    soil = mix(p.far, "#8a8596", 0.35)
    back += faded(mountains(stage, stage.ground + u * 2, u * 10, mix(soil, p.sky[0], 0.5), peaks=8), 0.9)
    back += knoll(stage, stage.focus.x, stage.ground - u * 0.8, w * 0.6, u * 6, mix(soil, p.near, 0.45))
    craters = ""
    for _ in range(16):
        cx, cy = stage.rng.uniform(0, w), stage.rng.uniform(stage.ground + u * 4, h)
        size = u * stage.rng.uniform(1, 4.5)
        craters += ellipse(cx, cy, size, size * 0.32, p.near) + ellipse(
            cx, cy + size * 0.08, size * 0.86, size * 0.22, mix(soil, p.near, 0.3)
        )
    return Layers(back + craters, "")
