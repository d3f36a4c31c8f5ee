"""Filling the gaps of a sentence: `{A.he}`, `{X2:title}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pressroom.generators.offline_writing.tales.phrases import capital, definite, titled

_GAP = re.compile(r"\{([A-Z]\d?(?:\.\w+)?)(?::(\w+))?\}")
_CHANGES: Mapping[str, Callable[[str], str]] = {"cap": capital, "title": titled, "the": definite}


def gaps_of(line: str) -> set[str]:
    return {found[1] for found in _GAP.finditer(line)}


def can_be_filled(line: str, words: Mapping[str, str]) -> bool:
    return gaps_of(line) <= words.keys()


def fill(line: str, words: Mapping[str, str]) -> str:
    """Fill every gap, also those in what fills a gap; raises KeyError for one that has no word."""

    def put_in(found: re.Match[str]) -> str:
        word = _GAP.sub(put_in, words[found[1]])
        return _CHANGES[found[2]](word) if found[2] else word

    return _GAP.sub(put_in, line)
