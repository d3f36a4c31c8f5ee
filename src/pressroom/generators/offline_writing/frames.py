"""Frames are sentences with slots; here they are filled and made to read right."""

from __future__ import annotations

import re
from collections.abc import Mapping

SLOT = re.compile(r"\{(\w+)\}")
SENTENCE_START = re.compile(r"(^|(?<!\.)[.!?][\"”']?\s+)([\"“(]?)([a-zà-ÿ])")


def slots_of(frame: str) -> set[str]:
    """The names of a frame's slots."""
    return set(SLOT.findall(frame))


def fill(frame: str, words: Mapping[str, str]) -> str:
    """Fill every slot in one pass, so that braces in a theme stay what they are, and capitalise the sentences.

    A day that is "… Day of …" gets its article, except after a greeting.
    """

    def put_in(match: re.Match[str]) -> str:
        word = words[match[1]]
        before = frame[: match.start()].rstrip()
        is_greeting = re.search(r"\b(happy|a gentle|a quiet)$", before, re.IGNORECASE)
        return f"the {word}" if match[1] == "day" and " Day of " in f" {word}" and not is_greeting else word

    return capitalised(SLOT.sub(put_in, frame))


def capitalised(text: str) -> str:
    """Start every sentence with a capital."""
    return SENTENCE_START.sub(lambda match: match[1] + match[2] + match[3].upper(), text)
