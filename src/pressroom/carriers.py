"""What carries the word on AWS that something may be done: executions of state machines, and messages on queues.

Nothing is kept by them. What is to be done, and who does it, stands in the ports; a word may come twice, late or never.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol


class Executions(Protocol):
    """Executions of the pipelines' state machines."""

    def start(self, pipeline: str, name: str, input: Mapping[str, Any]) -> bool:
        """Start an execution; False if one of this name was started before, which does no harm."""

    def is_running(self, pipeline: str, name: str) -> bool | None:
        """Say whether the execution of this name still runs; None if there was none."""

    def answer(self, token: str, output: Mapping[str, Any]) -> bool:
        """Let the task that waits for this token go on; False if nothing waits for it any more."""


class Words(Protocol):
    """Messages on queues, by the queue's whole name."""

    def send(self, queue: str, word: Mapping[str, Any], *, after: timedelta = timedelta(0)) -> None:
        """Put a word on a queue; it is handed out `after` a while, of 15 minutes at most."""

    def show_again(self, queue: str, receipt: str, *, after: timedelta = timedelta(0)) -> None:
        """Let a word that was received, and that nobody dealt with, be handed out again `after` a while."""
