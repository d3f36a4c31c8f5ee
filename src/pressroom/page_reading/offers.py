"""The words that say what a reader saves. Pure."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from pressroom.page_reading.currencies import rounded, written

LEAST_PERCENT = 5
"""Less than this is told as an amount, which says more."""


def offer_words(price: Decimal | None, original: Decimal | None, currency: str) -> str:
    """Return "-20 %", or "Save €1.00" where that is little; never more than is saved. Empty without two prices."""
    if price is None or original is None or original <= price:
        return ""
    percent = ((original - price) / original * 100).to_integral_value(ROUND_FLOOR)
    if percent >= LEAST_PERCENT:
        return f"-{percent} %"
    return f"Save {written(rounded(original - price, currency), currency)}"
