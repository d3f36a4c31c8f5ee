"""What the status and the headers of a fetched URL mean for whoever asked for it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message

from pressroom.errors import BadInput, NotFound, PressroomError, RateLimited, Unavailable
from pressroom.http_answers import Answer
from pressroom.http_outcomes import retry_at
from pressroom.redaction import redact
from pressroom.web_addresses import shown

_CHARSET = re.compile(r"[A-Za-z0-9._:+-]{1,40}")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,100}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Head:
    """What comes before the body; header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def location(self) -> str:
        """Where it redirects to; empty if it does not."""
        return self.headers.get("location", "") if self.status in _REDIRECTS else ""

    @property
    def media_type(self) -> str:
        found = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return found if _TYPE.fullmatch(found) else ""

    @property
    def charset(self) -> str:
        message = Message()
        message["content-type"] = self.headers.get("content-type", "").encode("ascii", "replace").decode()
        found = message.get_param("charset", "")
        return found.strip() if isinstance(found, str) and _CHARSET.fullmatch(found.strip()) else ""

    @property
    def length(self) -> int:
        """What it announces, 0 if nothing."""
        said = self.headers.get("content-length", "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0


def check_status(url: str, head: Head, now: datetime) -> None:
    """Raise what a status means that is neither a success nor a redirect."""
    status, place = head.status, shown(url)
    if 200 <= status < 300:
        return
    until = retry_at(Answer(status, dict(head.headers)), now)
    if status == 429:
        raise RateLimited(
            f"{place} answered that it is asked too often (429).",
            where=place,
            todo="It is tried again when the wait is over.",
            retry_at=until,
        )
    if status >= 500 or status in (408, 425):
        what = f"{place} could not be fetched: it answered {status}."
        raise Unavailable(what, where=place, todo="It is tried again later.", retry_at=until)
    if status in (404, 410):
        what = f"There is nothing at {place}: it answered {status}."
        raise NotFound(what, where=place, todo="Open the address in a browser and copy it anew.")
    if status in (401, 402, 403, 407, 451):
        what = f"{place} does not let programs read it: it answered {status}."
        raise BadInput(what, where=place, todo="Use a page that anybody may read without signing in.")
    raise BadInput(
        f"{place} could not be fetched: it answered {status}.",
        where=place,
        todo="Open the address in a browser and copy the one that it ends at.",
    )


def check_type(url: str, head: Head, accept: Sequence[str]) -> None:
    """Raise if the server says that it is something else; one that says nothing may be right."""
    found = head.media_type
    if not accept or not found or any(_fits(found, wanted) for wanted in accept):
        return
    raise BadInput(
        f"{shown(url)} is {found}, which is not what is looked for there: {', '.join(accept)}.",
        where=shown(url),
        todo="Give the address of something of that kind.",
    )


def too_large(url: str, max_bytes: int) -> PressroomError:
    what = f"{shown(url)} has more than {max_bytes:,} bytes, which is as much as is fetched."
    return BadInput(what, where=shown(url), todo="Give the address of something smaller.")


def passing(url: str, why: str, detail: str = "") -> PressroomError:
    """Return what it means that no answer came, or only the beginning of one."""
    what = f"{shown(url)} could not be fetched: {why}."
    return Unavailable(what, where=shown(url), todo="It is tried again later.", detail=redact(detail, ()))


def _fits(found: str, wanted: str) -> bool:
    kind, _, name = wanted.lower().partition("/")
    return wanted == "*/*" or found == wanted.lower() or (name == "*" and found.startswith(f"{kind}/"))
