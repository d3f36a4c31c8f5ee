"""One HTTP call: a limit on its whole time, and the knowledge whether any of it may have been sent.

Nothing is retried, no redirect is followed, no connection is kept: one that the other side has closed meanwhile
would leave the outcome of a call unknown for nothing.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import httpcore
import httpx

from pressroom.http_answers import LARGEST_ANSWER_BYTES, Answer, Deadline, NoAnswer, NotSent

_WRITTEN_AT_ONCE = 16 * 1024


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


class _Wire(httpcore.NetworkBackend):
    """Connections whose every operation ends with the deadline; knows whether a request was begun on one."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()
        self.has_begun = False

    def left(self, error: type[httpcore.TimeoutException]) -> float:
        left = self._deadline.seconds_left
        if left <= 0:
            raise error("the time is over")
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """Try every address of the host, so that one that is silent does not eat the time of the others."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"the name {host} cannot be resolved: {error.strerror}") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        failed: Exception = httpcore.ConnectError(f"the name {host} has no address")
        for number, address in enumerate(addresses):
            share = self.left(httpcore.ConnectTimeout) / (len(addresses) - number)
            try:
                stream = self._plain.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Stream(stream, self)
        raise failed


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, wire: _Wire) -> None:
        self._inner = inner
        self._wire = wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._wire.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _WRITTEN_AT_ONCE):
            left = self._wire.left(httpcore.WriteTimeout)
            self._wire.has_begun = True
            self._inner.write(buffer[start : start + _WRITTEN_AT_ONCE], left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._wire.left(httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._wire)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
