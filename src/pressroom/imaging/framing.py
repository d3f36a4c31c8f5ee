"""Which part of a picture stays, and how large it becomes: pure geometry, from rules and wishes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pressroom.errors import BadInput
from pressroom.pictures import PictureSettings
from pressroom.publishers.base import ImageRules

_MOST_ENLARGED = 4.0
"""What `PictureSettings.enlarge_at_most` allows; beyond it no setting helps."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How one variant is cut out of a picture. Where the cut lies is decided by looking, not by geometry."""

    source_width: float
    source_height: float
    cut_width: float
    """Of the part that stays, in pixels of the source."""
    cut_height: float
    width: int
    """What that part becomes."""
    height: int
    canvas_width: int
    """Of the variant; larger than the part where it is padded."""
    canvas_height: int

    @property
    def scale(self) -> float:
        """Pixels of the variant for each pixel of the source, in the direction that needs more."""
        return max(self.width / self.cut_width, self.height / self.cut_height)

    @property
    def whole(self) -> tuple[int, int]:
        """The size of the whole picture when the part that stays has the size of the variant."""
        across = self.width * self.source_width / self.cut_width
        down = self.height * self.source_height / self.cut_height
        return max(self.width, round(across)), max(self.height, round(down))

    @property
    def is_padded(self) -> bool:
        return (self.canvas_width, self.canvas_height) != (self.width, self.height)

    @property
    def leaves_alone(self) -> bool:
        """Whether the picture already has the size and shape that is wanted."""
        size = (self.source_width, self.source_height)
        return not self.is_padded and (self.width, self.height) == self.whole == size


def frame(width: float, height: float, rules: ImageRules, picture: PictureSettings, *, name: str) -> Frame:
    """Return the frame of a picture of that size for the channel called `name`.

    Raises `BadInput`, with the setting that would help, if no allowed variant can be made of it.
    """
    if picture.shape == "keep":
        framed = _kept(width, height, rules, picture)
    elif picture.shape == "crop":
        framed = _cropped(width, height, rules, _box(rules, picture, name), picture.enlarge_at_most)
    else:
        framed = _padded(width, height, rules, _box(rules, picture, name), picture.enlarge_at_most)
    _check_width(framed, width, rules, picture, name)
    return framed


def allowed(width: float, height: float, rules: ImageRules) -> tuple[int, int]:
    """Return the size in whole pixels, after rounding still within what the network allows."""
    shrink = min(1.0, _room(width, height, rules))
    w, h = max(1, round(width * shrink)), max(1, round(height * shrink))
    if rules.max_pixels and w * h > rules.max_pixels:
        w, h = max(1, math.floor(width * shrink)), max(1, math.floor(height * shrink))
        # A line of single pixels gets no thinner, so that only its length can give way.
        w, h = min(w, max(1, rules.max_pixels // h)), min(h, max(1, rules.max_pixels // w))
    if rules.narrowest and w / h < rules.narrowest:
        h = max(1, math.floor(w / rules.narrowest))
    if rules.widest and w / h > rules.widest:
        w = max(1, math.floor(h * rules.widest))
    return w, h


def _room(width: float, height: float, rules: ImageRules) -> float:
    """Return by how much a size may at most be multiplied."""
    room = math.inf
    if rules.max_width:
        room = min(room, rules.max_width / width)
    if rules.max_height:
        room = min(room, rules.max_height / height)
    if rules.max_pixels:
        room = min(room, math.sqrt(rules.max_pixels / (width * height)))
    return room


def _kept(width: float, height: float, rules: ImageRules, picture: PictureSettings) -> Frame:
    cut_width, cut_height = width, height
    if rules.narrowest:
        cut_height = min(cut_height, width / rules.narrowest)
    if rules.widest:
        cut_width = min(cut_width, height * rules.widest)
    # A portrait may be as tall as a landscape may be wide: what counts is the longest side that is shown well.
    longest = max(picture.width, picture.height, rules.best_width, rules.best_height)
    scale = min((picture.width or longest) / cut_width, (picture.height or longest) / cut_height)
    room = _room(cut_width, cut_height, rules)
    scale = min(scale, picture.enlarge_at_most, room)
    if rules.min_width > round(cut_width * scale):
        # A very tall picture becomes taller than is best rather than too narrow.
        scale = max(scale, min(rules.min_width / cut_width, picture.enlarge_at_most, room))
    w, h = allowed(cut_width * scale, cut_height * scale, rules)
    return Frame(width, height, cut_width, cut_height, w, h, w, h)


def _box(rules: ImageRules, picture: PictureSettings, name: str) -> tuple[int, int]:
    """Return the size that is asked for, as far as the network allows it; its shape is never changed."""
    width, height = picture.width or rules.best_width, picture.height or rules.best_height
    ratio = width / height
    if (rules.narrowest and ratio < rules.narrowest) or (rules.widest and ratio > rules.widest):
        raise BadInput(
            f"Channel {name} is set to pictures of {width}x{height} pixels, "
            f"which is {'too narrow' if ratio < (rules.narrowest or 0) else 'too wide'} a shape for its network.",
            where=f"[channels.{name}.picture]",
            todo=f"Choose a width that is {_ratios(rules)} times the height.",
        )
    return allowed(width, height, rules)


def _ratios(rules: ImageRules) -> str:
    least, most = f"{rules.narrowest:.3g}", f"{rules.widest:.3g}"
    if not rules.narrowest:
        return f"at most {most}"
    return f"{least} to {most}" if rules.widest else f"at least {least}"


def _cropped(width: float, height: float, rules: ImageRules, box: tuple[int, int], enlarge_at_most: float) -> Frame:
    scale = max(box[0] / width, box[1] / height)
    w, h = _shrunk(box, min(1.0, enlarge_at_most / scale), rules)
    scale = max(w / width, h / height)
    return Frame(width, height, min(width, w / scale), min(height, h / scale), w, h, w, h)


def _padded(width: float, height: float, rules: ImageRules, box: tuple[int, int], enlarge_at_most: float) -> Frame:
    scale = min(box[0] / width, box[1] / height)
    shrink = min(1.0, enlarge_at_most / scale)
    if rules.min_width:
        # Room around the picture on all sides is better than no picture.
        shrink = max(shrink, min(1.0, rules.min_width / box[0]))
    canvas = _shrunk(box, shrink, rules)
    scale = min(canvas[0] / width, canvas[1] / height, enlarge_at_most)
    w, h = min(canvas[0], max(1, round(width * scale))), min(canvas[1], max(1, round(height * scale)))
    return Frame(width, height, width, height, w, h, *canvas)


def _shrunk(box: tuple[int, int], factor: float, rules: ImageRules) -> tuple[int, int]:
    return box if factor >= 1 else allowed(box[0] * factor, box[1] * factor, rules)


def _check_width(framed: Frame, width: float, rules: ImageRules, picture: PictureSettings, name: str) -> None:
    if framed.canvas_width >= rules.min_width:
        return
    what = (
        f"Channel {name} needs a picture at least {rules.min_width} pixels wide; "
        f"this one would be {framed.canvas_width} pixels wide."
    )
    asked = picture.width or rules.best_width
    needed = math.ceil(10 * rules.min_width / framed.cut_width) / 10
    if picture.shape != "keep" and asked < rules.min_width:
        todo = f"Set width to {rules.min_width} or more in [channels.{name}.picture]."
    elif picture.enlarge_at_most < needed <= _MOST_ENLARGED:
        todo = f"Take a larger picture, or set enlarge_at_most = {needed} in [channels.{name}.picture]."
    elif width >= rules.min_width:
        todo = f'It is too tall a shape for this network: crop it, or set shape = "pad" in [channels.{name}.picture].'
    else:
        todo = "Take a larger picture."
    raise BadInput(what, where=f"channel {name}", todo=todo)
