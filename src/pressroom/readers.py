"""Readers of what goes out by mail: who they are, when it is evening where they live, and whether they have left."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from pressroom.ports import Tables
from pressroom.table_rows import Row

_MAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"_]+\.[^\s@<>()\[\],;:\\\"_]+")
_AT = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _is_mail(value: str) -> str:
    if not _MAIL.fullmatch(value):
        raise ValueError("must be an address such as ada@example.com")
    return value


def _is_zone(value: str) -> str:
    try:
        ZoneInfo(value or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("must be a time zone such as Europe/Berlin") from error
    return value


def _is_time(value: str) -> str:
    if value and not _AT.fullmatch(value):
        raise ValueError("must be a time of the day such as 19:15")
    return value


class Reader(Row):
    """Somebody who gets a mail."""

    mail: Annotated[str, AfterValidator(_is_mail)]
    zone: Annotated[str, AfterValidator(_is_zone)] = ""
    """Where the reader lives: "Europe/Berlin"; empty for the pipeline's own."""
    at: Annotated[str, AfterValidator(_is_time)] = ""
    """When the mail is wanted, by the clock there: "19:15"; empty for as soon as it is ready."""

    def stored(self, before: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the row with what is not the file's: the token of the reader's links, and when they left.

        Whoever has left stays away until they come back themselves, however often the file is read.
        """
        known = before or {}
        return super().stored(before) | {
            "token": known.get("token") or secrets.token_urlsafe(24),
            "left_at": known.get("left_at"),
        }


class Subscriber(Reader):
    """A reader as the table has them."""

    token: str = Field(repr=False)
    """Opens the page on which this reader leaves; nobody can guess it, and it names nobody."""
    left_at: datetime | None = None

    @property
    def address(self) -> str:
        return f"{self.name} <{self.mail}>"

    def due(self, evening: date, zone: str) -> datetime | None:
        """Return when the mail of an evening is due; None for as soon as it is ready.

        A time that the clock skips on that day is the moment to which it jumps.
        """
        if not self.at:
            return None
        hour, minute = self.at.split(":")
        here = ZoneInfo(self.zone or zone)
        return datetime.combine(evening, time(int(hour), int(minute)), here)


class Readers:
    """The readers of one pipeline, in its table."""

    def __init__(self, tables: Tables, table: str) -> None:
        self._tables, self._table = tables, table

    def all(self) -> dict[str, Subscriber]:
        return {key: Subscriber.model_validate(row) for key, row in self._tables.all(self._table).items()}

    def subscribed(self) -> dict[str, Subscriber]:
        return {key: reader for key, reader in self.all().items() if reader.left_at is None}

    def with_token(self, token: str) -> tuple[str, Subscriber] | None:
        """Return key and reader of the token; looks at all of them, so that its time tells nothing."""
        found = None
        for key, reader in self.all().items():
            if hmac.compare_digest(reader.token.encode(), token.encode()):
                found = key, reader
        return found

    def leave(self, token: str, now: datetime) -> Subscriber | None:
        """Note durably that a reader has left; None for a token that is nobody's. Once is as good as twice."""
        return self._changed(token, lambda row: row | {"left_at": row.get("left_at") or now.isoformat()})

    def come_back(self, token: str) -> Subscriber | None:
        return self._changed(token, lambda row: row | {"left_at": None})

    def _changed(self, token: str, change: Any) -> Subscriber | None:
        found = self.with_token(token)
        if found is None:
            return None
        key, _ = found
        row = change(self._tables.get(self._table, key))
        self._tables.put(self._table, {key: row})
        return Subscriber.model_validate(row)
