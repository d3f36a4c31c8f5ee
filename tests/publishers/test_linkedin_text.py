"""Every character of a post survives LinkedIn's little text, and hashtags lead somewhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.publications import Post
from pressroom.publishers._linkedin_text import is_same_text, length, little, plain, with_link
from tests.fakes.linkedin_posts import read_little
from tests.publishers.fake_bench import PICTURE

SIGNS = st.text(alphabet=st.sampled_from("ab1 \n#@_*~|\\(){}[]<>é日#😀"), max_size=40)


@settings(deadline=None)
@given(SIGNS)
def test_people_read_what_was_written(text: str) -> None:
    assert read_little(little(text)) == text


@settings(deadline=None)
@given(SIGNS)
def test_what_linkedin_shows_is_known_again(text: str) -> None:
    assert plain(little(text)) == text
    assert is_same_text(text, little(text))


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("#boo", r"{hashtag|\#|boo}"),
        ("Say #boo, #spuk_2!", r"Say {hashtag|\#|boo}, {hashtag|\#|spuk\_2}!"),
        ("#programação", r"{hashtag|\#|programação}"),
        ("#日本", r"{hashtag|\#|日本}"),
        ("＃日本", "{hashtag|＃|日本}"),
        ("We are #1", r"We are \#1"),
        ("C# and a#b", r"C\# and a\#b"),
        ("https://example.com/#top", r"https://example.com/\#top"),
        ("(4% today)", r"\(4% today\)"),
        ("{hashtag|#|boo}", r"\{hashtag\|\#\|boo\}"),
        ("a\\b", r"a\\b"),
    ],
)
def test_hashtags_are_templates_and_reserved_characters_are_escaped(text: str, sent: str) -> None:
    assert little(text) == sent


def test_a_mention_that_linkedin_shows_is_its_name() -> None:
    assert plain("Hello @[Acme Corp](urn:li:organization:1234)!") == "Hello Acme Corp!"


def test_other_words_are_another_text() -> None:
    assert not is_same_text("Boo at midnight", little("Boo at noon"))


def test_text_is_counted_before_it_is_escaped_and_an_emoji_as_two() -> None:
    assert length("#boo (a_b) 🎃") == 13


def test_the_link_is_in_the_text_only_where_pictures_take_the_place_of_its_card() -> None:
    assert with_link(Post(text="Read", link="https://example.com/a")).text == "Read"
    beside = Post(text="Read", link="https://example.com/a", media=(PICTURE,))
    assert with_link(beside).text == "Read\n\nhttps://example.com/a"
    assert with_link(with_link(beside)) == with_link(beside)
