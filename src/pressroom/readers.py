"""Readers of what goes out by mail: who they are, when it is evening where they live, and whether they have left."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, ConfigDict, Field, field_validator

from pressroom.ports import Tables
from pressroom.table_rows import Row

_MAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"_.]+(?:\.[^\s@<>()\[\],;:\\\"_.]+)+")
_AT = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MINUTE = timedelta(minutes=1)


def _is_mail(value: str) -> str:
    mistake = "must be an address such as ada@example.com"
    if not _MAIL.fullmatch(value) or not value.isprintable():
        raise ValueError(mistake)
    try:
        value.rpartition("@")[2].encode("idna")
    except UnicodeError as error:
        raise ValueError(mistake) from error
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
    """Somebody who gets a mail. The address tells one from the other, so that whoever is renamed is the same."""

    model_config = ConfigDict(hide_input_in_errors=True)

    mail: Annotated[str, AfterValidator(_is_mail)] = Field(repr=False)
    zone: Annotated[str, AfterValidator(_is_zone)] = ""
    """Where the reader lives: "Europe/Berlin"; empty for the pipeline's own."""
    at: Annotated[str, AfterValidator(_is_time)] = ""
    """When the mail is wanted, by the clock there: "19:15"; empty for as soon as it is ready."""

    @field_validator("name")
    @classmethod
    def _can_stand_before_an_address(cls, name: str) -> str:
        line = " ".join(name.split())
        if not line.isprintable() or set(line) & set('<>"\\'):
            raise ValueError('must be a name without < > " and \\')
        return line

    @property
    def key(self) -> str:
        """A name for the row that shows nobody the address; it stands where a job notes whom it writes to."""
        return hashlib.sha256(self.mail.casefold().encode()).hexdigest()[:20]

    def stored(self, before: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the row with what is not the file's: the token of the reader's links, which never changes."""
        token = (before or {}).get("token") or secrets.token_urlsafe(24)
        return super().stored(before) | {"token": token}


class Subscriber(Reader):
    """A reader as the table has them."""

    token: str = Field(repr=False)
    """Opens the page on which this reader leaves; nobody can guess it, and it names nobody."""
    left_at: datetime | None = None

    @property
    def address(self) -> str:
        return f"{self.name} <{self.mail}>"

    @property
    def masked_mail(self) -> str:
        """The address as only its owner knows it again: a***@example.com."""
        local, _, domain = self.mail.rpartition("@")
        return f"{local[:1]}***@{domain}"

    def due(self, evening: date, zone: str) -> datetime | None:
        """Return when the mail of an evening is due, in UTC; None for as soon as it is ready.

        A time that the clock skips on that day is the moment at which it jumps; of one that comes twice the first
        counts. `zone` is that of readers who name none.
        """
        if not self.at:
            return None
        here = ZoneInfo(self.zone or zone)
        wanted = datetime.combine(evening, time.fromisoformat(self.at), here)
        moment = wanted.astimezone(UTC)
        if moment.astimezone(here).replace(tzinfo=None) != wanted.replace(tzinfo=None):
            after = moment.astimezone(here).utcoffset()
            while (moment - _MINUTE).astimezone(here).utcoffset() == after:
                moment -= _MINUTE
        return moment


class Readers:
    """The readers of one pipeline, in its table.

    Who has left stands in a table of its own, which no file fills: whoever has left stays away until they come back
    themselves, however often the file is read, and also if they were taken out of it meanwhile.
    """

    def __init__(self, tables: Tables, table: str) -> None:
        self._tables, self._table, self._left = tables, table, f"{table}.left"

    def all(self) -> dict[str, Subscriber]:
        left = self._tables.all(self._left)
        return {
            key: Subscriber.model_validate(row | {"left_at": left.get(key, {}).get("at")})
            for key, row in self._tables.all(self._table).items()
        }

    def subscribed(self) -> dict[str, Subscriber]:
        return {key: reader for key, reader in self.all().items() if reader.left_at is None}

    def with_token(self, token: str) -> Subscriber | None:
        """Return the reader of a token; looks at all of them, so that its time tells nothing."""
        found, given = None, token.encode(errors="replace")
        for reader in self.all().values():
            if hmac.compare_digest(reader.token.encode(), given):
                found = reader
        return found

    def leave(self, token: str, now: datetime) -> Subscriber | None:
        """Note durably that a reader has left; None for a token that is nobody's. Twice is as good as once."""
        reader = self.with_token(token)
        if reader is not None:
            self._tables.add(self._left, reader.key, {"at": now.isoformat()})
        return self.with_token(token)

    def come_back(self, token: str) -> Subscriber | None:
        reader = self.with_token(token)
        if reader is not None:
            self._tables.remove(self._left, [reader.key])
        return self.with_token(token)
