"""Finds e-mail addresses and phone numbers. What it says of one does not repeat it: verdicts are kept long. Pure."""

from __future__ import annotations

import re

from pressroom.generators.base import Flag
from pressroom.generators.offline_judging.links import LINK
from pressroom.generators.offline_judging.plain_text import visible

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?P<host>(?:[\w-]+\.)+[a-z]{2,24})(?![\w-])", re.IGNORECASE)
_DATE = re.compile(r"(?<![\d./-])(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})(?![./-]?\d)")
"""Left out first: a date and a time in a row have as many digits as a phone number."""
_GAP = r"[ ./()-]{0,2}"
_PHONES = (
    # With the country's code: +49 170 1234567, 0049 170 1234567; at most 15 digits (ITU-T E.164).
    re.compile(rf"(?<![\w+])(?:\+|00)[1-9](?:{_GAP}\d){{7,14}}(?!\d)"),
    # Within a country, where a leading zero tells: 0170 1234567, 02 34 56 78 90.
    re.compile(rf"(?<![\w+./,-])\(?0[1-9](?:{_GAP}\d){{7,11}}(?!\d)"),
    # North America: (212) 555-0134, 212-555-0134.
    re.compile(r"(?<![\w+./,-])(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{4}(?!\d)"),
)
_LEAST_DIGITS = 9
_SCORE = 0.8


def personal_data(text: str) -> list[Flag]:
    """Return a flag for each e-mail address and each phone number."""
    plain = visible(text)
    whys = [f"There is an e-mail address at {match['host'].lower()}." for match in _EMAIL.finditer(plain)]
    rest = _DATE.sub(" | ", LINK.sub(" | ", _EMAIL.sub(" | ", plain)))
    for pattern in _PHONES:
        for match in pattern.finditer(rest):
            digits = re.sub(r"\D", "", match[0])
            if len(digits) >= _LEAST_DIGITS:
                whys.append(f"There is a phone number that ends in {digits[-2:]}.")
        rest = pattern.sub(" | ", rest)
    return [Flag(category="personal data", score=_SCORE, why=why) for why in dict.fromkeys(whys)]
