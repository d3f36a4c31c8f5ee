"""Colours come to sRGB by what the picture says of itself."""

from __future__ import annotations

import pytest
import pyvips

from pressroom.imaging.colours import is_srgb, to_srgb
from tests.photos import photo


def profile(name: str) -> bytes:
    data: bytes = pyvips.Operation.call("profile_load", name)
    return data


def orange(space: str) -> list[float]:
    """Return what becomes of the numbers of a strong orange if they are meant in that space."""
    image = pyvips.Image.black(4, 4, bands=3).linear(1, [230, 120, 20]).cast("uchar").copy(interpretation="srgb")
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile(space))
    colour: list[float] = to_srgb(image, profile(space)).getpoint(1, 1)
    return colour


def test_a_profile_is_known_as_srgb_by_what_it_does() -> None:
    assert is_srgb(profile("srgb"))
    assert not is_srgb(profile("p3"))
    assert not is_srgb(profile("cmyk"))


def test_the_numbers_of_a_wide_space_become_stronger_ones() -> None:
    assert orange("srgb") == [230, 120, 20]
    assert orange("p3")[0] > 240
    assert orange("p3")[2] < 5


@pytest.mark.parametrize("broken", [b"", b"\0" * 40, b"\xff" * 500, profile("srgb")[:200], profile("p3")[:300]])
def test_a_broken_profile_is_left_out(broken: bytes) -> None:
    assert not is_srgb(broken)
    image = photo(20, 20).copy()
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", broken)
    assert to_srgb(image, broken).getpoint(9, 9) == photo(20, 20).getpoint(9, 9)


def test_a_profile_for_other_colours_than_the_pictures_is_left_out() -> None:
    image = photo(20, 20).copy()
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile("cmyk"))
    assert to_srgb(image, profile("cmyk")).getpoint(9, 9) == photo(20, 20).getpoint(9, 9)
