"""X's way of counting, and how a text is known again when X shows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.publications import Post
from pressroom.publishers._x_text import is_same_text, leads_to_same, links, weighted_length, with_link
from tests.fakes.x_text import find_links, shown_text


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Boo!", 4),
        ("a" * 281, 281),
        ("café", 4),
        ("cafe\u0301", 4),
        ("“quoted” – it’s", 15),
        ("…", 2),
        ("日本語", 6),
        ("한국어", 6),
        ("привет", 6),
        ("שלום", 4),
        ("😀", 2),
        ("👍🏽", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🇩🇪", 2),
        ("1️⃣", 2),
        ("❤️", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),
        ("one\r\ntwo", 7),
        ("https://example.com", 23),
        ("https://example.com/" + "a" * 300, 23),
        ("example.com", 23),
        ("See https://example.com/a?b=c#d, and example.org.", 4 + 23 + 6 + 23 + 1),
        ("somebody@example.com", 20),
        ("#pumpkin @somebody", 18),
    ],
)
def test_a_text_is_counted_as_x_counts_it(text: str, length: int) -> None:
    assert weighted_length(text) == length


def test_an_emoji_that_is_newer_than_the_table_counts_for_more_and_not_for_less() -> None:
    assert weighted_length("🫱🏻‍🫲🏿") >= 2


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_longer_line_is_not_counted_as_shorter(first: str, second: str) -> None:
    assert weighted_length(f"{first} \n{second}") >= max(weighted_length(first), weighted_length(second))


def test_the_link_of_a_post_stands_in_its_text_once() -> None:
    assert with_link(Post(text="Boo", link="https://example.com")).text == "Boo\n\nhttps://example.com"
    assert with_link(Post(text="", link="https://example.com")).text == "https://example.com"
    assert with_link(Post(text="at https://example.com !", link="https://example.com")).text.count("https") == 1
    assert with_link(Post(text="Boo")).text == "Boo"


TEXTS = [
    "Boo & <hello>",
    "Two\n\nlines   and blanks ",
    "Read https://example.com/a?b=1&c=2 now",
    "(see example.com/x), then example.org.",
    "これはexample.com中国語",
    "cafe\u0301 👨‍👩‍👧‍👦 #tag @who",
    "Mr.Smith said e.g. this 3.5 times",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_known_again_as_x_shows_it(text: str) -> None:
    assert is_same_text(text, shown_text(text, []))
    assert not is_same_text(text, shown_text(f"{text} more", []))


@given(st.text(max_size=100))
def test_any_text_is_known_again(text: str) -> None:
    assert is_same_text(text, shown_text(text, []))


def entities(*urls: str) -> dict[str, object]:
    return {"entities": {"urls": [{"url": "https://t.co/abc", "expanded_url": url} for url in urls]}}


def test_links_tell_apart_what_words_do_not() -> None:
    text = "Read https://Example.com/a now"
    assert leads_to_same(text, entities("https://example.com/a"))
    assert not leads_to_same(text, entities("https://example.com/b"))
    assert not leads_to_same(text, entities())
    assert not leads_to_same(text, {})
    assert leads_to_same("No link", {})
    assert not leads_to_same("No link", entities("https://example.com/a"))


def test_a_link_without_https_is_the_same_with_it() -> None:
    assert leads_to_same("at example.com", entities("http://example.com/"))


def test_the_link_to_the_posts_own_picture_is_none_of_ours() -> None:
    own = {"url": "https://t.co/p", "expanded_url": "https://x.com/a/status/1/photo/1", "media_key": "3_1"}
    assert leads_to_same("No link", {"entities": {"urls": [own]}})


def test_links_are_found_with_and_without_a_scheme() -> None:
    text = "https://example.com/a and example.org/b, not me@example.net or 3.5"
    assert links(text) == ["https://example.com/a", "example.org/b"]
    assert [link.url for link in find_links(text)] == links(text)
