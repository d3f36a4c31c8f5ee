"""Draws words with the fonts that come with Pressroom, the same on every machine."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from pressroom.fonts import EMOJI, Face, make_known, prepare_text_drawing
from pressroom.lettering.runs import Run, runs

if TYPE_CHECKING:
    import pyvips

# Pango measures letter spacing in 1024ths of a point, which is a pixel at 72 dots an inch.
_SPACING_UNITS = 1024


@dataclass(frozen=True, slots=True)
class Drawn:
    """Words as a picture, cut close to what can be seen."""

    ink: pyvips.Image
    """A mask, white where the ink goes."""
    colours: pyvips.Image | None
    """As large as the mask: what has colours of its own, with alpha; None if nothing has."""
    baseline: int
    """How far below the upper edge the first line's letters stand, in pixels."""

    @property
    def width(self) -> int:
        return int(self.ink.width)

    @property
    def height(self) -> int:
        return int(self.ink.height)

    def embedded(self, left: int, top: int, width: int, height: int) -> Drawn:
        """Return the same words within more room."""
        colours = self.colours.embed(left, top, width, height) if self.colours is not None else None
        return Drawn(self.ink.embed(left, top, width, height), colours, self.baseline + top)


def draw_words(
    text: str,
    size: float,
    *,
    faces: Sequence[Face] = (),
    leading: float = 0.0,
    tracking: float = 0.0,
    width: int = 0,
    align: str = "low",
    language: str = "",
) -> Drawn:
    """Draw words, `size` pixels large, preferably with `faces`.

    `leading` is the distance of lines and `tracking` the space added between letters, both as multiples of the size;
    lines break at "\\n", and at `width` pixels if given; `language` ("ja") chooses among forms of Han characters.
    Raises `NoFace` for what no font can draw, and `ValueError` if there is nothing to be seen.
    """
    import pyvips

    # Tabs and the like have no form of their own in any font.
    shown = "".join(one for one in text if one == "\n" or unicodedata.category(one) != "Cc")
    parts = runs(shown, faces)
    prepare_text_drawing()
    for face in {part.face for part in parts}:
        make_known(face)
    if not any(_has_ink(part.text) for part in parts):
        raise ValueError("There is nothing to be seen in this text.")
    how: dict[str, Any] = {"font": f"{parts[0].face.family} {size:.2f}", "dpi": 72, "align": align}
    if width:
        how |= {"width": width, "wrap": "word-char"}
    spans = "".join(_span(part, size, leading, tracking, language) for part in parts)

    def painted(colour: str) -> pyvips.Image:
        return pyvips.Image.text(f'<span foreground="{colour}">{spans}</span>', rgba=True, **how)

    if all(part.face != EMOJI for part in parts):
        ink, colours = pyvips.Image.text(spans, **how), None
    else:
        ink, colours = _parted(painted("#000000"), painted("#ffffff"))
    ascent = max(part.face.ascent for part in _first_line(parts)) * size
    return Drawn(ink.copy_memory(), colours, round(ascent) - ink.yoffset)


def _parted(black: Any, white: Any) -> tuple[Any, Any]:
    """Tell letters from emoji: what is another colour in black ink than in white is letters."""
    offset = black.yoffset
    alpha = black[3]
    opaque = alpha / 255
    share = (white[1].cast("float") - black[1].cast("float")) / 255
    ink = (share * alpha).rint().cast("uchar")
    rest = (opaque * (1 - share) * 255).rint().cast("uchar")
    colours = black.extract_band(0, n=3).bandjoin(rest).copy(interpretation="srgb").copy_memory()
    return ink.copy(yoffset=offset, interpretation="b-w"), colours


def _span(part: Run, size: float, leading: float, tracking: float, language: str) -> str:
    # Without fallback="false" an installed font might be taken where ours has no glyph.
    attributes = f'font_family="{part.face.family}" fallback="false"'
    if leading:
        attributes += f' line_height="{leading / part.face.leading:.4f}"'
    if tracking:
        attributes += f' letter_spacing="{round(tracking * size * _SPACING_UNITS)}"'
    if language:
        attributes += f' lang="{escape(language)}"'
    return f"<span {attributes}>{escape(part.text, quote=False)}</span>"


def _first_line(parts: Sequence[Run]) -> Sequence[Run]:
    for place, part in enumerate(parts):
        if "\n" in part.text:
            return parts[: place + 1]
    return parts


def _has_ink(text: str) -> bool:
    return any(not one.isspace() and unicodedata.category(one) != "Cf" for one in text)
