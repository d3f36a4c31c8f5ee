"""Turns records into SQLite rows and back. No statements here."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pressroom.costs import Cost
from pressroom.deliveries import DeadLetter, Delivery, Task
from pressroom.errors import Problem
from pressroom.events import Event
from pressroom.jobs import Job, JobStatus, StepRecord, StepStatus
from pressroom.media import Asset
from pressroom.publications import Attempt, Post, Publication, PublicationState, Receipt

NANO = Decimal(1_000_000_000)

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def text(value: Any) -> str:
    return _encode(value)


def maybe_text(value: Any) -> str | None:
    return None if value is None else _encode(value)


def us(time: datetime) -> int:
    return round(time.timestamp() * 1_000_000)


def maybe_us(time: datetime | None) -> int | None:
    return None if time is None else us(time)


def when(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)


def maybe_when(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else when(microseconds)


def problem_text(problem: Problem | None) -> str | None:
    return None if problem is None else _encode(problem.as_dict())


def maybe_problem(stored: str | None) -> Problem | None:
    return None if stored is None else Problem.from_dict(json.loads(stored))


def event(row: sqlite3.Row) -> Event:
    return Event(
        position=row["position"],
        id=row["id"],
        type=row["type"],
        source=row["source"],
        subject=row["subject"],
        time=when(row["time"]),
        job_id=row["job_id"],
        cause_id=row["cause_id"],
        data=json.loads(row["data"]),
    )


def delivery(row: sqlite3.Row, of: Event | None) -> Delivery:
    return Delivery(
        id=row["id"],
        queue=row["queue"],
        task=Task(row["task"]),
        name=row["name"],
        job_id=row["job_id"],
        event=of,
        available_at=when(row["available_at"]),
        data=json.loads(row["data"]),
        attempt=row["attempt"],
        failures=row["failures"],
        lease=row["lease"],
        created_at=when(row["created_at"]),
    )


def dead_letter(row: sqlite3.Row) -> DeadLetter:
    return DeadLetter(
        id=row["id"],
        queue=row["queue"],
        task=Task(row["task"]),
        name=row["name"],
        job_id=row["job_id"],
        attempts=row["attempts"],
        died_at=when(row["died_at"]),
        error=Problem.from_dict(json.loads(row["error"])),
        history=tuple(json.loads(row["history"])),
        data=json.loads(row["data"]),
        event_id=row["event_id"],
    )


def job_values(job: Job) -> tuple[Any, ...]:
    """Return the values of a job's row, in the order of its columns."""
    return (
        job.id,
        job.pipeline,
        job.status.value,
        job.phase,
        text(job.input),
        text(job.result),
        problem_text(job.error),
        job.key,
        us(job.created_at),
        us(job.updated_at),
        maybe_us(job.completed_at),
        maybe_us(job.expires_at),
        job.version,
    )


def job(row: sqlite3.Row) -> Job:
    return Job(
        id=row["id"],
        pipeline=row["pipeline"],
        status=JobStatus(row["status"]),
        phase=row["phase"],
        input=json.loads(row["input"]),
        result=json.loads(row["result"]),
        error=maybe_problem(row["error"]),
        key=row["key"],
        created_at=when(row["created_at"]),
        updated_at=when(row["updated_at"]),
        completed_at=maybe_when(row["completed_at"]),
        expires_at=maybe_when(row["expires_at"]),
        version=row["version"],
    )


def step(row: sqlite3.Row) -> StepRecord:
    return StepRecord(
        job_id=row["job_id"],
        path=row["path"],
        status=StepStatus(row["status"]),
        output=None if row["output"] is None else json.loads(row["output"]),
        error=maybe_problem(row["error"]),
        attempts=row["attempts"],
        started_at=maybe_when(row["started_at"]),
        completed_at=maybe_when(row["completed_at"]),
    )


def publication_values(publication: Publication) -> tuple[Any, ...]:
    """Return the values of a publication's row, in the order of its columns."""
    attempts = [
        {
            "number": attempt.number,
            "started_at": us(attempt.started_at),
            "repeated_at": maybe_us(attempt.repeated_at),
            "is_repeatable": attempt.is_repeatable,
            "outcome": attempt.outcome,
            "absent_at": [us(at) for at in attempt.absent_at],
        }
        for attempt in publication.attempts
    ]
    receipt = publication.receipt
    return (
        publication.id,
        publication.key,
        publication.job_id,
        publication.pipeline,
        publication.channel,
        publication.network,
        text(publication.post.as_dict()),
        publication.state.value,
        text(publication.prepared),
        text(attempts),
        text({"remote_id": receipt.remote_id, "url": receipt.url, "at": us(receipt.at)}) if receipt else None,
        problem_text(publication.problem),
        maybe_us(publication.due_at),
        us(publication.created_at),
        us(publication.updated_at),
        publication.version,
    )


def publication(row: sqlite3.Row) -> Publication:
    receipt = json.loads(row["receipt"]) if row["receipt"] else None
    return Publication(
        id=row["id"],
        key=row["key"],
        job_id=row["job_id"],
        pipeline=row["pipeline"],
        channel=row["channel"],
        network=row["network"],
        post=Post.from_dict(json.loads(row["post"])),
        state=PublicationState(row["state"]),
        prepared=json.loads(row["prepared"]),
        attempts=tuple(
            Attempt(
                number=item["number"],
                started_at=when(item["started_at"]),
                outcome=item["outcome"],
                repeated_at=maybe_when(item.get("repeated_at")),
                is_repeatable=item.get("is_repeatable", True),
                absent_at=tuple(when(at) for at in item["absent_at"]),
            )
            for item in json.loads(row["attempts"])
        ),
        receipt=Receipt(remote_id=receipt["remote_id"], url=receipt["url"], at=when(receipt["at"]))
        if receipt
        else None,
        problem=maybe_problem(row["problem"]),
        due_at=maybe_when(row["due_at"]),
        created_at=when(row["created_at"]),
        updated_at=when(row["updated_at"]),
        version=row["version"],
    )


def asset_values(asset: Asset) -> tuple[Any, ...]:
    return (
        asset.key,
        asset.revision,
        asset.media_type,
        asset.bytes,
        asset.sha256,
        asset.width,
        asset.height,
        asset.job_id,
        us(asset.created_at),
        maybe_us(asset.expires_at),
        text(asset.about),
    )


def asset(row: sqlite3.Row) -> Asset:
    return Asset(
        key=row["key"],
        revision=row["revision"],
        media_type=row["media_type"],
        bytes=row["bytes"],
        sha256=row["sha256"],
        width=row["width"],
        height=row["height"],
        job_id=row["job_id"],
        created_at=when(row["created_at"]),
        expires_at=maybe_when(row["expires_at"]),
        about=json.loads(row["about"]),
    )


def cost_values(cost: Cost) -> tuple[Any, ...]:
    return (
        cost.id,
        cost.job_id,
        cost.pipeline,
        cost.what,
        cost.unit,
        cost.quantity,
        int(cost.money * NANO),
        cost.currency,
        us(cost.at),
    )


def cost(row: sqlite3.Row) -> Cost:
    return Cost(
        id=row["id"],
        job_id=row["job_id"],
        pipeline=row["pipeline"],
        what=row["what"],
        unit=row["unit"],
        quantity=row["quantity"],
        money=money(row["nano_money"]),
        currency=row["currency"],
        at=when(row["at"]),
    )


def money(nano: int) -> Decimal:
    return Decimal(nano) / NANO
