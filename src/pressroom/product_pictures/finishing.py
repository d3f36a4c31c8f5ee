"""From a scene and words to the finished JPEG."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pressroom.errors import BadInput
from pressroom.imaging.libvips import a_turn
from pressroom.lettering.runs import NoFace
from pressroom.product_pictures.composing import set_words
from pressroom.product_pictures.layout import calm_side, layout_for
from pressroom.product_pictures.palette import palette_of
from pressroom.product_pictures.photos import fitted
from pressroom.product_pictures.wording import ProductWords

if TYPE_CHECKING:
    import pyvips


@dataclass(frozen=True, slots=True)
class ProductPicture:
    """A finished picture."""

    data: bytes
    """JPEG without metadata."""
    width: int
    height: int
    text: str
    """What was set over the scene, as it can be read there."""
    contrast: float
    """WCAG contrast of the name at its worst place."""


def finished(scene: bytes, words: ProductWords, width: int, height: int, quality: int) -> ProductPicture:
    """Set words over a scene of any size; the same input gives the same bytes.

    Raises `BadInput` for a scene that is no picture, and for words that no font of ours can draw.
    """
    layout = layout_for(width, height, calm_side(width, height, is_right_to_left=words.is_right_to_left))
    with a_turn():
        image = fitted(scene, width, height, "the scene that was drawn")
        palette = palette_of(image, None, chosen(words.name))
        try:
            lettered = set_words(image, words, layout, palette)
        except NoFace as error:
            raise BadInput(
                f"No font that comes with Pressroom can draw {error.named}, which stands in the product's words.",
                where=words.name,
                todo="Give a name without it: `-i name=…`, or the input `name` of the API.",
            ) from None
        data = dithered(lettered.image).jpegsave_buffer(Q=quality, optimize_coding=True, keep="none")
    return ProductPicture(data, width, height, lettered.text, lettered.contrast)


def chosen(name: str) -> int:
    """Return a number for a product by which forms and hues are picked, the same every time."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")


def dithered(image: pyvips.Image) -> Any:
    """Return the picture with so little noise that no bands are seen in its soft gradients."""
    import pyvips

    noise = pyvips.Image.gaussnoise(image.width, image.height, mean=0, sigma=0.9, seed=image.width * 31 + image.height)
    return (image.extract_band(0, n=3) + noise).rint().cast("uchar").copy(interpretation="srgb")
