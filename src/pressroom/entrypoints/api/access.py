"""Who may see what: loopback, the key, and the session that a login opens. Pure decisions."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

COOKIE = "pressroom_session"
SESSION = timedelta(days=7)
SHORTEST_KEY = 16
"""Characters; a shorter key could be guessed over the network."""
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def host_of(header: str) -> str:
    """Return the host of a `Host` header without its port: `[::1]:8080` -> `::1`; empty if it is none."""
    try:
        return (urlsplit(f"//{header}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Say whether a server that listens on this host can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Access:
    """The rules of one server."""

    listens_on: str
    public_base_url: str = ""
    key: str = ""

    def __repr__(self) -> str:
        return f"Access(listens_on={self.listens_on!r}, has_key={bool(self.key)})"

    @property
    def public_host(self) -> str:
        return host_of(_netloc(self.public_base_url))

    @property
    def is_public(self) -> bool:
        """Say whether the settings name an address outside; a URL that cannot be read counts as one."""
        return bool(self.public_base_url) and not is_loopback(self.public_host)

    @property
    def key_is_usable(self) -> bool:
        return len(self.key) >= SHORTEST_KEY

    def expects(self, host_header: str) -> bool:
        """Say whether a request may name this host.

        A page elsewhere can make its own name point to 127.0.0.1 and read our pages through the reader's
        browser (DNS rebinding); on loopback only our own names are answered.
        """
        if not is_loopback(self.listens_on):
            return True
        host = host_of(host_header)
        return host in _LOCAL_NAMES or (bool(host) and host == self.public_host)

    def is_local(self, headers: Mapping[str, str]) -> bool:
        """Say whether the request comes from this machine; one that a proxy passed on does not.

        A proxy need not say that it is one: nginx's plain `proxy_pass` names 127.0.0.1 as the host and adds no
        header. So where an address outside is set, nothing counts as local.
        """
        return (
            is_loopback(self.listens_on)
            and not self.is_public
            and host_of(headers.get("host", "")) in _LOCAL_NAMES
            and not any(name in headers for name in _PROXY_HEADERS)
        )

    def is_operator(self, headers: Mapping[str, str], now: datetime) -> bool:
        """Say whether whoever asks may see and do everything."""
        return self.is_local(headers) or self.matches(bearer_token(headers)) or self.has_session(headers, now)

    def has_session(self, headers: Mapping[str, str], now: datetime) -> bool:
        return self.knows_session(_cookie(headers.get("cookie", "")), now)

    def matches(self, given: str) -> bool:
        return self.key_is_usable and hmac.compare_digest(given.encode(), self.key.encode())

    def open_session(self, now: datetime) -> str:
        """Return what the cookie of a logged-in browser holds; changing the key ends it."""
        return self._signed(int((now + SESSION).timestamp()))

    def knows_session(self, token: str, now: datetime) -> bool:
        expires = token.partition(".")[0]
        if not self.key_is_usable or not (expires.isascii() and expires.isdigit() and len(expires) < 16):
            return False
        genuine = hmac.compare_digest(token.encode(), self._signed(int(expires)).encode())
        return genuine and now.timestamp() < int(expires)

    def _signed(self, expires: int) -> str:
        signature = hmac.new(self.key.encode(), f"pressroom session until {expires}".encode(), hashlib.sha256)
        return f"{expires}.{signature.hexdigest()}"


def bearer_token(headers: Mapping[str, str]) -> str:
    """Return what stands in `Authorization: Bearer …`; empty if nothing does."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def is_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Say whether another site's page made the browser send this request (forgery across sites).

    A browser tells by `Sec-Fetch-Site`, an older one by `Origin`. What sends neither is no browser, and has no
    cookie that somebody else could use.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and _netloc(origin) != headers.get("host", "")


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _cookie(header: str) -> str:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(header)
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""
