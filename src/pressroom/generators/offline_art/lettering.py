"""Laying the set title over the picture so that it can be read wherever it falls."""

from __future__ import annotations

from typing import Any

from pressroom.generators.offline_art.colour import contrast, luminance, mix, rgb
from pressroom.generators.offline_art.plan import Plan
from pressroom.generators.offline_art.stage import Box, Stage
from pressroom.generators.offline_art.typography import FACES, Lettering, set_title

# Above the 4.5:1 that WCAG 2.2 asks of small text: grain and JPEG take a little away.
LEAST_CONTRAST = 5.6


def letter(image: Any, plan: Plan, stage: Stage, box: Box, face: str) -> Any:
    """Set the plan's title into a box over the picture."""
    names = [face] if face else list(FACES[plan.mood])
    if not face and len(names) > 1:
        stage.rng.shuffle(names)
    set_ = set_title(plan.title, box, names, stage.unit * 29)
    fill, ground, veil = inks(image, plan, stage, set_)
    if veil:
        image = _over(image, _veil(set_, stage) * veil, ground, 0, 0)
    near = max(1.0, set_.size * 0.02)
    room = round(set_.size * 0.4)
    mask = set_.mask.embed(room, room, set_.mask.width + 2 * room, set_.mask.height + 2 * room)
    left, top = set_.left - room, set_.top - room
    image = _over(image, (mask.gaussblur(set_.size * 0.1) * 1.5).cast("uchar") * 0.6, ground, left, top)
    drop = round(set_.size * 0.035)
    shadow = mix(ground, plan.palette.accent, 0.18) if plan.palette.night else ground
    image = _over(image, mask.gaussblur(near) * 0.9, shadow, left + drop, top + drop)
    image = _over(image, mask, fill, left, top)
    if set_.words.colours is not None:
        image = image.composite2(set_.words.colours, "over", x=set_.left, y=set_.top).flatten()
    return image


def inks(image: Any, plan: Plan, stage: Stage, set_: Lettering) -> tuple[tuple[str, str], str, float]:
    """Choose the lettering's colours from top to bottom, the ground behind it, and how strong a veil it needs."""
    palette = plan.palette
    behind = _luminances(image, set_, stage)
    dark = mix(palette.ink, "#000000", 0.25)
    light = ((mix(palette.pale, "#ffffff", 0.3), mix(palette.pale, palette.glow, 0.5)), dark)
    deep = ((mix(palette.ink, "#000000", 0.3), palette.ink), mix(palette.pale, "#ffffff", 0.4))
    best: tuple[float, tuple[str, str], str] | None = None
    for fill, ground in (light, deep) if not palette.night else (light,):
        worst = sorted(
            behind, key=lambda colour: min(contrast(luminance(colour), luminance(rgb(ink))) for ink in fill)
        )[len(behind) // 50]
        for step in range(19):
            veiled = mix("#" + "".join(f"{v:02x}" for v in worst), ground, step * 0.05)
            if min(contrast(luminance(rgb(veiled)), luminance(rgb(ink))) for ink in fill) >= LEAST_CONTRAST:
                break
        if best is None or step * 0.05 < best[0]:
            best = (step * 0.05, fill, ground)
    if best is None:
        raise AssertionError("There is always a light lettering to choose.")
    return best[1], best[2], best[0]


def _luminances(image: Any, set_: Lettering, stage: Stage) -> list[tuple[int, int, int]]:
    left, top = max(0, set_.left), max(0, set_.top)
    width, height = min(set_.mask.width, stage.width - left), min(set_.mask.height, stage.height - top)
    small = image.crop(left, top, width, height).thumbnail_image(40, height=24, size="force").cast("uchar")
    pixels = bytes(small.write_to_memory())
    return [(pixels[i], pixels[i + 1], pixels[i + 2]) for i in range(0, len(pixels), 3)]


def _veil(set_: Lettering, stage: Stage) -> Any:
    """Make a soft-edged patch behind the lettering, drawn small because it has no detail."""
    import pyvips

    step, spread = 8, stage.unit * 7
    patch = pyvips.Image.black(stage.width // step + 1, stage.height // step + 1).draw_rect(
        255,
        round((set_.left - spread) / step),
        round((set_.top - spread) / step),
        round((set_.mask.width + 2 * spread) / step),
        round((set_.mask.height + 2 * spread) / step),
        fill=True,
    )
    soft = patch.gaussblur(spread / step).resize(step, kernel="linear")
    return soft.crop(0, 0, stage.width, stage.height)


def _over(image: Any, mask: Any, colour: str | tuple[str, str], left: int, top: int) -> Any:
    """Lay a colour, or a run of two from top to bottom, over the picture where the mask is white."""
    import pyvips

    if isinstance(colour, str):
        paint = mask.new_from_image(list(rgb(colour)))
    else:
        run = pyvips.Image.xyz(1, mask.height)[1] / max(1, mask.height - 1)
        column = run * [b - a for a, b in zip(rgb(colour[0]), rgb(colour[1]), strict=True)] + list(rgb(colour[0]))
        paint = column.resize(mask.width, vscale=1, kernel="nearest")
    layer = paint.cast("uchar").bandjoin(mask.cast("uchar")).copy(interpretation="srgb")
    return image.composite2(layer, "over", x=left, y=top).flatten()
