"""Asks generators on behalf of steps: budget first, the raw answer kept before anything is done with it, the cost
entered. A step that runs again after a crash reads the kept answer, so that nothing is billed twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from pressroom import registry
from pressroom.arguments import Context
from pressroom.assets import Assets
from pressroom.bus import Bus
from pressroom.changes import Change
from pressroom.config import Config, section
from pressroom.costs import Budget, Cost
from pressroom.defects import defect_of
from pressroom.errors import (
    BudgetExceeded,
    NotFound,
    PressroomError,
    RateLimited,
    Unavailable,
    UnknownName,
)
from pressroom.following import job_event
from pressroom.generators.base import (
    Answer,
    Generator,
    Setup,
    Usage,
)
from pressroom.ids import new_id
from pressroom.log import log
from pressroom.ports import Clock, Costs, Secrets

G = TypeVar("G", bound=Generator[Any])
R = TypeVar("R", bound=BaseModel)
T = TypeVar("T")


class Generators:
    """Finds generators by the name of their section, or of their module where they need no settings."""

    def __init__(
        self, config: Config, secrets: Secrets, clock: Clock, read: Callable[[str], bytes] | None = None
    ) -> None:
        """`read` returns an asset by its key, for generators that are told of one in their settings."""
        self._config, self._secrets, self._clock, self._read = config, secrets, clock, read

    def names(self) -> list[str]:
        return sorted({*self._config.generators, *registry.names("generators")})

    def configured(self) -> list[str]:
        """Return the names of the sections `[generators.NAME]`."""
        return sorted(self._config.generators)

    def named(self, name: str) -> Generator[Any]:
        """Return a generator; raises `UnknownName` or `ConfigurationError`."""
        values: Mapping[str, Any] = self._config.generators.get(name, {})
        if not values and name not in registry.names("generators"):
            raise UnknownName("generator", name, self.names(), where=str(self._config.file))
        kind = registry.generator(values.get("use") or name)
        options = section(kind.Options, values, f"generators.{name}", self._config)
        return kind(Setup(name=name, options=options, secrets=self._secrets, clock=self._clock, read=self._read))


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What every maker needs of the runtime."""

    bus: Bus
    assets: Assets
    costs: Costs
    clock: Clock
    config: Config
    generators: Generators


class Maker(Generic[G]):
    """One generator, as one step of one job uses it."""

    def __init__(self, asking: Asking, context: Context, generator: G) -> None:
        self._asking, self._context, self._generator = asking, context, generator

    def answer(self, request: BaseModel) -> Answer:
        """Return the answer to a request: the one that was kept, or a new one, kept before it is returned."""
        key = self._key(request)
        kept = self._kept(key)
        if kept is not None:
            answer, reserved_id = kept
            self._settle(reserved_id, answer)  # a crash may have come between keeping and settling
            return answer
        reserved = self._reserve(self._generator.estimate(request))
        try:
            answer = self._generator.ask(request)
        except PressroomError as error:
            if isinstance(error, RateLimited) or not isinstance(error, Unavailable):
                self._asking.costs.settle(reserved.id, [])  # it was refused, so nothing is billed
            raise  # else, as after any other exception, it may be: the estimate stays on the account
        except Exception as error:
            log.exception("a generator failed in an unforeseen way", generator=self._generator.setup.name)
            raise defect_of(error, self._context.path, self._generator.setup.secrets) from error
        self._keep(key, answer, reserved)
        return answer

    def read(self, request: R, reading: Callable[[Answer, R], T]) -> T:
        """Return what `reading` makes of the answer; one that it says is of no use is not read again, but asked anew.

        After any other exception it stays: that is a defect of ours, and corrected code can read what was paid for.
        """
        answer = self.answer(request)
        try:
            return reading(answer, request)
        except PressroomError as error:
            self._put_aside(self._key(request), error.what)
            raise

    def _key(self, request: BaseModel) -> str:
        digest = hashlib.sha256(request.model_dump_json().encode()).hexdigest()[:16]
        return f"answers/{self._context.job.id}/{self._context.path}/{self._generator.setup.name}-{digest}"

    def _put_aside(self, key: str, why: str) -> None:
        """Note durably that the answer is of no use: as a newer revision, so that the answer can be looked at."""
        said = json.dumps({"unusable": why}).encode()
        asset = self._asking.assets.store(key, said, job=self._context.job, media_type="application/json")
        self._asking.bus.commit(Change(assets=(asset,)))

    def _kept(self, key: str) -> tuple[Answer, str] | None:
        """Return the answer that was kept, and the id of the cost that was reserved for it; None if it is of no use."""
        try:
            envelope, _, raw = self._asking.assets.read(key).partition(b"\n")
        except NotFound:
            return None
        said = json.loads(envelope)
        if "unusable" in said:
            return None
        usage = tuple(
            Usage(line["unit"], line["quantity"], Decimal(line["money"]), line["currency"]) for line in said["usage"]
        )
        answer = Answer(raw=raw, media_type=said["media_type"], usage=usage, model=said["model"])
        return answer, said["reserved"]

    def _keep(self, key: str, answer: Answer, reserved: Cost) -> None:
        lines = [
            {"unit": u.unit, "quantity": u.quantity, "money": str(u.money), "currency": u.currency}
            for u in answer.usage
        ]
        said = {"media_type": answer.media_type, "model": answer.model, "usage": lines, "reserved": reserved.id}
        job, name = self._context.job, self._generator.setup.name
        asset = self._asking.assets.store(
            key, json.dumps(said).encode() + b"\n" + answer.raw, job=job, media_type="application/octet-stream"
        )
        received = job_event(
            "AnswerReceived",
            job,
            self._asking.clock.now(),
            self._context.cause,
            subject=key,
            data={"generator": name, **said},
        )
        self._asking.bus.commit(Change(events=(received,), assets=(asset,)))
        self._settle(reserved.id, answer)

    def _settle(self, reserved_id: str, answer: Answer) -> None:
        actual = [self._cost(u.unit, u.quantity, u.money, u.currency) for u in answer.usage]
        self._asking.costs.settle(reserved_id, actual)

    def _reserve(self, estimate: Decimal) -> Cost:
        cost = self._cost("reserved", 1, estimate, "USD")
        passed = self._asking.costs.reserve(cost, budgets_of(self._context, self._asking.config))
        if passed is not None:
            raise over(passed, self._context, self._generator.setup.name, estimate)
        return cost

    def _cost(self, unit: str, quantity: int, money: Decimal, currency: str) -> Cost:
        return Cost(
            id=new_id("cost"),
            job_id=self._context.job.id,
            pipeline=self._context.pipeline.name,
            what=self._generator.setup.name,
            unit=unit,
            quantity=quantity,
            money=money,
            currency=currency,
            at=self._asking.clock.now(),
        )


def budgets_of(context: Context, config: Config) -> Sequence[Budget]:
    """Return every budget that a call within this context must keep to."""
    from pressroom.costs import Span

    own, every = context.settings, config.budgets
    limits = [
        (Span.JOB, own.budget_per_job, context.pipeline.name),
        (Span.DAY, own.budget_per_day, context.pipeline.name),
        (Span.MONTH, own.budget_per_month, context.pipeline.name),
        (Span.DAY, every.per_day, None),
        (Span.MONTH, every.per_month, None),
    ]
    return [Budget(span, Decimal(str(money)), pipeline) for span, money, pipeline in limits if money is not None]


def over(budget: Budget, context: Context, what: str, estimate: Decimal) -> BudgetExceeded:
    whose = f"of {budget.pipeline}" if budget.pipeline else "of all pipelines together"
    setting = f"[pipelines.{budget.pipeline}] budget_per_" if budget.pipeline else "[budgets] per_"
    return BudgetExceeded(
        f"{what} was not called: it may cost {estimate} USD, and the budget {whose} is {budget.money} a {budget.span}.",
        where=context.path,
        todo=f"Raise {setting}{budget.span}, or wait until the {budget.span} is over; then redrive the step."
        if budget.span != "job"
        else f"Raise {setting}{budget.span}; then redrive the step.",
    )
