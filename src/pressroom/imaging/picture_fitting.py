"""Makes one variant's pixels of the shared picture: cut, reduced, sharpened, padded, as its frame says."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from pressroom.imaging.framing import Frame
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
    def point_of_attention(self) -> tuple[float, float]:
        """Where people look first, as shares of the width and the height: looked for once, for all variants."""
        by = max(1, max(self.flat.width, self.flat.height) // _SMALL)
        small = self.flat.shrink(min(by, self.flat.width), min(by, self.flat.height)).copy_memory()
        # libvips blurs by the size of the cut before it decides; half the picture finds a face, not a coloured sky.
        side = max(1, min(small.width, small.height) // 2)
        found: dict[str, int] = small.smartcrop(
            side, side, interesting="attention", attention_x=True, attention_y=True
        )[1]
        return found["attention_x"] / small.width, found["attention_y"] / small.height


def fit(shared: SharedPicture, frame: Frame, picture: PictureSettings, *, has_alpha: bool) -> pyvips.Image:
    """Return the variant, computed when it is asked for and each time; `frame` must be one of the shared shape."""
    source = shared.image if has_alpha or frame.is_padded else shared.flat
    if picture.sharpen and frame.scale < 1:
        # This kernel makes smaller and sharpens in one go, without the halos of sharpening on top of Lanczos.
        whole = resized(source, *frame.whole, kernel="mks2013")
        fitted = _cut(shared, whole, frame, picture)
        fitted = _sharpened(fitted) if whole is source else fitted
    else:
        fitted = _cut(shared, resized(source, *frame.whole), frame, picture)
    if frame.is_padded:
        fitted = _padded(shared, fitted, frame, picture)
    return fitted


def resized(image: Any, width: int, height: int, kernel: str = "lanczos3") -> Any:
    """Return the picture in exactly that size; the very same one if it has it."""
    if (image.width, image.height) == (width, height):
        return image
    across, down = width / image.width, height / image.height
    if not image.hasalpha():
        return image.resize(across, vscale=down, kernel=kernel)
    # Else the hidden colours of transparent pixels would shine through at edges.
    return image.premultiply().resize(across, vscale=down, kernel=kernel).unpremultiply().cast(image.format)


def _cut(shared: SharedPicture, image: Any, frame: Frame, picture: PictureSettings) -> Any:
    if (image.width, image.height) == (frame.width, frame.height):
        return image
    across, down = 0.5, 0.5
    if picture.position == "attention":
        across, down = shared.point_of_attention
    left = min(max(0, round(across * image.width - frame.width / 2)), image.width - frame.width)
    top = min(max(0, round(down * image.height - frame.height / 2)), image.height - frame.height)
    return image.crop(left, top, frame.width, frame.height)


def _sharpened(image: Any) -> Any:
    """Sharpen what the decoder itself has made smaller, as much as the kernel does else: detail by about a tenth."""
    import pyvips

    kernel = pyvips.Image.new_from_list([[-1, -2, -1], [-2, 92, -2], [-1, -2, -1]], scale=80)
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
