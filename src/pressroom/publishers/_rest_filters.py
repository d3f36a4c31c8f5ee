"""What templates can do with a value: filters, and what a value must come to. None makes much out of little. Pure."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

MOST_ITEMS = 10_000
_MOST_DIGITS = 15
_HASHTAG = re.compile(r"(?<![\w&/])#(\w+)")
_FROM_JINJA = (
    "abs capitalize count d default dictsort first float int items last length list lower map max min reject "
    "rejectattr reverse select selectattr sort sum title trim unique upper wordcount"
)
FROM_JINJA = frozenset(_FROM_JINJA.split(" "))


class Costly(ValueError):
    """A template would make more than anybody wants to send; the text continues "the template …"."""


class Omit:
    """The value of `omit`: what comes to it is left out of the request."""

    def __repr__(self) -> str:
        return "omit"


OMIT = Omit()


def plain(value: Any, most_characters: int) -> Any:
    """Return a value as JSON knows it, times in ISO 8601; raises `Costly` for what is too large or is nothing of it."""
    left = [MOST_ITEMS, most_characters]

    def walk(one: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise Costly(f"it makes more than {MOST_ITEMS:,} values")
        if isinstance(one, str):
            left[1] -= len(one)
            if left[1] < 0:
                raise Costly(f"it makes more than {most_characters:,} characters")
            return str(one)
        if one is None or isinstance(one, bool | int | Omit):
            return one
        if isinstance(one, float):
            if not math.isfinite(one):
                raise Costly("a number is infinite, or none at all")
            return one
        if isinstance(one, date):
            return one.isoformat()
        if isinstance(one, Mapping):
            return {str(key): found for key, inner in one.items() if not isinstance(found := walk(inner), Omit)}
        if isinstance(one, list | tuple | Iterator):
            return [found for inner in one if not isinstance(found := walk(inner), Omit)]
        str(one)  # something undefined says here which name it is
        raise Costly(f"a value is a {type(one).__name__}, which cannot be sent")

    return walk(value)


def as_text(value: Any) -> str:
    """Return how a value stands in a text: nothing for null, true and false as JSON writes them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Omit):
        raise Costly("omit cannot stand inside a text: write it as the whole value")
    str(value)  # something undefined says here which name it is
    raise Costly("a list or a table cannot stand inside a text: use | join(', ') or | tojson")


def _size_checked(size: int) -> None:
    if size > 1_000_000:
        raise Costly("it makes more than 1,000,000 characters")


def replace(text: Any, old: str, new: str) -> str:
    """Replace every `old` by `new`."""
    whole, old, new = as_text(text), as_text(old), as_text(new)
    _size_checked(len(whole) + whole.count(old) * len(new))
    return whole.replace(old, new)


def join(values: Iterable[Any], between: Any = "", attribute: str | None = None) -> str:
    """Join the values, or one key of each, with a text between them."""
    parts, glue = [as_text(value[attribute] if attribute else value) for value in values], as_text(between)
    _size_checked(sum(map(len, parts)) + len(parts) * len(glue))
    return glue.join(parts)


def tojson(value: Any) -> str:
    """Write the value as JSON."""
    return json.dumps(plain(value, 1_000_000), ensure_ascii=False)


def rounded(value: Any, digits: int = 0) -> Any:
    """Round a number to so many digits after the point; without any it is a whole number."""
    if not 0 <= digits <= _MOST_DIGITS:
        raise Costly(f"numbers are rounded to 0 to {_MOST_DIGITS} digits")
    return round(float(value), digits) if digits else round(float(value))


def truncate(text: Any, length: int, end: str = "…") -> str:
    """Cut the text at a word so that it has no more than `length` characters."""
    from pressroom.fitting import fit_text

    text = as_text(text)
    return text if len(text) <= length else fit_text(text, length, len) if end == "…" else text[:length] + end


def slug(text: Any, length: int = 80) -> str:
    """Make a text that can stand in an address: small letters, digits and hyphens."""
    ascii_only = unicodedata.normalize("NFKD", as_text(text)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:length].rstrip("-")


def as_html(text: Any) -> str:
    """Make HTML of plain text: paragraphs at blank lines, breaks at others, everything escaped."""
    escaped = html.escape(as_text(text), quote=True).strip()
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in re.split(r"\n\s*\n", escaped) if part)


def without_hashtags(text: Any) -> str:
    """Take the hashtags out of a text."""
    kept = _HASHTAG.sub("", as_text(text))
    return re.sub(r"[ \t]+(?=\n|$)", "", re.sub(r"[ \t]{2,}", " ", kept)).strip()


def hashtags(text: Any) -> list[str]:
    """Return the hashtags of a text, without `#`, each once."""
    return list(dict.fromkeys(_HASHTAG.findall(as_text(text))))


def as_date(value: Any, form: str = "%Y-%m-%d") -> str:
    """Write a time in a form of its own; `%d.%m.%Y` is day, month, year."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return str(moment.strftime(form[:200]))


OURS: dict[str, Callable[..., Any]] = {
    "base64": lambda text: base64.b64encode(as_text(text).encode()).decode(),
    "date": as_date,
    "e": lambda text: html.escape(as_text(text)),
    "escape": lambda text: html.escape(as_text(text)),
    "hashtags": hashtags,
    "html": as_html,
    "join": join,
    "replace": replace,
    "round": rounded,
    "sha256": lambda text: hashlib.sha256(as_text(text).encode()).hexdigest(),
    "slug": slug,
    "string": as_text,
    "tojson": tojson,
    "truncate": truncate,
    "urlencode": lambda text: quote(as_text(text), safe=""),
    "without_hashtags": without_hashtags,
}
