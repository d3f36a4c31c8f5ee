"""Photos of products as shops show them, drawn here; and the picture that is made of one."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import pyvips

from pressroom.generators.base import ReferencePicture

MUG = (
    '<ellipse cx="240" cy="404" rx="150" ry="16" fill="#000" opacity=".3" filter="url(#soft)"/>'
    '<path d="M340 190 C 430 180 435 320 335 320" fill="none" stroke="{deep}" stroke-width="28"/>'
    '<path d="M125 145 L 138 390 Q 140 404 165 405 H 315 Q 340 404 342 390 L 355 145 Z" fill="url(#side)"/>'
    '<ellipse cx="240" cy="145" rx="115" ry="24" fill="{deep}"/>'
    '<ellipse cx="240" cy="150" rx="98" ry="15" fill="#33200f"/>'
)
HOOP = (
    '<path d="M110 320 C 100 60 390 60 380 320" fill="none" stroke="{fill}" stroke-width="34"/>'
    '<rect x="70" y="270" width="90" height="150" rx="40" fill="{deep}"/>'
    '<rect x="330" y="270" width="90" height="150" rx="40" fill="{deep}"/>'
)
COLOURS = {
    "clay": ("#c8623c", "#8a3a1c"),
    "pale": ("#f1efe9", "#cbc7be"),
    "dark": ("#26272b", "#0d0d10"),
    "blue": ("#3f6fdd", "#22418f"),
}


@cache
def photo(form: str = "mug", colour: str = "clay", ground: str = "#ffffff", *, noise: float = 0.7) -> pyvips.Image:
    """Return a photo of 500 x 500 pixels on a plain ground, with a soft shadow and a little noise."""
    fill, deep = COLOURS[colour]
    shapes = {"mug": MUG, "hoop": HOOP}[form].format(fill=fill, deep=deep)
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"><defs><filter id="soft"><feGaussianBlur '
        f'stdDeviation="7"/></filter><linearGradient id="side"><stop offset="0" stop-color="{deep}"/><stop offset=".3" '
        f'stop-color="{fill}"/><stop offset="1" stop-color="{deep}"/></linearGradient></defs>'
        f'<rect width="500" height="500" fill="{ground}"/>{shapes}</svg>'
    )
    image = pyvips.Image.svgload_buffer(drawing.encode()).flatten()
    grain = pyvips.Image.gaussnoise(500, 500, mean=0, sigma=noise, seed=4)
    return (image + grain).cast("uchar").copy(interpretation="srgb").copy_memory()


def jpeg(image: Any, quality: int = 88) -> bytes:
    data: bytes = image.jpegsave_buffer(Q=quality)
    return data


def busy_photo() -> pyvips.Image:
    """Return a photo without any plain background."""
    waves = (pyvips.Image.sines(500, 400, hfreq=7, vfreq=3) + 1) * 110
    other = (pyvips.Image.sines(500, 400, hfreq=2, vfreq=9) + 1) * 100
    return waves.bandjoin([other, (waves + other) / 2]).cast("uchar").copy(interpretation="srgb").copy_memory()


def plain(colour: tuple[int, int, int], width: int = 540, height: int = 540) -> pyvips.Image:
    return (pyvips.Image.black(width, height, bands=3) + list(colour)).cast("uchar").copy(interpretation="srgb")


def reference(image: Any) -> ReferencePicture:
    data = jpeg(image)
    return ReferencePicture(sha256=hashlib.sha256(data).hexdigest(), media_type="image/jpeg", data=data)
