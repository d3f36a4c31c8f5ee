"""The ledger and the costs in SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from pressroom.backends.sqlite import rows
from pressroom.backends.sqlite.database import Database
from pressroom.backends.sqlite.store import put_costs
from pressroom.costs import Budget, Cost, Span
from pressroom.ports import Clock, Entry


class SqliteLedger:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def claim(self, key: str, note: dict[str, Any]) -> bool:
        values = (key, rows.text(note), rows.us(self._clock.now()))
        sql = "INSERT INTO ledger (key, note, at) VALUES (?,?,?) ON CONFLICT DO NOTHING"
        return self._database.write(lambda connection: connection.execute(sql, values).rowcount == 1)

    def keep(self, key: str, result: dict[str, Any]) -> None:
        sql = "UPDATE ledger SET result = ? WHERE key = ? AND result IS NULL"
        self._database.write(lambda connection: connection.execute(sql, (rows.text(result), key)))

    def get(self, key: str) -> Entry | None:
        found = self._database.read("SELECT * FROM ledger WHERE key = ?", (key,))
        if not found:
            return None
        row = found[0]
        result = json.loads(row["result"]) if row["result"] is not None else None
        return Entry(row["key"], json.loads(row["note"]), rows.when(row["at"]), result)

    def forget_expired(self, now: datetime, *, limit: int = 10_000) -> int:
        # Read first: a round in which nothing is over writes nothing.
        if not self._database.read("SELECT 1 FROM ledger WHERE expires_at <= ? LIMIT 1", (rows.us(now),)):
            return 0
        sql = "DELETE FROM ledger WHERE key IN (SELECT key FROM ledger WHERE expires_at <= ? LIMIT ?)"
        values = (rows.us(now), limit)
        return self._database.write(lambda connection: connection.execute(sql, values).rowcount)


class SqliteCosts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, cost: Cost, budgets: Sequence[Budget]) -> Budget | None:
        def work(connection: sqlite3.Connection) -> Budget | None:
            for budget in budgets:
                if _spent(connection, cost, budget) + cost.money > budget.money:
                    return budget
            put_costs(connection, [rows.cost_values(cost)])
            return None

        return self._database.write(work)

    def settle(self, reserved_id: str, actual: Sequence[Cost]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            if connection.execute("DELETE FROM costs WHERE id = ?", (reserved_id,)).rowcount:
                put_costs(connection, [rows.cost_values(cost) for cost in actual])

        self._database.write(work)

    def of_job(self, job_id: str) -> list[Cost]:
        found = self._database.read("SELECT * FROM costs WHERE job_id = ? ORDER BY id", (job_id,))
        return [rows.cost(row) for row in found]

    def spent(self, since: datetime, *, pipeline: str | None = None) -> Decimal:
        found = self._database.read(
            "SELECT coalesce(sum(nano_money), 0) FROM costs WHERE at >= ?1 AND (?2 IS NULL OR pipeline = ?2)",
            (rows.us(since), pipeline),
        )
        return rows.money(found[0][0])


def _spent(connection: sqlite3.Connection, cost: Cost, budget: Budget) -> Decimal:
    sql = "job_id = ?"
    parameters: tuple[object, ...] = (cost.job_id,)
    if budget.span is not Span.JOB:
        sql = "at >= ?1 AND (?2 IS NULL OR pipeline = ?2)"
        parameters = (rows.us(budget.begins(cost.at)), budget.pipeline)
    found = connection.execute(f"SELECT coalesce(sum(nano_money), 0) FROM costs WHERE {sql}", parameters)
    return rows.money(found.fetchone()[0])
