"""What a person is shown of a job, and what is not theirs."""

from __future__ import annotations

from pressroom.entrypoints.cli._jobs_shown import _texts
from pressroom.publications import Letter, Post


def shown(*posts: Post) -> list[str]:
    return _texts({"publications": [{"post": post.as_dict()} for post in posts]})


def test_words_that_several_channels_share_are_shown_once() -> None:
    assert shown(Post(text="Boo!"), Post(text="Boo!"), Post(text="Boo again")) == ["Boo!", "Boo again"]


def test_a_letter_is_not_printed_for_it_holds_the_link_by_which_its_reader_leaves() -> None:
    letter = Letter(to="ada@example.org", unsubscribe_url="https://press.example/leave/secret")
    assert shown(Post(text="Good night. https://press.example/leave/secret", letter=letter)) == []
