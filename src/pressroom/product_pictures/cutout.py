"""Tells a product from the plain background of its photo: what is like the edge, and connected with it, is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from pressroom.product_pictures.colour import RGB
from pressroom.product_pictures.layout import Box

if TYPE_CHECKING:
    import pyvips

_RING = 0.012
"""How broad the edge is that is looked at, as a share of the shorter side."""
_PLAIN = 0.8
"""How much of the edge must be of one colour; a product may touch it."""
_ALIKE, _STRICTEST = 12.0, 4.0
"""CIE76. Within the first the edge counts as one colour; what differs by less than the second is never a product."""
_SHADOW_CHROMA, _DARKEST_SHADOW, _PALE_SHADOW = 7.0, 48.0, 12.0
"""A shadow is darker than the background by so much at most, and hardly of another colour."""
_LOOKED_AT = 640
"""Pixels of the longer side: finer than that the eye sees no edge in a finished picture."""
_LARGEST_HOLES, _LEAST_HOLE = 6, 0.0008
_LEAST, _MOST = 0.012, 0.9
"""Of the photo's pixels: what covers less is no product, and what covers more has no background."""
_KEPT = 0.5
"""If less of the product is left without what looks like its shadow, it was no shadow but the product's own side."""


@dataclass(frozen=True, slots=True)
class Cutout:
    """A product's photo, as large as it came, and which of its pixels are the product."""

    photo: pyvips.Image
    """sRGB, three bands."""
    mask: pyvips.Image
    """White where the product is, soft at its edge."""
    background: RGB | None
    """The colour behind it; None if the photo came with transparency, so that nothing is behind it."""
    box: Box
    """What the product fills."""


def cut_out(image: pyvips.Image) -> Cutout | None:
    """Return the product without its background; None if that is not plain, or nothing stands before it.

    `image` is upright sRGB in memory, with or without alpha.
    """
    if image.hasalpha():
        own = _cutout(image.extract_band(0, n=3), image.extract_band(3), None)
        if own is not None:
            return own
        image = image.flatten(background=[255, 255, 255])
    photo = image.extract_band(0, n=3).copy_memory()
    scale = min(1.0, _LOOKED_AT / max(photo.width, photo.height))
    lab = photo.resize(scale).colourspace("lab").copy_memory()
    edge = _edge_of(lab)
    if edge is None:
        return None
    colour, noise = edge
    mask = _mask(lab, colour, max(_STRICTEST, min(_ALIKE, noise + 2.5)))
    mask = mask.resize(photo.width / mask.width, vscale=photo.height / mask.height, kernel="cubic").cast("uchar")
    return _cutout(photo, mask, _rgb_of(lab, colour))


def _cutout(photo: Any, mask: Any, background: RGB | None) -> Cutout | None:
    mask = mask.copy_memory()
    box = _box_of(mask > 127)
    share = (mask > 127).avg() / 255
    if box is None or not _LEAST <= share <= _MOST:
        return None
    return Cutout(photo.copy_memory(), mask, background, box)


def _mask(lab: Any, colour: Sequence[float], threshold: float) -> Any:
    difference = _length(lab - list(colour)).copy_memory()
    alike = (difference < threshold).copy_memory()
    outside = _connected_with_edge(alike)
    solid = ~(outside | _holes(alike & ~outside, difference, 2 * threshold))
    # The median takes single pixels away, which a JPEG leaves around whatever it shows.
    solid = solid.median(5).copy_memory()
    shadow = _shadow(lab, colour, solid, difference, threshold)
    # Half a pixel of the product goes with the background, or its edge would be seen all around.
    return ((solid * shadow).gaussblur(1.7) - 106) * 2.2


def _shadow(lab: Any, colour: Sequence[float], solid: Any, difference: Any, threshold: float) -> Any:
    """Return how much of each pixel is product, 0 to 1, where the product's shadow may lie; 1 elsewhere."""
    chroma = ((lab[1] - colour[1]) ** 2 + (lab[2] - colour[2]) ** 2) ** 0.5
    may_be = (difference < _DARKEST_SHADOW) & (chroma < _SHADOW_CHROMA)
    reached, deepest, certainty = _connected_with_edge(may_be.copy_memory()), _DARKEST_SHADOW, 1.0
    box = _box_of(solid)
    if box is not None and (solid & ~reached).avg() < _KEPT * solid.avg():
        # The product is as pale as a shadow: only what is light, at its feet and near the background is taken for one.
        deepest = threshold + _PALE_SHADOW
        reached = (~solid).rank(27, 27, 27 * 27 - 1) & may_be
        certainty = _downwards(solid, box.top + 0.86 * box.height, box.top + 0.95 * box.height)
    share = ((difference - threshold) / (deepest - threshold)).copy_memory()
    share = (share < 0).ifthenelse(0, (share > 1).ifthenelse(1, share)) ** 1.5
    return reached.ifthenelse(1 - (1 - share) * certainty, 1.0)


def _downwards(like: Any, begin: float, end: float) -> Any:
    """Return 0 above and 1 below, with a smooth passage between."""
    import pyvips

    share = (pyvips.Image.xyz(like.width, like.height)[1] - begin) / max(1.0, end - begin)
    return (share < 0).ifthenelse(0, (share > 1).ifthenelse(1, share))


def _edge_of(lab: Any) -> tuple[tuple[float, float, float], float] | None:
    """Return the colour of the edge, and how far almost all of it is from that; None if it has no one colour."""
    broad = max(2, round(min(lab.width, lab.height) * _RING))
    wide, high = lab.width, lab.height
    strips = (
        lab.crop(0, 0, wide, broad),
        lab.crop(0, high - broad, wide, broad),
        lab.crop(0, 0, broad, high).rot90(),
        lab.crop(wide - broad, 0, broad, high).rot90(),
    )
    samples: list[tuple[float, ...]] = []
    for strip in strips:
        row = strip.resize(120 / strip.width, vscale=1 / strip.height, kernel="linear").cast("float")
        values = memoryview(row.write_to_memory()).cast("f")
        samples += [tuple(values[at : at + 3]) for at in range(0, len(values), 3)]
    colour = (median(s[0] for s in samples), median(s[1] for s in samples), median(s[2] for s in samples))
    distances = sorted(sum((a - b) ** 2 for a, b in zip(sample, colour, strict=True)) ** 0.5 for sample in samples)
    if distances[int(len(distances) * _PLAIN)] > _ALIKE:
        return None
    return colour, distances[int(len(distances) * _PLAIN)]


def _length(difference: Any) -> Any:
    red, green, blue = difference.bandsplit()
    return (red * red + green * green + blue * blue) ** 0.5


def _connected_with_edge(alike: Any) -> Any:
    """Return what is white and can be reached from outside over white."""
    wide, high = alike.width, alike.height
    framed = alike.embed(1, 1, wide + 2, high + 2, background=255, extend="background").copy_memory()
    return (framed.draw_flood(128, 0, 0, equal=True) == 128).crop(1, 1, wide, high).copy_memory()


def _holes(enclosed: Any, difference: Any, sharp: float) -> Any:
    """Find the background that shows through the product: enclosed, with a sharp edge.

    A highlight may be as white as the background, but what is around it is almost as white.
    """
    labels = enclosed.labelregions().cast("ushort")
    sizes = memoryview((enclosed > 0).ifthenelse(labels, 0).hist_find().cast("uint").write_to_memory()).cast("I")
    least = _LEAST_HOLE * enclosed.width * enclosed.height
    largest = sorted(((size, label) for label, size in enumerate(sizes) if label), reverse=True)[:_LARGEST_HOLES]
    holes = enclosed.new_from_image(0)
    for size, label in largest:
        if size < least:
            break
        hole = ((labels == label) & enclosed).copy_memory()
        around = hole.rank(9, 9, 80) & ~hole
        if (around & (difference > sharp)).avg() > 0.7 * around.avg():
            holes = (holes | hole.rank(3, 3, 8)).copy_memory()
    return holes


def _box_of(mask: Any) -> Box | None:
    """Return what the white fills; rows and columns with next to nothing count as empty."""
    columns, rows = mask.project()
    across = _span(columns, 255 * max(2, mask.height // 250))
    down = _span(rows, 255 * max(2, mask.width // 250))
    if across is None or down is None:
        return None
    return Box(across[0], down[0], across[1] - across[0] + 1, down[1] - down[0] + 1)


def _span(sums: Any, least: int) -> tuple[int, int] | None:
    values = memoryview(sums.cast("uint").write_to_memory()).cast("I")
    filled = [place for place, value in enumerate(values) if value >= least]
    return (filled[0], filled[-1]) if filled else None


def _rgb_of(lab: Any, colour: Sequence[float]) -> RGB:
    pixel = (lab.crop(0, 0, 1, 1) * 0 + list(colour)).copy(interpretation="lab").colourspace("srgb")
    red, green, blue = (round(value) for value in pixel.getpoint(0, 0))
    return red, green, blue
