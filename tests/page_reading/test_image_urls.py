"""Addresses of pictures: the largest of a set, and none that show nothing."""

from __future__ import annotations

import pytest

from pressroom.page_reading.image_urls import largest, usable


@pytest.mark.parametrize(
    ("srcset", "expected"),
    [
        ("/l.jpg 1600w, /s.jpg 400w", "/l.jpg"),
        ("/s.jpg 400w, /l.jpg 1600w", "/l.jpg"),
        ("/a.jpg, /b.jpg 2x", "/b.jpg"),
        ("/a.jpg 1.5x,/b.jpg 1x", "/a.jpg"),
        ("/c_fill,w_200/a.jpg 200w, /c_fill,w_900/a.jpg 900w", "/c_fill,w_900/a.jpg"),
        ("data:image/gif;base64,R0lGOD 9000w, /a.jpg 1w", "/a.jpg"),
        ("/a.jpg", "/a.jpg"),
        ("/a.jpg,", "/a.jpg"),
        (",,, ,", ""),
        ("", ""),
    ],
)
def test_the_largest_of_a_set_is_taken(srcset: str, expected: str) -> None:
    assert largest(srcset) == expected


@pytest.mark.parametrize(
    "path",
    ["1x1.gif", "pixel.png?x=1", "i/spacer.gif", "no-image.jpg", "a/placeholder_400.png", "logo.svg", "blank.gif"],
)
def test_what_shows_nothing_is_no_picture(path: str) -> None:
    assert usable(f"https://shop.example/{path}") == ""


@pytest.mark.parametrize("path", ["lamp.jpg", "pixel-9-phone.jpg", "blanket.jpg", "lamp?format=webp", "1x10.jpg", ""])
def test_what_may_show_a_product_is_one(path: str) -> None:
    assert usable(f"https://pixel.example/{path}") == f"https://pixel.example/{path}"
