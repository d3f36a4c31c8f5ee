"""A request of the settings with its templates compiled, and what is sent of it for one post."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from pressroom.publishers._rest_bodies import (
    Body,
    Field,
    File,
    Sending,
    form_body,
    json_body,
    multipart_body,
    pairs,
    picture_body,
    text_body,
)
from pressroom.publishers._rest_filters import Omit, as_text
from pressroom.publishers._rest_replies import Place
from pressroom.publishers._rest_settings import Request, Step
from pressroom.publishers._rest_templates import Template, TemplateMistake, Tree, compiled, filled, templates_in

_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_HEADER_VALUE = re.compile(r"[\x20-\x7e\t]*")


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One request, ready to be sent but for the credentials."""

    method: str
    url: str
    headers: dict[str, str]
    body: Body = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A request of the settings, compiled."""

    settings: Request
    key: str
    """Where it stands: `requests.create`."""
    path: Template
    query: Mapping[str, Tree]
    headers: Mapping[str, Tree]
    body: Tree | Template | Mapping[str, File | Field] | None = None
    when: Template | None = None
    take: Mapping[str, Place] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.settings.name or self.key

    @property
    def step(self) -> Step:
        assert isinstance(self.settings, Step)
        return self.settings

    def templates(self) -> Iterator[Template]:
        """Give every template that is rendered before the request is sent."""
        yield self.path
        yield from templates_in(self.query)
        yield from templates_in(self.headers)
        yield from _templates_of_body(self.body)
        if self.when is not None:
            yield self.when

    def is_wanted(self, values: Mapping[str, Any]) -> bool:
        """Say whether `when` lets the request be made for this post."""
        if self.when is None:
            return True
        found = self.when.value(values)
        return bool(found.strip() if isinstance(found, str) else found) and not isinstance(found, Omit)

    def outgoing(self, base_url: str, sending: Sending, more_headers: Mapping[str, str]) -> Outgoing:
        """Return what is sent; raises `TemplateMistake` for a value that cannot be."""
        body = self._body(sending)
        headers = {"content-type": body.media_type} if body.media_type else {}
        for name, tree in self.headers.items():
            value = filled(tree, sending.values)
            if value is not None and not isinstance(value, Omit):
                headers[name.lower()] = _header_value(value, f"{self.key}.headers.{name}")
        headers |= {name.lower(): value for name, value in more_headers.items()}
        return Outgoing(method=self.settings.method, url=self._url(base_url, sending), headers=headers, body=body)

    def _url(self, base_url: str, sending: Sending) -> str:
        path = self.path.text(sending.values).strip()
        base = base_url.rstrip("/") + "/"
        if not self.path.is_fixed and self.path.is_whole_value:
            url = urljoin(base, path)  # what a reply calls an address, such as that of an upload
        else:
            url = path if _ADDRESS.match(path) else base + path.lstrip("/")
        if not url.isprintable() or " " in url or "\\" in url:
            raise TemplateMistake(self.path.key, 1, f"{url!r} is no address")
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise TemplateMistake(self.path.key, 1, f"{url!r} is no address that can be asked")
        query = urlencode(pairs(self.query, sending.values, f"{self.key}.query"), quote_via=quote)
        whole = url.partition("#")[0]
        return f"{whole}{'&' if parts.query else '?'}{query}" if query else whole

    def _body(self, sending: Sending) -> Body:
        settings, values = self.settings, sending.values
        if settings.as_json is not None:
            return json_body(self.body, values, f"{self.key}.json")
        if settings.form is not None:
            return form_body(self.body, values, f"{self.key}.form")
        if settings.multipart is not None:
            assert isinstance(self.body, Mapping)
            return multipart_body(self.body, sending, f"{self.key}.multipart")
        if settings.text is not None:
            assert isinstance(self.body, Template)
            return text_body(self.body, values)
        return picture_body(sending) if settings.raw else Body()


def ready(settings: Request, key: str, common_headers: Mapping[str, Any]) -> Ready:
    """Compile a request; raises `TemplateMistake` for a part of a multipart body that is none."""
    body: Any = None
    if settings.as_json is not None:
        body = compiled(settings.as_json, f"{key}.json")
    elif settings.form is not None:
        body = compiled(settings.form, f"{key}.form")
    elif settings.multipart is not None:
        body = {name: part(value, f"{key}.multipart.{name}") for name, value in settings.multipart.items()}
    elif settings.text is not None:
        body = Template(settings.text, f"{key}.text")
    step = settings if isinstance(settings, Step) else Step()
    return Ready(
        settings=settings,
        key=key,
        path=Template(settings.path, f"{key}.path", in_path=True),
        query=compiled(settings.query, f"{key}.query"),
        headers={**compiled(common_headers, "headers"), **compiled(settings.headers, f"{key}.headers")},
        body=body,
        when=Template(step.when, f"{key}.when") if step.when else None,
        take={name: Place(where, f"{key}.take.{name}") for name, where in step.take.items()},
    )


def part(value: Any, key: str) -> File | Field:
    """Read one part of a multipart body from the settings."""
    if not isinstance(value, Mapping):
        return Field(compiled(value, key))
    known = {"file": ("filename", "content_type"), "value": ("content_type",), "json": ("content_type",)}
    kind = next((name for name in known if name in value), None)
    if kind is None or set(value) - {kind, *known[kind]}:
        raise TemplateMistake(
            key,
            1,
            'a part is a text, { file = "picture", filename = "…", content_type = "…" }, '
            '{ value = "…", content_type = "…" } or { json = { … } }',
        )
    content_type = Template(str(value["content_type"]), f"{key}.content_type") if "content_type" in value else None
    if kind == "file":
        if value["file"] not in ("picture", "media"):
            raise TemplateMistake(f"{key}.file", 1, f'it must be "picture" or "media", not {value["file"]!r}')
        filename = Template(str(value["filename"]), f"{key}.filename") if "filename" in value else None
        return File(value["file"], filename, content_type)
    return Field(compiled(value[kind], f"{key}.{kind}"), content_type, is_json=kind == "json")


def _templates_of_body(body: Any) -> Iterator[Template]:
    if isinstance(body, File):
        yield from (template for template in (body.filename, body.content_type) if template is not None)
    elif isinstance(body, Field):
        yield from templates_in(body.value)
        yield from templates_in(body.content_type)
    elif isinstance(body, Mapping):
        for inner in body.values():
            yield from _templates_of_body(inner)
    else:
        yield from templates_in(body)


def _header_value(value: Any, key: str) -> str:
    try:
        text = as_text(value).strip()
    except ValueError as error:
        raise TemplateMistake(key, 1, str(error)) from error
    if not _HEADER_VALUE.fullmatch(text):
        raise TemplateMistake(key, 1, "a header takes printable ASCII only: use | urlencode or | slug")
    return text
