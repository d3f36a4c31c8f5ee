"""A product in a calm studio: its own photo where the request has one, else a drawing of what its words name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pressroom.generators.base import ImageRequest
from pressroom.generators.offline_art.motif_library import PROPER_NAMES, Motif, motifs_in
from pressroom.product_pictures.backdrop import studio
from pressroom.product_pictures.colour import hexed
from pressroom.product_pictures.cutout import Cutout
from pressroom.product_pictures.drawings import across, circle, drawing, ellipse, outward, rendered
from pressroom.product_pictures.finishing import chosen, dithered
from pressroom.product_pictures.layout import Box, Layout, layout_for
from pressroom.product_pictures.palette import Palette, palette_of, plain_palette
from pressroom.product_pictures.photos import photo_in_studio
from pressroom.product_pictures.staging import set_product

if TYPE_CHECKING:
    import pyvips

STYLE = "studio"
"""The style that asks for a studio."""
_THINGS = frozenset(
    ["food", "drink", "object", "book", "music", "craft", "machine", "school", "science", "toy", "sport", "holiday"]
)
"""Kinds of motifs that can stand in a studio."""


def is_studio(request: ImageRequest) -> bool:
    return request.style == STYLE or bool(request.references)


def studio_alt_text(request: ImageRequest) -> str:
    """Say what the studio picture of a request shows; the same as is drawn, without drawing it."""
    if request.references:
        return f"{request.theme} on a plain surface in soft light."
    motif = _named_thing(request.theme)
    return f"A drawing of {motif.phrase} on a plain surface in soft light." if motif else "Plain forms in soft light."


def draw_studio(request: ImageRequest, quality: int) -> bytes:
    """Draw the studio with the product as a JPEG without metadata. Raises `BadInput` for a photo that is none."""
    layout = layout_for(request.width, request.height, request.calm_side or "bottom")
    choice = chosen(request.theme)
    if request.references:
        image = photo_in_studio(request.references[0].data, layout, choice)
    elif motif := _named_thing(request.theme):
        image = _drawn(motif, layout, choice)
    else:
        palette = plain_palette(choice)
        image = _still_life(studio(layout, palette, choice), layout, palette)
    jpeg: bytes = dithered(image).jpegsave_buffer(Q=quality, optimize_coding=True, keep="none")
    return jpeg


def _named_thing(theme: str) -> Motif | None:
    """Return the thing that a product's name names outright, if there is a drawing of it."""
    words = {word.strip(".,()").lower() for word in theme.split()}
    for motif in motifs_in(theme):
        proper = {part for word in motif.words[:PROPER_NAMES] for part in word.split("-")}
        if (
            motif.kind in _THINGS
            and not motif.is_bust
            and proper & (words | {word.removesuffix("s") for word in words})
        ):
            return motif
    return None


def _drawn(motif: Motif, layout: Layout, choice: int) -> pyvips.Image:
    left, top, width, height = motif.box
    scale = min(layout.product.width / width, layout.product.height / height) * 0.86
    image = rendered(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * scale:.0f}" height="{height * scale:.0f}" '
        f'viewBox="{left} {top} {width} {height}" color="#ffd27a">{motif.shapes}</svg>'
    )
    whole = Box(0, 0, image.width, image.height)
    cutout = Cutout(image.extract_band(0, n=3), image.extract_band(3), None, whole)
    palette = palette_of(cutout.photo, cutout.mask, choice)
    return set_product(studio(layout, palette, choice), cutout, layout, palette)


def _still_life(image: pyvips.Image, layout: Layout, palette: Palette) -> pyvips.Image:
    """Set a round pedestal and a ball into the studio, where a product would stand."""
    zone, wall, accent = layout.product, palette.wall, palette.accent
    wide, high = min(zone.width * 0.62, zone.height * 0.9), zone.height * 0.3
    lip, ball = wide * 0.09, wide * 0.27
    total = high + ball * 1.85
    deep, mid, pale = (wall.at(light=wall.light + step).rgb for step in (-0.16, -0.05, 0.05))
    gradients = across("side", (0, mid, 1), (0.35, pale, 1), (1, deep, 1)) + outward(
        "ball",
        wide * 0.42,
        total - high - ball * 1.2,
        ball * 1.5,
        (0, accent.at(light=0.76).rgb, 1),
        (1, accent.at(light=0.56).rgb, 1),
    )
    top = total - high
    body = (
        f'<path d="M0 {top:.0f} V{total:.0f} A{wide / 2:.0f} {lip:.0f} 0 0 0 {wide:.0f} {total:.0f} V{top:.0f} Z" '
        'fill="url(#side)"/>'
        + ellipse(wide / 2, top, wide / 2, lip, f'fill="{hexed(pale)}"')
        + ellipse(wide * 0.52, top + lip * 0.25, ball * 0.8, lip * 0.4, f'fill="{hexed(deep)}" opacity="0.6"')
        + circle(wide / 2, top - ball * 0.85, ball, 'fill="url(#ball)"')
    )
    still = rendered(drawing(wide, total + lip, body, gradients))
    whole = Box(0, 0, still.width, still.height)
    cutout = Cutout(still.extract_band(0, n=3), still.extract_band(3), None, whole)
    return set_product(image, cutout, layout, palette)
