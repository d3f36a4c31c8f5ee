"""The signs that a letter may have been taken for, and the letter beneath its marks. Pure."""

from __future__ import annotations

import unicodedata

SIGNS = 95
"""Letters, digits and signs of ASCII; number 0 stands for all others."""
_STROKES = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "Ø": "O", "Ł": "L", "Đ": "D", "Ħ": "H"}
"""Letters that Unicode does not take apart."""


def plain(sign: str) -> str:
    """Return the letter of ASCII beneath the marks, or the sign itself if it is not made of one."""
    if sign.isascii():
        return sign
    wide = unicodedata.normalize("NFKC", sign) if sign >= "\uff00" else sign
    parts = unicodedata.normalize("NFD", _STROKES.get(wide, wide))
    bare = "".join(one for one in parts if not unicodedata.combining(one))
    return bare if len(bare) == 1 and bare.isascii() else sign


def number_of(sign: str) -> int:
    """Return which sign of ASCII it was taken for, 0 if none."""
    bare = plain(sign)
    return ord(bare) - 32 if len(bare) == 1 and 32 < ord(bare) < 127 else 0
