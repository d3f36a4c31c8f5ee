"""Hashtags: only letters and digits, and never a number alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


def as_hashtag(text: str) -> str:
    """ "National Dog Day" as "#NationalDogDay"; empty if nothing is left that a tag can hold."""
    without_marks = re.sub(r"(?<=s)['’]s\b|['’.]", "", unicodedata.normalize("NFC", text))
    words = re.findall(r"\w+", without_marks)
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return f"#{joined}" if re.search(r"[^\W\d_]", joined) else ""


def as_hashtags(keywords: Iterable[str]) -> str:
    """Return the tags of these keywords with blanks between them, each once."""
    tags = {tag.casefold(): tag for keyword in keywords if (tag := as_hashtag(keyword))}
    return " ".join(tags.values())
