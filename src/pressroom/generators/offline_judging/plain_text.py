"""Brings words into the form in which they are compared: disguises that need no guessing are taken off. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_LEET = str.maketrans("013457@$!|", "oieastasil")
_SIGNS = "@$!|"
_WORD = re.compile(rf"(?:[^\W_]|[{re.escape(_SIGNS)}])+")
_HUMP = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
"""Where a hashtag of several words begins its next one: #GoAway."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it stands in the text, and the forms in which a list may know it."""

    shown: str
    forms: frozenset[str]


def visible(text: str) -> str:
    """Return the text with compatible letters made one (ｆｕｌｌ -> full) and without signs that cannot be seen."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")


def words_of(text: str) -> list[Word]:
    """Return the words in their order; one that is written as several (#GoAway) counts as these."""
    return [_word(part) for whole in _wholes(text) for part in _HUMP.split(whole)]


def wholes_of(text: str) -> list[Word]:
    """Return the words that `words_of` takes apart as they stand: `shIt` is one word too."""
    return [_word(whole) for whole in _wholes(text) if _HUMP.search(whole)]


def terms_of(line: str) -> tuple[str, ...]:
    """Return the words of a list's line in the one form in which they are looked for."""
    return tuple(max(_word(whole).forms, key=lambda form: (len(form), form.isalpha())) for whole in _wholes(line))


def _wholes(text: str) -> list[str]:
    return [whole for whole in _WORD.findall(visible(text)) if any(sign.isalnum() for sign in whole)]


def _word(word: str) -> Word:
    # An exclamation mark at the end is one; within a word it stands for a letter.
    shown = word.rstrip("!|")
    plain, disguised = word.strip(_SIGNS).casefold(), shown.casefold()
    letters = sum(sign.isalpha() for sign in disguised)
    has_digits = any(sign.isdigit() for sign in disguised)
    # One letter and digits are the name of a road or a size of paper.
    may_be_disguised = letters < len(disguised) and letters >= (2 if has_digits else 1)
    return Word(shown, frozenset({plain, disguised.translate(_LEET)} if may_be_disguised else {plain}))
