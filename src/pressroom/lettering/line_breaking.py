"""Where lines may break, in any script, and breaking words into lines of like width. Pure.

A reduced Unicode Standard Annex 14: at blanks and hyphens, between Han and kana but not where Japanese and Chinese
typesetting forbids it, and before the vowels of Thai and Lao that begin a syllable. Hangul breaks at blanks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pressroom.lettering.runs import clusters

# JIS X 4051 and GB/T 15834: what may not begin, and what may not end, a line.
_NEVER_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】°′″℃％‰ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ〜～…‥,.:;?!)]}»›%”’｡､｣ｰ"
)
_NEVER_LAST = frozenset("‘“（〔［｛〈《「『【￥＄£$€¥([{«‹#№｢")
_OPENING, _CLOSING = frozenset("（〔［｛〈《「『【(["), frozenset("）〕］｝〉》」』】)]")
_BREAK_AFTER = frozenset("-‐–—/|·•_&+")
_SYLLABLE_STARTS = frozenset("เแโใไເແໂໃໄ")
_WORD_ENDS = frozenset("ะๆฯ")
_ZERO_WIDTH_SPACE, _SOFT_HYPHEN, _NO_BREAK = "\u200b", "\u00ad", frozenset("\u00a0\u202f\u2060\ufeff")

_HAN = ((0x2E80, 0x303F), (0x3100, 0x312F), (0x3200, 0x9FFF), (0xF900, 0xFAFF), (0xFF01, 0xFF65), (0x20000, 0x3FFFF))
"""Han characters, bopomofo, and signs as wide as they are. Unicode 16, Blocks.txt."""

# Costs multiply the width of a line that ends there.
CLINGING_COST, _HYPHEN_COST = 1.18, 1.03
_SYLLABLE_COST, _INSIDE_COST, _WORD_COST, _BRACKETED_COST = 1.06, 1.10, 1.6, 1.3
_LONGEST_UNIT = 3
"""Letters of what may be the unit of the number before it: ml, kg, cm."""
CLINGING = frozenset(
    [
        *("a", "an", "and", "at", "by", "for", "from", "in", "into", "is", "like", "my", "of", "on", "or", "our"),
        *("the", "to", "with", "your", "&", "+"),
        *("der", "die", "das", "und", "für", "mit", "aus", "von", "im", "zum"),
        *(
            "de",
            "du",
            "des",
            "le",
            "la",
            "les",
            "et",
            "en",
            "pour",
            "avec",
            "à",
            "el",
            "los",
            "las",
            "y",
            "con",
            "para",
        ),
    ]
)
"""A line that ends in one of these reads badly."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What stays together on a line."""

    text: str
    gap: str = ""
    """What stands between it and the next piece on the same line."""
    cost: float = 1.0
    """How badly a line ends after it: its width counts so many times."""


def pieces(text: str) -> list[Piece]:
    """Split a text into what stays together; blanks at its ends are left out."""
    found: list[Piece] = []
    words = [word for word in _split_at_blanks(text) if word]
    for word, after in zip(words, [*words[1:], ""], strict=True):
        parts = _parts(word)
        is_measured = word[-1].isdigit() and 0 < len(after) <= _LONGEST_UNIT and after.isalpha()
        clings = CLINGING_COST if is_measured or parts[-1][0].casefold() in CLINGING else 1.0
        found += [Piece(part, "", cost) for part, cost in parts[:-1]]
        found.append(Piece(parts[-1][0], " ", clings))
    return found


def joined(parts: Sequence[Piece]) -> str:
    """Return pieces as one line."""
    return "".join(part.text + part.gap for part in parts[:-1]) + (parts[-1].text if parts else "")


def balanced_lines(parts: Sequence[Piece], widths: Sequence[float], space: float, lines: int) -> list[list[Piece]]:
    """Break pieces into so many lines that the widest is as narrow as can be and few end badly.

    `widths` has that of each piece and `space` that of a blank, in one unit. Needs at least as many pieces as lines.
    """
    count = len(parts)
    ends_at = [0.0]
    for part, own in zip(parts, widths, strict=True):
        ends_at.append(ends_at[-1] + own + (space if part.gap else 0))

    def width(start: int, end: int) -> float:
        own = ends_at[end] - ends_at[start] - (space if parts[end - 1].gap else 0)
        return own * (parts[end - 1].cost if end < count else 1)

    @cache
    def best(start: int, left: int) -> tuple[float, float, tuple[int, ...]]:
        if left == 1:
            only = width(start, count)
            return only, only**2, (count,)
        options = []
        for end in range(start + 1, count - left + 2):
            here = width(start, end)
            widest, squares, ends = best(end, left - 1)
            options.append((max(here, widest), squares + here**2, (end, *ends)))
        return min(options)

    broken, start = [], 0
    for end in best(0, lines)[2]:
        broken.append(list(parts[start:end]))
        start = end
    return broken


def _split_at_blanks(text: str) -> list[str]:
    """Split at blanks that a line may break at; others become the usual one."""
    breaking = "".join(" " if one.isspace() and one not in _NO_BREAK else one for one in text)
    return breaking.split(" ")


def _parts(word: str) -> list[tuple[str, float]]:
    """Split a word where it may break, with the cost of ending a line there; the last part's cost says nothing."""
    parts: list[tuple[str, float]] = []
    current = ""
    shown = clusters(word)
    for place, one in enumerate(shown):
        if one in (_ZERO_WIDTH_SPACE, _SOFT_HYPHEN):
            continue
        cost = _cost_between(shown, place) if current else None
        if cost is not None:
            parts.append((current, cost))
            current = ""
        current += one
    return [*parts, (current, 1.0)] if current else parts or [("", 1.0)]


def _cost_between(shown: Sequence[str], place: int) -> float | None:
    """Return the cost of a break before the character at `place`; None if there must be none."""
    before, after = shown[place - 1], shown[place]
    if before == _ZERO_WIDTH_SPACE:
        return 1.0
    if before[-1] in _NO_BREAK or after[0] in _NO_BREAK or after[0] in _NEVER_FIRST or before[-1] in _NEVER_LAST:
        return None
    if _is_ideographic(before) or _is_ideographic(after):
        return _ideographic_cost(before, after) * (_BRACKETED_COST if _is_within_brackets(shown, place) else 1)
    if after[0] in _SYLLABLE_STARTS or before[0] in _WORD_ENDS:
        # Without a dictionary a syllable's beginning is all that can be told; a whole word would be better.
        return _SYLLABLE_COST if place >= 2 and len(shown) - place >= 2 else None
    if before in _BREAK_AFTER and place >= 2 and len(shown) - place >= 2 and not after[0].isdigit():
        return _HYPHEN_COST
    return None


def _ideographic_cost(before: str, after: str) -> float:
    """Cheap where a word is likely to end: after punctuation, or where hiragana gives way to other signs."""
    one, other = _script(before), _script(after)
    if unicodedata.category(before[-1]).startswith(("P", "S")):
        return 1.0
    if before[-1].isdigit():
        return _WORD_COST  # what is counted goes with its number
    if one != other:
        if other == "hiragana":
            return _WORD_COST  # a particle or an ending goes with its word
        return 1.02 if one == "hiragana" or "other" in (one, other) else 1.05
    return _WORD_COST if one == "katakana" else _INSIDE_COST


def _is_within_brackets(shown: Sequence[str], place: int) -> bool:
    opened = sum(one in _OPENING for one in shown[:place])
    return opened > sum(one in _CLOSING for one in shown[:place])


def _is_ideographic(cluster: str) -> bool:
    return _script(cluster) != "other"


def _script(cluster: str) -> str:
    point = ord(cluster[0])
    if 0x3041 <= point <= 0x309F:
        return "hiragana"
    if 0x30A0 <= point <= 0x30FF or 0xFF66 <= point <= 0xFF9F:
        return "katakana"
    if any(first <= point <= last for first, last in _HAN):
        return "han"
    return "other"
