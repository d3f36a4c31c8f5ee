"""What is wrong with the settings of a channel, each mistake by its key: for start-up, `check` and `doctor`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pressroom.publications import Post
from pressroom.publishers._rest_bodies import Sending
from pressroom.publishers._rest_limits import Table
from pressroom.publishers._rest_replies import PathMistake, Reply
from pressroom.publishers._rest_settings import Request, RestSettings, Step
from pressroom.publishers._rest_templates import TemplateMistake
from pressroom.publishers._rest_values import (
    NAMES,
    OF_PICTURE,
    Bytes,
    picture_of,
    sample_bytes,
    sample_post,
    sample_url,
    values_of,
    with_picture,
)

if TYPE_CHECKING:
    from pressroom.publishers._rest_plan import Plan
    from pressroom.publishers._rest_requests import Ready

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOT_YOURS = {
    "authorization": "credentials go into `auth` and the secrets, never into the settings",
    "cookie": "credentials go into `auth` and the secrets, never into the settings",
    "host": "it is that of the address",
    "content-length": "it is counted",
    "transfer-encoding": "it is not up to the settings",
    "connection": "it is not up to the settings",
}
_BODIES = ("json", "form", "multipart", "raw", "text")
_JWT_AND_OAUTH = ("oauth2_client_credentials", "oauth2_refresh")


def of_settings(settings: RestSettings) -> Iterator[str]:
    """Give a sentence for each mistake that can be seen without compiling a template."""
    for key, table in _tables(settings):
        yield from _unknown(key, table)
    parts = urlsplit(settings.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield f"base_url: must be an address that begins with https://, not {settings.base_url!r}"
    if parts.username is not None or parts.query or parts.fragment:
        yield "base_url: must be an address without a user, a query and a fragment"
    if settings.auth.kind in _JWT_AND_OAUTH and not settings.auth.token_url:
        yield f"auth.token_url: this setting is missing; {settings.auth.kind} asks for tokens there"
    if not settings.requests:
        yield "requests: there is none; write what is to be sent under [[channels.NAME.requests]]"
    for key, request in _requests(settings):
        yield from _of_request(key, request)
    yield from _headers("headers", settings.headers)
    names = [step.name for step in settings.requests if step.name]
    for name in {name for name in names if names.count(name) > 1}:
        yield f"requests: two of them are called {name}"
    for place, step in enumerate(settings.requests):
        yield from _of_step(_key(settings, place), step, is_last=place == len(settings.requests) - 1)
    for number, rule in enumerate(settings.outcomes, start=1):
        if not (rule.status or rule.equals or rule.exists):
            yield f"outcomes.{number}: it would fit every reply; say which one is meant: status, equals or exists"
    for key, paths in _json_paths(settings):
        yield from _bad_paths(key, paths)


def of_plan(plan: Plan, settings: RestSettings) -> Iterator[str]:
    """Give a sentence for each template that a sample post cannot be rendered with."""
    yield from rehearsed(plan, settings, sample_post())
    named = any("key" in template.names() for template in plan.public.templates())
    if settings.idempotent and not settings.idempotency_header and not named:
        yield "idempotent: the public request bears no key; set idempotency_header, or use {{ key }} in it"


def rehearsed(plan: Plan, settings: RestSettings, post: Post, now: datetime | None = None) -> list[str]:
    """Return what is wrong with the templates for this post, rendered with samples of what replies would say."""
    found: list[str] = []
    values = sample_values(plan, settings, post, now or datetime(2026, 10, 31, 9, tzinfo=UTC))
    others = [one for one in (plan.verify, plan.check) if one is not None]
    for one in (*plan.requests, *others):
        is_for_none = one in plan.preparing and one.step.for_each and not post.media
        try:
            if not is_for_none and one.is_wanted(values):
                render(one, settings, values, post, 0 if post.media else None)
        except TemplateMistake as mistake:
            found.append(str(mistake))
    return found


def sample_values(
    plan: Plan, settings: RestSettings, post: Post, now: datetime, read: Bytes = sample_bytes
) -> dict[str, Any]:
    """Return what the templates of every request may use, with samples of what replies would say."""
    taken: dict[str, Any] = {}
    pictures = [
        picture_of(item, number, set(plan.uses), read, sample_url, settings.text.alt_text_limit)
        for number, item in enumerate(post.media, start=1)
    ]
    for one in plan.preparing:
        for name in one.take:
            sample = f"{name}-of-{one.settings.name or 'the-reply'}"
            taken[name] = [sample for _ in pictures] if one.step.for_each else sample
            for picture in pictures if one.step.for_each else ():
                picture[name] = sample
    return values_of(post, "0" * 32, now, pictures, taken)


def render(one: Ready, settings: RestSettings, values: Mapping[str, Any], post: Post, place: int | None) -> None:
    media = values["media"]
    values = with_picture(values, media[place or 0] if media else None)
    sending = Sending(values, post.media, place, sample_bytes, "sample")
    one.outgoing(settings.base_url, sending, {})


def _tables(settings: RestSettings) -> Iterator[tuple[str, Table]]:
    yield from (("auth", settings.auth), ("text", settings.text), ("images", settings.images))
    yield "errors", settings.errors
    if settings.webhook:
        yield "webhook", settings.webhook
    yield from ((f"outcomes.{number}", rule) for number, rule in enumerate(settings.outcomes, start=1))
    for key, request in _requests(settings):
        yield key, request
        yield f"{key}.success", request.success


def _requests(settings: RestSettings) -> Iterator[tuple[str, Request]]:
    for place, step in enumerate(settings.requests):
        yield _key(settings, place), step
    if settings.verify:
        yield "verify", settings.verify
    if settings.check_with:
        yield "check_with", settings.check_with


def _key(settings: RestSettings, place: int) -> str:
    return f"requests.{settings.requests[place].name or place + 1}"


def _unknown(key: str, table: Table) -> Iterator[str]:
    known = [field.alias or name for name, field in type(table).model_fields.items()]
    for name in table.model_extra or {}:
        close = difflib.get_close_matches(name, known, n=2, cutoff=0.6)
        hint = f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(known)}"
        yield f"{key}.{name}: there is no such setting ({hint})"


def _of_request(key: str, request: Request) -> Iterator[str]:
    yield from _headers(f"{key}.headers", request.headers)
    given = (request.as_json, request.form, request.multipart, request.raw or None, request.text)
    bodies = [name for name, value in zip(_BODIES, given, strict=True) if value is not None]
    if len(bodies) > 1:
        yield f"{key}: a request has one body, and this one has {' and '.join(bodies)}"
    if bodies and request.method in ("GET", "HEAD"):
        yield f"{key}.{bodies[0]}: a {request.method} has no body"


def _of_step(key: str, step: Step, *, is_last: bool) -> Iterator[str]:
    if step.public and not is_last:
        yield (
            f"{key}.public: only the last request can make the post public, since what comes after it could "
            "otherwise cause a second post; put it last"
        )
    if step.public is False and is_last:
        yield f"{key}.public: the last request makes the post public"
    if is_last and step.for_each:
        yield f"{key}.for_each: the request that makes the post public is made once; use {{{{ media }}}} in it"
    if is_last and step.when:
        yield f"{key}.when: the request that makes the post public is always made"
    if is_last and step.take:
        yield f"{key}.take: nothing comes after the last request; where the post's id stands is told by `id`"
    for name in step.take:
        if not name.isidentifier() or name in (*NAMES, *OF_PICTURE):
            yield f"{key}.take.{name}: a value cannot be called that; take another name"


def _headers(key: str, headers: Mapping[str, Any]) -> Iterator[str]:
    for name in headers:
        if not _TOKEN.fullmatch(name):
            yield f"{key}.{name}: that is no name of a header"
        elif name.lower() in _NOT_YOURS:
            yield f"{key}.{name}: this header cannot be set here: {_NOT_YOURS[name.lower()]}"


def _json_paths(settings: RestSettings) -> Iterator[tuple[str, Iterable[str]]]:
    for key, request in _requests(settings):
        yield f"{key}.success.exists", request.success.exists
        yield f"{key}.success.equals", request.success.equals
    for number, rule in enumerate(settings.outcomes, start=1):
        yield f"outcomes.{number}.exists", rule.exists
        yield f"outcomes.{number}.equals", rule.equals
    if hook := settings.webhook:
        for name in ("items", "id", "post", "kind", "at", "text"):
            if path := getattr(hook, name):
                yield f"webhook.{name}", (path,)
    if settings.verify and settings.verify.found:
        yield "verify.found", (settings.verify.found,)


def _bad_paths(key: str, paths: Iterable[str]) -> Iterator[str]:
    from pressroom.http_answers import Answer

    for path in paths:
        try:
            Reply(Answer(200)).at(path)
        except PathMistake as mistake:
            yield f"{key}: {mistake}"
