"""Python's client for SMTP, ended by one deadline, whatever a server lets drip in meanwhile."""

from __future__ import annotations

import smtplib
import socket
import ssl
from typing import Any

from pressroom.http_answers import Deadline


class Client(smtplib.SMTP):
    """Ends with the deadline, whatever drips in meanwhile; every line is read with the time that is left."""

    def __init__(self, deadline: Deadline, tls: ssl.SSLContext | None, host: str, own_name: str) -> None:
        self._deadline, self._tls = deadline, tls
        super().__init__(local_hostname=own_name, timeout=self._left())
        self._host = host  # what `starttls` checks the certificate against

    def _left(self) -> float:
        left = self._deadline.seconds_left
        if left <= 0:
            raise TimeoutError("the time is over")
        return left

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(entry[4][:2] for entry in found))
        failed: OSError = OSError(f"the name {host} has no address")
        for number, address in enumerate(addresses):
            try:
                made = socket.create_connection((str(address[0]), port), self._left() / (len(addresses) - number))
            except OSError as error:
                failed = error
                continue
            made.settimeout(self._left())
            return self._tls.wrap_socket(made, server_hostname=self._host) if self._tls else made
        raise failed

    def send(self, data: Any) -> None:
        if self.sock:
            self.sock.settimeout(self._left())
        super().send(data)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Lines(self.sock, self._deadline)
        return super().getreply()


class _Lines:
    """Reads lines with what is left of the time; `socket.makefile` would begin it anew with every byte."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline
        self._buffer = b""

    def readline(self, limit: int) -> bytes:
        while b"\n" not in self._buffer and len(self._buffer) < limit:
            left = self._deadline.seconds_left
            if left <= 0:
                raise TimeoutError("the time is over")
            self._sock.settimeout(left)
            data = self._sock.recv(4096)
            if not data:
                break
            self._buffer += data
        end = self._buffer.find(b"\n") + 1 or len(self._buffer)
        line, self._buffer = self._buffer[:end], self._buffer[end:]
        return line

    def close(self) -> None:
        """The socket is its owner's to close."""
