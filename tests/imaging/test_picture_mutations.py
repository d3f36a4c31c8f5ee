"""Small good files with bytes changed at random: a variant or a sentence, never anything else."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pressroom.errors import BadInput
from pressroom.pictures import PictureSettings
from pressroom.variants import make_variants
from tests.imaging.test_picture_opening import KINDS, kinds
from tests.photos import photo, wanted
from tests.raw_files import dng


@cache
def seeds() -> dict[str, bytes]:
    with_alpha = photo(40, 30).bandjoin(photo(40, 30)[1])
    more = {
        "PNG with alpha": with_alpha.pngsave_buffer(),
        "WebP with alpha": with_alpha.webpsave_buffer(),
        "16 bits": photo(40, 30).colourspace("rgb16").pngsave_buffer(),
        "CMYK": photo(40, 30).icc_transform("cmyk", input_profile="srgb").jpegsave_buffer(keep="exif"),
        "with a profile": photo(40, 30).icc_transform("p3", input_profile="srgb").jpegsave_buffer(),
        "RAW": dng(photo(40, 30)),
        "RAW with a preview": dng(photo(40, 30), preview=photo(40, 30).jpegsave_buffer()),
        "tiled": photo(40, 30).tiffsave_buffer(tile=True, compression="deflate"),
    }
    return kinds() | more


edits = st.lists(
    st.tuples(
        st.sampled_from(["set", "delete", "insert", "cut"]),
        st.floats(0, 1, exclude_max=True),
        st.booleans(),
        st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=6,
)


def edited(data: bytes, changes: list[tuple[str, float, bool, bytes]]) -> bytes:
    for what, share, in_header, piece in changes:
        # The first bytes decide most; half of the changes fall there.
        at = int(share * (min(len(data), 300) if in_header else len(data)))
        if what == "set":
            data = data[:at] + piece + data[at + len(piece) :]
        elif what == "delete":
            data = data[:at] + data[at + len(piece) :]
        elif what == "insert":
            data = data[:at] + piece + data[at:]
        else:
            data = data[:at]
    return data


MORE = ("PNG with alpha", "WebP with alpha", "16 bits", "CMYK", "with a profile", "RAW", "RAW with a preview", "tiled")


@pytest.mark.parametrize("kind", [*KINDS, *MORE])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=edits)
def test_changed_bytes_give_a_variant_or_a_sentence(kind: str, changes: list[tuple[str, float, bool, bytes]]) -> None:
    asked = [
        wanted("keep", formats=("image/jpeg", "image/png", "image/webp"), best_width=50, best_height=50),
        wanted("crop", PictureSettings(shape="crop", width=20, height=20, keep=("copyright", "credit"))),
    ]
    try:
        found = make_variants(edited(seeds()[kind], changes), asked)
    except BadInput as error:
        assert_is_a_sentence(error)
        return
    assert all(variant.data and variant.width <= 50 for variant in found.values())


def assert_is_a_sentence(error: BadInput) -> None:
    assert error.what.endswith(".")
    assert error.todo
