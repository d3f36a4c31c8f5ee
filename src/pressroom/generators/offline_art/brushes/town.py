"""Houses, roofs, rooms and furniture."""

from __future__ import annotations

from pressroom.generators.offline_art.brushes.strokes import blurred, circle, faded, polygon, rect
from pressroom.generators.offline_art.stage import Stage


def houses(stage: Stage, y: float, tall: float, colour: str, *, lit: float, wide: float = 9, windows: str = "") -> str:
    """Draw a row of gabled houses along a height; `lit` is the share of windows with light in them."""
    drawn, x = "", -stage.unit * wide * stage.rng.random()
    while x < stage.width:
        w = stage.unit * wide * stage.rng.uniform(0.8, 1.5)
        h = tall * stage.rng.uniform(0.55, 1)
        drawn += house(stage, x, y, w, h, colour, lit=lit, windows=windows)
        x += w * stage.rng.uniform(0.88, 0.99)
    return drawn


def house(
    stage: Stage, x: float, foot: float, w: float, h: float, colour: str, *, lit: float, windows: str = ""
) -> str:
    """Draw one gabled house with a chimney and windows."""
    rng = stage.rng
    roof = h * rng.uniform(0.28, 0.45)
    drawn = rect(x + w * 0.68, foot - h - roof * 0.75, w * 0.12, roof * 0.75, colour)
    drawn += rect(x, foot - h, w, h + stage.height, colour)
    drawn += polygon([(x - w * 0.07, foot - h + 1), (x + w / 2, foot - h - roof), (x + w * 1.07, foot - h + 1)], colour)
    across = max(2, round(w / (stage.unit * 3.6)))
    down = max(1, round(h / (stage.unit * 5)))
    cell, rise = w / across, h / down
    for column in range(across):
        for row in range(down):
            if rng.random() < lit:
                wx, wy = x + cell * (column + 0.32), foot - h + rise * (row + 0.28)
                drawn += rect(
                    wx,
                    wy,
                    cell * 0.36,
                    rise * 0.42,
                    windows or stage.palette.glow,
                    f'opacity="{rng.uniform(0.55, 1):.2f}"',
                )
    return drawn


def towers(stage: Stage, y: float, tall: float, colour: str, *, lit: float) -> str:
    """Draw a skyline of tall blocks along a height."""
    drawn, x = "", -stage.unit * 4
    while x < stage.width:
        w, h = stage.unit * stage.rng.uniform(6, 13), tall * stage.rng.uniform(0.35, 1)
        drawn += rect(x, y - h, w + 1, h + stage.height, colour)
        top = stage.rng.random()
        if top < 0.25:
            drawn += rect(x + w * 0.46, y - h - stage.unit * 5, w * 0.07, stage.unit * 5, colour)
        elif top < 0.45:
            drawn += polygon([(x, y - h), (x + w / 2, y - h - stage.unit * 4), (x + w, y - h)], colour)
        elif top < 0.6:
            drawn += rect(x + w * 0.2, y - h - stage.unit * 2.4, w * 0.5, stage.unit * 2.5, colour)
        cell = stage.unit * 1.9
        for column in range(int((w - cell * 0.6) / cell)):
            for row in range(int(h / (cell * 1.25))):
                if stage.rng.random() < lit:
                    drawn += rect(x + cell * (column + 0.5), y - h + cell * 1.25 * (row + 0.5), cell * 0.5, cell * 0.66,
                                  stage.palette.glow, f'opacity="{stage.rng.uniform(0.35, 0.95):.2f}"')  # fmt: skip
        x += w
    return drawn


def lantern(stage: Stage, x: float, y: float, size: float) -> str:
    """Draw the glow of a lamp around a point."""
    glow = blurred(circle(x, y, size * 2.6, stage.palette.glow, 'opacity="0.7"'), size)
    return faded(glow, 0.8) + circle(x, y, size * 0.5, stage.palette.pale)
