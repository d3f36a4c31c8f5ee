"""The pictures of phones: HEIC and HEIF."""

from __future__ import annotations

import io

import pillow_heif
import pytest
import pyvips
from PIL import Image

from pressroom.errors import BadInput
from pressroom.imaging.picture_opening import PictureLimits, open_picture
from pressroom.pictures import PictureSettings
from pressroom.variants import Variant, make_variants
from tests.photos import photo, wanted


def heic(mode: str = "RGB", size: tuple[int, int] = (90, 60), **more: object) -> bytes:
    picture = Image.frombytes("RGB", size, photo(*size).write_to_memory()).convert(mode)
    written = io.BytesIO()
    pillow_heif.from_pillow(picture).save(written, **more)
    return written.getvalue()


def made(data: bytes, *formats: str) -> Variant:
    settings = PictureSettings(keep=("copyright",))
    asked = wanted("one", settings, formats=formats or ("image/jpeg",), best_width=60, best_height=60)
    return make_variants(data, [asked])["one"]


def point(variant: Variant, x: int, y: int) -> list[float]:
    colour: list[float] = pyvips.Image.new_from_buffer(variant.data, "").getpoint(x, y)
    return colour


@pytest.mark.parametrize("size", [(90, 60), (91, 61), (65, 33)])
def test_a_phones_picture_is_read_whatever_its_size(size: tuple[int, int]) -> None:
    variant = made(heic(size=size))
    assert variant.width == 60
    assert point(variant, 15, variant.height // 4)[0] > 180


@pytest.mark.parametrize("mode", ["L", "RGBA"])
def test_grey_ones_and_ones_with_an_alpha_are_read(mode: str) -> None:
    assert made(heic(mode)).width == 60


def test_it_is_turned_once() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8298] = "(c) Me"
    picture = pillow_heif.from_bytes("RGB", (60, 90), photo(90, 60).rot270().write_to_memory())
    written = io.BytesIO()
    # Both the container and the EXIF say how it lies, as phones have it; the container counts.
    picture.save(written, quality=95, exif=exif.tobytes())
    variant = made(written.getvalue())
    assert (variant.width, variant.height) == (60, 40)
    assert point(variant, 15, 10)[0] > 180
    assert b"(c) Me" in variant.data


def test_a_wide_profile_is_converted() -> None:
    profile = pyvips.Operation.call("profile_load", "p3")
    flat = pyvips.Image.black(64, 64, bands=3).linear(1, [200, 60, 60]).cast("uchar")
    picture = Image.frombytes("RGB", (64, 64), flat.write_to_memory())
    picture.info["icc_profile"] = profile
    written = io.BytesIO()
    pillow_heif.from_pillow(picture).save(written, quality=95)
    red, green, _ = point(made(written.getvalue()), 20, 20)
    assert red > 212
    assert green < 52


def test_limits_hold_before_anything_is_decoded() -> None:
    data = heic()
    with pytest.raises(BadInput, match="at most 5,399 in all"):
        open_picture(data, PictureLimits(max_pixels=5399))
    with pytest.raises(BadInput, match="bytes of memory to decode"):
        open_picture(data, PictureLimits(max_decoded_bytes=30_000))


def test_a_box_without_a_picture_is_refused() -> None:
    with pytest.raises(BadInput, match="damaged"):
        made(b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(200))
