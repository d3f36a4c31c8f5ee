"""Connections whose every operation ends with one deadline; each address of a host is tried."""

from __future__ import annotations

import ssl
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import httpcore

from pressroom.http_answers import Deadline

_WRITTEN_AT_ONCE = 16 * 1024


class TimedNetwork(httpcore.NetworkBackend):
    def __init__(self, deadline: Deadline, network: httpcore.NetworkBackend | None = None) -> None:
        self._deadline = deadline
        self._network = network or httpcore.SyncBackend()

    @abstractmethod
    def addresses(self, host: str, port: int) -> Sequence[str]:
        """Return where the host is reached, in the order in which to try; raises `httpcore.ConnectError`."""

    def received(self, data: bytes) -> bytes:
        """Take note of what has come."""
        return data

    def sending(self) -> None:
        """Take note that something is about to be sent."""

    def left(self, error: type[httpcore.TimeoutException]) -> float:
        """Return how many seconds are left; raises `error` if none are."""
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
        addresses = self.addresses(host, port)
        failed: Exception = httpcore.ConnectError(f"the host {host} has no address")
        for number, address in enumerate(addresses):
            share = self.left(httpcore.ConnectTimeout) / (len(addresses) - number)
            try:
                stream = self._network.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Stream(stream, self)
        raise failed


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, network: TimedNetwork) -> None:
        self._inner = inner
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._network.received(self._inner.read(max_bytes, self._network.left(httpcore.ReadTimeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _WRITTEN_AT_ONCE):
            left = self._network.left(httpcore.WriteTimeout)
            self._network.sending()
            self._inner.write(buffer[start : start + _WRITTEN_AT_ONCE], left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._network.left(httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
