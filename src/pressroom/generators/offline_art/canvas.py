"""From a plan to pixels: the layers become one SVG, libvips renders it, sets the title and adds grain."""

from __future__ import annotations

import re
from random import Random

from pressroom.generators.offline_art.brushes.air import bats, falling, fog, rain
from pressroom.generators.offline_art.brushes.strokes import blurred, ellipse, faded, number, outward, rect
from pressroom.generators.offline_art.colour import lit_by, mix
from pressroom.generators.offline_art.lettering import letter
from pressroom.generators.offline_art.motif_library import Motif, motifs
from pressroom.generators.offline_art.plan import AIRBORNE, Plan
from pressroom.generators.offline_art.stage import Box, Stage, set_stage
from pressroom.generators.offline_art.wardrobe import Hat


def draw(plan: Plan, width: int, height: int, seed: str, face: str, quality: int) -> bytes:
    """Draw the plan as a JPEG without metadata."""
    import pyvips

    rng = Random(f"{seed}|{plan.hero.name}|{plan.scene.name}")
    stage = set_stage(width, height, plan.palette, rng, titled=bool(plan.title.strip()))
    image = pyvips.Image.svgload_buffer(illustration(plan, stage).encode(), unlimited=True).flatten()
    if stage.title:
        image = letter(image, plan, stage, stage.title, face)
    noise = pyvips.Image.gaussnoise(width, height, mean=0, sigma=2.6, seed=rng.randrange(2**31))
    image = (image + noise).cast("uchar").copy(interpretation="srgb")
    jpeg: bytes = image.jpegsave_buffer(Q=quality, optimize_coding=True, keep="none")
    return jpeg


def illustration(plan: Plan, stage: Stage) -> str:
    """Give the whole picture, the title excepted, as one SVG document."""
    layers = plan.scene.draw(stage)
    body = layers.back
    if plan.bats:
        body += bats(stage, stage.rng.choice((5, 6, 7)))
    body += _cast(plan, stage) + layers.front + _weather(plan, stage) + _vignette(stage)
    filters = _lighting(stage) + "".join(
        f'<filter id="blur-{sigma}" x="-60%" y="-60%" width="220%" height="220%" color-interpolation-filters="sRGB">'
        f'<feGaussianBlur stdDeviation="{sigma}"/></filter>'
        for sigma in sorted({int(found) for found in re.findall(r"url\(#blur-(\d+)\)", body)})
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{stage.width}" height="{stage.height}" '
        f'viewBox="0 0 {stage.width} {stage.height}"><defs>{filters}</defs>{body}</svg>'
    )


def _cast(plan: Plan, stage: Stage) -> str:
    """Place the hero in the light, and around its feet whatever goes with it."""
    focus = stage.focus
    above = plan.hero.hat[2] * plan.hat.tall / 100 - plan.hero.hat[1] if plan.hat and plan.hero.hat else 0
    native = plan.hero.box[3] + max(0.0, above)
    floats = plan.scene.floats or plan.hero.kind in AIRBORNE
    share = (0.78 if floats else 1.0) * (plan.sizes[0] if plan.sizes else 1.0)
    reach = stage.height - focus.top if plan.hero.is_bust else focus.height * share
    scale = min(reach / native, focus.width * (0.92 if stage.side else 0.8) / plan.hero.box[2])
    if plan.companions or plan.pumpkins:
        scale = min(scale, focus.width * 0.78 / plan.hero.box[2])
    wide = plan.hero.box[2] * scale
    foot = stage.height + stage.unit * 2 if plan.hero.is_bust else focus.bottom - (focus.height * 0.2 if floats else 0)
    # Company stands on the outer side first; the hero makes room for it.
    middle = focus.x - stage.side * stage.width * (0.025 if plan.companions else 0)
    turn = stage.side or (1 if plan.sizes else stage.rng.choice((-1, 1)))
    if plan.sizes and plan.companions:
        # Two who belong together share the middle.
        middle -= turn * focus.height * plan.sizes[1] * min(plan.companions[0].proportion, 1.4) * 0.42
    drawn = _landmark(plan, stage, turn) if plan.landmark else ""
    drawn += "" if floats or plan.hero.is_bust else _shadow(middle, foot, wide, stage)
    drawn += _placed(plan, stage, plan.hero, middle, foot, scale, plan.hat)
    beside: list[Motif] = [*plan.companions, *[motifs()["pumpkin"]] * plan.pumpkins]
    ends = {1: middle + wide * 0.4, -1: middle - wide * 0.4}
    for index, motif in enumerate(beside):
        share = (
            plan.sizes[index + 1]
            if plan.sizes
            else 0.5
            if motif.kind != "nature" or motif.name != "pumpkin"
            else (0.3, 0.22, 0.26)[index % 3]
        )
        size = Box(0, 0, focus.height * share * min(motif.proportion, 1.4), focus.height * share)
        drop = stage.unit * (1.4 + index * 1.2)
        x = ends[turn] + turn * size.width * 0.5
        factor = min(1.0, _room(stage, x, turn, size, focus.bottom + drop))
        w, h = size.width * factor, size.height * factor
        x = ends[turn] + turn * w * 0.5
        drawn += _shadow(x, focus.bottom + drop, w, stage)
        hat = plan.companion_hats[index] if index < len(plan.companion_hats) else None
        drawn += _placed(plan, stage, motif, x, focus.bottom + drop, min(h / motif.box[3], w / motif.box[2]), hat)
        ends[turn] += turn * w * 0.86
        turn = -turn
    return drawn


def _landmark(plan: Plan, stage: Stage, turn: int) -> str:
    """Stand a landmark in the background, on the hero's outer side."""
    motif, focus = plan.landmark, stage.focus
    assert motif is not None
    tall = focus.height * (0.95 if motif.kind == "building" else 0.62)
    scale = min(tall / motif.box[3], stage.width * 0.26 / motif.box[2])
    x = stage.width * (0.5 - turn * 0.36)
    return faded(_placed(plan, stage, motif, x, stage.ground - stage.unit * 3, scale, None), 0.86)


def _weather(plan: Plan, stage: Stage) -> str:
    """Let rain or snow fall over the whole picture, or mist drift through it."""
    if plan.weather == "snow":
        return falling(stage, "#ffffff", 150, 0.34)
    if plan.weather == "rain":
        return faded(rain(stage, mix(stage.palette.pale, stage.palette.sky[1], 0.35)), 0.5)
    if plan.weather == "mist":
        levels = ((2, 12, 0.34), (-16, 10, 0.26), (9, 9, 0.3))
        return "".join(fog(stage, stage.ground + stage.unit * y, stage.unit * deep, dim) for y, deep, dim in levels)
    return ""


def _room(stage: Stage, x: float, turn: int, size: Box, foot: float) -> float:
    """Give the share of its size that a companion can have without reaching the title or the edge."""
    edge = stage.width - stage.unit * 2 if turn > 0 else stage.unit * 2
    share = abs(edge - (x - turn * size.width / 2)) / size.width
    if stage.title and stage.side and turn == -stage.side:
        share = min(share, (foot - stage.title.bottom - stage.unit * 3) / size.height)
    return max(0.2, share)


def _placed(plan: Plan, stage: Stage, motif: Motif, x: float, foot: float, scale: float, hat: Hat | None) -> str:
    """Put a motif on its feet at a point, in the colours of this light."""
    shapes = motif.shapes
    if hat and motif.hat:
        hx, hy, brim = motif.hat
        tilt = -7 if hat.name != "crown" else 0
        shapes += f'<g transform="translate({hx} {hy}) rotate({tilt}) scale({brim / 100:.3f})">{hat.shapes}</g>'
    palette = plan.palette
    dim = palette.dimness * (0.45 if plan.scene.indoors else 1)

    def graded(found: re.Match[str]) -> str:
        digits = found.group(1)
        full = "#" + ("".join(c * 2 for c in digits) if len(digits) == 3 else digits)
        return mix(lit_by(full, palette.cast, dim), palette.mid, 0.16 * dim)

    if motif.is_luminous:
        lit = f'<g transform="{_move(motif, x, foot, scale)}" color="{palette.glow}">{shapes}</g>'
        return blurred(lit, stage.unit * 1.2) + lit
    shapes = re.sub(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b", graded, shapes)
    move = _move(motif, x, foot, scale)
    side = (
        "lit-left"
        if stage.light[0] < x - stage.unit * 8
        else "lit-right"
        if stage.light[0] > x + stage.unit * 8
        else "lit"
    )
    return f'<g filter="url(#{side})"><g transform="{move}" color="{palette.glow}">{shapes}</g></g>'


def _move(motif: Motif, x: float, foot: float, scale: float) -> str:
    left, top, width, height = motif.box
    to_origin = f"translate({-left - width / 2:.1f} {-top - height:.1f})"
    return f"translate({number(x)} {number(foot)}) scale({scale:.4f}) {to_origin}"


def _shadow(x: float, foot: float, wide: float, stage: Stage) -> str:
    dark = blurred(ellipse(x, foot, wide * 0.48, stage.unit * 1.5, stage.palette.ink), stage.unit * 0.9)
    return faded(dark, 0.6)


def _lighting(stage: Stage) -> str:
    """Define how light falls on a motif: a bright rim towards it, shade away from it."""
    edge, shade = stage.unit * 0.5, stage.unit * 4
    night = stage.palette.night
    rim = mix(stage.palette.light, "#ffffff", 0.25)
    filters = ""
    for name, turn in (("lit", 0.0), ("lit-left", 0.8), ("lit-right", -0.8)):
        filters += (
            f'<filter id="{name}" x="-8%" y="-8%" width="116%" height="116%" color-interpolation-filters="sRGB">'
            f'<feOffset in="SourceAlpha" dx="{edge * turn:.1f}" dy="{edge:.1f}" result="lower"/>'
            '<feComposite in="SourceAlpha" in2="lower" operator="out" result="strip"/>'
            f'<feGaussianBlur in="strip" stdDeviation="{edge * 0.35:.1f}" result="soft"/>'
            f'<feFlood flood-color="{rim}" flood-opacity="{0.85 if night else 0.6}"/>'
            '<feComposite in2="soft" operator="in"/>'
            '<feComposite in2="SourceAlpha" operator="in" result="rim"/>'
            f'<feOffset in="SourceAlpha" dx="{-shade * turn:.1f}" dy="{-shade:.1f}" result="upper"/>'
            f'<feGaussianBlur in="upper" stdDeviation="{shade * 0.7:.1f}" result="upper"/>'
            '<feComposite in="SourceAlpha" in2="upper" operator="out" result="under"/>'
            f'<feFlood flood-color="{stage.palette.ink}" flood-opacity="{0.5 if night else 0.26}"/>'
            '<feComposite in2="under" operator="in" result="shade"/>'
            '<feMerge><feMergeNode in="SourceGraphic"/><feMergeNode in="shade"/><feMergeNode in="rim"/></feMerge>'
            "</filter>"
        )
    return filters


def _vignette(stage: Stage) -> str:
    colour = stage.palette.ink if stage.palette.night else mix(stage.palette.near, stage.palette.sky[0], 0.5)
    strength = 0.62 if stage.palette.night else 0.26
    return outward("vignette", (0, colour, 0), (0.62, colour, 0), (1, colour, strength)) + rect(
        -stage.width * 0.2, -stage.height * 0.2, stage.width * 1.4, stage.height * 1.4, "url(#vignette)"
    )
