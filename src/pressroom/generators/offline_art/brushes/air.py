"""Sky, light, clouds, fog and what flies or falls."""

from __future__ import annotations

from math import cos, pi, sin

from pressroom.generators.offline_art.brushes.strokes import (
    blurred,
    circle,
    downward,
    ellipse,
    faded,
    line,
    number,
    outward,
    polygon,
    rect,
    shape,
)
from pressroom.generators.offline_art.colour import luminance, mix, rgb
from pressroom.generators.offline_art.stage import Stage


def sky(stage: Stage, horizon: float | None = None) -> str:
    """Fill the frame with the sky, brightest at the horizon, and light around the disc."""
    top, middle, low = stage.palette.sky
    bottom = (horizon or stage.ground) / stage.height
    x, y, radius = stage.light
    glow = stage.palette.glow if stage.palette.night else stage.palette.light
    strength = 0.62 if stage.palette.night else 0.85 if _is_pale(stage.palette.light) else 0.28
    return (
        downward("sky", (0, top, 1), (bottom * 0.55, middle, 1), (bottom, low, 1), (1, low, 1))
        + outward("halo", (0, glow, strength), (0.34, glow, strength * 0.42), (1, glow, 0))
        + rect(0, 0, stage.width, stage.height, "url(#sky)")
        + circle(x, y, radius * 2.7, "url(#halo)")
    )


def _is_pale(colour: str) -> bool:
    """Tell a light that shines from one that is a flat poster colour."""
    return luminance(rgb(colour)) > 0.6


def stars(stage: Stage, count: int = 130, lowest: float = 0.75) -> str:
    """Scatter stars, fewer and fainter towards the horizon; by day there are none."""
    if not stage.palette.night:
        return ""
    marks = []
    for _ in range(count):
        x, y = stage.rng.uniform(0, stage.width), stage.rng.random() ** 1.5 * lowest * stage.height
        size = stage.unit * stage.rng.choice((0.09, 0.12, 0.12, 0.16, 0.24))
        marks.append(circle(x, y, size, stage.palette.pale, f'opacity="{stage.rng.uniform(0.25, 0.85):.2f}"'))
    for _ in range(5):
        x, y = stage.rng.uniform(0, stage.width), stage.rng.random() * 0.4 * stage.height
        marks.append(_sparkle(x, y, stage.unit * stage.rng.uniform(0.7, 1.2), stage.palette.pale))
    return "".join(marks)


def disc(stage: Stage) -> str:
    """Draw the moon with its craters, or the sun with its rings."""
    x, y, r = stage.light
    light = stage.palette.light
    drawn = blurred(circle(x, y, r * 1.06, light, 'opacity="0.55"'), stage.unit * 2.4)
    if not _is_pale(light):
        return circle(x, y, r, light)
    edge = mix(light, stage.palette.glow, 0.35)
    drawn += outward("disc", (0, mix(light, "#ffffff", 0.45), 1), (0.75, light, 1), (1, edge, 1))
    drawn += circle(x, y, r, "url(#disc)")
    if not stage.palette.night:
        return drawn
    shade = mix(light, stage.palette.sky[1], 0.28)
    for angle, distance, size in (
        (0.6, 0.55, 0.17),
        (2.3, 0.42, 0.24),
        (3.7, 0.62, 0.13),
        (4.9, 0.5, 0.2),
        (5.7, 0.2, 0.1),
        (1.5, 0.75, 0.09),
    ):
        cx, cy = x + cos(angle) * distance * r, y + sin(angle) * distance * r
        drawn += ellipse(cx, cy, size * r, size * r * 0.86, shade, 'opacity="0.34"')
        drawn += ellipse(
            cx + size * r * 0.14, cy + size * r * 0.1, size * r * 0.72, size * r * 0.62, light, 'opacity="0.45"'
        )
    return drawn


def rays(stage: Stage, colour: str, opacity: float = 0.16, count: int = 22) -> str:
    """Draw a sunburst from the disc to the edges."""
    x, y, _ = stage.light
    reach = stage.width + stage.height
    wedges = [
        polygon(
            [
                (x, y),
                (x + cos(a) * reach, y + sin(a) * reach),
                (x + cos(a + pi / count) * reach, y + sin(a + pi / count) * reach),
            ],
            colour,
        )
        for a in (2 * pi * index / count for index in range(count))
    ]
    return faded("".join(wedges), opacity)


def clouds(stage: Stage, count: int = 5, highest: float = 0.08, lowest: float = 0.6) -> str:
    """Draw bands of cloud by night and heaped clouds by day."""
    if stage.palette.night:
        colour = mix(stage.palette.sky[1], stage.palette.sky[2], 0.5)
        bands = "".join(
            ellipse(stage.rng.uniform(0, stage.width), stage.rng.uniform(highest, lowest) * stage.height,
                    stage.unit * stage.rng.uniform(16, 40), stage.unit * stage.rng.uniform(0.8, 2.2), colour)
            for _ in range(count * 2)
        )  # fmt: skip
        return faded(blurred(bands, stage.unit * 1.1), 0.5)
    heaps = "".join(
        heap(stage.rng.uniform(0, stage.width), stage.rng.uniform(highest, lowest) * stage.height,
             stage.unit * stage.rng.uniform(5, 11), mix(stage.palette.sky[2], "#ffffff", 0.7))
        for _ in range(count)
    )  # fmt: skip
    return faded(heaps, 0.72)


def heap(x: float, y: float, size: float, colour: str) -> str:
    """Draw one heaped cloud with a flat foot."""
    steps = [(-1.5, 0, 0.55), (-0.85, -0.32, 0.75), (0, -0.55, 1), (0.9, -0.25, 0.78), (1.55, 0, 0.55)]
    puffs = "".join(circle(x + dx * size, y + dy * size, r * size, colour) for dx, dy, r in steps)
    return puffs + rect(x - 1.6 * size, y - 0.05 * size, 3.2 * size, 0.6 * size, colour, f'rx="{number(size * 0.3)}"')


def fog(stage: Stage, y: float, depth: float, opacity: float = 0.4, colour: str | None = None) -> str:
    """Lay drifting fog across the frame around a height."""
    colour = colour or mix(stage.palette.sky[2], stage.palette.pale, 0.3)
    banks = "".join(
        ellipse(stage.rng.uniform(-0.1, 1.1) * stage.width, y + stage.rng.uniform(-0.5, 0.5) * depth,
                stage.width * stage.rng.uniform(0.16, 0.34), depth * stage.rng.uniform(0.2, 0.5), colour)
        for _ in range(7)
    )  # fmt: skip
    return faded(blurred(banks, max(2.0, depth * 0.2)), opacity)


def bats(stage: Stage, count: int = 6) -> str:
    """Let bats fly around the disc, larger the nearer they come."""
    x, y, radius = stage.light
    flock, tries, flown = "", 0, 0
    while flown < count and tries < 20 * count:
        tries += 1
        angle = pi * (0.95 + 1.1 * (flown + stage.rng.random() * 0.8) / count)
        away = radius * stage.rng.uniform(0.92, 1.35)
        size = stage.unit * stage.rng.uniform(1.5, 3.4)
        bx, by = x + cos(angle) * away, y + sin(angle) * away
        if stage.title and stage.title.holds(bx, by, size * 1.2):
            continue
        flock += _bat(bx, by, size, stage.rng.uniform(-18, 18), stage.palette.ink)
        flown += 1
    return flock


def birds(stage: Stage, count: int = 5) -> str:
    """Let a few distant birds glide."""
    x, y, radius = stage.light
    flock = ""
    for _ in range(count):
        bx, by = x + stage.rng.uniform(-1.5, 1.5) * radius, y - stage.rng.uniform(0.75, 1.25) * radius
        s = stage.unit * stage.rng.uniform(0.9, 1.7)
        stroke = f'stroke="{stage.palette.near}" stroke-width="0.2" stroke-linecap="round"'
        flock += shape("M-1 0q.5-.6 1 0q.5-.6 1 0", "none", bx, by, s, extra=stroke)
    return flock


def falling(stage: Stage, colour: str, count: int = 120, size: float = 0.35) -> str:
    """Let snow, petals or sparks drift through the air."""
    near = ""
    for _ in range(count):
        r = stage.unit * size * stage.rng.uniform(0.4, 1.6)
        near += circle(stage.rng.uniform(0, stage.width), stage.rng.uniform(0, stage.height), r, colour,
                       f'opacity="{stage.rng.uniform(0.25, 0.9):.2f}"')  # fmt: skip
    return near


def rain(stage: Stage, colour: str, count: int = 150) -> str:
    """Let rain fall in short slanting strokes, thinner the farther away."""
    drawn = ""
    for _ in range(count):
        x, y = stage.rng.uniform(-0.05, 1.05) * stage.width, stage.rng.uniform(-0.05, 1) * stage.height
        long = stage.unit * stage.rng.uniform(2, 5)
        drawn += line([(x, y), (x - long * 0.22, y + long)], colour, long * 0.05)
    return drawn


def string_lights(stage: Stage, left: tuple[float, float], right: tuple[float, float], sag: float, count: int) -> str:
    """Hang a cord of glowing bulbs between two points."""
    points = []
    for index in range(count * 2 + 1):
        t = index / (count * 2)
        points.append((left[0] + (right[0] - left[0]) * t, left[1] + (right[1] - left[1]) * t + sag * 4 * t * (1 - t)))
    size = stage.unit * 0.75
    bulbs = points[1::2]
    glow = blurred(
        "".join(circle(x, y + size, size * 2.4, stage.palette.glow, 'opacity="0.6"') for x, y in bulbs), size * 1.6
    )
    lit = "".join(circle(x, y + size * 1.2, size, mix(stage.palette.glow, "#ffffff", 0.45)) for x, y in bulbs)
    return line(points, stage.palette.ink, stage.unit * 0.25) + glow + lit


def bunting(stage: Stage, left: tuple[float, float], right: tuple[float, float], sag: float, count: int) -> str:
    """Hang a cord of little flags between two points."""
    colours = (stage.palette.accent, stage.palette.pale, stage.palette.glow, stage.palette.mid)
    cord, flags = [], ""
    for index in range(count + 1):
        t = index / count
        x = left[0] + (right[0] - left[0]) * t
        y = left[1] + (right[1] - left[1]) * t + sag * 4 * t * (1 - t)
        cord.append((x, y))
        if index < count:
            half = abs(right[0] - left[0]) / count * 0.36
            middle = x + (right[0] - left[0]) / count / 2
            my = (
                left[1] + (right[1] - left[1]) * (t + 0.5 / count) + sag * 4 * (t + 0.5 / count) * (1 - t - 0.5 / count)
            )
            flags += polygon([(middle - half, my), (middle + half, my), (middle, my + half * 2.3)], colours[index % 4])
    return flags + line(cord, stage.palette.ink, stage.unit * 0.25)


def _sparkle(x: float, y: float, s: float, colour: str) -> str:
    k = s * 0.12
    points = [
        (x, y - s),
        (x + k, y - k),
        (x + s, y),
        (x + k, y + k),
        (x, y + s),
        (x - k, y + k),
        (x - s, y),
        (x - k, y - k),
    ]
    return polygon(points, colour, 'opacity="0.9"')


def _bat(x: float, y: float, s: float, turn: float, colour: str) -> str:
    wing = (
        "M0-.12c.05-.14.08-.2.1-.26l.1.16c.22-.24.6-.42 1-.3-.1.14-.16.3-.16.48-.2-.06-.34 0-.44.14"
        "-.14-.1-.26-.06-.34.04-.08.12-.16.24-.26.34-.1-.1-.18-.22-.26-.34-.08-.1-.2-.14-.34-.04"
        "-.1-.14-.24-.2-.44-.14 0-.18-.06-.34-.16-.48.4-.12.78.06 1 .3l.1-.16c.02.06.05.12.1.26z"
    )
    return shape(wing, colour, x, y, s, turn)
