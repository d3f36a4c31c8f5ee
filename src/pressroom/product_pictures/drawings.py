"""Words of SVG: gradients, and forms as masks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pressroom.product_pictures.colour import RGB, hexed

if TYPE_CHECKING:
    import pyvips

Stop = tuple[float, RGB, float]
"""Where, which colour, how opaque."""


def drawing(width: float, height: float, body: str, gradients: str = "") -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}">'
        f"<defs>{gradients}</defs>{body}</svg>"
    )


def downward(name: str, *stops: Stop) -> str:
    return f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">{_stops(stops)}</linearGradient>'


def across(name: str, *stops: Stop) -> str:
    return f'<linearGradient id="{name}">{_stops(stops)}</linearGradient>'


def outward(name: str, x: float, y: float, radius: float, *stops: Stop, flat: float = 1.0) -> str:
    """A round gradient in pixels; `flat` presses it together from above and below."""
    return (
        f'<radialGradient id="{name}" gradientUnits="userSpaceOnUse" cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" '
        f'gradientTransform="translate(0 {y * (1 - flat):.0f}) scale(1 {flat})">{_stops(stops)}</radialGradient>'
    )


def rect(left: float, top: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{height:.0f}" fill="{fill}"/>'


def circle(x: float, y: float, radius: float, fill: str) -> str:
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" {fill}/>'


def ellipse(x: float, y: float, wide: float, high: float, fill: str) -> str:
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{wide:.1f}" ry="{high:.1f}" {fill}/>'


def rounded_mask(width: int, height: int, radius: int) -> pyvips.Image:
    """Return a rectangle with round corners, white where it is."""
    return _mask(width, height, f'<rect width="{width}" height="{height}" rx="{radius}" fill="#fff"/>')


def ellipse_mask(width: int, height: int) -> pyvips.Image:
    return _mask(width, height, ellipse(width / 2, height / 2, width / 2, height / 2, 'fill="#fff"'))


def rendered(svg: str) -> pyvips.Image:
    """Return a drawing in memory, with alpha."""
    import pyvips

    return pyvips.Image.svgload_buffer(svg.encode(), unlimited=True).copy_memory()


def _mask(width: int, height: int, body: str) -> pyvips.Image:
    return rendered(drawing(width, height, body)).extract_band(3).copy_memory()


def _stops(stops: tuple[Stop, ...]) -> str:
    return "".join(
        f'<stop offset="{where}" stop-color="{hexed(colour)}" stop-opacity="{opaque:.2f}"/>'
        for where, colour, opaque in stops
    )
