"""Draws words with the plain fonts that come with Pressroom, the same on every machine; and fills in templates."""

from __future__ import annotations

import unicodedata
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from pressroom.errors import BadInput
from pressroom.fonts import prepare_text_drawing, world_faces
from pressroom.photos import PhotoInfo
from pressroom.text_templates import check, fill

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


def require_drawable(text: str, use: str) -> None:
    """Raise `BadInput` that names each character for which no font of ours has a form."""
    faces = world_faces()
    nowhere = [one for one in dict.fromkeys(text) if _is_seen(one) and all(face.missing(one) for face in faces)]
    if nowhere:
        shown = ", ".join(f"{one!r} (U+{ord(one):04X})" for one in nowhere)
        raise BadInput(
            f"The filter {use} cannot write {shown} into the picture: no font that comes with Pressroom has it.",
            where=f"filter {use}",
            todo="Leave that out of the photo's words, or the words out of the filter.",
        )


def _is_seen(one: str) -> bool:
    """Say whether a character has a form of its own; Cf are marks that join letters and the like, FE0F is one too."""
    return not one.isspace() and unicodedata.category(one) not in ("Cf", "Cc") and one != "\ufe0f"


def draw(text: str, size: float, *, width: int = 0, align: str = "low") -> pyvips.Image:
    """Return a mask with the words, white where the ink is; lines are broken at `width` pixels, if given.

    `size` is that of the letters in pixels. The text must have something to draw.
    """
    import pyvips

    families = _families()
    prepare_text_drawing()
    shown = "".join(one for one in text if one == "\n" or unicodedata.category(one) != "Cc")
    how = {"width": width, "wrap": "word-char"} if width else {}
    mask = pyvips.Image.text(escape(shown, quote=False), font=f"{families} {size:.2f}", dpi=72, align=align, **how)
    return mask.copy_memory()


@cache
def _families() -> str:
    """Make Pango know every plain face, and return their names: it takes each letter from the first that has it."""
    import pyvips

    prepare_text_drawing()
    faces = sorted(world_faces(), key=lambda face: (len(face.name), face.name))
    for face in faces:
        pyvips.Image.text("x", font=f"{face.family} 12", fontfile=str(face.file))
    return ", ".join(face.family for face in faces)
