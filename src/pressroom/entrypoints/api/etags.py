"""`ETag` and `If-None-Match`: whoever has an answer already is told so, in a few bytes."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from fastapi import Request
from fastapi.encoders import jsonable_encoder
from starlette.responses import Response

_TAG = re.compile(r'("[\x21\x23-\x7e\x80-\xff]*")')
KEEPING = {"cache-control": "private, no-cache", "vary": "accept, authorization"}
"""The guard's own "no-store" would keep a program from ever asking with If-None-Match."""


def is_known(request: Request, tag: str) -> bool:
    """Say whether the caller has the answer with this tag (in its quotation marks) already."""
    known = ",".join(request.headers.getlist("if-none-match"))
    return known.strip() == "*" or tag in _TAG.findall(known)


def answered(request: Request, document: Any, *, version: str = "", headers: dict[str, str] | None = None) -> Response:
    """Answer with a document and its tag, or with 304 and nothing for whoever has it.

    The tag is of the bytes; or of `version`, something short that changes whenever the document does. To save the
    making of the document as well, ask `is_known` before, with `tag_of`.
    """
    body = json.dumps(jsonable_encoder(document), ensure_ascii=False, separators=(",", ":")).encode()
    tag = tag_of(version or hashlib.sha256(body).hexdigest())
    more = KEEPING | {"etag": tag} | (headers or {})
    if request.method in ("GET", "HEAD") and is_known(request, tag):
        return Response(status_code=304, headers=more)
    return Response(body, headers=more, media_type="application/json")


def tag_of(version: str) -> str:
    """Return the tag of a version: in quotation marks, of characters that a header may hold."""
    return f'"{hashlib.sha256(version.encode()).hexdigest()[:32]}"'
