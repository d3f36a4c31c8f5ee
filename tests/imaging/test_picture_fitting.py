"""What variants look like: cut where people look, padded, sharpened a little, enlarged softly."""

from __future__ import annotations

import pytest
import pyvips

from pressroom.imaging.framing import frame
from pressroom.imaging.picture_fitting import SharedPicture, fit
from pressroom.pictures import PictureSettings
from tests.golden_variants import CASES, golden, similarity, variant
from tests.photos import photo, wanted


def fitted(image: pyvips.Image, picture: PictureSettings, *, has_alpha: bool = False) -> pyvips.Image:
    framed = frame(image.width, image.height, wanted("one").rules, picture, name="one")
    return fit(SharedPicture(image), framed, picture, has_alpha=has_alpha)


def detail(image: pyvips.Image) -> float:
    return float(image.colourspace("b-w").sobel().avg())


@pytest.mark.parametrize("case", CASES)
def test_variants_look_as_they_should(case: str) -> None:
    now, then = (pyvips.Image.new_from_buffer(data, "") for data in (variant(case).data, golden(case).read_bytes()))
    assert (now.width, now.height) == (then.width, then.height)
    assert similarity(now, then) > 0.99
    assert (now - then).abs().avg() < 2


def test_the_comparison_can_tell_pictures_apart() -> None:
    one, other = (pyvips.Image.new_from_file(str(golden(f"crop-{at}"))) for at in ("attention", "centre"))
    assert similarity(one, one) == pytest.approx(1)
    assert similarity(one, other) < 0.9
    assert similarity(one, one.gaussblur(1.5)) < 0.97


def test_a_crop_keeps_what_catches_the_eye() -> None:
    """The bright spot of the photo lies at a quarter of its width; the middle misses it."""

    def has_the_spot(position: str) -> bool:
        settings = PictureSettings.model_validate({"shape": "crop", "width": 60, "height": 200, "position": position})
        reds = fitted(photo(600, 200), settings)
        return bool((reds[0] - reds[2]).max() > 150)

    assert has_the_spot("attention")
    assert not has_the_spot("centre")


@pytest.mark.parametrize("share", [0.31, 0.5, 0.77])
def test_sharpening_brings_out_detail_and_leaves_the_light_alone(share: float) -> None:
    scene = photo(600, 400, noise=12)
    size = {"width": round(600 * share), "height": round(400 * share)}
    sharp = fitted(scene, PictureSettings(sharpen=True, **size))
    soft = fitted(scene, PictureSettings(sharpen=False, **size))
    assert 1.02 < detail(sharp) / detail(soft) < 1.3
    assert sharp.avg() == pytest.approx(soft.avg(), abs=0.5)


def test_what_the_decoder_made_smaller_is_sharpened_as_well() -> None:
    half = photo(300, 200, noise=12)
    settings = PictureSettings(width=300, height=200)
    framed = frame(600, 400, wanted("one").rules, settings, name="one")
    sharp = fit(SharedPicture(half), framed, settings, has_alpha=False)
    assert 1.02 < detail(sharp) / detail(half) < 1.3


def test_what_is_not_made_smaller_is_not_sharpened() -> None:
    scene = photo(300, 200)
    assert (fitted(scene, PictureSettings()) - scene).abs().max() == 0


def test_hidden_colours_do_not_shine_through_at_the_edge_of_what_is_transparent() -> None:
    red, hidden_green = [200, 0, 0, 255], [0, 255, 0, 0]
    image = pyvips.Image.black(100, 100, bands=4).linear(1, hidden_green).cast("uchar").copy(interpretation="srgb")
    image = image.draw_rect(red, 0, 0, 49, 100, fill=True)
    kept = fitted(image, PictureSettings(width=33, height=33), has_alpha=True)
    assert kept.bands == 4
    flat = fitted(image, PictureSettings(width=33, height=33))
    for x in range(14, 19):
        red_now, green_now, blue_now = flat.getpoint(x, 16)
        assert green_now <= blue_now + 3, "between red and white there is no green"
        assert red_now >= 195


def test_a_transparent_picture_is_padded_with_the_colour_that_also_lies_behind_it() -> None:
    clear = pyvips.Image.black(80, 40, bands=4).copy(interpretation="srgb").cast("uchar")
    padded = fitted(clear, PictureSettings(shape="pad", width=80, height=80, background="#0a141e"), has_alpha=True)
    assert padded.bands == 3
    assert padded.getpoint(40, 5) == padded.getpoint(40, 40) == [10, 20, 30]
