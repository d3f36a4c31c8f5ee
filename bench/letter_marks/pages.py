"""Draws pages of invented words in many faces, sizes and colours, a little spoilt, as pictures come."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bench.letter_marks.words import LETTERS, SHARES, token

SIZES = (11, 12, 13, 13, 14, 14, 15, 16, 16, 17, 18, 18, 20, 22, 24, 26, 28, 32, 38)
_WIDTH, _HEIGHT = 1000, 640
_OURS = ("world", "label", "plain", "elegant", "retro", "poster", "cheer")
_SYSTEM = Path("/usr/share/fonts/truetype")


@dataclass(frozen=True, slots=True)
class DrawnLine:
    text: str
    middle: float
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Page:
    pixels: Any
    lines: tuple[DrawnLine, ...]
    size: float
    """Of the letters, in pixels."""


def faces() -> list[Path]:
    """Return the font files that are drawn with: ours, and the free ones of Debian, as far as they are installed."""
    from pressroom.fonts import Face

    noto = [
        _SYSTEM.glob(f"noto/{name}-*.ttf") for name in ("NotoSans", "NotoSerif", "NotoSansMono", "NotoSerifDisplay")
    ]
    system = [
        *_SYSTEM.glob("liberation/*.ttf"),
        *_SYSTEM.glob("dejavu/*.ttf"),
        *(file for found in noto for file in found),
    ]
    return sorted(system) + [Face(name).file for name in _OURS] * 2


def page(chance: Random, files: Sequence[Path]) -> Page:
    """Draw a page of one face, each line of it in another language."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    from pressroom.fonts.font_file import drawable_characters

    file, size = chance.choice(files), chance.choice(SIZES)
    known = drawable_characters(file.read_bytes())
    dark, light = chance.randint(0, 90), chance.randint(190, 255)
    ground, ink = (dark, light) if chance.random() < 0.25 else (light, dark)
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), _tinted(chance, ground))
    draw, font = ImageDraw.Draw(picture), ImageFont.truetype(str(file), size)
    colour, leading = _tinted(chance, ink), chance.uniform(1.25, 1.8)
    lines, top = [], 10.0
    while top < _HEIGHT - size * 1.6:
        letters = "".join(one for one in chance.choice(list(LETTERS.values())) if ord(one) in known)
        left, share = chance.randint(6, 60), chance.choice(SHARES)
        room = _WIDTH - left - 10
        room = room if chance.random() < 0.8 else chance.randint(120, room)
        text = ""
        while draw.textlength(longer := _more(chance, text, letters, share, known), font=font) <= room:
            text = longer
        if text:
            draw.text((left, top), text, font=font, fill=colour)
            lines.append(DrawnLine(text, top + size * 0.6, left, left + draw.textlength(text, font=font)))
        top += size * leading
    return _spoilt(chance, np.asarray(picture), lines, size)


def _more(chance: Random, text: str, letters: str, share: float, known: frozenset[int]) -> str:
    added = "".join(one for one in token(chance, letters, share) if ord(one) in known)
    return f"{text} {added}".strip() or "a"


def _tinted(chance: Random, value: int) -> tuple[int, int, int]:
    red, green, blue = (min(255, max(0, value + chance.randint(-25, 25))) for _ in range(3))
    return red, green, blue


def _spoilt(chance: Random, pixels: Any, lines: list[DrawnLine], size: float) -> Page:
    import cv2
    import numpy as np
    from PIL import Image

    if chance.random() < 0.2:
        pixels = cv2.GaussianBlur(pixels, (0, 0), chance.uniform(0.4, max(0.5, size / 26)))
    if chance.random() < 0.25:
        noise = np.random.default_rng(chance.getrandbits(32)).normal(0, chance.uniform(2, 10), pixels.shape)
        pixels = np.clip(pixels + noise, 0, 255).astype(np.uint8)
    if chance.random() < 0.3:
        jpeg = io.BytesIO()
        Image.fromarray(pixels).save(jpeg, "JPEG", quality=chance.randint(40, 90))
        pixels = np.asarray(Image.open(jpeg))
    by = chance.uniform(0.75, 1.3) if chance.random() < 0.2 else 1.0
    if by != 1.0:
        how = cv2.INTER_AREA if by < 1 else cv2.INTER_LINEAR
        pixels = cv2.resize(pixels, None, fx=by, fy=by, interpolation=how)
    moved = (DrawnLine(one.text, one.middle * by, one.left * by, one.right * by) for one in lines)
    return Page(np.ascontiguousarray(pixels), tuple(moved), size * by)
