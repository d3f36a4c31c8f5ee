"""Pages of a listing: `?limit=&cursor=`, answered by `{"items": […], "next": …}` and a `Link` header."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field

from pressroom.errors import BadInput

T = TypeVar("T")

MOST = 200
USUAL = 50
_LONGEST = 4000
"""Of a cursor: an asset's key may be long, and of letters that take several bytes."""


class Page(BaseModel, Generic[T]):
    """A part of a listing."""

    items: list[T]
    next: str | None = Field(
        description="The address of the next page; null on the last one.",
        examples=["/api/v1/jobs?limit=50&cursor=WyIvYXBpL3YxL2pvYnMiLCJqb2JfMDE5N2YzYzIiXQ"],
    )


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a listing is asked for."""

    request: Request
    limit: int
    after: str | None
    """The key of the last item of the page before; None at the beginning."""

    @property
    def one_more(self) -> int:
        """How many to read: one more than is shown tells whether there is a next page."""
        return self.limit + 1

    def page(
        self, found: Sequence[T], key: Callable[[T], str], show: Callable[[T], Any]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the page and its headers; `found` is up to `one_more` items from behind `after`."""
        shown = found[: self.limit]
        following = self._address(key(shown[-1])) if len(found) > self.limit else None
        headers = {"link": f'<{following}>; rel="next"'} if following else {}
        return {"items": [show(one) for one in shown], "next": following}, headers

    def _address(self, last: str) -> str:
        path = self.request.url.path
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name not in _OURS]
        return f"{path}?{urlencode([*kept, ('limit', self.limit), ('cursor', cursor_of(path, last))])}"


_OURS = ("limit", "cursor")


def cursor_of(path: str, last: str) -> str:
    """Return the place behind an item of one listing; only that listing takes it."""
    return base64.urlsafe_b64encode(json.dumps([path, last], ensure_ascii=False).encode()).decode().rstrip("=")


def read_cursor(path: str, cursor: str) -> str:
    """Return the key of the item that a cursor stands behind; raises `BadInput` for what is no cursor of this path."""
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        json.dumps(found, ensure_ascii=False).encode()  # half a character is no text, and no store takes it
    except (binascii.Error, ValueError, RecursionError):
        found = None
    match found:
        case [str(of), str(last)] if of == path and last:
            return last
    raise BadInput("This cursor is none of this listing.", todo="Take it from `next` as it is, or begin without one.")


def _paging(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = USUAL,
    cursor: Annotated[str | None, Query(max_length=_LONGEST, description="From the `next` of the page before.")] = None,
) -> Paging:
    return Paging(request, limit, None if cursor is None else read_cursor(request.url.path, cursor))


Paged = Annotated[Paging, Depends(_paging)]
