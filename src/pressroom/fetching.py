"""The one client through which every URL that a user or a page gives is fetched: public addresses only."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pressroom
from pressroom.config import Fetch
from pressroom.content_coding import ACCEPTED
from pressroom.errors import NotFound
from pressroom.fetch_outcomes import Head, check_status, check_type, passing
from pressroom.http_answers import Deadline
from pressroom.name_resolution import NoAddressYet, NoSuchHost, Resolve, resolve
from pressroom.ports import Clock
from pressroom.public_addresses import Address, is_metadata, why_not_public
from pressroom.web_addresses import DEFAULT_PORTS, UrlRefused, WebAddress, read_address, read_entry, shown

if TYPE_CHECKING:
    import httpcore

MOST_REDIRECTS = 5
DEFAULT_TIMEOUT = timedelta(seconds=20)
DEFAULT_MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a URL led to."""

    url: str
    """From where the data came in the end, after redirects."""
    status: int
    media_type: str
    """As the server says, in lower case: "text/html"; empty if it does not. The bytes may be something else."""
    charset: str
    """As the server says; empty if it does not."""
    data: bytes = field(repr=False)
    redirected_from: tuple[str, ...] = ()
    """The URLs that led here, the one that was asked for first."""


class NotPublic(UrlRefused):
    """Only whoever runs this Pressroom may let it be fetched all the same."""

    def __init__(self, address: WebAddress, why: str, first: str = "", *, leads_to: Address | None = None) -> None:
        """`leads_to` is what its name stands for; nobody is told how to open what gives keys away."""
        super().__init__(address.url, why, first + _opening(address, leads_to or address.ip))


class Fetching:
    """Knows what may be fetched. Keeps no connections and no cookies; may be shared by threads."""

    def __init__(
        self,
        settings: Fetch,
        clock: Clock,
        *,
        resolve: Resolve = resolve,
        network: httpcore.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`resolve`, `network` and `tls` take the place of the system's own.

        Raises `ConfigurationError` for an entry of `allow_hosts` that is none.
        """
        self._allowed = frozenset(read_entry(entry) for entry in settings.allow_hosts)
        self._clock = clock
        self._resolve = resolve
        self._given_network = network
        self._given_tls = tls

    def get(
        self,
        url: str,
        *,
        accept: Sequence[str] = (),
        max_bytes: int = DEFAULT_MAX_BYTES,
        timeout: timedelta = DEFAULT_TIMEOUT,
    ) -> Fetched:
        """Return what the URL leads to. `accept` has media types (`text/html`, `image/*`); none: any.

        `timeout` is for everything together, redirects too; `max_bytes` holds before and after decompression.
        Raises `BadInput` for what may not be fetched, is not there or is not wanted, and `RateLimited` or
        `Unavailable` for what may pass. Fetching again does no harm.
        """
        deadline = Deadline(timeout)
        passed: list[str] = []
        try:
            address = read_address(url)
            while True:
                head, data = self._exchange(address, accept, max_bytes, deadline)
                if not head.location:
                    break
                passed.append(address.url)
                address = _following(address, head.location, passed)
        except UrlRefused as error:
            if not passed:
                raise
            raise UrlRefused(error.url, error.why, _led_there(error, passed[-1]), via=passed[0]) from None
        return Fetched(
            url=address.url,
            status=head.status,
            media_type=head.media_type,
            charset=head.charset,
            data=data,
            redirected_from=tuple(passed),
        )

    def refuse_hopeless(self, url: str) -> None:
        """Raise `UrlRefused` for a URL that is not fetched whatever its name leads to. Asks nobody."""
        address = read_address(url)
        if not self._is_allowed(address):
            _check_name_and_port(address)
            if address.ip:
                _check_public(address, address.ip)

    def _exchange(
        self, address: WebAddress, accept: Sequence[str], max_bytes: int, deadline: Deadline
    ) -> tuple[Head, bytes]:
        from pressroom.guarded_exchange import Exchange

        def wants_body(head: Head) -> bool:
            if head.location:
                return False
            check_status(address.url, head, self._clock.now())
            check_type(address.url, head, accept)
            return True

        exchange = Exchange(
            address=address,
            addresses=self._checked_addresses(address, deadline),
            headers={
                "host": address.authority,
                "user-agent": f"Pressroom/{pressroom.__version__}",
                "accept": ", ".join(accept) or "*/*",
                "accept-encoding": ACCEPTED,
                "connection": "close",
            },
            max_bytes=max_bytes,
            deadline=deadline,
            network=self._network,
            tls=self._tls if address.scheme == "https" else None,
        )
        return exchange.carry_out(wants_body)

    def _checked_addresses(self, address: WebAddress, deadline: Deadline) -> Sequence[Address]:
        """Return the addresses that may be connected to, which are all that the host has; raises `UrlRefused`."""
        is_allowed = self._is_allowed(address)
        if not is_allowed:
            _check_name_and_port(address)
        addresses = [address.ip] if address.ip else self._resolved(address, deadline)
        # One that is not public among others that are is refused as a whole: it is no mistake that anybody makes.
        for found in addresses:
            if not is_allowed:
                _check_public(address, found)
        return addresses

    def _is_allowed(self, address: WebAddress) -> bool:
        return (address.host, address.port) in self._allowed

    def _resolved(self, address: WebAddress, deadline: Deadline) -> Sequence[Address]:
        try:
            return self._resolve(address.host, address.port, deadline.seconds_left)
        except NoSuchHost as error:
            place = shown(address.url)
            raise NotFound(
                f"{place} cannot be fetched: {error}.", where=place, todo="Check how it is spelled."
            ) from None
        except NoAddressYet as error:
            raise passing(address.url, str(error)) from None

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        import httpx

        return self._given_tls or httpx.create_ssl_context()

    @cached_property
    def _network(self) -> httpcore.NetworkBackend:
        import httpcore

        return self._given_network or httpcore.SyncBackend()


def _following(address: WebAddress, location: str, passed: Sequence[str]) -> WebAddress:
    """Return where a redirect leads; it is checked as if it had been asked for."""
    if any(character in location for character in "\t\r\n\\"):
        # The library's joining takes some of them out in silence, so that they are looked for before.
        raise UrlRefused(location, "a tab, a line break or a backslash may not stand in a URL")
    try:
        following = read_address(urljoin(address.url, location.strip().replace(" ", "%20")))
    except ValueError:
        raise UrlRefused(location, "its host or port cannot be read") from None
    if following.url in passed:
        raise UrlRefused(following.url, "its redirects lead in a circle", "Give the address where they should end.")
    if len(passed) > MOST_REDIRECTS:
        why = f"there are more than {MOST_REDIRECTS} redirects before it"
        raise UrlRefused(following.url, why, "Give the address where they end.")
    return following


def _check_name_and_port(address: WebAddress) -> None:
    if address.port not in DEFAULT_PORTS.values():
        why = f"only the ports 80 and 443 are fetched from, not {address.port}"
        raise NotPublic(address, why)
    if address.ip:
        return
    if address.host == "localhost" or address.host.endswith(".localhost"):
        raise NotPublic(address, "its name is that of this machine itself")
    if "." not in address.host:
        why = "its name is short for a host in the own network"
        raise NotPublic(address, why, "Write the whole name. ")


def _check_public(address: WebAddress, found: Address) -> None:
    if why := why_not_public(found):
        how = "it is" if address.ip else "its name leads to"
        raise NotPublic(address, f"{how} an address that is not public ({why})", leads_to=found)


def _opening(address: WebAddress, leads_to: Address | None) -> str:
    """Return what to do for an address that is not public."""
    if leads_to is not None and is_metadata(leads_to):
        return "Give the address of a public page."
    host = f"[{address.host}]" if ":" in address.host else address.host
    entry = f"{host}:{address.port}"
    return (
        f"Only if {entry} may be fetched for anybody who gives an address or redirects there, "
        f'add "{entry}" to `[fetch] allow_hosts`: that opens it for every page.'
    )


def _led_there(error: UrlRefused, by: str) -> str:
    """Return what to do about a refusal that a redirect led to: whoever redirects may want what is not theirs."""
    if not isinstance(error, NotPublic):
        return error.todo
    return f"It is {shown(by)} that leads there: give the address of the page itself. {error.todo}"
