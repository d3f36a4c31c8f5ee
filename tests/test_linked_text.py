"""A link goes into the text once, and a text that fits makes room for it."""

from __future__ import annotations

from pressroom.linked_text import with_link
from pressroom.publications import Post

LINK = "https://example.com/a"


def test_the_link_is_at_the_end() -> None:
    assert with_link(Post(text="Read", link=LINK), 100, len).text == f"Read\n\n{LINK}"


def test_a_post_without_words_is_its_link() -> None:
    assert with_link(Post(text="", link=LINK), 100, len).text == LINK


def test_it_is_there_once() -> None:
    post = Post(text=f"Read {LINK} now", link=LINK)
    assert with_link(post, 100, len) == post
    assert with_link(Post(text="Read"), 100, len).text == "Read"


def test_a_text_that_fits_makes_room() -> None:
    post = with_link(Post(text="boo " * 20, link=LINK), 80, len)
    assert len(post.text) <= 80
    assert post.text.endswith(f"boo…\n\n{LINK}")


def test_a_text_that_is_too_long_by_itself_stays_whole() -> None:
    assert with_link(Post(text="boo " * 30, link=LINK), 80, len).text.startswith("boo " * 30)
