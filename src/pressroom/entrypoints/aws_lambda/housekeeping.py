"""Looks around each minute: starts what is due, removes what has expired, and mends what a lost word left lying."""

from __future__ import annotations

from typing import Any

from pressroom.entrypoints.aws_lambda._invocation import invoked
from pressroom.entrypoints.aws_lambda._left_lying import deal_with_what_is_left
from pressroom.scheduler import Scheduler


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take any event: what is due, the stored state says. A second call at the same time finds nothing more."""
    with invoked("housekeeping", context) as call:
        left = deal_with_what_is_left(call.deployed, call.lease)
        call.count("LeftLying", left)
        swept = call.deployed.sweep(call.deployed.runtime.ports.clock.now())
        scheduler = call.kept("scheduler", lambda deployed: Scheduler(deployed.runtime))
        return {"left": left, "swept": swept, "looks_again": scheduler.look().isoformat()}
