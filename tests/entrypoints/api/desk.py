"""A server with a few routes of its own, that use what every route is given: scopes, keys for repeats, pages, tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from pressroom.api_keys import ApiKeys, Scope
from pressroom.backends.memory import build_memory_ports
from pressroom.composition import compose
from pressroom.config import Config, Server
from pressroom.entrypoints.api.app import create_app
from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.etags import answered
from pressroom.entrypoints.api.once import Made, OnceHere
from pressroom.entrypoints.api.paging import Page, Paged
from pressroom.entrypoints.api.scopes import Caller, needs
from pressroom.jobs import Job
from pressroom.pipeline import Pipeline
from pressroom.pipeline import Request as Asked
from pressroom.ports import Ports
from pressroom.runtime import Runtime
from pressroom.testing import ManualClock
from tests.entrypoints.site import KEY, Client

OUTSIDE: dict[str, Any] = {"host": "0.0.0.0", "public_base_url": "https://press.example"}


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    word: str = Field(min_length=1, max_length=1000)
    times: int = 1
    password: str = ""


class Line(BaseModel):
    id: str


def print_word(job: Job) -> None:
    """Does nothing: these tests are about starting."""


def printing() -> Pipeline:
    return Pipeline("printing", trigger=Asked(), steps=[print_word], input=Printed)


class Printed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    word: str = ""


def told(jobs: Sequence[Job]) -> Made:
    [job] = jobs
    return Made({"id": job.id, "word": job.input["word"]}, location=f"/api/v1/orders/{job.id}")


def routes() -> APIRouter:
    router = APIRouter(prefix="/api/v1/orders")

    @router.post("", status_code=202, dependencies=[needs(Scope.WRITE)])
    def order(runtime: RuntimeHere, order: Order, once: OnceHere) -> Response:
        return once(lambda along: runtime.runner.request("printing", {"word": order.word}, along=along), told)

    @router.get("", response_model=Page[Line])
    def listed(request: Request, runtime: RuntimeHere, paging: Paged, word: str = "") -> Response:
        jobs = runtime.ports.jobs.find(limit=paging.one_more, before=paging.after)
        page, headers = paging.page(jobs, key=lambda job: job.id, show=lambda job: {"id": job.id})
        return answered(request, page, headers=headers)

    @router.get("/secret", dependencies=[needs(Scope.ADMIN)])
    def secret() -> dict[str, str]:
        return {"for": "admins"}

    @router.get("/mine")
    def mine(caller: Annotated[Caller, needs(Scope.ADMIN)]) -> dict[str, str]:
        return {"id": caller.id}

    @router.post("/undeclared")
    def undeclared() -> dict[str, str]:
        return {"done": "yes"}

    @router.put("/large", max_body_size=3_000_000, dependencies=[needs(Scope.WRITE)])
    async def large(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    return router


@dataclass
class Desk:
    runtime: Runtime
    client: Client
    clock: ManualClock
    keys: ApiKeys
    known: dict[str, str] = field(default_factory=dict)

    def key(self, *scopes: Scope, name: str = "app") -> dict[str, str]:
        """Return the headers of a new key."""
        _, text = self.keys.create(name, scopes)
        return {"authorization": f"Bearer {text}"}

    def order(self, word: str = "Boo", headers: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        return self.client.post("/api/v1/orders", json={"word": word, **more}, headers=headers)

    def jobs(self) -> list[str]:
        return [job.id for job in self.runtime.ports.jobs.find(limit=1000)]


def a_desk(*, key: str = "", base_url: str = "", ports: Ports | None = None, **server: Any) -> Desk:
    clock = ManualClock()
    ports = ports or build_memory_ports(clock)
    runtime = compose(Config(workspace=Path("/nowhere"), server=Server(**server)), ports, {"printing": printing()})
    served = SimpleNamespace(router=routes(), PUBLIC=("/api/v1/orders/open",))
    client = Client(create_app(runtime, key=key, modules=[served]), base_url or "http://127.0.0.1:8080")
    return Desk(runtime, client, clock, ApiKeys(ports.tables, clock))


def outside(**server: Any) -> Desk:
    """Return a server that is reached from outside, so that everybody needs a key."""
    return a_desk(key=KEY, base_url="https://press.example", **OUTSIDE | server)
