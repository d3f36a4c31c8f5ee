"""Every error says what happened, to which thing, and what to do; a few also say what the queue must do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it is stored and shown: in jobs, dead letters, pages and the API."""

    what: str
    """What happened, in one sentence."""
    where: str = ""
    """To which thing: a step, a channel, a file and its line."""
    todo: str = ""
    """What the reader should do next."""
    kind: str = "PressroomError"
    """The class of the error, for programs."""
    detail: str = ""
    """What the other side said, with secrets taken out; for whoever looks closer."""

    def as_dict(self) -> dict[str, str]:
        return {
            "what": self.what,
            "where": self.where,
            "todo": self.todo,
            "kind": self.kind,
            "detail": self.detail,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Problem:
        return cls(**{name: str(data.get(name, "")) for name in cls.__slots__})

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.todo) if part)


class PressroomError(Exception):
    """The base of every error that Pressroom raises on purpose."""

    retryable = False
    """Whether the same thing may go well later without anybody doing anything."""

    def __init__(self, what: str, *, where: str = "", todo: str = "", detail: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.todo, self.detail = what, where, todo, detail

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.todo) if part)

    def problem(self, where: str = "") -> Problem:
        return Problem(self.what, self.where or where, self.todo, type(self).__name__, self.detail)


_MORE_MEMORY = (
    "It is tried again. If it goes on: lower picture_threads or threads in [worker], give it smaller files, or give "
    "the machine more memory."
)


def problem_of(error: BaseException, where: str = "") -> Problem:
    """Describe any exception; one that is not ours is a defect and is shown as such."""
    if isinstance(error, PressroomError):
        return error.problem(where)
    if isinstance(error, MemoryError):
        return Problem("There was not enough memory.", where, _MORE_MEMORY, type(error).__name__)
    from pressroom.redaction import redactor

    return Problem(
        redactor(())(f"Something unexpected went wrong: {type(error).__name__}: {error}"),
        where,
        "This is a defect in a step or a plugin; the log has its traceback.",
        type(error).__name__,
    )


class ConfigurationError(PressroomError):
    """A setting is missing or wrong; nothing was started."""


class BadInput(PressroomError):
    """What a user or a file gave cannot be used as it is."""


class UnknownName(BadInput):
    """A name that nothing answers to; the closest known names are offered."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        known = sorted(known)
        close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        if close:
            todo = f"Did you mean {' or '.join(close)}?"
        elif known:
            todo = f"Known: {', '.join(known)}."
        else:
            todo = f"No {kind} is configured yet."
        super().__init__(f"There is no {kind} called {name!r}.", where=where, todo=todo)
        self.name = name


class NotFound(BadInput):
    """The record that was asked for is not there (or not any more)."""


class Conflict(PressroomError):
    """Somebody else changed the same record first; read it again and decide anew."""

    retryable = True


class LeaseLost(PressroomError):
    """The delivery was handed to another worker meanwhile; whatever this one did is not stored."""


class Skip(PressroomError):
    """Raised by a step: there is nothing to do today; the job ends as `skipped` with this reason."""


class Deferred(PressroomError):
    """Not yet: the delivery comes back at `until`. Not a failure, and not counted as one.

    With a queue it waits on that one instead of its own.
    """

    retryable = True

    def __init__(self, until: datetime, what: str, *, queue: str = "", **more: str) -> None:
        super().__init__(what, **more)
        self.until, self.queue = until, queue


class Held(PressroomError):
    """A person must decide; the job is `held` until somebody resolves it."""


class BudgetExceeded(PressroomError):
    """The call was not made, because it could have cost more than the budget leaves."""


class DeadlinePassed(PressroomError):
    """The time that the pipeline gives itself was over."""


class Unavailable(PressroomError):
    """The other side could not be reached or is overloaded; trying again later does no harm."""

    retryable = True

    def __init__(self, what: str, *, retry_at: datetime | None = None, is_unclear: bool = False, **more: str) -> None:
        super().__init__(what, **more)
        self.retry_at = retry_at
        self.is_unclear = is_unclear
        """Whether the call went out and its answer was lost, so that it may have been carried out, and charged."""


class Busy(Unavailable):
    """Somebody else holds the lock."""


class RateLimited(Unavailable):
    """The other side said to wait; it did nothing."""


class PublishingError(PressroomError):
    """The base of what only publishers report."""


class AccountDisconnected(PublishingError):
    """The network no longer accepts the channel's credentials; the channel is paused until it is reconnected."""


class OutOfCredit(PressroomError):
    """The account has no credit left: a channel is paused until somebody pays, a generator's step is dead."""


class PostRejected(PublishingError):
    """The network understood the post and refused it; sending it again unchanged would not help."""


class OutcomeUnknown(PublishingError):
    """The request went out and no clear answer came back: the post may be there. Never send again on this."""
