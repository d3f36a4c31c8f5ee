"""Turns jobs, steps, publications, assets and costs into records of DynamoDB and back. No calls here."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from pressroom.backends.dynamodb.values import Record, maybe_us, maybe_when, text, us, when
from pressroom.costs import Cost
from pressroom.errors import Problem
from pressroom.jobs import Job, JobStatus, StepRecord, StepStatus
from pressroom.media import Asset
from pressroom.publications import Attempt, Post, Publication, PublicationState, Receipt

NANO = 1_000_000_000
"""Money is kept in billionths, in whole numbers: sums stay exact."""


def maybe_text(value: Any) -> str | None:
    return None if value is None else text(value)


def problem_text(problem: Problem | None) -> str | None:
    return None if problem is None else text(problem.as_dict())


def maybe_problem(stored: str | None) -> Problem | None:
    return None if stored is None else Problem.from_dict(json.loads(stored))


def job_record(job: Job) -> Record:
    """Return every attribute of a job, those that are to be removed as None."""
    is_ending = job.expires_at is not None and job.status is not JobStatus.EXPIRED
    return {
        "id": job.id,
        "pipeline": job.pipeline,
        "status": job.status.value,
        "phase": job.phase,
        "input": text(job.input),
        "result": text(job.result),
        "error": problem_text(job.error),
        "job_key": job.key,
        "created_at": us(job.created_at),
        "updated_at": us(job.updated_at),
        "completed_at": maybe_us(job.completed_at),
        "expires_at": maybe_us(job.expires_at),
        "version": job.version,
        "listed_in": "jobs",
        "listed_as": job.id,
        "grouped_in": f"jobs of {job.pipeline}",
        "standing_in": f"jobs {job.status.value}",
        "ends_as": "job" if is_ending else None,
        "ends_at": maybe_us(job.expires_at) if is_ending else None,
    }


def job(record: Record) -> Job:
    return Job(
        id=record["id"],
        pipeline=record["pipeline"],
        status=JobStatus(record["status"]),
        phase=record["phase"],
        input=json.loads(record["input"]),
        result=json.loads(record["result"]),
        error=maybe_problem(record.get("error")),
        key=record.get("job_key"),
        created_at=when(record["created_at"]),
        updated_at=when(record["updated_at"]),
        completed_at=maybe_when(record.get("completed_at")),
        expires_at=maybe_when(record.get("expires_at")),
        version=record["version"],
    )


def step_record(step: StepRecord) -> Record:
    return {
        "job_id": step.job_id,
        "path": step.path,
        "status": step.status.value,
        "output": maybe_text(step.output),
        "error": problem_text(step.error),
        "attempts": step.attempts,
        "started_at": maybe_us(step.started_at),
        "completed_at": maybe_us(step.completed_at),
    }


def step(record: Record) -> StepRecord:
    return StepRecord(
        job_id=record["job_id"],
        path=record["path"],
        status=StepStatus(record["status"]),
        output=json.loads(record["output"]) if "output" in record else None,
        error=maybe_problem(record.get("error")),
        attempts=record["attempts"],
        started_at=maybe_when(record.get("started_at")),
        completed_at=maybe_when(record.get("completed_at")),
    )


def publication_record(publication: Publication) -> Record:
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
    return {
        "id": publication.id,
        "publication_key": publication.key,
        "job_id": publication.job_id,
        "pipeline": publication.pipeline,
        "channel": publication.channel,
        "network": publication.network,
        "post": text(publication.post.as_dict()),
        "state": publication.state.value,
        "prepared": text(publication.prepared),
        "attempts": text(attempts),
        "receipt": text({"remote_id": receipt.remote_id, "url": receipt.url, "at": us(receipt.at)})
        if receipt
        else None,
        "problem": problem_text(publication.problem),
        "publish_at": maybe_us(publication.due_at),
        "created_at": us(publication.created_at),
        "updated_at": us(publication.updated_at),
        "version": publication.version,
        "listed_in": "publications",
        "listed_as": publication.id,
        "grouped_in": f"publications on {publication.channel}",
        "standing_in": f"publications {publication.state.value}",
    }


def publication(record: Record) -> Publication:
    receipt = json.loads(record["receipt"]) if "receipt" in record else None
    return Publication(
        id=record["id"],
        key=record["publication_key"],
        job_id=record["job_id"],
        pipeline=record["pipeline"],
        channel=record["channel"],
        network=record["network"],
        post=Post.from_dict(json.loads(record["post"])),
        state=PublicationState(record["state"]),
        prepared=json.loads(record["prepared"]),
        attempts=tuple(
            Attempt(
                number=item["number"],
                started_at=when(item["started_at"]),
                outcome=item["outcome"],
                repeated_at=maybe_when(item["repeated_at"]),
                is_repeatable=item["is_repeatable"],
                absent_at=tuple(when(at) for at in item["absent_at"]),
            )
            for item in json.loads(record["attempts"])
        ),
        receipt=Receipt(remote_id=receipt["remote_id"], url=receipt["url"], at=when(receipt["at"]))
        if receipt
        else None,
        problem=maybe_problem(record.get("problem")),
        due_at=maybe_when(record.get("publish_at")),
        created_at=when(record["created_at"]),
        updated_at=when(record["updated_at"]),
        version=record["version"],
    )


def asset_record(asset: Asset) -> Record:
    return {
        "key": asset.key,
        "revision": asset.revision,
        "media_type": asset.media_type,
        "bytes": asset.bytes,
        "sha256": asset.sha256,
        "width": asset.width,
        "height": asset.height,
        "job_id": asset.job_id,
        "created_at": us(asset.created_at),
        "expires_at": maybe_us(asset.expires_at),
        "about": text(asset.about),
        "listed_in": "assets",
        "listed_as": asset.key,
        "grouped_in": f"assets of {asset.job_id}" if asset.job_id is not None else None,
        "ends_as": "asset" if asset.expires_at else None,
        "ends_at": maybe_us(asset.expires_at),
    }


def asset(record: Record) -> Asset:
    return Asset(
        key=record["key"],
        revision=record["revision"],
        media_type=record["media_type"],
        bytes=record["bytes"],
        sha256=record["sha256"],
        width=record.get("width"),
        height=record.get("height"),
        job_id=record.get("job_id"),
        created_at=when(record["created_at"]),
        expires_at=maybe_when(record.get("expires_at")),
        about=json.loads(record["about"]),
    )


def cost_record(cost: Cost) -> Record:
    return {
        "id": cost.id,
        "job_id": cost.job_id,
        "pipeline": cost.pipeline,
        "what": cost.what,
        "unit": cost.unit,
        "quantity": cost.quantity,
        "nano_money": nano(cost.money),
        "currency": cost.currency,
        "at": us(cost.at),
        "listed_in": f"costs of {when(us(cost.at)).date().isoformat()}",
        "listed_as": f"{us(cost.at):017}#{cost.id}",
        "grouped_in": f"costs of {cost.job_id}",
    }


def cost(record: Record) -> Cost:
    return Cost(
        id=record["id"],
        job_id=record["job_id"],
        pipeline=record["pipeline"],
        what=record["what"],
        unit=record["unit"],
        quantity=record["quantity"],
        money=money(record["nano_money"]),
        currency=record["currency"],
        at=when(record["at"]),
    )


def nano(amount: Decimal) -> int:
    return int(amount * NANO)


def money(nano: int) -> Decimal:
    return Decimal(nano) / NANO
