"""What one HTTP call can end with: an answer, or none; and the time that it has."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

LARGEST_ANSWER_BYTES = 4_000_000
"""What is read of an answer at most, unless more is expected."""


class CallFailed(Exception):
    """No status came back; `why` is a clause for people, without anything that was sent."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotSent(CallFailed):
    """Not one byte of the request was written: the other side surely did nothing."""


class NoAnswer(CallFailed):
    """Some of the request was written: the other side may have carried it out, or may still do so."""


class Deadline:
    """A point in time that several calls may share."""

    def __init__(self, within: timedelta) -> None:
        self.within = within
        self._end = time.monotonic() + within.total_seconds()

    @property
    def seconds_left(self) -> float:
        return self._end - time.monotonic()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names are in lower case."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_whole: bool = True
    """False if the connection or the time ended in the middle of the body."""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")

    def document(self) -> dict[str, Any] | None:
        """Return the body as a JSON object, or None if it is anything else: junk, empty, cut."""
        if not self.is_whole:
            return None
        try:
            found = json.loads(self.body)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None
