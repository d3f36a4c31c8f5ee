"""Which face draws which part of a text: letters by their script, emoji whole; and what no face can draw. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pressroom.fonts import EMOJI, Face, world_faces

_TEXT_STYLE, _EMOJI_STYLE, _JOINER = "\ufe0e", "\ufe0f", "\u200d"


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a text that one face draws."""

    text: str
    face: Face


class NoFace(ValueError):
    """There is no glyph for some characters in any font that comes with Pressroom."""

    def __init__(self, characters: Sequence[str]) -> None:
        self.characters = tuple(dict.fromkeys(characters))
        super().__init__(self.named)

    @property
    def named(self) -> str:
        """Name the characters for a message: 'ꙮ' (U+A66E)."""
        return ", ".join(
            f"{one!r} ({' '.join(f'U+{ord(point):04X}' for point in one)})" for one in self.characters[:12]
        )


def runs(text: str, first: Sequence[Face] = ()) -> list[Run]:
    """Split a text into parts for one face each; the faces `first` are preferred to the plain ones.

    What people see as one character is never split. Raises `NoFace` for what has no glyph.
    """
    found: list[tuple[str, Face | None]] = []
    nowhere: list[str] = []
    for cluster in clusters(text):
        shown, face = _face_of(cluster, (*first, *world_faces()))
        if face is None and not _is_blank(shown):
            nowhere.append(unicodedata.normalize("NFC", shown))
        found.append((shown, face))
    if nowhere:
        raise NoFace(nowhere)
    return _joined(found, first[0] if first else world_faces()[0])


def is_drawable(text: str) -> bool:
    """Say whether there is a glyph for everything in a text."""
    try:
        runs(text)
    except NoFace:
        return False
    return True


def clusters(text: str) -> list[str]:
    """Split a text into what people see as characters (Unicode Standard Annex 29)."""
    import regex

    return regex.findall(r"\X", unicodedata.normalize("NFC", text))


def is_emoji(cluster: str) -> bool:
    """Say whether a character is to be seen as a small picture, as Unicode and its variation selectors ask for."""
    if _TEXT_STYLE in cluster:
        return False
    return _emoji_pattern().match(cluster) is not None


@cache
def _emoji_pattern() -> Any:
    import regex

    # Unicode Technical Standard 51: keycaps, flags, what is a picture by default, what is asked to be one, and
    # what is joined to another or has a colour of skin.
    return regex.compile(
        r"[0-9#*]\ufe0f?\u20e3|\p{Regional_Indicator}+|\p{Emoji_Presentation}"
        r"|\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier}|\u200d)"
    )


def _face_of(cluster: str, faces: Sequence[Face]) -> tuple[str, Face | None]:
    """Return what is drawn in the place of a character, and the face that draws it; None for blanks and for none."""
    if is_emoji(cluster) and not EMOJI.missing(_visible(cluster)):
        return cluster, EMOJI
    letters = _visible(cluster)
    if not letters:
        return cluster, None
    for face in faces:
        if not face.missing(letters):
            return _without_selectors(cluster), face
    if _is_pictographic(cluster) and not EMOJI.missing(letters):
        return cluster.replace(_TEXT_STYLE, _EMOJI_STYLE), EMOJI
    return cluster, None


def _joined(found: Sequence[tuple[str, Face | None]], usual: Face) -> list[Run]:
    """Join what one face draws; blanks go with what is before them, and each emoji stands alone.

    Pango would see a row of emoji as one, and take the digit of a keycap that follows another face for a letter.
    """
    joined: list[Run] = []
    for text, face in found:
        before = joined[-1] if joined else None
        if before is not None and before.face != EMOJI and face in (None, before.face):
            joined[-1] = Run(before.text + text, before.face)
        else:
            joined.append(Run(text, face or usual))
    return joined


def _visible(cluster: str) -> str:
    """Return the characters of a cluster that need a glyph: no blanks, joiners, marks of direction or selectors."""
    return "".join(one for one in cluster if not _is_unseen(one))


def _is_unseen(one: str) -> bool:
    return one.isspace() or unicodedata.category(one) in ("Cf", "Cc") or _is_selector(one)


def _is_selector(one: str) -> bool:
    return 0xFE00 <= ord(one) <= 0xFE0F or 0xE0100 <= ord(one) <= 0xE01EF


def _is_blank(cluster: str) -> bool:
    return not _visible(cluster)


def _without_selectors(cluster: str) -> str:
    return "".join(one for one in cluster if not _is_selector(one))


def _is_pictographic(cluster: str) -> bool:
    import regex

    return regex.match(r"\p{Extended_Pictographic}", cluster) is not None
