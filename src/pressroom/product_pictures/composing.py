"""Sets the words over a finished scene: name, price and offer, legible whatever the scene shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pressroom.fonts import WORLD, Face
from pressroom.lettering.drawing import Drawn
from pressroom.product_pictures.badge import Badge, badge_style, disc_for, is_for_a_disc, label_for
from pressroom.product_pictures.colour import RGB
from pressroom.product_pictures.layout import Box, Layout
from pressroom.product_pictures.legibility import coloured_ink, made_legible
from pressroom.product_pictures.palette import Palette
from pressroom.product_pictures.typesetting import CAPITALS, SetText, Style, draw_line, set_text
from pressroom.product_pictures.wording import ProductWords

if TYPE_CHECKING:
    import pyvips


@dataclass(frozen=True, slots=True)
class Lettered:
    """A scene with its words."""

    image: pyvips.Image
    text: str
    """What can be read in it."""
    contrast: float
    """The worst of the name and the price to what is behind them."""
    places: tuple[Box, ...]
    """Where the words stand: brand, name, price, badge."""


@dataclass(frozen=True, slots=True)
class _Line:
    drawn: Drawn
    left: int
    top: int
    is_struck: bool = False
    is_price: bool = False

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.drawn.width, self.drawn.height)


def set_words(image: pyvips.Image, words: ProductWords, layout: Layout, palette: Palette) -> Lettered:
    """Set the words over a scene of the layout's size. Raises `NoFace` for what no font can draw."""
    block = _block(words, layout, palette)
    places = [_within(line.box, layout) for line in block.lines]
    ground = made_legible(image, places, layout, palette)
    image = ground.image
    priced = [place for line, place in zip(block.lines, places, strict=True) if line.is_price]
    price_ink = coloured_ink(image, priced, palette, ground) if priced else ground.ink
    for line in block.lines:
        ink = price_ink if line.is_price else ground.ink
        image = _inked(image, line.drawn, ink, line.left, line.top)
        if line.is_struck:
            image = _struck(image, line, ink)
    badge = block.badge
    if badge is not None:
        image = _with_badge(image, badge, palette, layout)
        places.append(Box(badge.left, badge.top, badge.width, badge.height))
    return Lettered(image.copy_memory(), " · ".join(block.said), ground.contrast, tuple(places))


@dataclass(frozen=True, slots=True)
class _Block:
    lines: tuple[_Line, ...]
    badge: Badge | None
    said: tuple[str, ...]


def _block(words: ProductWords, layout: Layout, palette: Palette) -> _Block:
    """Place label, brand, name and price one below the other; a short offer goes on a disc instead."""
    unit, box = layout.unit, layout.words
    rtl, language = words.is_right_to_left, words.language
    brand_style = Style(unit * 2.5, unit * 1.7, (Face("label"),), 0.14, language, rtl, most_lines=1)
    price_style = Style(unit * 6.0, unit * 2.8, (WORLD,), 0.0, language, rtl, most_lines=1)
    largest = unit * (9.4 if layout.calm == "bottom" else 8.6)
    name_style = Style(largest, unit * 3.7, (WORLD,), -0.012, language, rtl)
    brand = set_text(words.brand.upper(), box.width, unit * 3, brand_style) if words.brand else None
    price = set_text(words.price, box.width, unit * 7, price_style) if words.price else None
    badge = _badge(words, layout, palette)
    label = badge if badge is not None and not is_for_a_disc(words.offer) else None
    for_label = label.height + unit * 2.6 if label else 0.0
    for_brand = brand.size * CAPITALS + unit * 2.0 if brand else 0.0
    for_price = price.height + unit * 3.2 if price else 0.0
    name = set_text(words.name, box.width, box.height - for_label - for_brand - for_price, name_style)
    spare = max(0.0, box.height - for_label - for_brand - name.height - for_price)
    y = box.top + spare * 0.5
    if label:
        left = box.right - label.width if rtl else box.left
        badge = replace(label, left=left, top=round(y))
        y += for_label
    lines: list[_Line] = []
    said = [text.text for text in (brand, name, price) if text is not None]
    if brand:
        lines += _placed(brand, brand_style, box, y, rtl)
        said[0] = words.brand
        y += for_brand
    lines += _placed(name, name_style, box, y, rtl)
    if price:
        (line,) = _placed(price, price_style, box, y + name.height + unit * 3.2, rtl)
        lines.append(replace(line, is_price=True))
        was = _original(words.original, line, price.size, price_style, box, rtl) if words.original else None
        lines += [was] if was else []
        said += [words.original] if was else []
    if badge is not None:
        said.append(badge.words.text)
    return _Block(tuple(lines), badge, tuple(said))


def _badge(words: ProductWords, layout: Layout, palette: Palette) -> Badge | None:
    if not words.offer:
        return None
    style = badge_style(words.offer, layout, words.language)
    if is_for_a_disc(words.offer):
        return disc_for(words.offer, layout, palette, style, is_on_the_left=words.is_right_to_left)
    return label_for(words.offer, layout.words.width, layout, palette, style)


def _placed(text: SetText, style: Style, box: Box, top: float, rtl: bool) -> list[_Line]:
    """Draw lines with their capitals' tops at `top`, at the side where reading begins."""
    placed = []
    for number, line in enumerate(text.lines):
        drawn = draw_line(line, text.size, style)
        baseline = top + text.size * (CAPITALS + text.leading * number)
        left = box.right - drawn.width if rtl else box.left
        placed.append(_Line(drawn, left, round(baseline - drawn.baseline)))
    return placed


def _original(text: str, price: _Line, size: float, style: Style, box: Box, rtl: bool) -> _Line | None:
    """Set the price before beside the price, on one line with it, if there is room."""
    drawn = draw_line(text, size * 0.56, style)
    gap = round(size * 0.42)
    left = price.left - gap - drawn.width if rtl else price.left + price.drawn.width + gap
    if left < box.left or left + drawn.width > box.right:
        return None
    baseline = price.top + price.drawn.baseline
    return _Line(drawn, left, baseline - drawn.baseline, is_struck=True)


def _within(box: Box, layout: Layout) -> Box:
    """Return what is behind words and closely around them."""
    room = max(2, round(layout.unit * 0.5))
    left, top = max(0, box.left - room), max(0, box.top - room)
    right, bottom = min(layout.width, box.right + room), min(layout.height, box.bottom + room)
    return Box(left, top, right - left, bottom - top)


def _inked(image: Any, drawn: Drawn, ink: RGB, left: int, top: int) -> Any:
    layer = drawn.ink.new_from_image(list(ink)).copy(interpretation="srgb").bandjoin(drawn.ink)
    image = image.composite2(layer, "over", x=left, y=top)
    if drawn.colours is not None:
        image = image.composite2(drawn.colours, "over", x=left, y=top)
    return image.extract_band(0, n=3).cast("uchar").copy_memory()


def _struck(image: Any, line: _Line, ink: RGB) -> Any:
    thick = max(2, round(line.drawn.height * 0.08))
    middle = line.top + round(line.drawn.baseline * 0.54)
    reach = thick
    return image.draw_rect(
        list(ink), line.left - reach, middle - thick // 2, line.drawn.width + 2 * reach, thick, fill=True
    )


def _with_badge(image: Any, badge: Badge, palette: Palette, layout: Layout) -> Any:
    form = badge.form()
    room = round(layout.unit * 3)
    soft = form.embed(room, room, form.width + 2 * room, form.height + 2 * room).gaussblur(layout.unit * 0.9)
    shade = soft.new_from_image(list(palette.shade.rgb)).copy(interpretation="srgb").cast("uchar")
    image = image.composite2(
        shade.bandjoin((soft * 0.3).cast("uchar")),
        "over",
        x=badge.left - room,
        y=badge.top - room + round(layout.unit * 0.5),
    )
    fill = form.new_from_image(list(badge.fill)).copy(interpretation="srgb").bandjoin(form)
    image = image.composite2(fill, "over", x=badge.left, y=badge.top).extract_band(0, n=3).cast("uchar")
    drawn = [draw_line(line, badge.words.size, badge.style) for line in badge.words.lines]
    step = badge.words.size * badge.words.leading
    first = badge.top + (badge.height - step * (len(drawn) - 1)) / 2 + badge.words.size * 0.36
    for number, one in enumerate(drawn):
        left = badge.left + (badge.width - one.width) // 2
        image = _inked(image, one, badge.ink, left, round(first + step * number - one.baseline))
    return image
