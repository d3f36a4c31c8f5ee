"""The blob store on S3: two buckets, each object written once. Clients send and fetch files there without us."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any, BinaryIO

from pressroom.backends._asset_urls import is_genuine, signed_path
from pressroom.backends._aws_troubles import Answered, plain_troubles
from pressroom.backends._file_names import segments_of
from pressroom.backends._s3_places import Buckets, Place, buckets_of, place_of
from pressroom.backends._s3_presigning import LONGEST_SECONDS, SigningKeys, presigned
from pressroom.backends._s3_uploads import IncomingObject, begins_at, held_by_headers, said_in_query, terms_said
from pressroom.backends.aws_clients import AwsClients
from pressroom.errors import BadInput, Conflict, NotFound, Unavailable
from pressroom.incoming import Measured, SignedPut, UploadTerms, measured
from pressroom.media import media_type_of
from pressroom.ports import Clock

_TAKEN, _AT_THIS_MOMENT = "PreconditionFailed", "ConditionalRequestConflict"
_ABSENT = ("NoSuchKey", "404")
_BEHIND_END = "InvalidRange"
_TRIES = 5
"""Of a write that meets another one, or a removal, of the same object."""
_DIGEST = "sha256"
_PIECE_BYTES = 2**20
_SHOWN_INLINE = ("image/", "audio/", "video/", "text/plain")


class S3Blobs:
    """Implements `BlobStore`. That nothing is written over, S3 itself holds: every write is `If-None-Match: *`.

    A role needs `s3:GetObject`, `s3:PutObject` and `s3:DeleteObject` on the objects, and `s3:ListBucket` on the
    buckets: without that one S3 answers 403 for what is not there.
    """

    def __init__(self, clients: AwsClients, signing_key: Callable[[], bytes], clock: Clock) -> None:
        """`signing_key` returns the secret of the paths that our own server opens; it is asked when first needed."""
        self._clients, self._clock = clients, clock
        self._ask_signing_key = signing_key

    def __repr__(self) -> str:
        return f"S3Blobs({self._clients.settings.name!r})"

    @cached_property
    def buckets(self) -> Buckets:
        return buckets_of(self._clients.settings.name, self._clients.account())

    # --- BlobStore

    def put(self, key: str, revision: int, data: bytes, *, like: int | None = None) -> None:
        # `like` is of no use here: a copy within S3 is a write too, is paid for alike, and shares no bytes.
        self._create(key, revision, data, hashlib.sha256(data).hexdigest(), len(data), media_type_of(data[:65536]))

    def get(self, key: str, revision: int, *, start: int = 0, length: int | None = None) -> bytes:
        # S3 takes "of no bytes" for no range at all; one is asked for, and left out again.
        last = "" if length is None else start + max(1, length) - 1
        part = {"Range": f"bytes={start}-{last}"} if start or length is not None else {}
        try:
            with self._reading(key, revision) as (place, client):
                data = bytes(client.get_object(Bucket=place.bucket, Key=place.name, **part)["Body"].read())
        except Answered:
            return b""  # it begins behind the end
        return data[:length]

    def remove(self, key: str, revision: int) -> None:
        place = self._place(key, revision)
        with plain_troubles("S3", str(place), "s3:DeleteObject"):
            self._client.delete_object(Bucket=place.bucket, Key=place.name)

    def where(self, key: str, revision: int) -> str:
        return str(self._place(key, revision))

    def sign(self, key: str, revision: int, expires_at: datetime) -> str:
        segments_of(key)
        return signed_path(self._signing_key, key, revision, expires_at)

    def verify(self, key: str, revision: int, expires: str, signature: str) -> bool:
        with suppress(BadInput):
            segments_of(key)
            return is_genuine(self._signing_key, key, revision, expires, signature, self._clock.now())
        return False

    def direct_url(self, key: str, revision: int, expires_at: datetime, media_type: str) -> str:
        """Return a pre-signed GET. It ends with the session of the role that signs it, if that is sooner."""
        now = self._clock.now().replace(microsecond=0)
        left = (expires_at - now) // timedelta(seconds=1)
        answers = {"response-content-type": media_type}
        if not media_type.startswith(_SHOWN_INLINE):
            answers["response-content-disposition"] = "attachment"
        return self._presigned(
            "GET", self._place(key, revision), now, max(1, min(left, LONGEST_SECONDS)), query=answers
        )

    # --- UploadStore

    def sign_put(self, terms: UploadTerms) -> SignedPut:
        """Return a pre-signed PUT, which S3 obeys once: the exact size, the type and `If-None-Match: *` are signed."""
        if terms.expires_at.tzinfo is None:
            raise ValueError("the time at which a signed URL ends needs a zone")
        headers, place = held_by_headers(terms), self._place(terms.key, 1)
        begins = begins_at(terms)
        seconds = (terms.expires_at - begins) // timedelta(seconds=1)
        url = self._presigned("PUT", place, begins, seconds, headers, said_in_query(terms))
        # Every client sends the length by itself, and browsers let nobody else set it.
        return SignedPut(url=url, headers={name: headers[name] for name in ("Content-Type", "If-None-Match")})

    def verify_put(self, key: str, query: Mapping[str, str]) -> UploadTerms | None:
        """Return what a URL was signed for by this very role in this session; S3 itself looks at all others."""
        from urllib.parse import parse_qsl, urlsplit

        terms = terms_said(key, query)
        if terms is None:
            return None
        try:
            genuine = dict(parse_qsl(urlsplit(self.sign_put(terms).url).query))
        except (BadInput, OverflowError, ValueError):  # a key or a time that cannot be one
            return None
        signature = genuine["X-Amz-Signature"].encode()
        given = query.get("X-Amz-Signature", "").encode("utf-8", "surrogatepass")
        # The rest is no secret.
        is_ours = genuine == {**query, "X-Amz-Signature": genuine["X-Amz-Signature"]}
        return terms if hmac.compare_digest(signature, given) and is_ours else None

    def begin(self, key: str) -> IncomingObject:
        self._place(key, 1)
        return IncomingObject(partial(self._take_in, key))

    def measure(self, key: str, revision: int, *, most_bytes: int, head_bytes: int) -> Measured:
        with self._reading(key, revision) as (place, client):
            answer = client.get_object(Bucket=place.bucket, Key=place.name)
            size = int(answer["ContentLength"])
            if size > most_bytes:
                answer["Body"].close()
                return Measured(size=size)
            return measured(size, answer["Body"].iter_chunks(_PIECE_BYTES), head_bytes)

    def drop_abandoned(self) -> int:
        return 0  # what comes in through us lies in a nameless file until it is stored, in one request

    # --- within

    def _take_in(self, key: str, revision: int, file: BinaryIO, size: int, sha256: str) -> None:
        head = file.read(65536)
        file.seek(0)
        self._create(key, revision, file, sha256, size, media_type_of(head))

    def _create(self, key: str, revision: int, body: bytes | BinaryIO, sha256: str, size: int, media_type: str) -> None:
        place = self._place(key, revision)
        for _ in range(_TRIES):
            try:
                with plain_troubles("S3", str(place), "s3:PutObject", (_TAKEN, _AT_THIS_MOMENT)):
                    self._client.put_object(
                        Bucket=place.bucket,
                        Key=place.name,
                        Body=body,
                        ContentLength=size,
                        ContentType=media_type,
                        IfNoneMatch="*",
                        Metadata={_DIGEST: sha256},
                    )
                return
            except Answered as answered:
                stored = self._digest_of(key, revision) if answered.code == _TAKEN else None
            if stored == sha256:
                return
            if stored is not None:
                raise Conflict(
                    f"Revision {revision} of {key} is stored already, with other bytes.",
                    where=key,
                    todo="Stored bytes are never written over; store these as the next revision.",
                )
            if not isinstance(body, bytes):
                body.seek(0)
        raise Unavailable(
            f"{_TRIES} writes to {place} met others at the same moment.", where=key, todo="Do the same again."
        )

    def _digest_of(self, key: str, revision: int) -> str | None:
        """Return the digest of what is stored; None if it has been removed meanwhile."""
        try:
            with self._reading(key, revision) as (place, client):
                told: dict[str, str] = client.head_object(Bucket=place.bucket, Key=place.name)["Metadata"]
            # What a client put there by itself has no digest with it. How large that is, was measured before.
            return told.get(_DIGEST) or self.measure(key, revision, most_bytes=2**63, head_bytes=0).sha256
        except NotFound:
            return None

    @contextmanager
    def _reading(self, key: str, revision: int) -> Iterator[tuple[Place, Any]]:
        place = self._place(key, revision)
        try:
            with plain_troubles("S3", str(place), "s3:GetObject and s3:ListBucket", (*_ABSENT, _BEHIND_END)):
                yield place, self._client
        except Answered as answered:
            if answered.code not in _ABSENT:
                raise
            raise NotFound(
                f"Revision {revision} of {key} is not stored (any more).",
                where=key,
                todo="Look at `pressroom jobs` for when it was made and when it expired.",
            ) from None

    def _presigned(
        self,
        method: str,
        place: Place,
        begins_at: datetime,
        seconds: int,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> str:
        client, keys = self._client, self._clients.credentials()
        return presigned(
            method,
            self._address(place),
            SigningKeys(keys.access_key, keys.secret_key, keys.token or ""),
            client.meta.region_name,
            begins_at=begins_at,
            seconds=seconds,
            headers=headers or {},
            query=query or {},
        )

    def _address(self, place: Place) -> str:
        endpoint = str(self._client.meta.endpoint_url).rstrip("/")
        if self._clients.settings.endpoint_url:
            return f"{endpoint}/{place.bucket}/{place.name}"
        scheme, _, host = endpoint.partition("://")
        return f"{scheme}://{place.bucket}.{host}/{place.name}"

    def _place(self, key: str, revision: int) -> Place:
        return place_of(self.buckets, key, revision)

    @property
    def _client(self) -> Any:
        return self._clients("s3")

    @cached_property
    def _signing_key(self) -> bytes:
        return self._ask_signing_key()
