"""Makes one variant's pixels of the shared picture: cut, reduced, sharpened, padded, as its frame says."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from pressroom.framing import Frame
from pressroom.pictures import PictureSettings

if TYPE_CHECKING:
    import pyvips

_SMALL = 256
"""Pixels of the longest side: where people look is found out on a copy of this size."""
_SOFT = 8
"""A blurred background is computed this much smaller; nobody can see that."""
_BLUR = 6.0
"""Of the background, in pixels of that smaller copy."""
_DIMMED = 0.75
WHITE = (255, 255, 255)


class SharedPicture:
    """The decoded picture from which every variant is cut."""

    def __init__(self, image: pyvips.Image) -> None:
        self.image = image

    @cached_property
    def flat(self) -> pyvips.Image:
        """On white, for what takes no transparency."""
        return self.image.flatten(background=WHITE).copy_memory() if self.image.hasalpha() else self.image

    @cached_property
    def _small(self) -> pyvips.Image:
        by = max(1, max(self.flat.width, self.flat.height) // _SMALL)
        return self.flat.shrink(min(by, self.flat.width), min(by, self.flat.height)).copy_memory()

    def point_of_attention(self, across: float, down: float) -> tuple[float, float]:
        """Return where a cut should have its middle; it, and the cut's size, as shares of the width and the height."""
        small = self._small
        size = max(1, round(across * small.width)), max(1, round(down * small.height))
        found: dict[str, int] = small.smartcrop(*size, interesting="attention", attention_x=True, attention_y=True)[1]
        return found["attention_x"] / small.width, found["attention_y"] / small.height


def fit(shared: SharedPicture, frame: Frame, picture: PictureSettings, *, has_alpha: bool) -> pyvips.Image:
    """Return the variant in memory; `frame` must have been made for a picture of the shape of the shared one."""
    source = shared.image if has_alpha or frame.is_padded else shared.flat
    fitted = _cut(shared, resized(source, *frame.whole), frame, picture)
    if picture.sharpen and frame.scale < 1:
        fitted = _sharpened(fitted)
    if frame.is_padded:
        fitted = _padded(shared, fitted, frame, picture)
    return fitted.copy_memory()


def resized(image: Any, width: int, height: int) -> Any:
    """Return the picture in exactly that size, by Lanczos."""
    if (image.width, image.height) == (width, height):
        return image
    across, down = width / image.width, height / image.height
    if not image.hasalpha():
        return image.resize(across, vscale=down)
    # Else the hidden colours of transparent pixels would shine through at edges.
    return image.premultiply().resize(across, vscale=down).unpremultiply().cast(image.format)


def _cut(shared: SharedPicture, image: Any, frame: Frame, picture: PictureSettings) -> Any:
    if (image.width, image.height) == (frame.width, frame.height):
        return image
    across, down = 0.5, 0.5
    if picture.position == "attention":
        across, down = shared.point_of_attention(frame.width / image.width, frame.height / image.height)
    left = min(max(0, round(across * image.width - frame.width / 2)), image.width - frame.width)
    top = min(max(0, round(down * image.height - frame.height / 2)), image.height - frame.height)
    return image.crop(left, top, frame.width, frame.height)


def _sharpened(image: Any) -> Any:
    """Return it with its finest detail 1.5 times as strong, in whole numbers, which the processor does in one go."""
    import pyvips

    kernel = pyvips.Image.new_from_list([[-1, -2, -1], [-2, 44, -2], [-1, -2, -1]], scale=32)
    if not image.hasalpha():
        return image.conv(kernel, precision="integer")
    # Sharpening an outline would draw a seam around it.
    return image.extract_band(0, n=3).conv(kernel, precision="integer").bandjoin(image.extract_band(3))


def _padded(shared: SharedPicture, image: Any, frame: Frame, picture: PictureSettings) -> Any:
    import pyvips

    width, height = frame.canvas_width, frame.canvas_height
    left, top = (width - frame.width) // 2, (height - frame.height) // 2
    if picture.background == "blur":
        canvas = _blurred(shared.flat, width, height)
        image = image.flatten(background=WHITE) if image.hasalpha() else image
    else:
        colour = [int(picture.background[at : at + 2], 16) for at in (1, 3, 5)]
        canvas = (pyvips.Image.black(width, height, bands=3) + colour).cast("uchar").copy(interpretation="srgb")
        image = image.flatten(background=colour) if image.hasalpha() else image
    return canvas.insert(image, left, top)


def _blurred(image: Any, width: int, height: int) -> Any:
    """Return the picture blown up over the whole canvas, blurred and a little darker, so that it stays behind."""
    w, h = -(-width // _SOFT), -(-height // _SOFT)
    scale = max(w / image.width, h / image.height)
    soft = resized(image, max(w, round(image.width * scale)), max(h, round(image.height * scale)))
    soft = soft.crop((soft.width - w) // 2, (soft.height - h) // 2, w, h).gaussblur(_BLUR)
    soft = (soft * _DIMMED).cast("uchar").copy_memory()
    return soft.resize(width / w, vscale=height / h, kernel="cubic").copy(interpretation="srgb")
