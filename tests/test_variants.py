"""One photo becomes what each network wants."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import pyvips

from pressroom.errors import BadInput
from pressroom.pictures import PictureSettings
from pressroom.transforms.base import Surroundings, Transform, TransformSettings
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


class Counted(Transform):
    """Turns the picture's colours round, and remembers what it was given."""

    def __init__(self) -> None:
        super().__init__(TransformSettings(use="counted"))
        self.given: list[tuple[int, int]] = []

    def apply(self, image: pyvips.Image, around: Surroundings) -> pyvips.Image:
        self.given.append((image.width, image.height))
        return image.invert()


class Framed(Counted):
    """Puts a wide border around it."""

    def apply(self, image: pyvips.Image, around: Surroundings) -> pyvips.Image:
        return image.embed(50, 50, image.width + 100, image.height + 100, background=[9, 9, 9])


class Broken(Counted):
    def apply(self, image: pyvips.Image, around: Surroundings) -> pyvips.Image:
        return image.crop(5, 5, image.width, image.height)


def crop(width: int, height: int) -> PictureSettings:
    return PictureSettings(shape="crop", width=width, height=height, position="centre")


def test_filters_for_all_work_once_and_filters_for_one_on_its_finished_pixels() -> None:
    data = photo(800, 600).jpegsave_buffer()
    for_all, for_one = Counted(), Counted()
    found = make_variants(
        data,
        [wanted("a", crop(200, 200)), wanted("b", crop(100, 80))],
        filters=[for_all],
        filters_of={"b": [for_one]},
    )
    plain = make_variants(data, [wanted("a", crop(200, 200)), wanted("b", crop(100, 80))])
    assert len(for_all.given) == 1
    assert for_one.given == [(100, 80)]
    a, b, plain_a, plain_b = (opened(one[name].data) for one in (found, plain) for name in ("a", "b"))
    assert (a + plain_a - 255).abs().avg() < 6
    assert (b - plain_b).abs().avg() < 6


def test_a_filter_that_makes_it_larger_does_not_break_the_networks_limits() -> None:
    data = photo(800, 600).jpegsave_buffer()
    asked = [wanted("a", crop(200, 200), max_width=200), wanted("b", best_width=300, best_height=300)]
    for found in (
        make_variants(data, asked, filters=[Framed()]),
        make_variants(data, asked, filters_of={"a": [Framed()], "b": [Framed()]}),
    ):
        assert (found["a"].width, found["a"].height) == (200, 200)
        assert max(found["b"].width, found["b"].height) == 300
        assert max(opened(found["b"].data).getpoint(2, 2)) < 40


def test_a_filter_that_fails_is_named() -> None:
    with pytest.raises(BadInput, match="The filter counted cannot be applied"):
        make_variants(photo(80, 60).jpegsave_buffer(), [wanted("a")], filters=[Broken()])


def test_a_filter_keeps_a_picture_from_staying_as_it_is() -> None:
    data = photo(80, 60).jpegsave_buffer(keep="none")
    assert not make_variants(data, [wanted("a")], filters=[Counted()])["a"].is_original
    assert not make_variants(data, [wanted("a")], filters_of={"a": [Counted()]})["a"].is_original


def test_channels_that_want_the_same_share_one_result() -> None:
    filters = Counted()
    asked = [wanted(name, crop(90, 90)) for name in ("a", "b", "c")]
    found = make_variants(
        photo(400, 300).jpegsave_buffer(), asked, filters_of={"a": [filters], "b": [filters], "c": []}
    )
    assert found["a"] is found["b"]
    assert found["c"] is not found["a"]
    assert len(filters.given) == 1


def test_the_same_input_gives_the_same_bytes() -> None:
    data = photo(900, 700, noise=9).jpegsave_buffer()
    asked = [wanted("a", crop(200, 300)), wanted("b", max_bytes=9000), wanted("c", PictureSettings(shape="pad"))]
    with ThreadPoolExecutor(4) as threads:
        first, *others = threads.map(lambda _: make_variants(data, asked), range(8))
    assert all(other == first for other in others)


def test_a_photo_is_decoded_once_and_no_larger_than_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[int] = []
    real = pyvips.Image.jpegload_source

    def load(source: pyvips.Source, **options: Any) -> pyvips.Image:
        if options.get("access") == "sequential":
            loads.append(options["shrink"])
        return real(source, **options)

    monkeypatch.setattr(pyvips.Image, "jpegload_source", staticmethod(load))
    data = photo(1600, 1200).jpegsave_buffer()
    make_variants(data, [wanted("a", crop(200, 280)), wanted("b", crop(60, 20))])
    make_variants(data, [wanted("a", crop(200, 301))])
    make_variants(data, [wanted("a", crop(900, 300))])
    assert loads == [4, 2, 1]


def test_a_channel_that_takes_nothing_that_can_be_written_is_refused() -> None:
    asked = [wanted("moving", formats=("video/mp4",)), wanted("a")]
    with pytest.raises(BadInput, match="moving"):
        make_variants(photo(80, 60).jpegsave_buffer(), asked)
    assert list(refusals(photo(80, 60).jpegsave_buffer(), asked)) == ["moving"]


def test_nothing_wanted_is_nothing_made_but_a_broken_picture_is_still_told() -> None:
    data = photo(400, 300).jpegsave_buffer()
    assert make_variants(data, []) == {}
    with pytest.raises(BadInput):
        make_variants(data[:3000], [])
