"""RAW files of cameras: the JPEG that the camera put inside, or the sensor's data developed."""

from __future__ import annotations

import sys

import pytest
import pyvips

from pressroom.errors import BadInput
from pressroom.imaging.picture_opening import PictureLimits, open_picture
from pressroom.media import media_type_of
from pressroom.variants import Variant, make_variants
from tests.photos import photo, wanted
from tests.raw_files import dng


def made(data: bytes, best: int = 120) -> Variant:
    return make_variants(data, [wanted("one", best_width=best, best_height=best)])["one"]


def spot(variant: Variant) -> list[float]:
    """Return the colour where the bright spot of an upright `photo` lies."""
    picture = pyvips.Image.new_from_buffer(variant.data, "")
    colour: list[float] = picture.getpoint(picture.width // 4, picture.height // 4)
    return colour


def lying(degrees: int) -> pyvips.Image:
    """Return an upright photo of 240x360 as a camera that is held sideways sees it."""
    return getattr(photo(240, 360), f"rot{degrees}")() if degrees else photo(240, 360)


@pytest.mark.parametrize("best", [120, 360])
def test_a_raw_without_a_preview_is_developed(best: int) -> None:
    data = dng(photo(360, 240))
    assert media_type_of(data) == "image/x-adobe-dng"
    variant = made(data, best)
    assert (variant.width, variant.height) == (best, best * 2 // 3)
    assert spot(variant)[0] > 180
    assert spot(variant)[2] < 110


def test_the_cameras_own_full_size_jpeg_is_taken() -> None:
    assert spot(made(dng(photo(360, 240), preview=photo(360, 240).invert().jpegsave_buffer())))[2] > 180


def test_a_small_or_broken_preview_is_not() -> None:
    small = photo(160, 106).invert().jpegsave_buffer()
    broken = photo(360, 240).invert().jpegsave_buffer()[:60]
    for preview in (small, broken):
        assert spot(made(dng(photo(360, 240), preview=preview)))[0] > 180


@pytest.mark.parametrize(("orientation", "degrees"), [(1, 0), (6, 270), (8, 90)])
@pytest.mark.parametrize("has_preview", [True, False])
def test_it_stands_upright_however_the_camera_was_held(orientation: int, degrees: int, has_preview: bool) -> None:
    scene = lying(degrees)
    preview = scene.jpegsave_buffer(keep="none") if has_preview else b""
    data = dng(scene, preview=preview, orientation=orientation)
    opened = open_picture(data, PictureLimits())
    assert (opened.width, opened.height) == (240, 360)
    variant = made(data)
    assert (variant.width, variant.height) == (80, 120)
    assert spot(variant)[0] > 180


def test_a_preview_that_says_itself_how_it_lies_is_not_turned_twice() -> None:
    scene = lying(270).copy()
    scene.set_type(pyvips.GValue.gint_type, "orientation", 6)
    variant = made(dng(scene, preview=scene.jpegsave_buffer(), orientation=6))
    assert (variant.width, variant.height) == (80, 120)
    assert spot(variant)[0] > 180


def test_upside_down_is_turned_too() -> None:
    scene = photo(360, 240).rot180()
    for preview in (scene.jpegsave_buffer(keep="none"), b""):
        assert spot(made(dng(scene, preview=preview, orientation=3)))[0] > 180


def test_limits_hold_for_the_sensor_too() -> None:
    data = dng(photo(360, 240))
    for limits in (PictureLimits(max_pixels=86_399), PictureLimits(max_decoded_bytes=500_000)):
        with pytest.raises(BadInput, match="at most"):
            open_picture(data, limits)


@pytest.mark.parametrize("data", [dng(photo(360, 240))[:700], b"FUJIFILMCCD-RAW " + bytes(400)])
def test_a_part_of_a_raw_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="damaged"):
        made(data)


def test_without_the_library_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rawpy", None)
    with pytest.raises(BadInput) as caught:
        made(dng(photo(360, 240)))
    assert 'pip install "pressroom[raw]"' in caught.value.todo
