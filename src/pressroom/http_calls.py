"""One HTTP call: a limit on its whole time, and the knowledge whether any of it may have been sent.

Nothing is retried, no redirect is followed, no connection is kept: one that the other side has closed meanwhile
would leave the outcome of a call unknown for nothing.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Sequence
from functools import cached_property

import httpcore
import httpx

from pressroom.http_answers import LARGEST_ANSWER_BYTES, Answer, Deadline, NoAnswer, NotSent
from pressroom.timed_connections import TimedNetwork


class HttpCalls:
    """Makes calls; may be shared by threads."""

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()

    def call(
        self, request: httpx.Request, deadline: Deadline, largest_answer_bytes: int = LARGEST_ANSWER_BYTES
    ) -> Answer:
        """Send the request once and return its answer, whatever its status; raises `NotSent` or `NoAnswer`.

        Of a body that is larger than `largest_answer_bytes` that much is returned, as one that is not whole.
        """
        wire = _Wire(deadline)
        request.headers.setdefault("accept", "application/json")
        request.headers["accept-encoding"] = "identity"
        try:
            return self._exchange(request, wire, largest_answer_bytes)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            why = _describe(error, deadline)
            # The cause is left out on purpose: the library's message can quote a header, and so a secret.
            raise (NoAnswer(why) if wire.has_begun else NotSent(why)) from None
        except httpcore.UnsupportedProtocol:
            raise NotSent("its address is neither http:// nor https://") from None

    def _exchange(self, request: httpx.Request, wire: _Wire, largest: int) -> Answer:
        target = request.url
        if target.scheme not in ("http", "https"):
            raise httpcore.UnsupportedProtocol
        tls = self._tls if target.scheme == "https" else None
        url = httpcore.URL(scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path)
        with (
            # A pool of one would cost a tenth of the call for nothing.
            httpcore.HTTPConnection(url.origin, tls, network_backend=wire) as connection,
            connection.stream(request.method, url, headers=request.headers.raw, content=request.read()) as response,
        ):
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            body, is_whole = _read(response.iter_stream(), largest)
            return Answer(response.status, headers, body, is_whole)


def _read(stream: Iterable[bytes], largest: int) -> tuple[bytes, bool]:
    """Read the body; the status is known by now, so that a cut here is no failure of the call."""
    body = bytearray()
    try:
        for chunk in stream:
            body += chunk
            if len(body) > largest:
                return bytes(body[:largest]), False
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        return bytes(body), False
    return bytes(body), True


def _describe(error: Exception, deadline: Deadline) -> str:
    if isinstance(error, httpcore.TimeoutException):
        return f"there was no answer within {deadline.within.total_seconds():g} s"
    if isinstance(error, httpcore.ConnectError):
        return f"no connection could be made ({error})"
    if isinstance(error, httpcore.RemoteProtocolError | httpcore.NetworkError):
        return "the connection was cut"
    return "the request could not be written"


class _Wire(TimedNetwork):
    """Knows whether a request was begun on one of its connections."""

    has_begun = False

    def addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"the name {host} cannot be resolved: {error.strerror}") from error
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def sending(self) -> None:
        self.has_begun = True
