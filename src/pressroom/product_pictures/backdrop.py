"""The calm studio in which a product stands: a wall in soft light, a surface, and a large quiet form behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pressroom.product_pictures.colour import hexed, mixed
from pressroom.product_pictures.drawings import circle, downward, drawing, outward, rect, rendered
from pressroom.product_pictures.layout import Layout
from pressroom.product_pictures.palette import Palette

if TYPE_CHECKING:
    import pyvips


def studio(layout: Layout, palette: Palette, form: int) -> pyvips.Image:
    """Draw the empty studio; `form` chooses what stands behind the product."""
    return rendered(_studio(layout, palette, form)).flatten().extract_band(0, n=3).copy_memory()


def _studio(layout: Layout, palette: Palette, form: int) -> str:
    wide, high, product = layout.width, layout.height, layout.product
    wall, glow, floor = palette.wall.rgb, palette.glow.rgb, palette.floor.rgb
    horizon = _horizon(layout)
    edge, lit = mixed(floor, wall, 0.35), mixed(floor, glow, 0.55)
    gradients = (
        outward(
            "wall",
            product.middle,
            product.top + product.height * 0.42,
            max(wide, high) * 0.75,
            (0, glow, 1),
            (0.9, wall, 1),
        )
        + downward("floor", (0, edge, 1), (0.35, mixed(floor, glow, 0.25), 1), (1, mixed(floor, wall, 0.4), 1))
        # The seam of wall and surface is soft, as a sheet of paper bends.
        + downward("seam", (0, floor, 0), (0.5, edge, 0.9), (1, floor, 0))
        + outward("pool", product.middle, product.bottom, product.width * 0.75, (0, lit, 0.9), (1, lit, 0), flat=0.28)
    )
    body = (
        rect(0, 0, wide, high, "url(#wall)")
        + _form(layout, palette, form)
        + rect(0, horizon, wide, high - horizon, "url(#floor)")
        + rect(0, horizon - high * 0.03, wide, high * 0.06, "url(#seam)")
        + rect(0, horizon, wide, high - horizon, "url(#pool)")
    )
    return drawing(wide, high, body, gradients)


def _form(layout: Layout, palette: Palette, form: int) -> str:
    """Draw a disc, an arch or two discs, hardly deeper than the wall."""
    product, horizon = layout.product, _horizon(layout)
    deeper, stronger = (0.06, 1.1) if palette.is_pale else (0.045, 1.5)
    tint = palette.wall.at(light=palette.wall.light - deeper, chroma=palette.wall.chroma * stronger)
    fill = f'fill="{hexed(tint.rgb)}" fill-opacity="0.75"'
    size = min(product.width, product.height)
    if form % 3 == 0:
        return circle(product.middle, horizon - size * 0.46, size * 0.5, fill)
    if form % 3 == 1:
        half = min(product.width * 0.40, product.height * 0.46)
        top = product.top + product.height * 0.02 + half
        left, right = product.middle - half, product.middle + half
        return (
            f'<path d="M {left:.0f} {horizon + 4} V {top:.0f} A {half:.0f} {half:.0f} 0 0 1 {right:.0f} {top:.0f} '
            f'V {horizon + 4} Z" {fill}/>'
        )
    return circle(product.middle - size * 0.29, horizon - size * 0.35, size * 0.38, fill) + circle(
        product.middle + size * 0.25, horizon - size * 0.48, size * 0.46, fill
    )


def _horizon(layout: Layout) -> int:
    return layout.product.bottom - round(layout.product.height * 0.10)
