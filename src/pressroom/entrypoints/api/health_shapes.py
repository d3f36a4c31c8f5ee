"""The documents of the health checks, as the API's description shows them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from pressroom.entrypoints.api.problems import ProblemDocument


class Alive(BaseModel):
    status: Literal["alive"]


class Check(BaseModel):
    name: str = Field(examples=["queues"])
    ok: bool
    what: str = Field(examples=["No delivery is late."])
    todo: str | None = Field(None, description="If something is wrong.")
    late: list[str] | None = Field(None, description="The queues on which deliveries are late.")


class Readiness(BaseModel):
    """Work gets done."""

    status: Literal["ready"]
    checks: list[Check]


class NotReady(ProblemDocument):
    """Work does not get done: what is wrong, as every other error is told, with every check."""

    checks: list[Check]
