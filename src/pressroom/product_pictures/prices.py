"""Writes amounts of money as people write them who pay in that currency, or read that language. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_NARROW, _BLANK = "\u202f", "\u00a0"


@dataclass(frozen=True, slots=True)
class Style:
    """How a language writes money."""

    group: str
    point: str
    shape: str
    """With {number} and {sign}; the blank between them never breaks."""
    drops_empty_cents: bool = False


# Unicode CLDR 46, numbers: decimal, group, currencyFormats/standard; the Nordic and Czech habit to write whole crowns
# without their cents is that of shops there, 2026-11-20.
_POINT_LAST = Style(",", ".", "{sign}{number}")
_STYLES = {
    "en": _POINT_LAST,
    "en-in": Style("lakh", ".", "{sign}{number}"),
    "en-za": Style(_BLANK, ",", "{sign} {number}"),
    "hi": Style("lakh", ".", "{sign}{number}"),
    "ja": _POINT_LAST,
    "ko": _POINT_LAST,
    "zh": _POINT_LAST,
    "th": _POINT_LAST,
    "he": Style(",", ".", "{number} {sign}"),
    "ar": Style(",", ".", "{number} {sign}"),
    "fa": Style(",", ".", "{number} {sign}"),
    "de": Style(".", ",", "{number} {sign}"),
    "de-at": Style(".", ",", "{sign} {number}"),
    "de-ch": Style("’", ".", "{sign} {number}"),
    "fr-ch": Style(_NARROW, ".", "{number} {sign}"),
    "it-ch": Style("’", ".", "{sign} {number}"),
    "fr": Style(_NARROW, ",", "{number} {sign}"),
    "fr-ca": Style(_BLANK, ",", "{number} {sign}"),
    "it": Style(".", ",", "{number} {sign}"),
    "es": Style(".", ",", "{number} {sign}"),
    "es-mx": _POINT_LAST,
    "pt": Style(".", ",", "{sign} {number}"),
    "pt-pt": Style(_BLANK, ",", "{number} {sign}"),
    "nl": Style(".", ",", "{sign} {number}"),
    "sv": Style(_BLANK, ",", "{number} {sign}", drops_empty_cents=True),
    "nb": Style(_BLANK, ",", "{number} {sign}", drops_empty_cents=True),
    "da": Style(".", ",", "{number} {sign}", drops_empty_cents=True),
    "is": Style(".", ",", "{number} {sign}"),
    "fi": Style(_BLANK, ",", "{number} {sign}"),
    "pl": Style(_BLANK, ",", "{number} {sign}"),
    "cs": Style(_BLANK, ",", "{number} {sign}", drops_empty_cents=True),
    "sk": Style(_BLANK, ",", "{number} {sign}"),
    "hu": Style(_BLANK, ",", "{number} {sign}", drops_empty_cents=True),
    "bg": Style(_BLANK, ",", "{number} {sign}"),
    "uk": Style(_BLANK, ",", "{number} {sign}"),
    "ru": Style(_BLANK, ",", "{number} {sign}", drops_empty_cents=True),
    "ro": Style(".", ",", "{number} {sign}"),
    "hr": Style(".", ",", "{number} {sign}"),
    "sl": Style(".", ",", "{number} {sign}"),
    "sr": Style(".", ",", "{number} {sign}"),
    "el": Style(".", ",", "{number} {sign}"),
    "tr": Style(".", ",", "{sign}{number}"),
    "vi": Style(".", ",", "{number} {sign}"),
    "id": Style(".", ",", "{sign} {number}", drops_empty_cents=True),
}
_ALIASES = {"no": "nb", "nn": "nb", "iw": "he", "in": "id"}

_HOMES = {
    "USD": "en-us",
    "GBP": "en-gb",
    "AUD": "en-au",
    "CAD": "en-ca",
    "NZD": "en-nz",
    "SGD": "en-sg",
    "HKD": "zh-hk",
    "TWD": "zh-tw",
    "JPY": "ja-jp",
    "CNY": "zh-cn",
    "KRW": "ko-kr",
    "INR": "en-in",
    "EUR": "de",
    "CHF": "de-ch",
    "SEK": "sv",
    "NOK": "nb",
    "DKK": "da",
    "ISK": "is",
    "PLN": "pl",
    "CZK": "cs",
    "HUF": "hu",
    "RON": "ro",
    "BGN": "bg",
    "RSD": "sr",
    "UAH": "uk",
    "RUB": "ru",
    "TRY": "tr",
    "BRL": "pt-br",
    "MXN": "es-mx",
    "ILS": "he",
    "AED": "en",
    "SAR": "en",
    "THB": "th",
    "VND": "vi",
    "IDR": "id",
    "ZAR": "en-za",
}
_SIGNS = {
    "USD": "$",
    "GBP": "£",
    "EUR": "€",
    "JPY": "¥",
    "CNY": "¥",
    "KRW": "₩",
    "INR": "₹",
    "SEK": "kr",
    "NOK": "kr",
    "DKK": "kr.",
    "ISK": "kr.",
    "PLN": "zł",
    "CZK": "Kč",
    "HUF": "Ft",
    "RON": "lei",
    "BGN": "лв.",
    "RSD": "дин.",
    "UAH": "₴",
    "RUB": "₽",
    "TRY": "₺",
    "ILS": "₪",
    "THB": "฿",
    "VND": "₫",
    "IDR": "Rp",
    "ZAR": "R",
    "BRL": "R$",
    "NGN": "₦",
    "KZT": "₸",
    "PHP": "₱",
}
_DOLLARS = {"AUD": "A$", "CAD": "CA$", "NZD": "NZ$", "SGD": "S$", "HKD": "HK$", "TWD": "NT$", "MXN": "MX$"}
_PLAIN_DOLLAR = {"AUD": "au", "CAD": "ca", "NZD": "nz", "SGD": "sg", "HKD": "hk", "TWD": "tw", "MXN": "mx"}
"""Where that dollar is the one that people mean."""

# ISO 4217, minor units, 2026-11-20; HUF and the like have cents that nobody writes.
_NO_CENTS = frozenset(["JPY", "KRW", "VND", "ISK", "CLP", "PYG", "XOF", "XAF", "XPF", "UGX", "RWF"])
_THREE_PLACES = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


def written_price(amount: Decimal, currency: str, language: str = "") -> str:
    """Write an amount: 1.299,00 €, $1,299.00, ¥12,800, 1 299 kr.

    `currency` is an ISO code or empty; `language` a tag such as "de-AT", or empty for that of the currency's home.
    """
    currency = currency.strip().upper()
    language = language.strip().lower().replace("_", "-") or _HOMES.get(currency, "en")
    style = _style(language)
    sign = _sign(currency, language)
    number = _number(amount, currency, style)
    if not sign:
        return number
    shape = style.shape
    if sign[-1].isalpha() and "{sign}{number}" in shape:
        # A word never touches its number; those of Europe stand after it in any language.
        shape = "{number} {sign}" if currency in _SIGNS and currency not in ("ZAR", "IDR") else "{sign} {number}"
    return shape.format(number=number, sign=sign).replace(" ", _BLANK)


def written_range(low: Decimal, high: Decimal, currency: str, language: str = "") -> str:
    """Write two amounts as one range."""
    return f"{written_price(low, currency, language)} – {written_price(high, currency, language)}"


def written_reduction(price: Decimal, original: Decimal, language: str = "") -> str:
    """Write by how much a price is lower, in whole per cent: −25%; empty if it is not worth saying."""
    if original <= 0 or price >= original:
        return ""
    percent = int((100 * (original - price) / original).to_integral_value(ROUND_HALF_UP))
    has_blank = language.lower().partition("-")[0] in ("de", "fr", "es", "sv", "nb", "no", "da", "fi", "cs", "sk", "ru")
    return f"−{percent}{_BLANK if has_blank else ''}%" if percent >= 1 else ""


def _style(language: str) -> Style:
    known = _ALIASES.get(language.partition("-")[0], language.partition("-")[0])
    return _STYLES.get(language) or _STYLES.get(known) or _POINT_LAST


def _sign(currency: str, language: str) -> str:
    if currency in _DOLLARS:
        return "$" if language.endswith(f"-{_PLAIN_DOLLAR[currency]}") else _DOLLARS[currency]
    return _SIGNS.get(currency, currency)


def _number(amount: Decimal, currency: str, style: Style) -> str:
    places = 0 if currency in _NO_CENTS else 3 if currency in _THREE_PLACES else 2
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if places == 0 and rounded != amount:
        places, rounded = 2, amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if style.drops_empty_cents and rounded == rounded.to_integral_value():
        places = 0
    digits = f"{abs(rounded):.{places}f}"
    whole, _, cents = digits.partition(".")
    grouped = _in_lakhs(whole) if style.group == "lakh" else f"{int(whole):,}".replace(",", style.group)
    minus = "−" if rounded < 0 else ""
    return minus + grouped + (style.point + cents if cents else "")


def _in_lakhs(whole: str) -> str:
    """Group as in India: 1,29,999."""
    head, tail = whole[:-3], whole[-3:]
    pairs: list[str] = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*pairs, tail])
