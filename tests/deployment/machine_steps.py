"""Steps and questions for pipelines that state machines are to carry."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from pressroom.arguments import Context
from pressroom.pipeline import ForEach
from pressroom.retry import Policy
from tests.deployment.walking import PATIENCE_SECONDS
from tests.engine import Calls, Does

QUICKLY = Policy(attempts=3, first_wait=timedelta(milliseconds=20))


def raises(error: BaseException, times: int = 99) -> Does:
    left = [times]

    def does(context: Context) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise error

    return does


def says(name: str, value: Any) -> Callable[[], Any]:
    def question() -> Any:
        return value

    question.__name__ = name
    return question


def channels(calls: Calls, does: Does | None = None, **more: Any) -> ForEach:
    over = says("channels", ["a", "b[1]"])
    return ForEach(over, *calls.steps("fit"), calls.step("send", does, retry=QUICKLY), **more)


class Gate:
    """Where a step waits until the test lets it go on."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def wait(self, context: Context) -> None:
        self.reached.set()
        assert self.opened.wait(PATIENCE_SECONDS)
