"""Turns the bytes of a page into text, whatever the server and the page say of their encoding. Pure."""

from __future__ import annotations

from pressroom.errors import BadInput

_SAID_WITHIN = 4096
"""In these first bytes a page says its encoding; the standard has 1024, and pages begin with long comments."""


def decoded(data: bytes, charset_hint: str = "") -> str:
    """Return the text of a page; `charset_hint` is what the server says. What cannot be read becomes U+FFFD.

    In this order: a byte order mark, UTF-8 where the bytes can be nothing else, the server, the page, and
    windows-1252 as browsers do.
    """
    from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

    marked, mark = read_bom(data)
    if marked and mark:
        return data[len(mark) :].decode(marked, "replace")
    if data and not data.isascii():
        try:
            return data.decode()
        except UnicodeDecodeError:
            pass  # it is not UTF-8, whoever says so; or it is, with a broken character
    said = [resolve_encoding(charset_hint) if charset_hint else None, html_body_declared_encoding(data[:_SAID_WITHIN])]
    names = [name for name in said if name]
    if "utf-8" in names and _is_mostly_utf8(data):
        return data.decode("utf-8", "replace")
    for name in names:
        if name != "utf-8":
            try:
                return data.decode(name, "replace")
            except LookupError:
                continue
    # Five bytes of windows-1252 have no meaning; a browser makes control characters of them.
    return data.decode("cp1252", "replace")


def is_html(data: bytes) -> bool:
    """Say whether it can be a page at all: its first kilobyte has a tag and is no file of another kind."""
    beginning = data[:1024].lstrip()
    if beginning[:4] in (b"%PDF", b"\x89PNG", b"GIF8", b"PK\x03\x04", b"RIFF") or beginning[:2] == b"\xff\xd8":
        return False
    return b"<" in data.replace(b"\0", b"")[:200_000]


def check_html(data: bytes, where: str) -> None:
    if not is_html(data):
        raise BadInput(f"{where} is no web page.", where=where, todo="Give the address of a product's page.")


def _is_mostly_utf8(data: bytes) -> bool:
    """Say whether few of the characters beyond ASCII are broken."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken * 10 <= sum(1 for character in text[:1_000_000] if character > "\x7f")
