"""Looks for new and changed photos at the sources, each as often as its settings say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pressroom.entrypoints.aws_lambda._invocation import invoked
from pressroom.feeding import Feeder, feeders

if TYPE_CHECKING:
    from pressroom.runtimes.aws import Deployed

NEEDS = timedelta(seconds=60)


class Looks:
    """The sources of a deployment, and when each is looked at next."""

    def __init__(self, deployed: Deployed) -> None:
        self._clock = deployed.runtime.ports.clock
        self._next: list[tuple[datetime, Feeder]] = [(self._clock.now(), one) for one in feeders(deployed.runtime)]

    def due(self) -> list[Feeder]:
        now = self._clock.now()
        return [feeder for at, feeder in self._next if at <= now]

    def look(self, feeder: Feeder) -> None:
        again = self._clock.now() + timedelta(seconds=feeder.look_and_tell())
        self._next = [(again if one is feeder else at, one) for at, one in self._next]


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take any event; a source that another call looks at right now is left to it."""
    with invoked("polling", context) as call:
        looks = call.kept("looks", Looks)
        looked = []
        for feeder in looks.due():
            if call.time_left < NEEDS:
                break  # the next call goes on, with what is due longest
            looks.look(feeder)
            looked.append(feeder.name)
        return {"sources": looked}
