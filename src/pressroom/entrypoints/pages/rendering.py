"""Makes pages from templates. Everything is escaped unless a function here says that it is markup."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from typing import Any

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

import pressroom
from pressroom.entrypoints.pages import wording
from pressroom.entrypoints.pages.attention import Attention, attention
from pressroom.entrypoints.pages.event_words import event_words
from pressroom.entrypoints.pages.notes import NOTES
from pressroom.entrypoints.pages.post_text import as_network_shows, can_be_opened

STATIC = resources.files("pressroom.entrypoints.pages") / "static"


def templates() -> Environment:
    """Return the templates with what they may call; made once for each server."""
    environment = Environment(
        loader=PackageLoader("pressroom.entrypoints.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        when=wording.when,
        iso=wording.iso,
        day=wording.day,
        span=wording.span,
        money=wording.money,
        size=wording.size,
        words=wording.words,
        plural=wording.plural,
        can_be_opened=can_be_opened,
        said=wording.said,
        step_words=wording.step_words,
        unit_words=wording.unit_words,
        pretty=_pretty,
        post_text=as_network_shows,
        event_words=event_words,
    )
    environment.globals.update(
        status_of=wording.status_of,
        static=_static_urls().__getitem__,
        version=pressroom.__version__,
    )
    return environment


def render(request: Request, template: str, **context: Any) -> str:
    """Return a page that needs nothing of the runtime but what it is given."""
    environment: Environment = request.app.state.templates
    shared = {
        "is_operator": bool(getattr(request.state, "is_operator", False)),
        "is_logged_in": not request.app.state.access.is_local(request.headers),
        "here": request.url.path,
        "attention": Attention(),
        "note": NOTES.get(request.query_params.get("note", "")),
        "gallery_is_on": request.app.state.runtime.config.server.gallery,
    }
    return environment.get_template(template).render(shared | context)


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Answer with a page of the operator's, which also says what needs a person."""
    known = context.pop("attention", None) or attention(request.app.state.runtime)
    return HTMLResponse(render(request, template, attention=known, **context), status)


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _static_urls() -> dict[str, str]:
    """Return each static file's URL; it changes with the bytes, so that browsers may keep what they have."""
    return {
        file.name: f"/static/{file.name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
        for file in STATIC.iterdir()
        if file.is_file()
    }
