"""Mastodon counts links and mentions in its own way, and shows a text as HTML that is recognised."""

from __future__ import annotations

import pytest

from pressroom.publishers._mastodon_text import is_same_text, length, plain
from tests.fakes import mastodon_text

LONG_LINK = "https://example.com/" + "a" * 200


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", 0),
        ("Boo", 3),
        ("e\u0301 👨‍👩‍👧‍👦 🇩🇪 日本", 8),
        (LONG_LINK, 23),
        ("http://a.co", 23),
        (f"see {LONG_LINK}.", 28),
        (f"({LONG_LINK}) {LONG_LINK}", 49),
        ("example.com", 11),
        ("https://localhost/a", 19),
        ("@you@other.example", 4),
        ("hi @you@other.example, @me", 12),
        ("me@example.com", 14),
        ("https://example.com/@you@other.example", 23),
    ],
)
def test_a_link_is_twenty_three_and_a_mention_its_name(text: str, counted: int) -> None:
    assert length(text) == counted
    assert mastodon_text.count(text) == counted


TEXTS = [
    "Boo",
    'Boo & <hello> it\'s "quoted"',
    "two lines\nand\n\n\nparagraphs",
    f"see {LONG_LINK}, and (https://example.com/a_(b)?c=d&e=f).",
    "hi @you@other.example and @me #Halloween #31",
    "مرحبا שלום 日本語 👻 e\u0301",
    "  blanks   here ",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_recognised_in_the_html_that_is_shown_of_it(text: str) -> None:
    assert is_same_text(text, mastodon_text.shown(text))


@pytest.mark.parametrize("text", TEXTS)
def test_another_text_is_not(text: str) -> None:
    assert not is_same_text(f"{text} more", mastodon_text.shown(text))
    assert not is_same_text(text, mastodon_text.shown(f"more {text}"))


def test_a_link_that_differs_at_its_hidden_end_is_another_text() -> None:
    assert not is_same_text(LONG_LINK, mastodon_text.shown(LONG_LINK + "b"))


def test_the_words_of_a_status_are_without_its_tags() -> None:
    assert plain("<p>Nice!<br />Really &amp; <b>truly</b></p><p>:)</p>") == "Nice!\nReally & truly\n:)"
