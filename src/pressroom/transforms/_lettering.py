"""Draws words with the plain fonts that come with Pressroom, the same on every machine; and fills in templates."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from pressroom.errors import BadInput
from pressroom.lettering.drawing import Drawn, draw_words
from pressroom.lettering.runs import NoFace, runs
from pressroom.photos import PhotoInfo
from pressroom.text_templates import check, fill
from pressroom.transforms._bands import painted

if TYPE_CHECKING:
    import pyvips

WORDS = ("caption", "copyright", "credit", "day", "name", "title")
"""What may be written into a picture."""
Template = Annotated[str, AfterValidator(lambda template: check(template, WORDS))]


def filled(template: str, info: PhotoInfo) -> str:
    """Return the template with what is known of the photo; blank where that is nothing."""
    values = {name: str(getattr(info, name)) for name in ("caption", "copyright", "credit", "name", "title")}
    values["day"] = f"{info.captured_at:%Y-%m-%d}" if info.captured_at else ""
    text = fill(template, values)
    return text if any(_is_seen(one) for one in text) else ""


def _is_seen(one: str) -> bool:
    """Say whether a character has a form of its own; Cf are marks that join letters and the like, FE0F is one too."""
    return not one.isspace() and unicodedata.category(one) not in ("Cf", "Cc") and one != "\ufe0f"


def require_drawable(text: str, use: str) -> None:
    """Raise `BadInput` that names each character for which no font of ours has a form."""
    try:
        runs(text)
    except NoFace as error:
        raise BadInput(
            f"The filter {use} cannot write {error.named} into the picture: no font that comes with Pressroom has it.",
            where=f"filter {use}",
            todo="Leave that out of the photo's words, or the words out of the filter.",
        ) from None


def draw(text: str, size: float, *, width: int = 0, align: str = "low") -> Drawn:
    """Return the words as large as `size` in pixels; lines are broken at `width` pixels, if given.

    The text must have something to draw.
    """
    return draw_words(text, size, width=width, align=align)


def painted_words(words: Drawn, colour: Sequence[int]) -> pyvips.Image:
    """Return a layer of the words in a colour; what has colours of its own keeps them."""
    layer = painted(words.ink, colour)
    return layer if words.colours is None else layer.composite2(words.colours, "over").cast("uchar")
