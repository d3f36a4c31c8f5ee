"""One photo becomes what each network wants."""

from __future__ import annotations

import pytest
import pyvips

from pressroom.errors import BadInput
from pressroom.pictures import PictureSettings
from pressroom.variants import make_variants, refusals
from tests.photos import photo, wanted


def opened(data: bytes) -> pyvips.Image:
    return pyvips.Image.new_from_buffer(data, "", fail_on="warning")


def test_every_channel_gets_its_own_size() -> None:
    made = make_variants(
        photo(1200, 800).jpegsave_buffer(),
        [
            wanted("square", PictureSettings(shape="crop", width=300, height=300)),
            wanted("wide", PictureSettings(shape="pad", width=400, height=100)),
            wanted("free", best_width=600, best_height=600),
        ],
    )
    sizes = {name: (variant.width, variant.height) for name, variant in made.items()}
    assert sizes == {"square": (300, 300), "wide": (400, 100), "free": (600, 400)}
    for variant in made.values():
        picture = opened(variant.data)
        assert (picture.width, picture.height, variant.media_type) == (variant.width, variant.height, "image/jpeg")
        assert not variant.is_original


def test_a_picture_that_is_what_the_network_wants_stays_as_it_is() -> None:
    data = photo(600, 400).jpegsave_buffer(keep="none")
    variant = make_variants(data, [wanted("one")])["one"]
    assert variant.is_original
    assert variant.data == data


def test_a_picture_too_small_for_its_network_is_refused_with_the_setting_that_helps() -> None:
    data = photo(200, 200).jpegsave_buffer()
    asked = [wanted("feed", min_width=320), wanted("other")]
    with pytest.raises(BadInput) as caught:
        make_variants(data, asked)
    assert "feed" in caught.value.what
    assert "320" in caught.value.what
    assert "enlarge_at_most = 1.6" in caught.value.todo
    assert list(refusals(data, asked)) == ["feed"]
    larger = wanted("feed", PictureSettings(enlarge_at_most=1.6), min_width=320)
    assert make_variants(data, [larger])["feed"].width == 320
