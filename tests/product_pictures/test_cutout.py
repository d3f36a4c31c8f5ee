"""What is taken for the product, and what for its background."""

from __future__ import annotations

import pytest
import pyvips

from pressroom.product_pictures.cutout import Cutout, cut_out
from tests.product_pictures.shop import busy_photo, jpeg, photo


def cut(image: pyvips.Image) -> Cutout:
    found = cut_out(image.copy_memory())
    assert found is not None
    return found


def alpha(found: Cutout, x: int, y: int) -> float:
    return float(found.mask.getpoint(x, y)[0])


@pytest.mark.parametrize("colour", ["clay", "dark", "blue"])
@pytest.mark.parametrize("ground", ["#ffffff", "#f1f2f4", "#dfe6ee"])
def test_a_product_is_told_from_a_plain_background(colour: str, ground: str) -> None:
    found = cut(photo("mug", colour, ground))
    assert alpha(found, 230, 300) > 250, "its middle is product"
    assert alpha(found, 20, 20) == alpha(found, 480, 480) == 0
    assert found.background is not None
    assert all(abs(a - int(ground[at : at + 2], 16)) <= 3 for a, at in zip(found.background, (1, 3, 5), strict=True))


def test_its_shadow_is_not_the_product() -> None:
    found = cut(photo("mug", "clay"))
    assert alpha(found, 95, 408) < 60
    assert found.box.left >= 100
    assert found.box.bottom <= 425


def test_the_background_is_seen_through_a_handle() -> None:
    assert alpha(cut(photo("mug", "blue")), 368, 260) < 20
    assert alpha(cut(photo("hoop", "dark")), 245, 300) < 20


def test_a_pale_product_stays_whole() -> None:
    found = cut(photo("mug", "pale"))
    assert all(alpha(found, x, y) > 200 for x in (190, 240, 300) for y in (200, 280, 350))


def test_noise_of_a_jpeg_is_no_product() -> None:
    found = cut(pyvips.Image.new_from_buffer(jpeg(photo("mug", "clay"), 40), ""))
    assert found.box.left >= 95
    assert found.box.top >= 105


def test_transparency_is_the_cutout_that_somebody_else_made() -> None:
    shape = pyvips.Image.black(300, 300).draw_circle(255, 150, 150, 90, fill=True)
    image = pyvips.Image.black(300, 300, bands=3).copy(interpretation="srgb").bandjoin(shape)
    found = cut(image)
    assert found.background is None
    assert (found.box.left, found.box.width) == (60, 181)


def test_a_background_that_is_not_plain_is_told() -> None:
    assert cut_out(busy_photo()) is None


def test_nothing_before_a_plain_background_is_no_product() -> None:
    assert cut_out(pyvips.Image.black(300, 300, bands=3).copy(interpretation="srgb") + 250) is None


def test_what_touches_one_edge_is_cut_out_all_the_same() -> None:
    found = cut(photo("mug", "clay").crop(0, 0, 500, 380))
    assert found.box.bottom == 380
