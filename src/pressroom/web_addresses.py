"""Reads a URL that a user or a page gave, strictly: what two programs could read in two ways is refused. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote

from pressroom.errors import BadInput, ConfigurationError
from pressroom.public_addresses import Address
from pressroom.redaction import redact

LONGEST_URL = 8_000
"""What a server should at least understand: RFC 9110, section 4.1."""
DEFAULT_PORTS = {"http": 80, "https": 443}
_SHOWN_CHARACTERS = 200
# RFC 3986, appendix B. The standard library's reading is not used: it takes `[::1]` out of `http://[::1]example.com`.
_URL = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::([0-9]{0,5}))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\\ud800-\udfff\u2028\u2029]")
_KEPT = "%/:?#[]@!$&'()*+,;=-._~"


class UrlRefused(BadInput):
    """The rule that a URL breaks, and what to do instead."""

    def __init__(self, url: str, why: str, todo: str = "", *, via: str = "") -> None:
        """`via` is the URL that was asked for, if another one led here."""
        self.url, self.why = url, why
        led = f", where {shown(via)} leads," if via else ""
        super().__init__(f"{shown(url)}{led} is not fetched: {why}.", where=shown(via or url), todo=todo)


@dataclass(frozen=True, slots=True)
class WebAddress:
    """Where a URL leads, with everything that may stand in it in one spelling only."""

    scheme: str
    host: str
    """In ASCII and lower case; an address without its brackets."""
    port: int
    target: str
    """Path and query, percent-encoded."""

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def ip(self) -> Address | None:
        """The host, if it is written as an address."""
        return ip_of(self.host)


def read_address(url: str) -> WebAddress:
    """Read a URL; raises `UrlRefused` for anything but a plain http:// or https:// one without credentials."""
    if len(url) > LONGEST_URL:
        raise UrlRefused(url, f"it has {len(url):,} characters, more than {LONGEST_URL:,}", "Use a shorter one.")
    url = url.strip(" \t\r\n")
    if found := _UNSAFE.search(url):
        raise UrlRefused(
            url,
            f"the character U+{ord(found[0]):04X} may not stand in a URL",
            "Copy it anew; a space is written %20 and a backslash has no place in it.",
        )
    if not (found := _URL.fullmatch(url)):
        raise UrlRefused(url, "it does not begin with https:// or http://", "Give the whole address of a web page.")
    scheme, authority, path, query = found[1].lower(), found[2], found[3], found[4]
    if "@" in authority:
        raise UrlRefused(url, "a user name stands before its host", "Give the address without one.")
    if not (found := _AUTHORITY.fullmatch(authority)):
        raise UrlRefused(url, "its host or port cannot be read", "Correct it.")
    host = _read_host(url, found[1].lower())
    port = int(found[2]) if found[2] else DEFAULT_PORTS[scheme]
    target = _encoded(path or "/") + (f"?{_encoded(query)}" if query else "")
    return WebAddress(scheme, host, port, target)


def ip_of(host: str) -> Address | None:
    try:
        return IPv6Address(host) if ":" in host else IPv4Address(host)
    except AddressValueError:
        return None


def read_entry(entry: str) -> tuple[str, int]:
    """Read an entry "host:port" of `[fetch] allow_hosts`; raises `ConfigurationError`."""
    try:
        address = read_address(f"http://{entry}/")
    except UrlRefused:
        address = None
    if address is None or address.target != "/" or not re.search(r":\d+$", entry):
        raise ConfigurationError(
            f"[fetch] allow_hosts: {redact(entry, ())!r} is not a host and a port.",
            where="[fetch] allow_hosts",
            todo='Write each as "host:port", as it stands in the URLs: "shop.example:8080", "[fd00::1]:443".',
        )
    return address.host, address.port


def shown(url: str) -> str:
    """Return a URL as it may stand in an error or a log: without credentials and query, and not too long."""
    text = redact(re.split(r"[?#]", url[:LONGEST_URL].strip(), maxsplit=1)[0], ())
    text = "".join(character if character.isprintable() else "�" for character in text)
    return f"{text[:_SHOWN_CHARACTERS]}…" if len(text) > _SHOWN_CHARACTERS else text or "The empty URL"


def _read_host(url: str, host: str) -> str:
    """Return a host in its one spelling; `url` is what an error is about."""
    if not host:
        raise UrlRefused(url, "it names no host", "Give the whole address, such as https://example.com/page.")
    if "%" in host:
        raise UrlRefused(url, "a percent sign stands in its host", "Write the host by its name.")
    if host.startswith("["):
        address = ip_of(host[1:-1])
        if not isinstance(address, IPv6Address):
            raise UrlRefused(url, "its host or port cannot be read", "Correct it.")
        return address.compressed
    name = host if host.isascii() else _in_ascii(url, host)
    name = name.lower().removesuffix(".")
    last = name.rpartition(".")[2]
    if _NUMBER.fullmatch(last):
        if ip_of(name) is None or name != host:
            why = "its host is a number written in an unusual way, as if to hide where it leads"
            raise UrlRefused(url, why, "Write the host by its name.")
        return name
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise UrlRefused(url, "its host is no name that there can be", "Correct it.")
    return name


def _in_ascii(url: str, host: str) -> str:
    """Return an international name as DNS knows it."""
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise UrlRefused(url, "its host is no name that there can be", "Correct it.") from None


def _encoded(text: str) -> str:
    return quote(text, safe=_KEPT)
