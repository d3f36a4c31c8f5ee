"""What is set over a product picture, in which words and in which direction. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from pressroom.lettering.runs import clusters
from pressroom.product_pictures.prices import written_price, written_range, written_reduction

_LONGEST_NAME, _LONGEST_BRAND, _LONGEST_OFFER = 300, 40, 60
"""Characters that are looked at; what is set is shortened to its place besides."""
_REDUCTION = re.compile(r"[-−–]\s?\d{1,3}(?:[.,]\d+)?\s?%")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductWords:
    """The words for one picture, each empty if there is none."""

    name: str
    brand: str = ""
    price: str = ""
    original: str = ""
    """The price before, to be struck through."""
    offer: str = ""
    language: str = ""
    """A tag such as "ja"; chooses among forms of Han characters."""

    @property
    def is_right_to_left(self) -> bool:
        return is_right_to_left(self.name)


def product_words(
    name: str,
    *,
    brand: str = "",
    price: Decimal | None = None,
    high: Decimal | None = None,
    original: Decimal | None = None,
    currency: str = "",
    offer: str = "",
    language: str = "",
) -> ProductWords:
    """Put a product's facts into words; `high` is the upper end of a range that begins at `price`."""
    name = _clean(name, _LONGEST_NAME)
    brand = _clean(brand, _LONGEST_BRAND)
    is_reduced = price is not None and original is not None and original > price
    shown = ""
    if price is not None:
        is_range = high is not None and high > price
        shown = (
            written_range(price, high, currency, language)
            if is_range and high
            else written_price(price, currency, language)
        )
    offer = _clean(offer, _LONGEST_OFFER)
    if is_reduced and price is not None and original is not None and (not offer or _REDUCTION.fullmatch(offer)):
        offer = written_reduction(price, original, language)
    return ProductWords(
        name=name,
        # A name that begins with its brand need not be told it twice.
        brand="" if name.casefold().startswith(brand.casefold()) else brand,
        price=shown,
        original=written_price(original, currency, language) if is_reduced and original is not None else "",
        offer=offer,
        language=language or language_of(name),
    )


def is_right_to_left(text: str) -> bool:
    """Say whether a text is read from right to left, by its first letter that has a direction."""
    for one in text:
        direction = unicodedata.bidirectional(one)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def language_of(text: str) -> str:
    """Return the language whose forms of Han characters suit a text best; empty if it has none."""
    if any("\u3041" <= one <= "\u30ff" for one in text):
        return "ja"
    if any("\uac00" <= one <= "\ud7a3" for one in text):
        return "ko"
    if not any("\u3400" <= one <= "\u9fff" for one in text):
        return ""
    han = "".join(one for one in text if "\u3400" <= one <= "\u9fff")
    return "zh-TW" if not _fits(han, "gb2312") and _fits(han, "big5") else "zh-CN"


def _fits(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _clean(text: str, longest: int) -> str:
    """Return the text on one line, without what nobody sees, and no longer than need be."""
    seen = "".join(
        " " if one.isspace() else one
        for one in text
        if one.isspace() or not (unicodedata.category(one) in ("Cc", "Co", "Cs", "Cn") or one in _OVERRIDES)
    )
    return "".join(clusters(" ".join(seen.split()))[:longest]).strip()


_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks that would turn the direction of what is set beside them."""
