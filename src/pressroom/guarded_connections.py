"""Connections to addresses that were checked before, and to no others, with limits on time and bytes."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from typing import Any

import httpcore

from pressroom.http_answers import Deadline
from pressroom.public_addresses import Address


class TooManyBytes(Exception):
    """More came over the wire than the answer may have."""


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects wherever it is told to by `addresses` alone: the name is not resolved again."""

    def __init__(
        self, addresses: Sequence[Address], deadline: Deadline, most_bytes: int, network: httpcore.NetworkBackend
    ) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._network = network
        self._bytes_left = most_bytes

    def left(self, error: type[httpcore.TimeoutException]) -> float:
        left = self._deadline.seconds_left
        if left <= 0:
            raise error("the time is over")
        return left

    def allow(self, more_bytes: int) -> None:
        """Let so many bytes more come than were allowed before."""
        self._bytes_left += more_bytes

    def count(self, data: bytes) -> bytes:
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise TooManyBytes
        return data

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError(f"the host {host} has no address")
        for number, address in enumerate(self._addresses):
            share = self.left(httpcore.ConnectTimeout) / (len(self._addresses) - number)
            try:
                stream = self._network.connect_tcp(address.compressed, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Stream(stream, self)
        raise failed


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, network: GuardedNetwork) -> None:
        self._inner = inner
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._network.count(self._inner.read(max_bytes, self._network.left(httpcore.ReadTimeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._network.left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._network.left(httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
