"""One GET over a guarded connection: its head, and its body if that is wanted and not too large."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import httpcore

from pressroom.content_coding import CutOff, TooLarge, Unreadable, unpacked
from pressroom.errors import BadInput
from pressroom.fetch_outcomes import Head, passing, too_large
from pressroom.guarded_connections import GuardedNetwork, TooManyBytes
from pressroom.http_answers import Deadline
from pressroom.public_addresses import Address
from pressroom.web_addresses import WebAddress, shown

LARGEST_HEAD_BYTES = 256 * 1024
"""Of all that comes before the body; the library itself takes 100 KB of headers at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """How one request is made."""

    address: WebAddress
    addresses: Sequence[Address]
    """Those that were checked; no other is connected to."""
    headers: Mapping[str, str]
    max_bytes: int
    deadline: Deadline
    network: httpcore.NetworkBackend
    tls: ssl.SSLContext | None = field(repr=False)

    def carry_out(self, wants_body: Callable[[Head], bool]) -> tuple[Head, bytes]:
        """Return what came back; the body is empty if it is not wanted. Raises `BadInput` or `Unavailable`."""
        url = self.address.url
        try:
            return self._exchange(wants_body)
        except (TooLarge, TooManyBytes):
            raise too_large(url, self.max_bytes) from None
        except Unreadable as error:
            what = f"{shown(url)} cannot be read: {error.args[0]}."
            raise BadInput(what, where=shown(url), todo="Its owner has to mend that; use another page.") from None
        except httpcore.TimeoutException:
            why = f"it did not answer completely within {self.deadline.within.total_seconds():g} s"
            raise passing(url, why) from None
        except httpcore.ConnectError as error:
            cause = error.args[0] if error.args else None  # the library's pool takes `__cause__` away
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise self._not_trusted(cause) from None
            raise passing(url, "no connection could be made", str(error)) from None
        except (CutOff, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise passing(url, "its answer was cut off, or is no HTTP", str(error)) from None

    def _exchange(self, wants_body: Callable[[Head], bool]) -> tuple[Head, bytes]:
        guarded = GuardedNetwork(self.addresses, self.deadline, LARGEST_HEAD_BYTES, self.network)
        to = self.address
        url = httpcore.URL(scheme=to.scheme, host=to.host, port=to.port, target=to.target)
        with (
            httpcore.ConnectionPool(
                self.tls, max_connections=1, max_keepalive_connections=0, network_backend=guarded
            ) as pool,
            pool.stream("GET", url, headers=list(self.headers.items())) as response,
        ):
            head = Head(response.status, {_text(name).lower(): _text(value) for name, value in response.headers})
            if not wants_body(head):
                return head, b""
            if head.length > self.max_bytes:
                raise TooLarge
            guarded.allow(self.max_bytes + self.max_bytes // 8)  # chunks have their sizes written between them
            coding = head.headers.get("content-encoding", "")
            return head, unpacked(response.iter_stream(), coding, self.max_bytes)

    def _not_trusted(self, error: ssl.SSLCertVerificationError) -> BadInput:
        place = shown(self.address.url)
        return BadInput(
            f"{place} is not fetched: its certificate does not prove that it is {self.address.host}.",
            where=place,
            todo="Check the address; if it is right, its owner has to mend the certificate.",
            detail=error.verify_message,
        )


def _text(data: bytes) -> str:
    """Read a header as UTF-8, in which servers write paths of other alphabets, or else as the standard has it."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
