"""What a fake takes in and gives out: one request, one answer, one refusal, and the parsing of bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Request:
    """One request as it came in; header names are in lower case, `at` is Unix time by the wall clock."""

    number: int
    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes
    at: float

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def json(self) -> Any:
        return json.loads(self.body)

    def without_body(self) -> Request:
        return replace(self, body=b"")

    def as_dict(self) -> dict[str, Any]:
        """The request for the control API; the body only as text and only if it is text."""
        try:
            text: str | None = self.body.decode()
        except UnicodeDecodeError:
            text = None
        return {
            "number": self.number,
            "method": self.method,
            "path": self.path,
            "query": self.query_string,
            "headers": dict(self.headers),
            "body": text,
            "body_bytes": len(self.body),
            "at": self.at,
        }


@dataclass(frozen=True)
class Answer:
    """What is sent back; the server adds `Content-Length` and `Connection`."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_headers(self, headers: Mapping[str, str]) -> Answer:
        return replace(self, headers={**self.headers, **headers})

    def json(self) -> Any:
        return json.loads(self.body)


class Refused(Exception):
    """The service says no; the answer says why in the words of the real one."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.body.decode(errors='replace')}")
        self.answer = answer


@dataclass(frozen=True)
class Part:
    """One part of a multipart body."""

    name: str
    filename: str | None
    content_type: str
    data: bytes


def json_answer(
    status: int, document: Any, headers: Mapping[str, str] | None = None, kind: str = "application/json"
) -> Answer:
    """An answer whose body is `document` as JSON."""
    body = json.dumps(document, ensure_ascii=False).encode()
    return Answer(status, body, {"content-type": f"{kind}; charset=utf-8", **(headers or {})})


def parse_form(request: Request) -> dict[str, str]:
    """The fields of a form-encoded body; a field that is repeated or not UTF-8 is a ValueError."""
    pairs = parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=bool(request.body))
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a form field is repeated")
    return dict(pairs)


def parse_multipart(request: Request) -> list[Part]:
    """The parts of a `multipart/form-data` body; anything malformed is a ValueError."""
    boundary = re.search(r'boundary="?([^";,]+)"?', request.headers.get("content-type", ""))
    if request.content_type != "multipart/form-data" or boundary is None:
        raise ValueError("the body is not multipart/form-data with a boundary")
    delimiter = b"--" + boundary.group(1).encode()
    opening, *chunks = (b"\r\n" + request.body).split(b"\r\n" + delimiter)
    if not chunks or opening or chunks[-1].strip() != b"--":
        raise ValueError("the multipart body is cut short")
    return [_parse_part(chunk) for chunk in chunks[:-1]]


def _parse_part(chunk: bytes) -> Part:
    head, separator, data = chunk.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers = {}
    for line in head.decode().split("\r\n"):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    disposition = headers.get("content-disposition", "")
    name_found = re.search(r'\bname="([^"]*)"', disposition)
    if not separator or not disposition.startswith("form-data") or name_found is None:
        raise ValueError("a part has no name")
    filename = re.search(r'\bfilename="([^"]*)"', disposition)
    return Part(name_found.group(1), filename and filename.group(1), headers.get("content-type", "text/plain"), data)
