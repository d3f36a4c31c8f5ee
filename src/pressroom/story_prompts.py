"""What models are asked for: the words of a story, and the picture of one."""

from __future__ import annotations

from collections.abc import Sequence

from pressroom.stories import PLOTS, Character, Scene, StoryFacts
from pressroom.story_text import LEAST_WORDS

_FORMS = {
    "prose": "Write it in prose, in short paragraphs, with some dialogue.",
    "verse": "Write it in rhymed verse: true rhymes, one regular metre, stanzas of four lines.",
}


def story_prompt(facts: StoryFacts) -> str:
    """Return the whole instruction for a model that writes the story."""
    parts = [
        "Write a bedtime story for children between four and eight years, to be read aloud in the evening.",
        f"It has between {LEAST_WORDS + 60} and {LEAST_WORDS + 260} words, a beginning, a turn and an end, and closes "
        "calmly, with everyone going to sleep.",
        _FORMS[facts.form],
        f"What it is about: {PLOTS[facts.plot]}." if facts.plot in PLOTS else "",
        "Its characters:",
        *(f"- {_about(character)}" for character in facts.characters),
        "Its places, in this order:",
        *(f"- {_about_place(scene)}" for scene in facts.scenes),
        "The wish leads to the difficulty at the last place. Two attempts fail; the third succeeds through a trait of "
        "a character or a thing that somebody carries. Keep to the pronouns. No violence, no brands, no moral "
        "spelled out.",
        f"Language: {facts.language}.",
        "The first line is the title alone, then an empty line, then the story; paragraphs or stanzas are separated "
        "by empty lines. No Markdown, no remarks.",
    ]
    return "\n".join(part for part in parts if part)


def _about(character: Character) -> str:
    return (
        f"{character.name}, {character.kind} (pronoun: {character.pronouns}); {', '.join(character.traits)}; wishes "
        f"{character.wish}; is afraid of {character.fear}; likes to say “{character.saying}”; carries "
        f"{' and '.join(character.carries)}"
    )


def _about_place(scene: Scene) -> str:
    return (
        f"{scene.name}, {scene.time}, with {scene.weather}; one hears {', '.join(scene.sounds)}; it smells of "
        f"{', '.join(scene.smells)}; there is {scene.object}. What goes wrong: {scene.problem}. "
        f"How the evening ends there: {scene.calm}"
    )


def picture_prompt(characters: Sequence[Character], scene: Scene) -> str:
    """Return the whole instruction for a model that illustrates the story."""
    who = " and ".join(f"{character.kind}" for character in characters[:2])
    return (
        f"A warm, quiet picture-book illustration at night: {who}, together {scene.where or f'at {scene.name}'}, "
        f"{scene.time}, with {scene.weather}; in the background {scene.object}. Soft lamp light, deep blues and "
        "amber, gentle faces, painted texture. No words, no letters, no signature."
    )


def picture_theme(characters: Sequence[Character], scene: Scene) -> str:
    """Return what the picture is about, in few words, the most important first: who, then where and in what weather."""
    who = ", ".join(character.kind for character in characters[:2])
    return f"{who}; {scene.name}; {scene.weather}; {scene.time}"


def picture_alt_text(characters: Sequence[Character], scene: Scene) -> str:
    """Return what the picture was asked to show, for a generator that cannot tell what it drew."""
    who = " and ".join(character.kind for character in characters[:2])
    sentence = f"{who}, {scene.where or f'at {scene.name}'}, {scene.time}."
    return sentence[:1].upper() + sentence[1:]
