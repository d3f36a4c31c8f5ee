"""Reads a posted form. Our forms are small and carry no files."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request

from pressroom.entrypoints.api.problems import TooLarge, WrongType
from pressroom.errors import BadInput

MOST_BYTES = 256 * 1024


class Form:
    """The fields of a form; one that is missing reads as empty."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        return self._fields.get(name, [""])[0].strip()

    def every(self, name: str) -> list[str]:
        return self._fields.get(name, [])


async def _read(request: Request) -> Form:
    if request.headers.get("content-type", "").split(";")[0] != "application/x-www-form-urlencoded":
        raise WrongType("This address takes a form.", todo="Send it as application/x-www-form-urlencoded.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooLarge(f"The form is larger than {MOST_BYTES // 1024} kB.", todo="Send less text.")
    try:
        return Form(parse_qs(body.decode(), keep_blank_values=True, max_num_fields=1000))
    except ValueError as error:
        raise BadInput("The form cannot be read.", todo="Send it as a browser would, in UTF-8.") from error


PostedForm = Annotated[Form, Depends(_read)]
