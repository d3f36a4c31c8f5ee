"""The documents that `--json` prints: their fields and types, read from documents that were really made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from docs.reference_pages._markdown import begin, finish
from pressroom.changes import Change
from pressroom.deliveries import DeadLetter, Task
from pressroom.documents import dead_document, event_document, held_document, job_document, job_line
from pressroom.errors import Problem
from pressroom.publications import PublicationState
from pressroom.runtime import Runtime
from pressroom.testing import memory_runtime, work_off

CALENDAR = {"Prompt": "A picture of {theme}", "october": {"31": ["Halloween"]}}
PROBLEM = Problem("What happened.", "which thing", "What to do.", "OutcomeUnknown", "What the other side said.")


def page() -> str:
    lines = begin(
        "JSON shapes",
        "What `--json` prints on standard output. Fields may be added; none of these is renamed or removed. Times are "
        "ISO 8601 in UTC, money is a decimal number as text, and `null` stands where there is nothing.",
    )
    for title, words, document in documents():
        lines += ["", f"## {title}", *(["", words] if words else []), "", "```text", *outline(document), "```"]
    return finish(lines)


def documents() -> Iterator[tuple[str, str, Any]]:
    runtime = memory_runtime()
    job = finished_job(runtime)
    whole = job_document(runtime, job)
    steps = whole["steps"]
    publication = runtime.ports.publications.of_job(job.id)[0]
    held = replace(publication, state=PublicationState.HELD, receipt=None, problem=PROBLEM)
    now = runtime.ports.clock.now()
    dead = DeadLetter(
        id=1,
        queue="steps",
        task=Task.STEP,
        name="draw_picture",
        job_id=job.id,
        attempts=6,
        died_at=now,
        error=PROBLEM,
        history=({"at": now.isoformat(), "attempt": 1, "what": "What happened."},),
        data={},
        event_id="evt_1",
    )
    yield "jobs --json", "A list, newest first.", [job_line(job) | {"input": {}, "result": {}}]
    yield (
        "jobs JOB --json, run --json",
        "Where one start meant several jobs, `run` adds the others as `also`. `input`, `result` and each step's "
        "`output` are the pipeline's own; with `--no-wait` there is only `{id, status}`.",
        whole
        | {"input": {}, "result": {}, "events": [], "dead": [], "steps": [step | {"output": {}} for step in steps]},
    )
    yield "events --json", "A list; with `--follow` one document a line.", [event_document(runtime_event(runtime))]
    yield "held list --json", "", [held_document(runtime.ports.events, held)]
    yield "dead list --json", "`advice` says what to do next.", [dead_document(dead)]


def finished_job(runtime: Runtime) -> Any:
    """Return the job of a small daily post that was really made and posted on the preview channel."""
    calendar = runtime.assets.store("config/national-days.json", json.dumps(CALENDAR).encode())
    runtime.bus.commit(Change(assets=(calendar,)))
    (job,) = runtime.runner.request("daily_post", {"date": "2026-10-31"})
    work_off(runtime)
    done = runtime.ports.jobs.get(job.id)
    if done is None or done.status != "completed":
        raise RuntimeError(f"the job of the example did not end well: {done}")
    return done


def runtime_event(runtime: Runtime) -> Any:
    (event,) = runtime.ports.events.after(0, limit=1, types=("JobStarted",))
    return event


def outline(document: Any, indent: str = "") -> list[str]:
    """Return the document with types in place of values; of a list, one item stands for all."""
    if isinstance(document, dict) and document:
        lines = [indent + "{"]
        for name, value in document.items():
            inner = outline(value, indent + "  ")
            lines += [f"{indent}  {name}: {inner[0].lstrip()}", *inner[1:]]
        return [*lines, indent + "}"]
    if isinstance(document, list) and document:
        first, *middle = outline(merged(document), indent)
        if not middle:
            return [f"{indent}[{first.lstrip()}, …]"]
        return [f"{indent}[{first.lstrip()}", *middle[:-1], middle[-1] + ", …]"]
    return [indent + kind(document)]


def merged(items: list[Any]) -> Any:
    """Return one item that stands for all: where one has nothing, what another has there."""
    if not isinstance(items[0], dict):
        return items[0]
    whole: dict[str, Any] = {}
    for item in items:
        whole |= {name: value for name, value in item.items() if value is not None or name not in whole}
    return whole


def kind(value: Any) -> str:
    names = {dict: "{…}", list: "[…]", str: "text", bool: "true or false", int: "number", float: "number"}
    return names.get(type(value), "null")
