"""Asks the system, once and within a time, which addresses a host has."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from queue import Empty, SimpleQueue

from pressroom.public_addresses import Address

Resolve = Callable[[str, int, float], Sequence[Address]]
"""Takes a host, a port and the seconds that it has; raises `NoSuchHost` or `NoAddressYet`."""
_FINAL = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


class NoSuchHost(Exception):
    """The name is not there, or has no address."""


class NoAddressYet(Exception):
    """Whoever knows the name could not be asked, or said nothing in time."""


def resolve(host: str, port: int, seconds: float) -> Sequence[Address]:
    """Return every address of a host, in the order in which the system would use them."""
    answer: SimpleQueue[list[Address] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            answer.put(error)
        else:
            answer.put([ip_address(entry[4][0]) for entry in found])

    # `getaddrinfo` takes no time-out; a thread that nobody waits for ends with the system's own.
    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    try:
        found = answer.get(timeout=max(seconds, 0))
    except Empty:
        raise NoAddressYet(f"the name {host} was not resolved in time") from None
    if isinstance(found, OSError):
        if found.errno in _FINAL:
            raise NoSuchHost(f"there is no host called {host}") from None
        raise NoAddressYet(f"the name {host} cannot be resolved now: {found.strerror}") from None
    return list(dict.fromkeys(found))
