"""The documents of costs, as the API's description shows them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

_MONEY = Field(description="A decimal number, in `currency`.", examples=["0.0420"])


class CostLine(BaseModel):
    what: str = Field(description="Who charged it: a generator or a channel.", examples=["art"])
    unit: str = Field(description="`reserved` while a call is under way.", examples=["images"])
    quantity: int = Field(examples=[1])
    money: str = _MONEY
    currency: str = Field(examples=["USD"])
    at: datetime


class JobCosts(BaseModel):
    """What one job cost."""

    money: str = _MONEY
    currency: str = Field(examples=["USD"])
    lines: list[CostLine]


class Spent(BaseModel):
    """What was spent on one day, or by one pipeline."""

    day: date | None = Field(None, description="In UTC; null in a list by pipeline.", examples=["2026-10-31"])
    pipeline: str | None = Field(None, description="Null in a list by day.", examples=["daily_post"])
    money: str = _MONEY


class Costs(BaseModel):
    since: date = Field(description="The first day, in UTC.", examples=["2026-10-01"])
    money: str = _MONEY
    currency: str = Field(examples=["USD"])
    by_pipeline: list[Spent]
    by_day: list[Spent] = Field(description="The newest day first.")
