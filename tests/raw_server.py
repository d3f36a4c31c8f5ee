"""A server on loopback that sends exactly the bytes it is told, for what no well-behaved one would send."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

Answering = Callable[[str], Iterable[bytes]]
"""Takes the path that is asked for, and yields what is sent, piece by piece."""


class RawServer:
    """Serves while it is entered; every request's bytes are kept, and every connection is closed after its answer."""

    def __init__(self, answering: Answering, tls: ssl.SSLContext | None = None) -> None:
        self._answering = answering
        self._tls = tls
        self.requests: list[bytes] = []
        self.over = threading.Event()
        """Set when the test is over; an answer that waits waits for this."""
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in (self._accepting, *self._threads):
            thread.join()

    @property
    def entry(self) -> str:
        """As it stands in `[fetch] allow_hosts`."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.entry}"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with self._tls.wrap_socket(connection, server_side=True) if self._tls else connection as stream:
                request = b""
                while b"\r\n\r\n" not in request:
                    if not (received := stream.recv(65536)):
                        return
                    request += received
                self.requests.append(request)
                for piece in self._answering(request.split(b" ", 2)[1].decode()):
                    stream.sendall(piece)
        except OSError:
            return  # the client gave up, as many of these tests want it to
        finally:
            connection.close()


def answer(body: bytes = b"", *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """Return a whole answer; `length` is what it says of the body's, if that is not true."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body) if length is None else length}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
