"""The bodies of requests, byte for byte: multipart, form, JSON, text, and a picture's own bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from pressroom.publications import PostMedia
from pressroom.publishers._rest_filters import Omit, as_text
from pressroom.publishers._rest_templates import Template, TemplateMistake, Tree, filled
from pressroom.publishers._rest_values import file_name


@dataclass(frozen=True)
class Blob:
    """Bytes that are not shown to people."""

    data: bytes = field(repr=False)
    media_type: str


Piece = str | Blob


@dataclass(frozen=True)
class Body:
    media_type: str = ""
    """The header `Content-Type`; empty for no body."""
    pieces: tuple[Piece, ...] = ()

    @property
    def data(self) -> bytes:
        return b"".join(piece.encode() if isinstance(piece, str) else piece.data for piece in self.pieces)


@dataclass(frozen=True)
class File:
    """A part of a multipart body that is a picture, or every picture."""

    which: str
    """`picture` or `media`."""
    filename: Template | None
    content_type: Template | None


@dataclass(frozen=True)
class Field:
    """A part of a multipart body that is no file; each value of a list is a part of its own."""

    value: Tree
    content_type: Template | None = None
    is_json: bool = False


@dataclass(frozen=True)
class Sending:
    """What one request is about: the values of its templates, and its pictures."""

    values: Mapping[str, Any]
    media: Sequence[PostMedia]
    place: int | None
    """Which of the pictures the request is for; None for none of them in particular."""
    read: Callable[[PostMedia], bytes]
    seed: str
    """Makes what is chosen at random the same for every try."""

    @property
    def picture(self) -> PostMedia | None:
        place = self.place or 0
        return self.media[place] if place < len(self.media) else None


def json_body(tree: Tree, values: Mapping[str, Any], key: str) -> Body:
    value = filled(tree, values)
    try:
        return Body("application/json", (_encodable(json.dumps(value, ensure_ascii=False, allow_nan=False), key),))
    except ValueError as error:
        raise TemplateMistake(key, 1, str(error)) from error


def form_body(tree: Tree, values: Mapping[str, Any], key: str) -> Body:
    return Body("application/x-www-form-urlencoded", (urlencode(pairs(tree, values, key)),))


def text_body(template: Template, values: Mapping[str, Any]) -> Body:
    return Body("text/plain; charset=utf-8", (_encodable(template.text(values), template.key),))


def picture_body(sending: Sending) -> Body:
    picture = sending.picture
    if picture is None:
        return Body()
    return Body(picture.media_type, (Blob(sending.read(picture), picture.media_type),))


def multipart_body(parts: Mapping[str, File | Field], sending: Sending, key: str) -> Body:
    """Return the parts in the order of the settings, under a boundary that stands in none of them."""
    written: list[tuple[str, Piece]] = []
    for name, part in parts.items():
        if isinstance(part, File):
            written += _files(name, part, sending)
        else:
            written += _fields(name, part, sending.values, f"{key}.{name}")
    boundary = _boundary(sending.seed, [piece for _, piece in written])
    pieces: list[Piece] = []
    for head, content in written:
        pieces += [f"--{boundary}\r\n{head}\r\n\r\n", content, "\r\n"]
    pieces.append(f"--{boundary}--\r\n")
    return Body(f"multipart/form-data; boundary={boundary}", tuple(pieces))


def pairs(tree: Mapping[str, Tree], values: Mapping[str, Any], key: str) -> list[tuple[str, str]]:
    """Return names and values for a query or a form: a list is repeated, null and `omit` are left out."""
    found = []
    for name, inner in tree.items():
        for text in _texts(filled(inner, values), f"{key}.{name}"):
            found.append((name, _encodable(text, f"{key}.{name}")))
    return found


def _texts(value: Any, key: str) -> Iterator[str]:
    if value is None or isinstance(value, Omit):
        return
    try:
        for one in value if isinstance(value, list) else [value]:
            yield as_text(one)
    except ValueError as error:
        raise TemplateMistake(key, 1, str(error)) from error


def _files(name: str, part: File, sending: Sending) -> Iterator[tuple[str, Piece]]:
    chosen = list(range(len(sending.media))) if part.which == "media" else [sending.place or 0]
    for place in chosen:
        if place >= len(sending.media):
            continue
        item = sending.media[place]
        picture = sending.values["media"][place]
        values = {**sending.values, "picture": picture, "alt_text": picture["alt_text"]}
        filename = part.filename.text(values) if part.filename else file_name(item)
        kind = part.content_type.text(values) if part.content_type else item.media_type
        yield _head(name, filename, kind), Blob(sending.read(item), item.media_type)


def _fields(name: str, part: Field, values: Mapping[str, Any], key: str) -> Iterator[tuple[str, Piece]]:
    kind = part.content_type.text(values) if part.content_type else ""
    if part.is_json:
        body = json_body(part.value, values, key)
        yield _head(name, None, kind or body.media_type), body.pieces[0]
        return
    for text in _texts(filled(part.value, values), key):
        yield _head(name, None, kind), _encodable(text, key)


def _head(name: str, filename: str | None, kind: str) -> str:
    """Write the head of a part as browsers do (HTML, multipart/form-data encoding algorithm)."""
    head = f'Content-Disposition: form-data; name="{_quoted(name)}"'
    if filename is not None:
        head += f'; filename="{_quoted(filename)}"'
    return f"{head}\r\nContent-Type: {_quoted(kind)}" if kind else head


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _boundary(seed: str, contents: Sequence[Piece]) -> str:
    for attempt in range(100):
        boundary = "pressroom-" + hashlib.sha256(f"{seed} {attempt}".encode()).hexdigest()[:32]
        if not any(boundary in one if isinstance(one, str) else boundary.encode() in one.data for one in contents):
            return boundary
    raise ValueError("a body holds every boundary that was tried")


def _encodable(text: str, key: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise TemplateMistake(key, 1, "it holds half of a character") from error
    return text
