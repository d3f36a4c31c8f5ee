"""Stores a change in SQLite, wholly or not at all: the one place where rows of the engine are written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from pressroom.backends.sqlite import rows
from pressroom.backends.sqlite.database import Database
from pressroom.backends.sqlite.job_words import put_words
from pressroom.changes import Change, Claim, JobChange, ScheduleMove
from pressroom.deliveries import Again, Bury, Delivery, Done, Settlement
from pressroom.errors import Conflict, LeaseLost
from pressroom.events import Event
from pressroom.jobs import Job, JobStatus, StepRecord
from pressroom.media import Asset
from pressroom.ports import Clock
from pressroom.publications import Post, Publication

_JOB_COLUMNS = "pipeline status phase input result error key created_at updated_at completed_at expires_at version"
_PUT_JOB = (
    "INSERT INTO jobs VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET "
    # Not REPLACE, which would delete and insert: jobs are counted by triggers.
    + ", ".join(f"{column} = excluded.{column}" for column in _JOB_COLUMNS.split())
)
_PUT_PUBLICATION = "INSERT OR REPLACE INTO publications VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"


class SqliteStore:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def commit(self, change: Change) -> None:
        now = rows.us(self._clock.now())
        self._database.write(lambda connection: apply(connection, change, now), durable=not _only_acknowledges(change))


def _only_acknowledges(change: Change) -> bool:
    """Say whether a power cut that undoes this change only makes a delivery come again."""
    return isinstance(change.settled, Done) and change == Change(settled=change.settled)


def apply(connection: sqlite3.Connection, change: Change, now: int) -> None:
    """Write a change; what may refuse it comes first, so that a refusal costs little."""
    if change.settled:
        _settle(connection, change.settled, now)
    for job_id in change.live_jobs:
        _require_live(connection, job_id)
    for job_change in change.jobs:
        _put_job(connection, job_change)
    for claim in change.claims:
        _claim(connection, claim, now)
    if change.schedule:
        _move(connection, change.schedule)
    for publication in change.publications:
        _put_publication(connection, publication)
    positions = {event.id: _append(connection, event) for event in change.events}
    if change.steps:
        _put_steps(connection, change.steps)
    for delivery in change.deliveries:
        _put_delivery(connection, delivery, positions, now)
    for asset in change.assets:
        _put_asset(connection, asset)
    for asset in change.removed_assets:
        connection.execute("DELETE FROM assets WHERE key = ? AND revision = ?", (asset.key, asset.revision))
    for job_id in change.forgotten_jobs:
        _forget(connection, job_id)
    if change.costs:
        put_costs(connection, [rows.cost_values(cost) for cost in change.costs])


def put_costs(connection: sqlite3.Connection, values: Iterable[tuple[object, ...]]) -> None:
    connection.executemany("INSERT OR IGNORE INTO costs VALUES (?,?,?,?,?,?,?,?,?)", values)


def _append(connection: sqlite3.Connection, event: Event) -> int:
    cursor = connection.execute(
        "INSERT INTO events (id, type, source, subject, time, job_id, cause_id, data) VALUES (?,?,?,?,?,?,?,?)",
        (
            event.id,
            event.type,
            event.source,
            event.subject,
            rows.us(event.time),
            event.job_id,
            event.cause_id,
            rows.text(event.data),
        ),
    )
    return cursor.lastrowid or 0


def _require_live(connection: sqlite3.Connection, job_id: str) -> None:
    found = connection.execute("SELECT status FROM jobs WHERE id = ?", (job_id,)).fetchone()
    if found is None or JobStatus(found[0]).has_ended:
        raise Conflict(f"The job {job_id} has ended meanwhile.", where=job_id)


def _put_job(connection: sqlite3.Connection, change: JobChange) -> None:
    job = change.after
    found = connection.execute("SELECT version FROM jobs WHERE id = ?", (job.id,)).fetchone()
    stored = found[0] if found else 0
    if stored != change.before:
        raise Conflict(f"The job {job.id} has changed meanwhile.", where=job.id)
    if job.key is not None:
        holder = connection.execute("SELECT id FROM jobs WHERE key = ?", (job.key,)).fetchone()
        if holder and holder[0] != job.id:
            raise Conflict(f"The job {holder[0]} already stands for {job.key}.", where=job.key)
    put_job(connection, job)


def put_job(connection: sqlite3.Connection, job: Job) -> None:
    values = rows.job_values(job)
    put_words(connection, job.id, input_text=values[4], result_text=values[5])
    connection.execute(_PUT_JOB, values)


def _claim(connection: sqlite3.Connection, claim: Claim, now: int) -> None:
    done = connection.execute(
        "INSERT INTO ledger (key, note, at, expires_at) VALUES (?,?,?,?) ON CONFLICT DO NOTHING",
        (claim.key, rows.text(claim.note), now, rows.maybe_us(claim.expires_at)),
    )
    if not done.rowcount:
        raise Conflict(f"{claim.key} was claimed before.", where=claim.key)


def _move(connection: sqlite3.Connection, move: ScheduleMove) -> None:
    found = connection.execute("SELECT next_at FROM schedules WHERE name = ?", (move.name,)).fetchone()
    stored = found[0] if found else None
    if stored != rows.maybe_us(move.before):
        raise Conflict(f"The schedule {move.name} was moved meanwhile.", where=move.name)
    if move.after is None:
        connection.execute("DELETE FROM schedules WHERE name = ?", (move.name,))
    else:
        connection.execute("INSERT OR REPLACE INTO schedules VALUES (?,?)", (move.name, rows.us(move.after)))


def _put_asset(connection: sqlite3.Connection, asset: Asset) -> None:
    found = connection.execute(
        "SELECT sha256 FROM assets WHERE key = ? AND revision = ?", (asset.key, asset.revision)
    ).fetchone()
    if found and found[0] != asset.sha256:
        raise Conflict(f"Revision {asset.revision} of {asset.key} is there with other bytes.", where=asset.key)
    connection.execute("INSERT OR REPLACE INTO assets VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows.asset_values(asset))


def _put_publication(connection: sqlite3.Connection, publication: Publication) -> None:
    found = connection.execute(
        "SELECT id, key, version FROM publications WHERE key = ? OR id = ?", (publication.key, publication.id)
    ).fetchall()
    if any((row["id"], row["key"]) != (publication.id, publication.key) for row in found):
        raise Conflict(f"{publication.key} and {publication.id} are two publications.", where=publication.id)
    stored = found[0]["version"] if found else 0
    if stored != publication.version - 1:
        raise Conflict(f"The publication {publication.id} has changed meanwhile.", where=publication.id)
    connection.execute(_PUT_PUBLICATION, rows.publication_values(publication))


def _put_steps(connection: sqlite3.Connection, steps: Iterable[StepRecord]) -> None:
    connection.executemany(
        "INSERT INTO steps (job_id, path, status, output, error, attempts, started_at, completed_at)"
        " VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (job_id, path) DO UPDATE SET status = excluded.status,"
        " output = excluded.output, error = excluded.error, attempts = excluded.attempts,"
        " started_at = excluded.started_at, completed_at = excluded.completed_at",
        [
            (
                step.job_id,
                step.path,
                step.status.value,
                rows.maybe_text(step.output),
                rows.problem_text(step.error),
                step.attempts,
                rows.maybe_us(step.started_at),
                rows.maybe_us(step.completed_at),
            )
            for step in steps
        ],
    )


def _put_delivery(connection: sqlite3.Connection, delivery: Delivery, positions: dict[str, int], now: int) -> None:
    event = delivery.event
    position = _position(connection, event, positions) if event else None
    connection.execute(
        "INSERT INTO deliveries (queue, task, name, job_id, event_position, data, available_at, created_at)"
        " VALUES (?,?,?,?,?,?,?,?)",
        (
            delivery.queue,
            delivery.task.value,
            delivery.name,
            delivery.job_id,
            position,
            rows.text(delivery.data),
            rows.us(delivery.available_at) if delivery.available_at else now,
            now,
        ),
    )


def _position(connection: sqlite3.Connection, event: Event, positions: dict[str, int]) -> int | None:
    position = positions.get(event.id) or event.position
    if position is None:
        found = connection.execute("SELECT position FROM events WHERE id = ?", (event.id,)).fetchone()
        position = found[0] if found else None
    return position


def _settle(connection: sqlite3.Connection, settlement: Settlement, now: int) -> None:
    held = (settlement.delivery.id, settlement.delivery.lease)
    if isinstance(settlement, Again | Bury):
        found = connection.execute("SELECT history FROM deliveries WHERE id = ? AND lease = ?", held).fetchone()
        if not found:
            raise _lost(settlement)
        history = rows.text(_grown(found[0], settlement, now))
    if isinstance(settlement, Again):
        connection.execute(
            "UPDATE deliveries SET available_at = ?1, lease = '', failures = failures + ?2, attempt = attempt - 1 + ?2,"
            " history = ?3, queue = ifnull(nullif(?4, ''), queue) WHERE id = ?5",
            (rows.us(settlement.at), int(settlement.counts), history, settlement.queue, held[0]),
        )
        return
    if isinstance(settlement, Bury):
        connection.execute(
            "INSERT INTO dead_letters SELECT id, queue, task, name, job_id, event_position, data, attempt, ?, ?,"
            " created_at, ? FROM deliveries WHERE id = ?",
            (rows.problem_text(settlement.problem), history, now, held[0]),
        )
    if not connection.execute("DELETE FROM deliveries WHERE id = ? AND lease = ?", held).rowcount:
        raise _lost(settlement)


def _grown(history: str, settlement: Again | Bury, now: int) -> list[dict[str, object]]:
    """Return the history with this failure; only the last fifty are kept, so that a long wait stays small."""
    entries: list[dict[str, object]] = json.loads(history)
    waits_on = isinstance(settlement, Again) and not settlement.counts
    if waits_on and entries and entries[-1].get("what") == settlement.problem.what:
        entries.pop()
    entries.append(
        {
            "at": rows.when(now).isoformat(),
            "attempt": settlement.delivery.attempt,
            "what": settlement.problem.what,
            "detail": settlement.problem.detail,
        }
    )
    return entries[-50:]


def _lost(settlement: Settlement) -> LeaseLost:
    delivery = settlement.delivery
    return LeaseLost(f"The lease on {delivery.name} was lost to another worker.", where=delivery.name)


def _forget(connection: sqlite3.Connection, job_id: str) -> None:
    connection.execute("UPDATE steps SET output = NULL WHERE job_id = ?", (job_id,))
    connection.execute(
        "UPDATE publications SET post = ?, prepared = '{}', version = version + 1 WHERE job_id = ?",
        (rows.text(Post(text="").as_dict()), job_id),
    )
    connection.execute("DELETE FROM deliveries WHERE job_id = ?", (job_id,))
    connection.execute("DELETE FROM dead_letters WHERE job_id = ?", (job_id,))
