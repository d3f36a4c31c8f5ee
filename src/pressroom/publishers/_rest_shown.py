"""Requests as people see them before anything is sent: every byte, but secrets masked and pictures shortened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

from pressroom.publishers._rest_auth import placed
from pressroom.publishers._rest_requests import Outgoing
from pressroom.publishers._rest_settings import Auth
from pressroom.redaction import REDACTED, redactor

_STAND_IN = "CREDENTIAL-THAT-IS-NOT-SHOWN"


def shown(outgoing: Outgoing, auth: Auth | None, values: Mapping[str, Any], secrets: Sequence[str]) -> str:
    """Return a request as the text of HTTP; `auth` is None where it bears no credentials."""
    import httpx

    take_out = redactor(secrets)
    headers, parameters = placed(auth, _STAND_IN) if auth else ({}, {})
    url = httpx.URL(outgoing.url)
    request = httpx.Request(
        outgoing.method,
        url.copy_merge_params(parameters) if parameters else url,
        headers={**outgoing.headers, **headers},
        content=outgoing.body.data or None,
    )
    request.headers.setdefault("accept", "application/json")
    request.headers["accept-encoding"] = "identity"
    lines = [f"{request.method} {take_out(str(request.url))}"]
    for name, value in request.headers.items():
        # Of what is signed the way stays to be seen: `Bearer •••`.
        lines.append(f"{name}: {value}" if name in headers else take_out(f"{name}: {value}"))
    body = take_out(_body(outgoing, values))
    return "\n".join([*lines, *(["", body] if body else [])]).replace(_STAND_IN, REDACTED)


def _body(outgoing: Outgoing, values: Mapping[str, Any]) -> str:
    pieces = []
    for piece in outgoing.body.pieces:
        if isinstance(piece, str):
            pieces.append(_without_base64(piece, values))
        else:
            pieces.append(f"<{len(piece.data):,} bytes of {piece.media_type}>")
    return "".join(pieces).replace("\r\n", "\n").rstrip("\n")


def _without_base64(text: str, values: Mapping[str, Any]) -> str:
    for picture in values["media"]:
        if data := picture.get("base64"):
            short = f"<base64 of {picture['size_bytes']:,} bytes of {picture['media_type']}>"
            text = text.replace(data, short).replace(quote_plus(data), short)
    return text
