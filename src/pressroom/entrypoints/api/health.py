"""Health: whether the process lives, and whether work gets done. An open port alone says neither."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from pressroom.entrypoints.api.context import RuntimeHere
from pressroom.entrypoints.api.health_shapes import Alive, NotReady, Readiness
from pressroom.entrypoints.api.problems import MEDIA_TYPE, document
from pressroom.errors import Problem, Unavailable
from pressroom.runtime import Runtime
from pressroom.waiting import waiting

router = APIRouter()
PUBLIC = ("/healthz", "/readyz")

SILENT = timedelta(minutes=1)
"""A worker whose last round is older hangs."""


class Heart(Protocol):
    """What the health check reads of a worker, in this process or another. One that rests for want of work is alive."""

    @property
    def is_alive(self) -> bool: ...

    @property
    def heartbeat(self) -> datetime: ...


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", operation_id="is_alive", tags=["health"], response_model=Alive)
def live() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@router.head("/readyz", include_in_schema=False)
@router.get(
    "/readyz",
    operation_id="is_ready",
    tags=["health"],
    response_model=Readiness,
    responses={
        503: {
            "model": NotReady,
            "description": "Work does not get done; `checks` says what to do.",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/NotReady"}}},
        }
    },
)
def ready(runtime: RuntimeHere, request: Request) -> JSONResponse:
    """Say whether work gets done: 200, or 503 with what is wrong and what to do."""
    checks = [check_database(runtime)]
    if request.app.state.worker is not None:
        checks.append(check_worker(request.app.state.worker, runtime.ports.clock.now()))
    if checks[0]["ok"]:
        checks.append(check_queues(runtime))
    headers = {"cache-control": "no-store"}
    wrong = [check for check in checks if not check["ok"]]
    if not wrong:
        return JSONResponse({"status": "ready", "checks": checks}, 200, headers)
    said = Problem(
        "Work does not get done: " + " ".join(f"{check['name']}: {check['what']}" for check in wrong),
        todo=" ".join(check["todo"] for check in wrong),
    )
    found = document(503, said, kind="not-ready", instance=request.scope["path"]) | {"checks": checks}
    return JSONResponse(found, 503, headers, MEDIA_TYPE)


def check_database(runtime: Runtime) -> dict[str, Any]:
    try:
        runtime.ports.events.last_position()
    except Unavailable as error:
        return _finding("database", False, error.what, error.todo)  # its words name no path: anybody may ask
    except Exception as error:  # noqa: BLE001 - whatever the backend raises is the finding
        return _finding("database", False, f"It cannot be read: {type(error).__name__}.", "Run `pressroom doctor`.")
    return _finding("database", True, "It answers.")


def check_worker(worker: Heart, now: datetime) -> dict[str, Any]:
    age = now - worker.heartbeat
    if not worker.is_alive:
        todo = "Restart this process, if no other worker takes its place within a minute; its log says why it stopped."
        return _finding("worker", False, "It has stopped.", todo)
    if age > SILENT:
        return _finding("worker", False, f"Its last round was {_minutes(age)} ago.", "Restart this process.")
    return _finding("worker", True, "It works.")


def check_queues(runtime: Runtime) -> dict[str, Any]:
    late = [one for one in waiting(runtime) if one.is_late]
    if not late:
        return _finding("queues", True, "No delivery is late.")
    said = "; ".join(
        f"on the queue {one.queue} {one.count} wait{'s' if one.count == 1 else ''}, the oldest for {_minutes(one.age)}"
        for one in late
    )
    todo = "Start a worker (`pressroom worker`), or look at `pressroom jobs` for what keeps it busy."
    return _finding("queues", False, f"Deliveries are late: {said}.", todo) | {"late": [one.queue for one in late]}


def _finding(name: str, ok: bool, what: str, todo: str = "") -> dict[str, Any]:
    return {"name": name, "ok": ok, "what": what} | ({"todo": todo} if todo else {})


def _minutes(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
