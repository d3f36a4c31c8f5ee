"""What of a channel ends and when (tokens, versions of an API), and the warnings before that, each told once."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pressroom.changes import Change, Claim
from pressroom.errors import Conflict, PressroomError
from pressroom.events import Event
from pressroom.log import log
from pressroom.oauth import TokenInfo

if TYPE_CHECKING:
    from pressroom.runtime import Runtime

DAYS_BEFORE = (14, 7, 1)
"""When it is told that something ends which a person has to renew."""
DAYS_BEFORE_RENEWED = (1,)
"""When it is told of something that renews itself, has not done so, and would then need a person."""
EVERY = timedelta(hours=1)
"""How often the scheduler looks, so that the last warning comes a day before the end and not later."""


def stage(info: TokenInfo, now: datetime) -> int | None:
    """Return which warning is due: that of so many days before the end, 0 once it is over; None for none yet."""
    if info.renews_itself and not info.todo:
        return None  # nobody has to do anything, ever
    left = info.expires_at - now
    if left <= timedelta(0):
        return 0
    days = DAYS_BEFORE_RENEWED if info.renews_itself else DAYS_BEFORE
    return min((one for one in days if left <= timedelta(days=one)), default=None)


def days_left(info: TokenInfo, now: datetime) -> int:
    """Return the days until the end, a begun one counted whole; 0 once it is over."""
    return max(0, math.ceil((info.expires_at - now) / timedelta(days=1)))


def sentence(info: TokenInfo, now: datetime) -> str:
    """Say when it ends or has ended, for people."""
    day = f"on {info.expires_at:%Y-%m-%d}"
    if info.expires_at <= now:
        return f"The {info.kind} ended {day}."
    days = days_left(info, now)
    return f"The {info.kind} ends {'within a day' if days == 1 else f'in {days} days'}, {day}."


def as_dict(info: TokenInfo, now: datetime) -> dict[str, Any]:
    """Return an end as listings show it."""
    return {
        "kind": info.kind,
        "expires_at": info.expires_at.isoformat(),
        "days": days_left(info, now),
        "renews_itself": info.renews_itself,
        "is_due": stage(info, now) is not None,
        "says": sentence(info, now),
        "todo": info.todo,
    }


class TokenEnds:
    """Tells of ends as events. Any number may look at one workspace: each warning is claimed in the ledger."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._looked_at: datetime | None = None

    def look(self, now: datetime) -> int:
        """Store an event for each warning that is due and was never given, if it is time to look; return how many."""
        if self._looked_at is not None and timedelta(0) <= now - self._looked_at < EVERY:
            return 0
        told = sum(self._tell(channel, now) for channel in self._runtime.publishing.channels())
        self._looked_at = now  # last, so that what could not be stored is tried again with the next round
        return told

    def _tell(self, channel: str, now: datetime) -> int:
        try:
            infos = self._runtime.publishing.publisher(channel).tokens()
        except PressroomError as error:
            # What is wrong with a channel's settings is told by `doctor`; it must not hide the others' ends.
            log.warning("when the tokens of a channel end cannot be told", channel=channel, why=error.what)
            return 0
        except Exception:
            log.exception("a publisher could not tell when its tokens end", channel=channel)
            return 0
        return sum(self._announce(channel, info, now) for info in infos)

    def _announce(self, channel: str, info: TokenInfo, now: datetime) -> bool:
        due = stage(info, now)
        if due is None:
            return False
        # With the end in it: a token that was renewed is warned of anew.
        key = f"token_end:{channel}:{info.kind}:{info.expires_at.isoformat()}:{due}"
        if self._runtime.ports.ledger.get(key) is not None:
            return False
        data = {"channel": channel, "kind": info.kind, "expires_at": info.expires_at.isoformat(), "todo": info.todo}
        if due:
            event = Event(type="TokenEnding", subject=channel, time=now, data=data | {"days": days_left(info, now)})
        else:
            event = Event(type="TokenEnded", subject=channel, time=now, data=data)
        try:
            self._runtime.bus.commit(Change(events=(event,), claims=(Claim(key, {"event_id": event.id}),)))
        except Conflict:
            return False  # another scheduler was faster
        return True
