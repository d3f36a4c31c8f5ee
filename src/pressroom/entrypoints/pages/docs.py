"""`/docs`: what programs can ask for here, as `/openapi.json` describes it, and how to begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from pressroom.entrypoints.pages.rendering import page

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Address:
    method: str
    path: str
    summary: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What the description's tag stands for, with the addresses that have it."""

    name: str
    about: str
    addresses: tuple[Address, ...]


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """Show every address of the API in a line, with the way to the whole description and to the how-to."""
    base = str(request.base_url).rstrip("/")
    return page(request, "docs.html", subjects=subjects(request.app.openapi()), request_base=base)


def subjects(description: dict[str, Any]) -> list[Subject]:
    """Return what a description of the API tells, in its order; pure."""
    told = [
        (operation["tags"][0], Address(method.upper(), path, operation["summary"]))
        for path, item in description["paths"].items()
        for method, operation in item.items()
        if operation.get("tags")
    ]
    return [
        Subject(tag["name"], tag["description"], tuple(one for name, one in told if name == tag["name"]))
        for tag in description["tags"]
    ]
