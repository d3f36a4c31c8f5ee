"""The smallest marks: paths, soft shapes, gradients."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Point = tuple[float, float]


def number(value: float) -> str:
    """Write a coordinate, short."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def trace(*parts: str | float) -> str:
    """Write the data of a path from its commands and numbers."""
    return " ".join(part if isinstance(part, str) else number(part) for part in parts)


def shape(d: str, fill: str, x: float, y: float, size: float, turn: float = 0, extra: str = "") -> str:
    """Draw a path given in units of its own size at a point, turned by degrees."""
    move = f"translate({number(x)} {number(y)}) rotate({turn:.0f}) scale({size:.2f})"
    return f'<path transform="{move}" d="{d}" fill="{fill}" {extra}/>'


def polygon(points: Iterable[Point], fill: str, extra: str = "") -> str:
    joined = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polygon points="{joined}" fill="{fill}" {extra}/>'


def path(d: str, fill: str, extra: str = "") -> str:
    return f'<path d="{d}" fill="{fill}" {extra}/>'


def line(points: Sequence[Point], colour: str, width: float, extra: str = "") -> str:
    joined = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return (
        f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="{number(width)}" '
        f'stroke-linecap="round" stroke-linejoin="round" {extra}/>'
    )


def rect(x: float, y: float, width: float, height: float, fill: str, extra: str = "") -> str:
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
        f'fill="{fill}" {extra}/>'
    )


def circle(x: float, y: float, radius: float, fill: str, extra: str = "") -> str:
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}" {extra}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, extra: str = "") -> str:
    return f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(rx)}" ry="{number(ry)}" fill="{fill}" {extra}/>'


def blurred(shapes: str, sigma: float) -> str:
    """Soften shapes; the filter itself is added when the picture is put together."""
    return f'<g filter="url(#blur-{max(1, round(sigma))})">{shapes}</g>'


def faded(shapes: str, opacity: float) -> str:
    return f'<g opacity="{opacity:.2f}">{shapes}</g>'


def downward(name: str, *stops: tuple[float, str, float]) -> str:
    """Define a gradient from top to bottom; a stop is its offset, colour and opacity."""
    return f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">{_stops(stops)}</linearGradient>'


def outward(name: str, *stops: tuple[float, str, float]) -> str:
    """Define a gradient from a shape's middle to its edge."""
    return f'<radialGradient id="{name}">{_stops(stops)}</radialGradient>'


def _stops(stops: Iterable[tuple[float, str, float]]) -> str:
    return "".join(
        f'<stop offset="{at:.3f}" stop-color="{colour}" stop-opacity="{opacity:.3f}"/>' for at, colour, opacity in stops
    )
