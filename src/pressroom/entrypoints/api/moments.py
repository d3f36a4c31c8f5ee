"""Days and times in requests: as ISO 8601 has them, and not as the number that a program counts seconds with."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator


def _not_a_number(value: Any) -> Any:
    """Refuse what would be taken for seconds since 1970: `?until=0` is a mistake, and not the year 1970."""
    is_number = isinstance(value, int | float)
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return value
        is_number = True
    if is_number:
        raise ValueError("must be written as 2026-10-31, and a time as 2026-10-31T08:00:00+00:00")
    return value


Day = Annotated[date, BeforeValidator(_not_a_number, json_schema_input_type=date)]
Moment = Annotated[AwareDatetime, BeforeValidator(_not_a_number, json_schema_input_type=AwareDatetime)]
