"""The Graph API for one channel of one of Meta's networks: how it is signed in to, called, read and paged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pressroom.errors import AccountDisconnected, PostRejected, PressroomError, Unavailable
from pressroom.http_answers import Answer, Deadline
from pressroom.http_api import HttpApi
from pressroom.http_outcomes import Call
from pressroom.log import log
from pressroom.publishers import _meta_errors
from pressroom.publishers._meta_errors import NoSuchObject
from pressroom.publishers.base import Channel

if TYPE_CHECKING:
    import httpx

CLOCK_SKEW = timedelta(minutes=2)
"""How far our clock and Meta's may be apart."""
_MOST_PAGES = 10


@dataclass(frozen=True)
class _Token:
    """The token as it was when a call began; another may have been stored since."""

    token: str = field(repr=False)
    others: tuple[str, ...] = field(repr=False)
    can_renew = False

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.token, *self.others)

    def sign(self, request: httpx.Request) -> str:
        request.headers["authorization"] = f"Bearer {self.token}"
        return self.token

    def renew(self, refused: str, deadline: Deadline) -> None:
        raise AccountDisconnected("The token is renewed before it ends, not when it has ended.")


def graph_api(channel: Channel, service: str, base_url: str) -> HttpApi:
    """Return the API under a base URL that names the version. The token goes as a header, never in an address."""
    section = f"channels.{channel.name}"

    def explained(call: Call, answer: Answer) -> PressroomError | None:
        is_replaced = (channel.secret("access_token") or "").strip() not in call.secrets
        return _meta_errors.explain(call, answer, channel.clock.now(), section, is_replaced=is_replaced)

    return HttpApi(
        service=service,
        where=f"channel {channel.name}",
        base_url=base_url,
        timeout=timedelta(seconds=channel.settings.timeout_seconds),
        clock=channel.clock,
        sign_in=lambda: _sign_in(channel),
        words=_meta_errors.words_of,
        explain=explained,
        default_wait=_meta_errors.DEFAULT_WAIT,
    )


def _sign_in(channel: Channel) -> _Token:
    token = (channel.secret("access_token") or "").strip()
    name = f"channels.{channel.name}.access_token"
    if not token or not token.isascii() or len(token.split()) > 1:
        what = f"The secret {name} is not set." if not token else f"The secret {name} is not one token."
        todo = f"Store it with `pressroom secrets set {name}`, then resume the channel."
        raise AccountDisconnected(what, where=f"channel {channel.name}", todo=todo)
    others = (channel.secret(other) for other in ("app_secret", "client_secret"))
    return _Token(token, tuple(other.strip() for other in others if other))


def read(api: HttpApi, path: str, doing: str, **parameters: str) -> dict[str, Any]:
    """Read an object. Nothing was to be posted, so a refusal is about the account; raises `NoSuchObject` too."""
    try:
        return api.document("GET", path, doing, params=parameters)
    except NoSuchObject:
        raise
    except PostRejected as error:
        raise AccountDisconnected(
            error.what,
            where=error.where,
            todo="Check the ids in the channel's settings and the app's rights to read, then resume the channel.",
            detail=error.detail,
        ) from error


def listed(api: HttpApi, path: str, doing: str, **parameters: str) -> Iterator[dict[str, Any]]:
    """Give what an edge lists, page after page, as far as it is asked for; raises `TooMany` after ten pages."""
    for _ in range(_MOST_PAGES):
        document = read(api, path, doing, **parameters)
        data = document.get("data")
        if not isinstance(data, list):
            raise Unavailable(
                f"{api.service} gave an answer that cannot be read when asked to {doing}.",
                where=api.where,
                todo="It is tried again later.",
            )
        yield from (entry for entry in data if isinstance(entry, dict))
        paging = document.get("paging")
        cursors = paging.get("cursors") if isinstance(paging, dict) else None
        after = cursors.get("after") if isinstance(cursors, dict) else None
        if not isinstance(paging, dict) or not paging.get("next") or not isinstance(after, str):
            return
        parameters["after"] = after
    raise TooMany


class TooMany(Exception):
    """There is more than anybody wants to read."""


def moment(text: object) -> datetime | None:
    """Read Graph's `2026-11-20T18:00:00+0000`, or Unix seconds; None for anything else."""
    if isinstance(text, int) and not isinstance(text, bool):
        return datetime.fromtimestamp(text, UTC)
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def id_in(document: dict[str, Any] | None) -> str:
    """Return the id that a success names; empty if it names none."""
    found = (document or {}).get("id")
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def permalink(api: HttpApi, object_id: str, field: str, fallback: str, deadline: Deadline | None = None) -> str:
    """Return the public address of something that is public; never raises, since what is there is there."""
    try:
        document = api.document(
            "GET", f"/{object_id}", "say under which address it is", params={"fields": field}, deadline=deadline
        )
    except PressroomError as error:
        log.info("the address of a post could not be read; another is kept", where=api.where, why=error.what)
        return fallback
    found = document.get(field)
    return found if isinstance(found, str) and found.startswith("https://") else fallback


def made_id(api: HttpApi, path: str, doing: str, **content: Any) -> str:
    """Make something that is not public yet and return its id."""
    found = id_in(api.document("POST", path, doing, **content))
    if not found:
        raise Unavailable(
            f"{api.service} was asked to {doing} and did not say under which id.",
            where=api.where,
            todo="It is tried again later.",
        )
    return found
