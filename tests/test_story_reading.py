"""A stored story as it is read: each sentence with the moment at which it is heard."""

from __future__ import annotations

import pytest

from pressroom.sentences import sentences
from pressroom.story_reading import _lines
from pressroom.story_text import Story


def a_story(*paragraphs: str) -> Story:
    return Story(title="The lamp", paragraphs=paragraphs, form="prose", language="en", characters=(), scenes=())


def read(story: Story) -> list[list[list[tuple[str, float | None]]]]:
    marks = [(start, float(number)) for number, (start, _) in enumerate(sentences(story.spoken))]
    return [
        [[(piece.text, piece.at_seconds) for piece in line] for line in _lines(story.spoken, start, end, marks)]
        for start, end in story.places()
    ]


def test_each_sentence_is_a_piece_of_its_line() -> None:
    assert read(a_story("It went out. “Oh,” she said.", "All was dark.")) == [
        [[("The lamp", 0.0)]],
        [[("It went out. ", 1.0), ("“Oh,” she said.", 2.0)]],
        [[("All was dark.", 3.0)]],
    ]


def test_a_sentence_over_several_lines_is_heard_with_its_beginning() -> None:
    assert read(a_story("The moon came up,\nthe mill was still.\nAn owl flew by.")) == [
        [[("The lamp", 0.0)]],
        [[("The moon came up,", 1.0)], [("the mill was still.", 1.0)], [("An owl flew by.", 2.0)]],
    ]


@pytest.mark.parametrize("text", ["One. Two.\nThree four. Five", "x", "“A”\n\tb. C"])
def test_without_marks_the_words_are_there_all_the_same(text: str) -> None:
    story = a_story(text)
    lines = [_lines(story.spoken, start, end, []) for start, end in story.places()]
    told = ["\n".join("".join(piece.text for piece in line) for line in paragraph) for paragraph in lines]
    assert told == [story.title, text]
    assert all(piece.at_seconds is None for paragraph in lines for line in paragraph for piece in line)
