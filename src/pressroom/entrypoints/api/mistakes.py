"""What a validation found wrong, in words for callers: the parameter's own name, and what it must be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, Field

from pressroom.redaction import redactor

_MOST_MISTAKES = 50
_LONGEST_PLACE = 200
_BEGINS = re.compile(r"(?:Input|String|Bytes|List|Tuple|Set|Dictionary|Value|Number|Decimal input) should ")
_DAY = "must be a day, such as 2026-10-31"
_TIME = "must be a time with its zone, such as 2026-10-31T08:00:00+00:00"
_OBJECT = "must be a JSON object"
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be a text",
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "dict_type": _OBJECT,
}
"""By the validator's kind of error, where its own words are about the validator."""


class Mistake(BaseModel):
    """One place in a request that is wrong."""

    part: str = Field(description="`body`, `query`, `path` or `header`.", examples=["body"])
    name: str = Field(description="The field, with dots to what is within it; empty for all.", examples=["input.url"])
    message: str = Field(examples=["is missing"])

    def __str__(self) -> str:
        named = self.name or f"the {self.part}"
        is_sentence = self.message.startswith(("must ", "is "))
        return f"{named} {self.message}" if is_sentence else f"{named}: {self.message}"


def mistakes(errors: Iterable[Mapping[str, Any]]) -> list[Mistake]:
    """Return the places that a validation found wrong; never what was given there, which may be a secret."""
    clean = redactor(())
    found: list[Mistake] = []
    for place, item in list(_without_branches(list(errors)))[:_MOST_MISTAKES]:
        part, *names = place
        if part != "body":
            names = [one for one in names if not isinstance(one, int)]  # which of several that bear one name
        name = clean(".".join(map(str, names)))[:_LONGEST_PLACE]
        mistake = Mistake(part=str(part), name=name, message=clean(_said(item))[:_LONGEST_PLACE])
        if mistake not in found:
            found.append(mistake)
    return found


def _without_branches(errors: list[Mapping[str, Any]]) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
    """Yield each error with its place; that something may be left out makes of one mistake two, each with a branch."""
    left_out = {tuple(item["loc"][:-1]) for item in errors if item["type"] == "none_required"}
    for item in errors:
        place = tuple(item["loc"]) or ("body",)
        is_branch = place[:-1] in left_out
        if not (is_branch and item["type"] == "none_required"):
            yield (place[:-1] if is_branch else place), item


def _said(item: Mapping[str, Any]) -> str:
    kind = str(item["type"])
    if kind in _WORDS:
        return _WORDS[kind]
    if kind.startswith(("datetime_", "timezone_")):
        return _TIME
    if kind.startswith("date_"):
        return _DAY
    return _BEGINS.sub("must ", str(item["msg"]).removeprefix("Value error, "), count=1)
