"""What writers answer, read as a story: without their decorations, and only if it is whole."""

from __future__ import annotations

import pytest

from pressroom.story_text import NamedKind, NoStory, Story, read_story

WORDS = "The moon came up over the roof and looked in at every window in turn. " * 15


def test_the_first_line_is_the_title_and_empty_lines_part_paragraphs() -> None:
    story = read_story(f"The Moon\n\n{WORDS}\n{WORDS}\n\n\nGood night.\n", "prose")
    assert story.title == "The Moon"
    assert len(story.paragraphs) == 2
    assert "\n" not in story.paragraphs[0]
    assert story.words == 452


def test_a_verse_keeps_its_lines() -> None:
    story = read_story("The Moon\n\n" + "\n\n".join(["a line of a verse\nanother one, too.\n"] * 30), "verse")
    assert story.paragraphs[0] == "a line of a verse\nanother one, too."


@pytest.mark.parametrize(
    "written",
    [
        "# The Moon",
        "**The Moon**",
        "Title: The Moon",
        "**Title: The Moon**",
        "“The Moon”",
        '## *"The Moon"*',
        "```\nThe Moon",
        "\n\n  The Moon.  ",
        "---\nThe Moon",
    ],
)
def test_a_title_is_freed_of_its_decorations(written: str) -> None:
    assert read_story(f"{written}\n\n{WORDS}", "prose").title == "The Moon"


def test_markdown_is_taken_out_of_the_text() -> None:
    story = read_story(
        f"The Moon\n\n***\n\n{WORDS}\n\n> He said *softly*, _very_ **softly**: 2 * 3 * 4.\n\n```", "prose"
    )
    assert story.paragraphs[-1] == "He said softly, very softly: 2 * 3 * 4."
    assert not [paragraph for paragraph in story.paragraphs if "**" in paragraph or "`" in paragraph]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("I’m sorry, I can’t help with that.", "it has 0 words"),
        (f"The Moon\n\n{WORDS[:600]}", "a story has at least 200"),
        (f"The Moon\n\n{WORDS} and then they all", "it breaks off at “"),
        (f"The Moon\n\n{WORDS} and then they all…", "it breaks off at “"),
        (f"{WORDS}\n\n{WORDS}", "it begins with no title"),
    ],
)
def test_what_is_no_whole_story_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(NoStory) as caught:
        read_story(text, "prose")
    assert why in caught.value.what
    assert caught.value.todo


def test_the_places_of_the_paragraphs_are_those_of_the_spoken_text() -> None:
    story = Story(
        title="The Moon",
        paragraphs=("One.", "Two two."),
        form="prose",
        language="en",
        characters=(NamedKind(name="A"),),
        scenes=(),
    )
    assert story.spoken == "The Moon\n\nOne.\n\nTwo two."
    assert [story.spoken[start:end] for start, end in story.places()] == ["The Moon", "One.", "Two two."]
