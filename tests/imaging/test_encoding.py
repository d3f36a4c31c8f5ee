"""How a picture meets a limit on bytes: by quality first, by pixels last."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise

import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pressroom.errors import BadInput
from pressroom.imaging.encoding import best_below, writable
from pressroom.pictures import PictureSettings
from pressroom.variants import Variant, make_variants
from tests.photos import photo, wanted

KINDS = ("image/jpeg", "image/webp", "image/avif", "image/png")


def made(
    data: bytes, max_bytes: int, *formats: str, picture: PictureSettings | None = None, min_width: int = 0
) -> Variant:
    asked = wanted("one", picture, formats=formats or ("image/jpeg",), max_bytes=max_bytes, min_width=min_width)
    return make_variants(data, [asked])["one"]


@pytest.fixture(scope="module")
def grainy() -> bytes:
    data: bytes = photo(800, 600, noise=20).pngsave_buffer()
    return data


@pytest.mark.parametrize("media_type", KINDS)
def test_every_format_is_written_as_what_it_says(grainy: bytes, media_type: str) -> None:
    variant = made(grainy, 10_000_000, media_type)
    assert variant.media_type == media_type
    picture = pyvips.Image.new_from_buffer(variant.data, "", fail_on="error")
    assert (picture.width, picture.height) == (variant.width, variant.height) == (800, 600)


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/webp"])
def test_a_limit_on_bytes_is_met_by_less_quality_at_full_size(grainy: bytes, media_type: str) -> None:
    free = made(grainy, 10_000_000, media_type)
    limit = len(free.data) * 6 // 10
    tight = made(grainy, limit, media_type)
    assert (tight.width, tight.height) == (800, 600)
    assert limit * 0.85 < len(tight.data) <= limit


def test_only_a_limit_that_bad_quality_could_not_meet_costs_pixels(grainy: bytes) -> None:
    tiny = made(grainy, 12_000)
    assert len(tiny.data) <= 12_000
    assert tiny.width < 800
    assert tiny.width / tiny.height == pytest.approx(800 / 600, rel=0.02)


def test_a_limit_that_nothing_meets_is_refused(grainy: bytes) -> None:
    with pytest.raises(BadInput, match="too much detail for channel one"):
        made(grainy, 9_000, min_width=600)
    with pytest.raises(BadInput, match="too much detail for channel one"):
        made(grainy, 100)


def test_a_quality_that_is_set_is_used_and_lowered_only_for_the_limit(grainy: bytes) -> None:
    small = made(grainy, 10_000_000, picture=PictureSettings(quality=50))
    large = made(grainy, 10_000_000, picture=PictureSettings(quality=95))
    assert len(small.data) < len(large.data) / 2
    assert len(made(grainy, len(small.data), picture=PictureSettings(quality=95)).data) <= len(small.data)


def test_what_is_transparent_stays_so_where_the_network_takes_it_and_else_lies_on_white() -> None:
    clear = photo(200, 100).bandjoin(pyvips.Image.black(200, 100)).copy(interpretation="srgb")
    half = clear.draw_rect([10, 20, 200, 255], 100, 0, 100, 100, fill=True).pngsave_buffer()
    kept = made(half, 1_000_000, "image/jpeg", "image/png")
    assert kept.media_type == "image/png"
    assert pyvips.Image.new_from_buffer(kept.data, "").getpoint(20, 50)[3] == 0
    flat = made(half, 1_000_000, "image/jpeg")
    left, right = (pyvips.Image.new_from_buffer(flat.data, "").getpoint(x, 50) for x in (20, 150))
    assert left == pytest.approx([255, 255, 255], abs=3)
    assert right == pytest.approx([10, 20, 200], abs=12)


def test_a_transparent_picture_that_is_too_heavy_lossless_goes_on_to_the_next_format() -> None:
    alpha = pyvips.Image.xyz(400, 300)[0].linear(0.5, 0).cast("uchar")
    data = photo(400, 300, noise=30).bandjoin(alpha).pngsave_buffer()
    variant = made(data, 150_000, "image/png", "image/webp")
    assert variant.media_type == "image/webp"
    assert pyvips.Image.new_from_buffer(variant.data, "").hasalpha()


def test_an_alpha_that_hides_nothing_does_not_count() -> None:
    data = photo(1800, 60).bandjoin(255).copy(interpretation="srgb").pngsave_buffer()
    assert made(data, 1_000_000, "image/jpeg", "image/png").media_type == "image/jpeg"


def test_a_jpeg_stays_one_wherever_that_is_possible() -> None:
    data = photo(80, 60).jpegsave_buffer()
    assert made(data, 1_000_000, "image/png", "image/jpeg").media_type == "image/jpeg"
    assert made(data, 1_000_000, "image/png").media_type == "image/png"


def test_jpegs_are_baseline_with_colours_that_every_network_reads(grainy: bytes) -> None:
    picture = Image.open(io.BytesIO(made(grainy, 10_000_000).data))
    assert picture.mode == "RGB"
    assert "progression" not in picture.info


def test_formats_that_cannot_be_written_are_passed_over() -> None:
    assert writable(("image/gif", "image/png", "image/jpeg"), has_alpha=False) == ["image/png", "image/jpeg"]
    assert writable(("image/jpeg", "image/png"), has_alpha=True) == ["image/png", "image/jpeg"]
    with pytest.raises(BadInput, match="image/gif only"):
        made(photo(9, 9).pngsave_buffer(), 1_000, "image/gif")


@given(st.lists(st.integers(1, 400), min_size=60, max_size=60), st.integers(1, 15_000), st.integers(41, 99))
def test_the_search_finds_a_quality_that_fits_if_there_is_one(steps: list[int], limit: int, start: int) -> None:
    sizes = dict(zip(range(40, 100), (sum(steps[: n + 1]) for n in range(60)), strict=True))
    assert all(less < more for less, more in pairwise(sizes.values()))
    asked: list[int] = []
    if sizes[start] <= limit:
        return
    best, size = best_below(limit, _sized(sizes, asked), start=start, size=sizes[start], least=40)
    assert len(asked) <= 7
    assert all(40 <= quality < start for quality in asked)
    if sizes[40] <= limit:
        assert best is not None
        assert len(best) == size <= limit
    else:
        assert best is None
        assert size >= sizes[40]


def _sized(sizes: dict[int, int], asked: list[int]) -> Callable[[int], bytes]:
    def tried(quality: int) -> bytes:
        asked.append(quality)
        return b"x" * sizes[quality]

    return tried
