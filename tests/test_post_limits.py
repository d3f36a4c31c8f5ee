"""Every limit that a post breaks is one sentence with both numbers in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pressroom.post_limits import broken_limits
from pressroom.publications import Post, PostMedia
from pressroom.publishers.base import ImageRules, TextRules

TEXT = TextRules(limit=20, counted_in="characters", alt_text_limit=10)
IMAGE = ImageRules(
    formats=("image/jpeg",), max_bytes=1, most=2, max_width=1440, min_width=320, narrowest=0.8, widest=1.91
)
PICTURE = PostMedia(key="a.jpg", revision=1, media_type="image/jpeg", width=1000, height=1000, alt_text="A cat")


def broken(post: Post) -> list[str]:
    return list(broken_limits(post, TEXT, IMAGE, len, "Somewhere"))


def test_a_post_within_all_limits_breaks_none() -> None:
    assert broken(Post(text="Boo", media=(PICTURE, PICTURE))) == []


def test_a_long_text_says_by_how_much() -> None:
    assert broken(Post(text="b" * 25)) == ["The text has 25 characters; Somewhere takes 20. Shorten it by 5."]


def test_an_empty_post_is_none() -> None:
    assert broken(Post(text=" ")) == ["The post is empty; Somewhere would refuse it."]
    assert broken(Post(text="", media=(PICTURE,))) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"media_type": "image/png"}, "is image/png; Somewhere takes image/jpeg."),
        ({"width": 1500}, "is 1500 × 1000 pixels, too big; Somewhere takes 1440 × any."),
        ({"width": 300, "height": 300}, "is 300 pixels wide; Somewhere takes no fewer than 320."),
        ({"height": 1400}, "is 1000 × 1400 pixels, a shape that Somewhere does not take."),
        ({"height": 500}, "is 1000 × 500 pixels, a shape that Somewhere does not take."),
        ({"alt_text": " "}, "has no alt text; people who cannot see it are left out."),
        ({"alt_text": "A cat and a dog"}, "has an alt text of 15 characters, cut to 10."),
    ],
)
def test_a_picture_that_breaks_a_limit_is_named_by_its_place(change: dict[str, object], said: str) -> None:
    odd = replace(PICTURE, **change)  # type: ignore[arg-type]
    assert broken(Post(text="Boo", media=(PICTURE, odd))) == [f"Picture 2 {said}"]


def test_too_many_pictures_are_counted() -> None:
    assert broken(Post(text="Boo", media=(PICTURE,) * 3)) == ["The post has 3 pictures; Somewhere takes 2."]


def test_a_network_without_alt_text_asks_for_none() -> None:
    rules = TextRules(limit=20, counted_in="characters")
    post = Post(text="Boo", media=(replace(PICTURE, alt_text=""),))
    assert list(broken_limits(post, rules, IMAGE, len, "Somewhere")) == []


def test_a_picture_with_more_pixels_than_the_network_takes_is_told() -> None:
    rules = ImageRules(formats=("image/jpeg",), max_bytes=1_000, most=1, max_pixels=1_000_000)
    media = PostMedia(key="a.jpg", revision=1, media_type="image/jpeg", width=2000, height=1000, alt_text="Boats")
    text = TextRules(limit=100, counted_in="characters")
    [broken] = broken_limits(Post(text="Boo", media=(media,)), text, rules, len, "LinkedIn")
    assert broken == "Picture 1 has 2,000,000 pixels, too many; LinkedIn takes 1,000,000."
