"""Words by which jobs are found: of what a job was asked for and what came out of it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from pressroom.jobs import Job

MOST_WORDS = 20_000
"""Of one job; a text of a hundred pages has fewer different ones."""
LONGEST_WORD = 64
"""Characters that are compared of a word."""

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]+")
"""Chinese and Japanese have no blanks between words, so that each of their signs counts as one."""
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})
"""Letters that no decomposition takes the stroke off."""


def folded(text: str) -> str:
    """Return the text in the form in which it is compared: without case, accents and other marks on letters."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one)).translate(_PLAIN)


def words_of(text: str) -> list[str]:
    """Return the words that are looked for, each once; nothing if the text holds only signs."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(folded(text))))


def words_of_job(job: Job) -> frozenset[str]:
    """Return the words of every text in the job's input and result; nothing once it has expired."""
    return words_of_fields(job.input, job.result)


def words_of_fields(*fields: dict[str, Any]) -> frozenset[str]:
    """Return the words of the texts that stand directly in these documents, not deeper: lists repeat what they say."""
    texts = " ".join(value for field in fields for value in field.values() if isinstance(value, str))
    return frozenset(words_of(texts)[:MOST_WORDS])


def all_begin(wanted: Iterable[str], words: Iterable[str]) -> bool:
    """Say whether for each wanted word there is one that begins with it."""
    known = tuple(words)
    return all(any(word.startswith(start) for word in known) for start in wanted)
