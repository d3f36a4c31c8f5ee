"""Which currency a sign means, where, and how many digits its prices have. Pure."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlsplit

# ISO 4217, 2026-11-20; those that people pay with
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CODES = frozenset(_CODES.split())
_NO_DIGITS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_THREE_DIGITS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})

_SIGNS = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "us$": "USD", "usd$": "USD", "ca$": "CAD", "c$": "CAD",
    "a$": "AUD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "sg$": "SGD", "nt$": "TWD", "mx$": "MXN",
    "r$": "BRL", "ar$": "ARS", "cl$": "CLP", "co$": "COP", "rd$": "DOP", "tt$": "TTD", "j$": "JMD", "bds$": "BBD",
    "₹": "INR", "₽": "RUB", "руб": "RUB", "руб.": "RUB", "р.": "RUB", "₴": "UAH", "грн": "UAH", "грн.": "UAH",
    "zł": "PLN", "zl": "PLN", "kč": "CZK", "ft": "HUF", "lei": "RON", "лв": "BGN", "лв.": "BGN", "₺": "TRY",
    "tl": "TRY",
    "₪": "ILS", "₩": "KRW", "원": "KRW", "₫": "VND", "đ": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN", "₵": "GHS",
    "gh₵": "GHS", "₸": "KZT", "₼": "AZN", "₾": "GEL", "֏": "AMD", "₡": "CRC", "₲": "PYG", "₮": "MNT", "₭": "LAK",
    "៛": "KHR", "৳": "BDT", "rp": "IDR", "rm": "MYR", "s/": "PEN", "s/.": "PEN", "円": "JPY", "元": "CNY",
    "人民币": "CNY", "rmb": "CNY", "cn¥": "CNY", "jp¥": "JPY", "sfr": "CHF", "sfr.": "CHF", "fr.": "CHF",
    "د.إ": "AED", "درهم": "AED",
    "ر.س": "SAR", "ريال": "SAR", "ر.ق": "QAR", "د.ك": "KWD", "د.ب": "BHD", "ر.ع": "OMR", "ج.م": "EGP", "جنيه": "EGP",
    "д.": "RSD", "дин.": "RSD", "din.": "RSD", "ksh": "KES", "ден": "MKD",
}  # fmt: skip
"""Signs that mean one currency, in lower case."""

_SHARED = {
    "$": {"": "USD", "ca": "CAD", "au": "AUD", "nz": "NZD", "sg": "SGD", "hk": "HKD", "tw": "TWD", "mx": "MXN",
          "ar": "ARS", "cl": "CLP", "co": "COP", "uy": "UYU", "do": "DOP", "jm": "JMD", "tt": "TTD"},
    "¥": {"": "JPY", "cn": "CNY"},
    "￥": {"": "JPY", "cn": "CNY"},
    "kr": {"se": "SEK", "sv": "SEK", "no": "NOK", "nb": "NOK", "nn": "NOK", "dk": "DKK", "da": "DKK", "is": "ISK"},
    "kr.": {"": "DKK", "se": "SEK", "sv": "SEK", "no": "NOK", "nb": "NOK", "is": "ISK"},
    "rs": {"": "INR", "pk": "PKR", "lk": "LKR", "np": "NPR", "mu": "MUR"},
    "rs.": {"": "INR", "pk": "PKR", "lk": "LKR", "np": "NPR", "mu": "MUR"},
    "₨": {"": "INR", "pk": "PKR", "lk": "LKR", "np": "NPR", "mu": "MUR"},
    "r": {"za": "ZAR"},
    "﷼": {"": "IRR", "sa": "SAR", "om": "OMR", "qa": "QAR", "ye": "YER"},
    "fr": {"ch": "CHF"},
}  # fmt: skip
"""Signs of several currencies: by country or language, and under the empty key what else they most often mean."""

_WRITTEN = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "INR": "₹", "KRW": "₩"}


def sign_pattern() -> str:
    """Return a regular expression of every sign and code, the longest first; for text in any case."""
    signs = sorted({*_SIGNS, *_SHARED, *(code.lower() for code in CODES)}, key=len, reverse=True)
    return "|".join(
        rf"(?<![^\W\d_]){re.escape(sign)}(?![^\W\d_])" if sign[0].isalpha() and sign[-1].isalpha() else re.escape(sign)
        for sign in signs
    )


def currency_of(sign: str, places: tuple[str, ...] = ()) -> str:
    """Return the ISO code that a sign or a code means; empty if that cannot be told.

    `places` are countries and languages in lower case, the surest first.
    """
    sign = " ".join(sign.split()).lower()
    if sign.upper() in CODES:
        return sign.upper()
    if sign in _SIGNS:
        return _SIGNS[sign]
    shared = _SHARED.get(sign, {})
    return next((shared[place] for place in places if place in shared), shared.get("", ""))


def places_of(url: str, language: str) -> tuple[str, ...]:
    """Return the countries and languages that a page speaks for: `en-CA` on shop.com is Canada's."""
    country = urlsplit(url).hostname or ""
    words = [word.lower() for word in re.split(r"[-_]", language) if word]
    spoken, region = words[:1], [word for word in words[1:] if len(word) == 2]
    mainland = ["cn"] if spoken == ["zh"] and not region else []
    # `co`, `is`, `no` and `tt` as an ending are countries; `com` and the like are in no table.
    return (*region, country.rpartition(".")[2], *mainland, *spoken)


def digits_of(currency: str) -> int:
    return 0 if currency in _NO_DIGITS else 3 if currency in _THREE_DIGITS else 2


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return an amount with as many digits as prices in the currency have."""
    return amount.quantize(Decimal(1).scaleb(-digits_of(currency)), ROUND_HALF_UP)


def written(amount: Decimal, currency: str) -> str:
    """Return an amount for people, in English: "€10.00", "1,200 SEK"."""
    amount = rounded(amount, currency)
    sign = _WRITTEN.get(currency)
    return f"{sign}{amount:,}" if sign else f"{amount:,} {currency}".rstrip()
