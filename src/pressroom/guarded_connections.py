"""Connections to addresses that were checked before, and to no others, with limits on time and bytes."""

from __future__ import annotations

from collections.abc import Sequence

import httpcore

from pressroom.http_answers import Deadline
from pressroom.public_addresses import Address
from pressroom.timed_connections import TimedNetwork


class TooManyBytes(Exception):
    """More came over the wire than the answer may have."""


class GuardedNetwork(TimedNetwork):
    """Connects wherever it is told to by `checked` alone: the name is not resolved again."""

    def __init__(
        self, checked: Sequence[Address], deadline: Deadline, most_bytes: int, network: httpcore.NetworkBackend
    ) -> None:
        super().__init__(deadline, network)
        self._checked = checked
        self._bytes_left = most_bytes

    def addresses(self, host: str, port: int) -> Sequence[str]:
        return [address.compressed for address in self._checked]

    def allow(self, more_bytes: int) -> None:
        """Let so many bytes more come than were allowed before."""
        self._bytes_left += more_bytes

    def received(self, data: bytes) -> bytes:
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise TooManyBytes
        return data
