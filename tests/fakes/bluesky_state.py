"""What the fake Bluesky remembers: accounts, sessions, uploads, records, and how often who asked for what."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

ACCESS_SECONDS = 120 * 60  # atproto pds auth.ts, 2026-11-20
REFRESH_SECONDS = 90 * 24 * 60 * 60
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass
class Account:
    """An account with one app password."""

    did: str
    handle: str
    password: str
    """Of the account itself."""
    app_password: str
    status: str = ""
    """Empty for an active one; else takendown, deactivated, suspended."""
    needs_code: bool = False
    """Whether the account's own password asks for a code by mail; an app password never does."""


@dataclass
class Token:
    text: str
    did: str
    scope: str
    expires_at: float
    is_void: bool = False
    """A refresh token that was used, or a token of a session that was ended."""


@dataclass
class Blob:
    cid: str
    did: str
    mime: str
    size: int
    at: float
    width: int = 0
    height: int = 0
    is_used: bool = False


@dataclass
class Record:
    """One post, as it was put; `puts` counts how often the same record came."""

    uri: str
    cid: str
    did: str
    key: str
    value: dict[str, Any]
    indexed_at: float
    puts: int = 1
    updates: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    """likeCount and the like, as a test sets them."""


@dataclass
class State:
    """All of it, as plain values."""

    accounts: list[Account] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    blobs: list[Blob] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    handles: dict[str, str] = field(default_factory=dict)
    """Of people who have no account here: handle to DID."""

    def issue(self, account: Account, scope: str, now: float) -> Token:
        """A new token with the claims that the real ones have. Its signature is a random text, compared as a whole."""
        seconds = REFRESH_SECONDS if scope == "com.atproto.refresh" else ACCESS_SECONDS
        claims = {"scope": scope, "sub": account.did, "iat": int(now), "exp": int(now + seconds)}
        parts = [{"typ": "at+jwt", "alg": "HS256"}, claims | {"jti": secrets.token_urlsafe(16)}]
        encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
        token = Token(".".join([*encoded, secrets.token_urlsafe(24)]), account.did, scope, now + seconds)
        self.tokens.append(token)
        return token

    def account(self, name: str) -> Account | None:
        return next((one for one in self.accounts if name.lower() in (one.did, one.handle)), None)

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def load(cls, data: dict[str, Any]) -> State:
        return cls(
            [Account(**one) for one in data["accounts"]],
            [Token(**one) for one in data["tokens"]],
            [Blob(**one) for one in data["blobs"]],
            [Record(**one) for one in data["records"]],
            data["handles"],
        )


def cid_of_bytes(data: bytes) -> str:
    """A CID of version 1 for raw bytes: always the same for the same."""
    return _cid(0x55, data)


def cid_of_record(value: dict[str, Any]) -> str:
    """A CID in the form of a record's; of its JSON, not of DAG-CBOR as the real one is."""
    return _cid(0x71, json.dumps(value, sort_keys=True, separators=(",", ":")).encode())


def _cid(codec: int, data: bytes) -> str:
    binary = bytes([1, codec, 0x12, 0x20]) + hashlib.sha256(data).digest()
    return "b" + base64.b32encode(binary).decode().rstrip("=").lower()


def is_key(text: str) -> bool:
    """Whether it is a TID: 13 characters that sort by time, the first of them below the middle of the alphabet."""
    return len(text) == 13 and set(text) <= set("234567" + _ALPHABET[:26]) and text[0] in "234567abcdefghij"
