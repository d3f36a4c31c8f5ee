"""Bluesky counts graphemes and bytes, and wants links, mentions and hashtags by their place in bytes."""

from __future__ import annotations

import pytest

from pressroom.fitting import fit_text
from pressroom.publications import Post
from pressroom.publishers._bluesky_text import facets, graphemes, has_card, length, spans, with_link
from tests.publishers.fake_bench import PICTURE

FAMILY = "👨‍👩‍👧‍👦"  # 25 bytes


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("", 0),
        ("Boo", 3),
        ("e\u0301", 1),
        ("🇩🇪" * 10, 10),
        ("日本語", 3),
        ("https://example.com/a/b", 23),
        ("\r\n", 1),
    ],
)
def test_what_people_see_as_one_character_counts_as_one(text: str, counted: int) -> None:
    assert length(text) == graphemes(text) == counted


def test_a_text_of_few_characters_and_many_bytes_is_too_long() -> None:
    assert graphemes(FAMILY * 120) == 120
    assert length(FAMILY * 120) == 300
    assert length(FAMILY * 121) > 300


def test_a_text_is_shortened_to_both_limits() -> None:
    fitted = fit_text(f"{FAMILY} " * 200, 300, length)
    assert graphemes(fitted) < 300
    assert len(fitted.encode()) <= 3_000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.com/a?b=1#c.", [("link", "https://example.com/a?b=1#c")]),
        ("(https://example.com/a_(b))", [("link", "https://example.com/a_(b)")]),
        (
            "[https://example.com/a], https://b.example",
            [("link", "https://example.com/a"), ("link", "https://b.example")],
        ),
        ("https://example.com/@you.example.com/#tag", [("link", "https://example.com/@you.example.com/#tag")]),
        ("https:// and https://", []),
        ("http://[broken", []),
        ("by @you.example.com, thanks", [("mention", "@you.example.com")]),
        ("@you.example.com.", [("mention", "@you.example.com")]),
        ("me@example.com and @nobody", []),
        ("#Halloween #boo!", [("tag", "#Halloween"), ("tag", "#boo")]),
        ("#31 # #, a#b", []),
        ("#31october", [("tag", "#31october")]),
        ("＃全角", [("tag", "＃全角")]),
        ("#️⃣ is a key", []),
    ],
)
def test_links_mentions_and_hashtags_are_found_and_nothing_else(text: str, found: list[tuple[str, str]]) -> None:
    assert [(span.kind, span.text) for span in spans(text)] == found


def test_places_are_counted_in_bytes() -> None:
    text = "👻 naïve #boo @you.example.com https://example.com/ü"
    dids = {"you.example.com": "did:plc:you"}
    data = text.encode()
    shown = [
        (data[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(), facet["features"][0])
        for facet in facets(text, dids)
    ]
    kind = "app.bsky.richtext.facet#{}".format
    assert shown == [
        ("#boo", {"$type": kind("tag"), "tag": "boo"}),
        ("@you.example.com", {"$type": kind("mention"), "did": "did:plc:you"}),
        ("https://example.com/ü", {"$type": kind("link"), "uri": "https://example.com/ü"}),
    ]


def test_who_is_not_known_is_just_text() -> None:
    assert facets("@nobody.example.com", {}) == []


def test_a_hashtag_of_more_than_sixty_four_characters_is_just_text() -> None:
    assert len(facets("#" + "a" * 64, {})) == 1
    assert facets("#" + "a" * 65, {}) == []


@pytest.mark.parametrize(
    ("post", "has"),
    [
        (Post(text="Read", link="https://example.com/a"), True),
        (Post(text="Read", link="https://example.com/a", media=(PICTURE,)), False),
        (Post(text="Read", link="example.com"), False),
        (Post(text="Read", link="https://exa mple.com"), False),
        (Post(text="Read", link="http://[broken"), False),
        (Post(text="Read"), False),
    ],
)
def test_a_link_without_a_picture_is_a_card(post: Post, has: bool) -> None:
    assert has_card(post) is has


def test_a_link_beside_a_picture_is_in_the_text_once() -> None:
    post = with_link(Post(text="Read", link="https://example.com/a", media=(PICTURE,)))
    assert post.text == "Read\n\nhttps://example.com/a"
    assert with_link(post) == post


def test_a_text_makes_room_for_its_link() -> None:
    link = "https://example.com/a"
    post = with_link(Post(text="boo " * 74, link=link, media=(PICTURE,)))
    assert length(post.text) <= 300
    assert post.text.endswith(f"boo…\n\n{link}")


def test_a_text_that_is_too_long_by_itself_is_not_shortened_in_silence() -> None:
    long = "boo " * 100
    assert with_link(Post(text=long, link="https://example.com/a", media=(PICTURE,))).text.startswith(long)
