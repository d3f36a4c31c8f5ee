"""Puts the server together: the runtime, the guard, the errors, and every module with a `router`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from fastapi import APIRouter, Depends, FastAPI

import pressroom
from pressroom.api_keys import ApiKeys
from pressroom.entrypoints import api, pages
from pressroom.entrypoints.api.access import Access
from pressroom.entrypoints.api.bodies import checked_json
from pressroom.entrypoints.api.cors import Cors
from pressroom.entrypoints.api.description import complete_description
from pressroom.entrypoints.api.errors import handle_errors
from pressroom.entrypoints.api.event_streams import EventStreams, Limits
from pressroom.entrypoints.api.guard import Guard, House
from pressroom.entrypoints.api.health import Heart
from pressroom.entrypoints.api.introduction import ABOUT, TAGS
from pressroom.entrypoints.api.measuring import Measurements
from pressroom.entrypoints.api.once import UnderWay
from pressroom.entrypoints.api.rates import Rates
from pressroom.entrypoints.api.replaying import Replaying
from pressroom.entrypoints.api.routes import routes_of
from pressroom.entrypoints.pages.rendering import templates
from pressroom.runtime import Runtime


class Served(Protocol):
    """A module with routes. It may also have `PUBLIC`, the paths that need no key."""

    router: APIRouter


def create_app(
    runtime: Runtime, *, worker: Heart | None = None, key: str = "", modules: Iterable[Served] | None = None
) -> FastAPI:
    """Return the server of a runtime.

    `worker` is the worker of this process, for the health check; `key` opens the pages beyond loopback, and is
    read from the secret `server.key` if it is empty; `modules` are served instead of all that are here.
    """
    server = runtime.config.server
    app = FastAPI(
        title="Pressroom",
        version=pressroom.__version__,
        description=ABOUT,
        openapi_tags=TAGS,
        # Their pages load scripts from elsewhere; the document itself is served.
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(checked_json)],
    )
    app.state.runtime = runtime
    app.state.worker = worker
    app.state.templates = templates()
    app.state.access = Access(
        listens_on=server.host,
        public_base_url=server.public_base_url,
        key=key or runtime.ports.secrets.get("server.key") or "",
    )
    app.state.under_way = UnderWay()
    app.state.measurements = Measurements(runtime.ports)
    app.state.event_streams = EventStreams(runtime.ports)
    # Of their own: a hundred readers at bedtime must not take the operator's.
    app.state.story_streams = EventStreams(runtime.ports, Limits(most=256))
    app.state.replaying = Replaying(runtime)
    handle_errors(app)
    public: tuple[str, ...] = ()
    for module in _modules() if modules is None else modules:
        app.include_router(module.router)
        public += getattr(module, "PUBLIC", ())
    house = House(
        access=app.state.access,
        keys=ApiKeys(runtime.ports.tables, runtime.ports.clock),
        routes=routes_of(app),
        rates=Rates(server.requests_per_minute),
        cors=Cors(server.cors_origins),
        public=public,
        most_bytes=server.largest_body_bytes,
        now=runtime.ports.clock.now,
    )
    complete_description(app, house.is_public)
    app.add_middleware(Guard, house=house)
    return app


def let_go(app: FastAPI) -> None:
    """End what goes on beside requests: streams of events, and a replay. May be called from any thread."""
    app.state.event_streams.close()
    app.state.story_streams.close()
    app.state.replaying.close()


def _modules() -> Iterator[Any]:
    for package in (api, pages):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            if hasattr(module, "router"):
                yield module
