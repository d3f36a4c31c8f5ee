"""Finds links that a reader should not be sent along: unencrypted, or hiding where they lead. Pure."""

from __future__ import annotations

import re

from pressroom.generators.base import Flag
from pressroom.generators.offline_judging.plain_text import visible
from pressroom.generators.offline_judging.word_lists import shorteners

LINK = re.compile(
    r"https?://(?P<host>[^\s/:?#<>\"]+)(?::\d+)?(?P<path>/[^\s<>\"]*)?"
    r"|(?<![@\w.-])(?P<bare>(?:[\w-]+\.)+[a-z]{2,24})(?P<onward>/[^\s<>\"]*)?",
    re.IGNORECASE,
)
_SCORE = 0.5


def risky_links(text: str) -> list[Flag]:
    """Return a flag for each link by a shortener and for each over plain http."""
    flags = {}
    for match in LINK.finditer(visible(text)):
        host = (match["host"] or match["bare"]).lower()
        leads_on = len(match["path"] or match["onward"] or "") > 1
        if host.removeprefix("www.") in shorteners() and leads_on:
            flags[host] = Flag(category="link", score=_SCORE, why=f"A link by {host} hides where it leads.")
        elif match[0].lower().startswith("http://"):
            flags[host] = Flag(category="link", score=_SCORE, why=f"The link to {host} is not encrypted (http).")
    return list(flags.values())
