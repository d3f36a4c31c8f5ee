"""Hills, mountains, water, grass and trees."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

from pressroom.generators.offline_art.brushes.strokes import (
    Point,
    blurred,
    ellipse,
    faded,
    line,
    number,
    path,
    polygon,
    shape,
    trace,
)
from pressroom.generators.offline_art.colour import mix
from pressroom.generators.offline_art.stage import Stage


def hills(stage: Stage, y: float, swell: float, colour: str, waves: float = 1.6) -> str:
    """Draw rolling land from edge to edge, filled down to the bottom."""
    return polygon(hill_line(stage, y, swell, waves), colour)


def hill_line(stage: Stage, y: float, swell: float, waves: float = 1.6) -> list[Point]:
    """Give the outline of rolling land, closed at the bottom of the frame."""
    one, two = stage.rng.uniform(0, 2 * pi), stage.rng.uniform(0, 2 * pi)
    points = []
    for index in range(81):
        t = index / 80
        rise = sin(one + t * waves * 2 * pi) * 0.65 + sin(two + t * waves * 4.3 * pi) * 0.35
        points.append((t * stage.width, y - swell * rise))
    return [*points, (stage.width, stage.height + 2), (0, stage.height + 2)]


def knoll(stage: Stage, x: float, y: float, half: float, drop: float, colour: str) -> str:
    """Draw a single round hill with its top at a point."""
    points = []
    for index in range(81):
        t = index / 80
        away = (t * stage.width - x) / half
        points.append((t * stage.width, y + drop * (1 - 1 / (1 + away * away * away * away))))
    return polygon([*points, (stage.width, stage.height + 2), (0, stage.height + 2)], colour)


def mountains(stage: Stage, y: float, tall: float, colour: str, *, snow: str = "", peaks: int = 5) -> str:
    """Draw a jagged range whose feet stand at a height, with a lit flank and, if asked, snow."""
    drawn = ""
    for index in range(peaks):
        middle = (index + stage.rng.uniform(0.2, 0.8)) / peaks * stage.width
        rise = tall * stage.rng.uniform(0.55, 1)
        half = rise * stage.rng.uniform(0.9, 1.25)
        top = (middle, y - rise)
        drawn += polygon([(middle - half, y + 1), top, (middle + half, y + 1)], colour)
        turn = 1 if stage.light[0] > middle else -1
        foot = (middle + turn * half * 0.18, y + 1)
        flank = [top, (middle + turn * half, y + 1), foot, (middle - turn * half * 0.06, y - rise * 0.55)]
        drawn += polygon(flank, mix(colour, stage.palette.light, 0.16))
        if snow:
            cap = 0.3
            jag = [
                (middle + half * cap * k, y - rise * (1 - cap) + rise * dy)
                for k, dy in ((1, 0), (0.5, -0.07), (0.2, 0.03), (-0.2, -0.06), (-0.55, 0.02), (-1, 0))
            ]
            drawn += polygon([top, *jag], snow, 'opacity="0.85"')
    return drawn + polygon([(0, y), (stage.width, y), (stage.width, stage.height + 2), (0, stage.height + 2)], colour)


def conifers(
    stage: Stage, y: float, tall: float, colour: str, count: int, gap: tuple[float, float] | None = None
) -> str:
    """Stand a row of conifers along a height; none grows within the gap."""
    drawn = ""
    for index in range(count):
        x = (index + stage.rng.uniform(-0.3, 0.8)) / count * stage.width
        if gap and gap[0] < x < gap[1]:
            continue
        drawn += conifer(stage.rng, x, y + tall * 0.1, tall * stage.rng.uniform(0.55, 1.1), colour)
    return drawn


def conifer(rng: Random, x: float, foot: float, tall: float, colour: str) -> str:
    """Draw one conifer."""
    half = tall * 0.2
    tiers = 6
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(tiers):
        outer = half * (0.22 + 0.78 * (tier + 1) / tiers)
        low = foot - tall * (1 - (tier + 1) / tiers) * 0.94 - tall * 0.04
        left += [(x - outer * rng.uniform(0.9, 1.12), low), (x - outer * 0.52, low - tall * 0.035)]
        right += [(x + outer * rng.uniform(0.9, 1.12), low), (x + outer * 0.52, low - tall * 0.035)]
    trunk = [(x + half * 0.12, foot), (x - half * 0.12, foot)]
    return polygon([(x, foot - tall), *right[:-1], *trunk, *reversed(left[:-1])], colour)


def bare_tree(rng: Random, x: float, foot: float, tall: float, lean: float, colour: str) -> str:
    """Draw a leafless tree that reaches to one side."""
    drawn: list[str] = []

    def grow(start: Point, angle: float, length: float, thick: float, depth: int) -> None:
        bend = angle + rng.uniform(-0.22, 0.22)
        middle = (start[0] + cos(angle) * length * 0.5, start[1] + sin(angle) * length * 0.5)
        end = (middle[0] + cos(bend) * length * 0.5, middle[1] + sin(bend) * length * 0.5)
        across, slim = angle + pi / 2, thick * 0.66
        drawn.append(
            polygon([(start[0] + cos(across) * thick / 2, start[1] + sin(across) * thick / 2),
                     (middle[0] + cos(across) * thick * 0.42, middle[1] + sin(across) * thick * 0.42),
                     (end[0] + cos(across) * slim / 2, end[1] + sin(across) * slim / 2),
                     (end[0] - cos(across) * slim / 2, end[1] - sin(across) * slim / 2),
                     (middle[0] - cos(across) * thick * 0.42, middle[1] - sin(across) * thick * 0.42),
                     (start[0] - cos(across) * thick / 2, start[1] - sin(across) * thick / 2)], colour)
        )  # fmt: skip
        if depth == 0:
            return
        spread = rng.uniform(0.32, 0.62)
        grow(end, bend - spread, length * rng.uniform(0.62, 0.8), slim, depth - 1)
        grow(end, bend + spread * rng.uniform(0.7, 1.1), length * rng.uniform(0.6, 0.78), slim, depth - 1)
        if depth > 2 and rng.random() < 0.6:
            grow(middle, angle + rng.choice((-1, 1)) * 0.8, length * 0.5, slim * 0.6, depth - 2)

    grow((x, foot), -pi / 2 + lean, tall * 0.27, tall * 0.085, 6)
    roots = "M-.1 .01Q-.03-.01-.035-.1H.035Q.03-.01 .1 .01z"
    return "".join(drawn) + shape(roots, colour, x, foot, tall)


def grass(stage: Stage, y: float, tall: float, colour: str, count: int = 150) -> str:
    """Let blades of grass stand along the lower edge, taller towards the sides."""
    d = ""
    for _ in range(count):
        x = stage.rng.uniform(0, stage.width)
        edge = abs(x / stage.width - 0.5) * 2
        h = tall * stage.rng.uniform(0.4, 1) * (0.55 + 0.6 * edge)
        lean = stage.rng.uniform(-0.35, 0.35) * h
        w = stage.unit * 0.32
        tip = ("Q", x, y - h * 0.6, x + lean, y - h)
        d += trace("M", x - w, y, *tip, "Q", x + w, y - h * 0.5, x + w, y, "z")
    return path(d, colour)


def water(stage: Stage, top: float, colour_far: str, colour_near: str) -> str:
    """Fill the frame below a height with water that carries the light's path."""
    drawn = (
        f'<linearGradient id="water" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{colour_far}"/>'
        f'<stop offset="1" stop-color="{colour_near}"/></linearGradient>'
    )
    drawn += polygon(
        [(0, top), (stage.width, top), (stage.width, stage.height + 2), (0, stage.height + 2)], "url(#water)"
    )
    x, _, radius = stage.light
    glints, ripples = "", ""
    depth = stage.height - top
    for index in range(34):
        t = (index / 34) ** 1.4
        gy = top + depth * t + stage.unit * 0.3
        reach = radius * (0.5 + 0.8 * t)
        gx = x + stage.rng.uniform(-0.45, 0.45) * reach
        glints += ellipse(
            gx, gy, reach * stage.rng.uniform(0.12, 0.5), stage.unit * (0.12 + 0.5 * t), stage.palette.light
        )
        rx = stage.rng.uniform(0, stage.width)
        ripples += ellipse(
            rx, gy, stage.unit * (3 + 12 * t), stage.unit * (0.1 + 0.25 * t), mix(colour_far, stage.palette.light, 0.35)
        )
    return drawn + faded(ripples, 0.4) + faded(blurred(glints, stage.unit * 0.25), 0.62)


def waves(stage: Stage, y: float, tall: float, colour: str, length: float) -> str:
    """Draw one row of rolling waves, filled down to the bottom."""
    shift = stage.rng.uniform(0, 1) * length
    d = f"M{number(-shift)} {stage.height + 2}V{number(y)}"
    for _ in range(int(stage.width / length) + 3):
        d += f"q{number(length * 0.25)} {number(-tall)} {number(length * 0.5)} 0t{number(length * 0.5)} 0"
    return path(d + f"V{stage.height + 2}z", colour)


def fence(stage: Stage, left: float, right: float, y: float, tall: float, colour: str) -> str:
    """Draw a crooked picket fence."""
    step = tall * 0.42
    drawn = line([(left, y - tall * 0.68), (right, y - tall * 0.64)], colour, tall * 0.09)
    drawn += line([(left, y - tall * 0.3), (right, y - tall * 0.34)], colour, tall * 0.09)
    x = left
    while x < right:
        h, lean = tall * stage.rng.uniform(0.85, 1.1), stage.rng.uniform(-0.08, 0.08) * tall
        half = tall * 0.085
        drawn += polygon(
            [
                (x - half, y + 4),
                (x - half + lean, y - h),
                (x + lean, y - h - half * 1.6),
                (x + half + lean, y - h),
                (x + half, y + 4),
            ],
            colour,
        )
        x += step * stage.rng.uniform(0.9, 1.15)
    return drawn
