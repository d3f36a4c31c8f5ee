"""Mail addresses as people write them in settings: `Ann Smith <ann@example.com>`. Pure."""

from __future__ import annotations

import re
from email.headerregistry import Address

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<spec>[^<>\s]+)>")
_SPEC = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"_.]+(?:\.[^\s@<>()\[\],;:\\\"_.]+)*")


def parse(text: str) -> Address:
    """Read one address; raises ValueError for anything else, such as a line break that would begin another header."""
    text = text.strip()
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in text):
        raise ValueError(f"the address {text!r} has a line break or a control character")
    found = _NAMED.fullmatch(text)
    name, spec = (found["name"].strip().strip('"'), found["spec"]) if found else ("", text)
    if not _SPEC.fullmatch(spec):
        raise ValueError(f"{text!r} is no mail address, such as ann@example.com or Ann <ann@example.com>")
    local, _, domain = spec.rpartition("@")
    return Address(name, local, _in_ascii(domain))


def needs_utf8(address: Address) -> bool:
    """Say whether only a server with SMTPUTF8 takes it: its name before the @ is not ASCII."""
    return not address.username.isascii()


def _in_ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode()
    except UnicodeError as error:
        raise ValueError(f"{domain!r} is no name of a mail server") from error
