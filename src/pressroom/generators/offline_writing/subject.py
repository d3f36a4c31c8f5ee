"""What a text is about: the name of the day, and the theme as a thing or as a deed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pressroom.generators.base import TextRequest
from pressroom.generators.offline_writing.grammar import plain_words, plural, running, singulars, with_article
from pressroom.generators.offline_writing.lexicon import Entry, look_up
from pressroom.generators.offline_writing.word_files import grammar_words

DAY_NAME = re.compile(r"\b(Day|Eve|Night)$|^\w+ Day of\b", re.IGNORECASE)
AROUND_A_THEME = re.compile(r"^(National|World|International|Global)\s+(Day of\s+(the\s+)?)?", re.IGNORECASE)
BEFORE = r"(?:(?:National|World|International|Global)\s+)?(?P<day_of>Day of\s+(?:the\s+)?)?"
AFTER = r"(?:\s+(?:Day|Eve|Night)\b)?"
JOINTS = {"and", "of", "in", "on", "au", "with", "for", "the", "over", "or", "nor", "no", "i", "your", "my"}


@dataclass(frozen=True)
class Subject:
    """A theme, taken apart."""

    day: str
    """The full name: "National Dress Up Your Pet Day"."""
    theme: str
    """As a title: "Dress Up Your Pet"."""
    entry: Entry | None
    deed: str = ""
    """"dress up your pet"; empty if the theme asks for nothing to be done."""
    thing: str = ""
    """"a sticky bun", "some dark chocolate"; empty if it is no such thing."""
    things: str = ""
    """"sticky buns", "dark chocolate"; empty as `thing` is."""


def subject_of(request: TextRequest) -> Subject:
    """Take a request apart. Its theme may be a theme or a day's full name; the prompt may tell the name."""
    given = " ".join(request.theme.split())
    day = _day_name(given, " ".join(request.prompt.split()))
    theme = re.sub(r"\s+(Day|Eve|Night)$", "", AROUND_A_THEME.sub("", given), flags=re.IGNORECASE) or given
    entry = look_up(given)
    deed = _deed(theme)
    thing, things = ("", "") if deed else _thing(theme, entry)
    return Subject(day, theme, entry, deed, thing, things)


def _day_name(given: str, prompt: str) -> str:
    if DAY_NAME.search(given):
        return given
    is_whole = given in grammar_words()["whole_names"]
    for match in re.finditer(rf"(?<!\w){BEFORE}{re.escape(given)}(?!\w){AFTER}", prompt):
        name = match[0]
        if DAY_NAME.search(name) or match["day_of"]:
            # "National Halloween Day" is a template's doing; "Christmas Day" is a name.
            return given if is_whole and name.startswith("National ") else name
    return given if is_whole else f"National {given} Day"


def _deed(theme: str) -> str:
    words = theme.casefold().split()
    is_deed = len(words) > 1 and words[0] in grammar_words()["verbs"]
    return running(theme) if is_deed and theme.casefold() not in grammar_words()["not_deeds"] else ""


def _thing(theme: str, entry: Entry | None) -> tuple[str, str]:
    words = [word for word in theme.split() if word.casefold() not in grammar_words()["trailing"]]
    if not words or entry is None or entry.domain not in grammar_words()["things_in"]:
        return "", ""
    phrase = running(" ".join(words))
    head = plain_words(phrase)
    if phrase.casefold() in grammar_words()["not_things"] or JOINTS & set(head) or "'" in phrase:
        return "", ""
    if not head or entry.keyword[-1] not in singulars(head[-1]) or phrase in grammar_words()["plural"]:
        return "", ""
    if head[-1] in grammar_words()["mass"] or phrase in grammar_words()["mass"]:
        return f"some {phrase}", phrase
    one = phrase if head[-1] == entry.keyword[-1] else phrase[: -len(head[-1])] + entry.keyword[-1]
    return with_article(one), plural(one)
