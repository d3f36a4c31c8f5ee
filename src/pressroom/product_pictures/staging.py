"""Sets a product's photo into a scene: cut out on the surface with shadow and reflection, or framed as a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pressroom.product_pictures.colour import RGB, luminance
from pressroom.product_pictures.cutout import Cutout
from pressroom.product_pictures.drawings import ellipse_mask, rounded_mask
from pressroom.product_pictures.layout import Box, Layout
from pressroom.product_pictures.palette import Palette

if TYPE_CHECKING:
    import pyvips

_LARGEST_ENLARGEMENT = 1.8
_LIGHT_BACKGROUND = 0.45
"""Luminance from which a photo's own shadows are kept, by what they take from the light behind them."""
_STANDS = 0.3
"""A product stands if its lowest rows are at least so wide, as a share of its width; else it hangs or floats."""


def set_product(scene: pyvips.Image, cutout: Cutout, layout: Layout, palette: Palette) -> pyvips.Image:
    """Stand the product on the surface of the scene."""
    zone, box = layout.product, cutout.box
    scale = min(zone.width / box.width, zone.height / box.height, _LARGEST_ENLARGEMENT)
    photo, mask = (_scaled(image, scale) for image in (cutout.photo, cutout.mask))
    left = round(zone.middle - (box.left + box.width / 2) * scale)
    stands = _stands(mask, box, scale)
    # What does not stand hangs in the middle of its place.
    spare = 0 if stands else round((zone.height - box.height * scale) * 0.5)
    top = round(zone.bottom - spare - (box.top + box.height) * scale)
    feet = Box(
        round(left + box.left * scale),
        round(top + box.top * scale),
        round(box.width * scale),
        round(box.height * scale),
    )
    if stands:
        scene = _reflected(scene, photo, mask, left, top, feet)
    scene = _shaded(scene, feet, layout, palette, stands=stands)
    if cutout.background is not None and luminance(cutout.background) > _LIGHT_BACKGROUND:
        scene = _own_shadows(scene, photo, cutout.background, left, top)
    return _laid(scene, photo.bandjoin(mask), left, top)


def set_card(scene: pyvips.Image, photo: pyvips.Image, layout: Layout, palette: Palette) -> pyvips.Image:
    """Frame a photo whose background is not plain: rounded corners, and a shadow on the wall."""
    zone = layout.product
    aspect = min(max(photo.width / photo.height, zone.width / zone.height * 0.62), 1.7)
    wide = min(zone.width, zone.height * aspect)
    width, height = round(wide), round(wide / aspect)
    card = photo.extract_band(0, n=3).thumbnail_image(width, height=height, crop="attention").cast("uchar")
    mask = rounded_mask(card.width, card.height, round(layout.unit * 2.6))
    left, top = zone.middle - card.width // 2, zone.bottom - card.height - round((zone.height - card.height) * 0.5)
    shade = palette.shade.rgb
    drop, blur = round(layout.unit * 1.8), layout.unit * 2.4
    scene = _tinted(scene, mask, shade, left, top + drop, blur, 0.34)
    scene = _tinted(scene, mask, shade, left, top + round(layout.unit * 0.35), layout.unit * 0.5, 0.22)
    return _laid(scene, card.bandjoin(mask), left, top)


def _scaled(image: Any, scale: float) -> Any:
    return image.resize(scale, kernel="lanczos3" if scale < 1 else "cubic").cast("uchar").copy_memory()


def _stands(mask: Any, box: Box, scale: float) -> bool:
    """Say whether the product's lower end is broad and flat."""
    left, wide = round(box.left * scale), max(1, round(box.width * scale))
    bottom = min(mask.height, round((box.top + box.height) * scale))
    rows = max(2, round(box.height * scale * 0.035))
    wide = min(wide, mask.width - left)
    strip = mask.crop(left, max(0, bottom - rows), wide, min(rows, bottom))
    return float(strip.resize(1, vscale=1 / strip.height, kernel="linear").avg()) / 255 >= _STANDS


def _reflected(scene: Any, photo: Any, mask: Any, left: int, top: int, feet: Box) -> Any:
    """Mirror the product in the surface, fading quickly."""
    import pyvips

    own_bottom = min(mask.height, feet.bottom - top)
    depth = min(own_bottom, round(feet.height * 0.28))
    if depth < 4:
        return scene
    strip = photo.bandjoin(mask).crop(0, own_bottom - depth, mask.width, depth).flip("vertical").copy_memory()
    fading = (1 - pyvips.Image.xyz(1, depth)[1] / depth) ** 2 * 0.2
    alpha = (strip[3] * fading.resize(mask.width, vscale=1, kernel="nearest")).cast("uchar")
    soft = strip.extract_band(0, n=3).gaussblur(max(0.8, depth / 90)).cast("uchar")
    return _laid(scene, soft.bandjoin(alpha), left, feet.bottom - 3)


def _shaded(scene: Any, feet: Box, layout: Layout, palette: Palette, *, stands: bool) -> Any:
    """Lay the product's shadow: a wide soft one, and a narrow deep one where it touches the surface."""
    unit, shade = layout.unit, palette.shade.rgb
    drop = 0 if stands else round(unit * 3)
    cast = [(1.04, 4.2, 2.2, 0.30), (0.92, 1.5, 0.7, 0.42)] if stands else [(1.04, 4.2, 2.2, 0.30)]
    for wide, high, blur, strength in cast:
        form = ellipse_mask(max(4, round(feet.width * wide)), max(3, round(unit * high)))
        top = feet.bottom + drop - round(form.height * 0.55)
        scene = _tinted(scene, form, shade, feet.middle - form.width // 2, top, unit * blur, strength)
    return scene


def _own_shadows(scene: Any, photo: Any, background: RGB, left: int, top: int) -> Any:
    """Take from the scene's light what the photo's surroundings take from its background."""
    import pyvips

    ratio = (photo.cast("float") / [max(1, one) for one in background]) * 1.02
    ratio = (ratio > 1).ifthenelse(1, ratio)
    # Towards the photo's edges nothing is taken, so that they cannot be seen.
    broad = max(2, round(min(photo.width, photo.height) * 0.05))
    inner = pyvips.Image.black(photo.width, photo.height).draw_rect(
        255, broad, broad, photo.width - 2 * broad, photo.height - 2 * broad, fill=True
    )
    share = inner.gaussblur(broad / 2.5) / 255
    ratio = ratio * share + (1 - share)
    place = _overlap(scene, left, top, photo.width, photo.height)
    if place is None:
        return scene
    part = scene.crop(place.left, place.top, place.width, place.height)
    part = (part * ratio.crop(place.left - left, place.top - top, place.width, place.height)).cast("uchar")
    return scene.insert(part.copy(interpretation="srgb"), place.left, place.top)


def _tinted(scene: Any, mask: Any, colour: RGB, left: int, top: int, blur: float, strength: float) -> Any:
    room = round(blur * 3) + 1
    soft = mask.embed(room, room, mask.width + 2 * room, mask.height + 2 * room).gaussblur(max(0.3, blur))
    layer = soft.new_from_image(list(colour)).copy(interpretation="srgb").cast("uchar")
    return _laid(scene, layer.bandjoin((soft * strength).cast("uchar")), left - room, top - room)


def _laid(scene: Any, layer: Any, left: int, top: int) -> Any:
    """Lay a picture with alpha over the scene, as far as it is within."""
    place = _overlap(scene, left, top, layer.width, layer.height)
    if place is None:
        return scene
    part = layer.crop(place.left - left, place.top - top, place.width, place.height).copy(interpretation="srgb")
    below = scene.crop(place.left, place.top, place.width, place.height)
    mixed = below.composite2(part, "over").extract_band(0, n=3).cast("uchar")
    return scene.insert(mixed, place.left, place.top).copy_memory()


def _overlap(scene: Any, left: int, top: int, width: int, height: int) -> Box | None:
    first, up = max(0, left), max(0, top)
    last, down = min(scene.width, left + width), min(scene.height, top + height)
    return Box(first, up, last - first, down - up) if last > first and down > up else None
