"""Keys of the HTTP API: what each may do, until when, and how a key that is shown is checked. No web here."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pressroom.errors import BadInput, NotFound, UnknownName
from pressroom.ports import Clock, Tables

TABLE = "api_keys"
USES = "api_key_uses"
"""When each was used last. A table of its own, so that noting a use never writes over a revocation."""
USE_STEP = timedelta(hours=1)
"""A use is noted once in this time: each note is a write to disk."""
PREFIX = "pr_"
LONGEST_NAME = 100
_FORM = re.compile(r"pr_([0-9a-f]{12})_([0-9a-f]{64})")
_NOBODY = "0" * 12
_NO_DIGEST = "0" * 64


class Scope(StrEnum):
    """What a key may do. None includes another."""

    READ = "read"
    """Every GET."""
    WRITE = "write"
    """Start and cancel jobs; upload."""
    PUBLISH = "publish"
    """Decide what goes out: approve, resolve, redrive, discard, resume a channel."""
    ADMIN = "admin"
    """Keys and replay."""


EVERY_SCOPE = frozenset(Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is known of a key; the key itself is known only to whoever holds it."""

    id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used: datetime | None = None
    """Up to an hour earlier than it really was."""

    def is_valid(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def state(self, now: datetime) -> str:
        if self.revoked_at is not None:
            return "revoked"
        return "valid" if self.is_valid(now) else "expired"


class ApiKeys:
    """The keys of one workspace. Every process of it sees a new or revoked key at once."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables, self._clock = tables, clock
        self._noted: dict[str, datetime] = {}
        self._has_any = False
        self._lock = threading.Lock()

    def create(self, name: str, scopes: Collection[Scope], expires_in: timedelta | None = None) -> tuple[ApiKey, str]:
        """Store a new key and return it with its text, which nobody can ever read again."""
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise BadInput(
                f"A key's name is 1 to {LONGEST_NAME} printable characters.", todo="Name it after what will use it."
            )
        if not scopes:
            raise BadInput("A key without a scope opens nothing.", todo=f"Give it some of {', '.join(Scope)}.")
        if expires_in is not None and expires_in <= timedelta(0):
            raise BadInput("A key cannot have expired before it is made.", todo="Give it a longer time.")
        now = self._clock.now()
        try:
            expires_at = None if expires_in is None else now + expires_in
        except OverflowError as error:
            raise BadInput("That time is beyond the year 9999.", todo="Leave it out for a key without end.") from error
        key = ApiKey(
            id=secrets.token_hex(6), name=name.strip(), scopes=frozenset(scopes), created_at=now, expires_at=expires_at
        )
        secret = secrets.token_hex(32)
        if not self._tables.add(TABLE, key.id, _row(key, _digest(secret))):
            return self.create(name, scopes, expires_in)  # one in 2 to the 48: the id was taken
        return key, f"{PREFIX}{key.id}_{secret}"

    def all(self) -> list[ApiKey]:
        """Return every key, the oldest first, those that are over too."""
        uses = self._tables.all(USES)
        keys = [_key(id, row, uses.get(id)) for id, row in self._tables.all(TABLE).items()]
        return sorted(keys, key=lambda key: (key.created_at, key.id))

    def has_any(self) -> bool:
        """Say whether a key was ever made, so that whoever has none can be told to show one."""
        self._has_any = self._has_any or bool(self._tables.all(TABLE))
        return self._has_any

    def get(self, id: str) -> ApiKey:
        row = self._tables.get(TABLE, id)
        if row is None:
            raise NotFound(f"There is no key {id}.", where=id, todo="`pressroom keys` lists those there are.")
        return _key(id, row, self._tables.get(USES, id))

    def named(self, id_or_name: str) -> ApiKey:
        """Return the key with this id, or the only one with this name that can still be used."""
        keys = self.all()
        found = [key for key in keys if key.id == id_or_name]
        found = found or [key for key in keys if key.name == id_or_name and key.is_valid(self._clock.now())]
        if len(found) > 1:
            ids = ", ".join(key.id for key in found)
            raise BadInput(f"{len(found)} keys are called {id_or_name!r}.", todo=f"Name one by its id: {ids}.")
        if not found:
            raise UnknownName("key", id_or_name, {name for key in keys for name in (key.id, key.name)})
        return found[0]

    def revoke(self, id: str) -> ApiKey:
        """End a key at once and for good; one that was revoked before stays as it was."""
        key = self.get(id)
        if key.revoked_at is None:
            row = self._tables.get(TABLE, id) or {}
            self._tables.put(TABLE, {id: row | {"revoked_at": self._clock.now().isoformat()}})
        return self.get(id)

    def open(self, shown: str) -> ApiKey | None:
        """Return the key that was shown if it is genuine and can still be used.

        Whatever is wrong with it, the same work is done: the time of an answer tells nothing.
        """
        form = _FORM.fullmatch(shown)
        id, secret = form.groups() if form else (_NOBODY, _NO_DIGEST)
        row = self._tables.get(TABLE, id)
        # SHA-256 is right here, where a password would need a slow hash: 256 random bits cannot be guessed, however
        # fast each guess is, and nobody would wait for a slow hash with every request.
        is_genuine = hmac.compare_digest(_digest(secret), row["digest"] if row else _NO_DIGEST)
        now = self._clock.now()
        if row is None or not is_genuine or not (key := _key(id, row, None)).is_valid(now):
            return None
        self._note_use(id, now)
        return key

    def _note_use(self, id: str, now: datetime) -> None:
        with self._lock:
            noted = self._noted.get(id)
            if noted is not None and now - noted < USE_STEP:
                return
            self._noted[id] = now
        try:
            self._tables.put(USES, {id: {"at": now.isoformat()}})
        except BaseException:
            self._noted.pop(id, None)
            raise


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _row(key: ApiKey, digest: str) -> dict[str, Any]:
    return {
        "name": key.name,
        "scopes": sorted(key.scopes),
        "digest": digest,
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "revoked_at": None,
    }


def _key(id: str, row: Mapping[str, Any], use: Mapping[str, Any] | None) -> ApiKey:
    return ApiKey(
        id=id,
        name=row["name"],
        scopes=frozenset(map(Scope, row["scopes"])),
        created_at=datetime.fromisoformat(row["created_at"]),
        expires_at=_moment(row["expires_at"]),
        revoked_at=_moment(row["revoked_at"]),
        last_used=_moment(use["at"]) if use else None,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def key_document(key: ApiKey, now: datetime) -> dict[str, Any]:
    """Return what the command line and the API show of a key."""
    return {
        "id": key.id,
        "name": key.name,
        "scopes": [scope.value for scope in Scope if scope in key.scopes],
        "state": key.state(now),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used": key.last_used,
        "revoked_at": key.revoked_at,
    }
