"""The memory backend's small ports: ledger, costs, schedules, channel states, views."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from pressroom.backends.memory.state import State, own, plain
from pressroom.channels import ChannelState
from pressroom.costs import Budget, Cost, Span, total
from pressroom.errors import Conflict, NotFound
from pressroom.ports import Entry


class MemoryLedger:
    def __init__(self, state: State) -> None:
        self._state = state

    def claim(self, key: str, note: dict[str, Any]) -> bool:
        with self._state.transaction() as transaction:
            if key in self._state.entries:
                return False
            transaction.put(self._state.entries, key, own(Entry(key, note, self._state.clock.now())))
            return True

    def keep(self, key: str, result: dict[str, Any]) -> None:
        with self._state.transaction() as transaction:
            entry = self._state.entries.get(key)
            if entry is None:
                raise NotFound(f"{key} was never claimed, so there is nothing to keep a result for.")
            if entry.result is None:
                transaction.put(self._state.entries, key, replace(entry, result=plain(result)))

    def get(self, key: str) -> Entry | None:
        with self._state.lock:
            entry = self._state.entries.get(key)
            return own(entry) if entry else None

    def forget_expired(self, now: datetime, *, limit: int = 10_000) -> int:
        with self._state.transaction() as transaction:
            over = [key for key, end in self._state.claims_end.items() if end <= now][:limit]
            for key in over:
                transaction.remove(self._state.entries, key)
                transaction.remove(self._state.claims_end, key)
            return len(over)


class MemoryCosts:
    def __init__(self, state: State) -> None:
        self._state = state

    def reserve(self, cost: Cost, budgets: Sequence[Budget]) -> Budget | None:
        with self._state.transaction() as transaction:
            for budget in budgets:
                if self._spent_of(budget, cost) + cost.money > budget.money:
                    return budget
            transaction.put(self._state.costs, cost.id, cost)
            return None

    def settle(self, reserved_id: str, actual: Sequence[Cost]) -> None:
        with self._state.transaction() as transaction:
            if reserved_id not in self._state.costs:
                return  # A settlement that comes a second time, after a crash, would be charged twice.
            transaction.remove(self._state.costs, reserved_id)
            for cost in actual:
                transaction.put(self._state.costs, cost.id, cost)

    def of_job(self, job_id: str) -> list[Cost]:
        with self._state.lock:
            found = [cost for cost in self._state.costs.values() if cost.job_id == job_id]
            return sorted(found, key=lambda cost: cost.id)

    def spent(self, since: datetime, *, pipeline: str | None = None) -> Decimal:
        with self._state.lock:
            return total(
                cost for cost in self._state.costs.values() if cost.at >= since and pipeline in (None, cost.pipeline)
            )

    def _spent_of(self, budget: Budget, cost: Cost) -> Decimal:
        if budget.span is Span.JOB:
            return total(self.of_job(cost.job_id))
        return self.spent(budget.begins(cost.at), pipeline=budget.pipeline)


class MemorySchedules:
    def __init__(self, state: State) -> None:
        self._state = state

    def next_at(self, name: str) -> datetime | None:
        with self._state.lock:
            return self._state.schedules.get(name)

    def names(self) -> list[str]:
        with self._state.lock:
            return sorted(self._state.schedules)


class MemoryCursors:
    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, name: str) -> str:
        with self._state.lock:
            return self._state.cursors.get(name, "")

    def put(self, name: str, value: str) -> None:
        with self._state.lock:
            self._state.cursors[name] = value


class MemoryChannelStates:
    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, name: str) -> ChannelState:
        with self._state.lock:
            return self._state.channels.get(name, ChannelState(name=name))

    def put(self, state: ChannelState) -> None:
        with self._state.lock:
            version = self.get(state.name).version
            if version != state.version - 1:
                raise Conflict(f"The channel {state.name} is at version {version}, not at {state.version - 1}.")
            self._state.channels[state.name] = state


class MemoryViews:
    def __init__(self, state: State) -> None:
        self._state = state

    def position(self, model: str) -> int:
        with self._state.lock:
            return self._state.view_positions.get(model, 0)

    def write(self, model: str, documents: dict[str, dict[str, Any] | None], *, before: int, position: int) -> None:
        with self._state.transaction() as transaction:
            stored = self.position(model)
            if stored != before:
                raise Conflict(f"The read model {model} is written up to event {stored}, not {before}.")
            after = self._state.views.get(model, {}) | {key: plain(value) for key, value in documents.items()}
            kept = {key: value for key, value in after.items() if value is not None}
            transaction.put(self._state.views, model, kept)
            transaction.put(self._state.view_positions, model, position)

    def get(self, model: str, key: str) -> dict[str, Any] | None:
        with self._state.lock:
            document: dict[str, Any] | None = plain(self._state.views.get(model, {}).get(key))
            return document

    def find(
        self, model: str, *, limit: int = 100, before: str | None = None, prefix: str = ""
    ) -> list[dict[str, Any]]:
        with self._state.lock:
            documents = self._state.views.get(model, {})
            keys = sorted((key for key in documents if key.startswith(prefix)), reverse=True)
            keys = [key for key in keys if before is None or key < before]
            return [plain(documents[key]) for key in keys[:limit]]

    def clear(self, model: str) -> None:
        with self._state.lock:
            self._state.views.pop(model, None)
            self._state.view_positions.pop(model, None)

    def keys(self, model: str) -> Iterator[str]:
        with self._state.lock:
            return iter(sorted(self._state.views.get(model, {})))
