"""`/letters/{publication}`: a letter as its reader's mail program shows it, for the operator."""

from __future__ import annotations

import html
import re

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.pages import pictures
from pressroom.errors import NotFound

router = APIRouter(include_in_schema=False)

_PICTURE = re.compile(r"cid:picture-(\d+)\b")
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'unsafe-inline'",  # a mail has its style in itself
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""As strict as a mail program: nothing of the page runs, and it loads nothing but its own pictures."""


@router.get("/letters/{publication_id}")
def letter(runtime: RuntimeHere, publication_id: str) -> HTMLResponse:
    publication = runtime.ports.publications.get(publication_id)
    if publication is None or publication.post.letter is None or not publication.post.letter.html:
        raise NotFound(
            f"There is no letter {publication_id} here (any more).",
            todo="The feed lists the newest posts; a letter goes with its job.",
        )
    found = pictures.of_post(runtime, publication.post)

    def url(match: re.Match[str]) -> str:
        number = int(match[1])
        return html.escape(found[number - 1].url) if 1 <= number <= len(found) else ""

    page = _PICTURE.sub(url, publication.post.letter.html)
    return HTMLResponse(page, headers={"content-security-policy": _POLICY, "cache-control": "private, no-store"})
