"""Bluesky as a strict local server: `python -m tests.fakes.bluesky`, or `with FakeBluesky() as sky` in a test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes import bluesky_auth, bluesky_posts
from tests.fakes.bluesky_errors import invalid, refused, scripted_refusal
from tests.fakes.bluesky_limits import LIMITS, PUT_POINTS, RateLimits, headers
from tests.fakes.bluesky_state import Account, Blob, Record, State, cid_of_bytes, cid_of_record, is_key
from tests.fakes.control import argument_parser, serve
from tests.fakes.faults import Fault
from tests.fakes.messages import Answer, Refused, Request, json_answer
from tests.fakes.server import FakeServer

MAX_UPLOAD_BYTES = 5 * 1024 * 1024  # the PDS's default; facts of 2026-11-20
MOST_URIS = 25
KEPT_SECONDS = 60 * 60  # an upload that no record refers to; atproto.com/specs/blob, 2026-11-20
COUNTS = ("likeCount", "replyCount", "repostCount", "quoteCount")
_MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}


class FakeBluesky(FakeServer):
    """A PDS and the app view behind it. The first account is there from the start."""

    body_limit_bytes = 50 * 1024 * 1024

    def __init__(
        self,
        *,
        port: int = 0,
        state_file: Path | None = None,
        limits: Mapping[str, int] | None = None,
        index_lag_seconds: float = 0.0,
    ) -> None:
        """`limits` overrides `bluesky_limits.LIMITS`; `index_lag_seconds` is how late the app view sees a record."""
        super().__init__(port=port, state_file=state_file)
        self._limits = limits
        self._index_lag_seconds = index_lag_seconds
        self._begin()

    @property
    def account(self) -> Account:
        return self._state.accounts[0]

    @property
    def posts(self) -> list[Record]:
        """Every post that is there, oldest first."""
        return self._state.records

    @property
    def blobs(self) -> list[Blob]:
        return self._state.blobs

    @property
    def handles(self) -> dict[str, str]:
        """People who can be mentioned although they have no account here: handle to DID."""
        return self._state.handles

    def add_account(self, handle: str, app_password: str = "abcd-efgh-2345-wxyz") -> Account:
        with self.lock:
            number = len(self._state.accounts) + 1
            did = f"did:plc:{number:0>24}"
            account = Account(did, handle, f"password-of-{handle}", app_password)
            self._state.accounts.append(account)
            self.mark_changed()
            return account

    def revoke(self, account: Account) -> None:
        """The user deletes the app password: its sessions end, and it opens no other."""
        with self.lock:
            account.app_password = "gone"
            self.end_sessions(account)

    def end_sessions(self, account: Account) -> None:
        with self.lock:
            for token in self._state.tokens:
                token.is_void = token.is_void or token.did == account.did
            self.mark_changed()

    def answer(self, request: Request) -> Answer:
        counted = self._rate_limits.count(("requests",), "address", 1, self.now())
        name = request.path.removeprefix("/xrpc/")
        try:
            answer = self._carry_out(request, name)
        except Refused as refusal:
            raise Refused(refusal.answer.with_headers({**counted, **refusal.answer.headers})) from refusal
        return answer.with_headers({**counted, **answer.headers})

    def refusal(self, fault: Fault, request: Request) -> Answer:
        most, seconds = LIMITS["writes"]
        return scripted_refusal(fault, headers(most, 0, self.now() + seconds, seconds))

    def holdings(self) -> dict[str, Any]:
        return self._state.dump() | {"posts": self._state.dump()["records"]}

    def dump(self) -> dict[str, Any]:
        return self._state.dump()

    def load(self, state: dict[str, Any]) -> None:
        self._state = State.load(state)

    def reset(self) -> None:
        with self.lock:
            self._begin()
            super().reset()

    def _begin(self) -> None:
        self._state = State()
        self._rate_limits = RateLimits(self._limits)
        self.add_account("pressroom.example.com")

    def _carry_out(self, request: Request, name: str) -> Answer:
        state, now = self._state, self.now()
        match request.method, name:
            case "POST", "com.atproto.server.createSession":
                document = _json(request)
                limits = ("sessions", "sessions per day")
                counted = self._rate_limits.count(limits, str(document.get("identifier")), 1, now)
                self.mark_changed()
                return bluesky_auth.create(document, state, now).with_headers(counted)
            case "POST", "com.atproto.server.refreshSession":
                self.mark_changed()
                return bluesky_auth.renew(request, state, now)
            case "GET", "com.atproto.repo.getRecord":
                return self._get(request.query)
            case "GET", "com.atproto.identity.resolveHandle":
                return self._resolve(request.query.get("handle", ""))
        if (request.method, name) not in self._signed_in:
            raise refused(501, "MethodNotImplemented", "Method Not Implemented")
        account, _ = bluesky_auth.identify(request, state, now)
        match name:
            case "com.atproto.server.getSession":
                return bluesky_auth.describe(account)
            case "app.bsky.feed.getPosts":
                return self._show(request)
        bluesky_auth.refuse_if_inactive(account)
        self.mark_changed()
        return self._upload(request, account) if name.endswith("uploadBlob") else self._put(_json(request), account)

    _signed_in = (
        ("GET", "com.atproto.server.getSession"),
        ("GET", "app.bsky.feed.getPosts"),
        ("POST", "com.atproto.repo.uploadBlob"),
        ("POST", "com.atproto.repo.putRecord"),
    )

    def _upload(self, request: Request, account: Account) -> Answer:
        if not request.content_type:
            raise invalid("Request encoding (Content-Type) required but not provided")
        if not request.body or len(request.body) > MAX_UPLOAD_BYTES:
            raise refused(413, "PayloadTooLarge", "request entity too large")
        sniffed = next((mime for magic, mime in _MAGIC.items() if request.body.startswith(magic)), "")
        if request.body[:4] == b"RIFF" and request.body[8:12] == b"WEBP":
            sniffed = "image/webp"
        mime, cid = sniffed or request.content_type, cid_of_bytes(request.body)
        known = next((blob for blob in self.blobs if (blob.cid, blob.did) == (cid, account.did)), None)
        if known is None:
            self.blobs.append(Blob(cid, account.did, mime, len(request.body), self.now()))
        else:
            known.at = self.now()
        blob = {"$type": "blob", "ref": {"$link": cid}, "mimeType": mime, "size": len(request.body)}
        return json_answer(200, {"blob": blob})

    def drop_unused_blobs(self) -> None:
        """As the server does from time to time with what no record refers to."""
        with self.lock:
            self._state.blobs = [blob for blob in self.blobs if blob.is_used]
            self.mark_changed()

    def _put(self, document: dict[str, Any], account: Account) -> Answer:
        for name in document.keys() - {"repo", "collection", "rkey", "record", "validate", "swapRecord", "swapCommit"}:
            raise invalid(f"Input has the unknown property {name}")
        repo, key, value = str(document.get("repo", "")), document.get("rkey", ""), document.get("record", {})
        if self._state.account(repo) is not account:
            raise refused(401, "AuthenticationRequired", "Authentication Required")
        if document.get("collection") != "app.bsky.feed.post" or not is_key(str(key)):
            raise invalid("Invalid record key: app.bsky.feed.post wants a TID")
        counted = self._rate_limits.count(("writes", "writes per day"), account.did, PUT_POINTS, self.now())
        self._state.blobs = [one for one in self.blobs if one.is_used or one.at > self.now() - KEPT_SECONDS]
        blobs = bluesky_posts.check(value, account.did, self._state)
        uri = f"at://{account.did}/app.bsky.feed.post/{key}"
        cid = cid_of_record(value)
        known = next((record for record in self.posts if record.uri == uri), None)
        if known is None:
            self.posts.append(Record(uri, cid, account.did, str(key), value, self.now()))
        else:
            known.puts += 1
            known.updates += known.cid != cid
            known.cid, known.value = cid, value
        for blob in blobs:
            blob.is_used = True
        return json_answer(200, {"uri": uri, "cid": cid, "validationStatus": "valid"}, counted)

    def _get(self, query: dict[str, str]) -> Answer:
        account = self._state.account(query.get("repo", ""))
        for record in self.posts:
            if account and record.did == account.did and record.key == query.get("rkey"):
                return json_answer(200, {"uri": record.uri, "cid": record.cid, "value": record.value})
        uri = f"at://{query.get('repo')}/{query.get('collection')}/{query.get('rkey')}"
        raise invalid(f"Could not locate record: {uri}", "RecordNotFound")

    def _resolve(self, handle: str) -> Answer:
        account = self._state.account(handle)
        did = account.did if account else self.handles.get(handle.lower())
        if did is None:
            raise invalid("Unable to resolve handle")
        return json_answer(200, {"did": did})

    def _show(self, request: Request) -> Answer:
        pairs = parse_qsl(request.query_string)
        uris = [value for name, value in pairs if name == "uris"]
        if not uris or len(uris) > MOST_URIS:
            raise invalid(f"Error: uris must have 1 to {MOST_URIS} elements")
        seen = [one for one in self.posts if one.uri in uris and one.indexed_at <= self.now() - self._index_lag_seconds]
        return json_answer(200, {"posts": [_view(record) for record in seen]})


def _view(record: Record) -> dict[str, Any]:
    moment = datetime.fromtimestamp(record.indexed_at, UTC).isoformat(timespec="milliseconds")
    counts = {name: record.counts.get(name, 0) for name in COUNTS}
    author = {"did": record.did}
    return {
        "uri": record.uri,
        "cid": record.cid,
        "author": author,
        "record": record.value,
        "indexedAt": moment,
    } | counts


def _json(request: Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise invalid("Wrong request encoding (Content-Type): application/json expected")
    try:
        document = request.json()
    except ValueError:
        raise invalid("Input is no JSON") from None
    if not isinstance(document, dict):
        raise invalid("Input must be an object")
    return document


def main() -> None:
    parser = argument_parser("bluesky")
    parser.add_argument("--limit", action="append", default=[], metavar="NAME=N", help="of bluesky_limits.LIMITS")
    parser.add_argument("--index-lag", type=float, default=0.0, metavar="SECONDS")
    options = parser.parse_args()
    limits = {name: int(number) for name, _, number in (line.rpartition("=") for line in options.limit)}
    sky = FakeBluesky(port=options.port, state_file=options.state, limits=limits, index_lag_seconds=options.index_lag)
    serve(sky, options)


if __name__ == "__main__":
    main()
