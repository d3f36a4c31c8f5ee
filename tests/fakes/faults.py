"""The faults that a fake can commit, and the script that says which request meets which."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from fnmatch import fnmatchcase
from typing import Any


class TakesEffect(Enum):
    """Whether the request that met a fault was carried out all the same."""

    NO = "no"
    YES = "yes"
    LATER = "later"


class Reply(Enum):
    """What the client gets to see."""

    ANSWER = auto()
    REFUSAL = auto()
    JUNK = auto()
    EMPTY = auto()
    TRUNCATED = auto()
    CUT_UNREAD = auto()
    CUT = auto()
    HOLD = auto()


class Fault(Enum):
    """One way in which a request can go wrong; the value is its name in scripts."""

    def __new__(cls, label: str, effect: TakesEffect, reply: Reply, status: int = 0) -> Fault:
        member = object.__new__(cls)
        member._value_ = label
        return member

    def __init__(self, label: str, effect: TakesEffect, reply: Reply, status: int = 0) -> None:
        self.takes_effect = effect
        self.reply = reply
        self.status = status

    @classmethod
    def named(cls, label: str) -> Fault:
        """The fault of that name; a ValueError that lists them if there is none."""
        for fault in cls:
            if fault.value == label:
                return fault
        raise ValueError(f"no such fault: {label}; there are {', '.join(fault.value for fault in cls)}")

    BAD_REQUEST = "bad_request", TakesEffect.NO, Reply.REFUSAL, 400
    TOKEN_EXPIRED = "token_expired", TakesEffect.NO, Reply.REFUSAL, 401
    TOKEN_REVOKED = "token_revoked", TakesEffect.NO, Reply.REFUSAL, 401
    OUT_OF_CREDIT = "out_of_credit", TakesEffect.NO, Reply.REFUSAL, 402
    DUPLICATE = "duplicate", TakesEffect.NO, Reply.REFUSAL, 403
    TOO_LARGE = "too_large", TakesEffect.NO, Reply.REFUSAL, 413
    RATE_LIMITED = "rate_limited", TakesEffect.NO, Reply.REFUSAL, 429
    RATE_LIMITED_BARE = "rate_limited_bare", TakesEffect.NO, Reply.REFUSAL, 429
    """429 without any header that says until when."""
    SERVER_ERROR = "server_error", TakesEffect.NO, Reply.REFUSAL, 500
    UNAVAILABLE = "unavailable", TakesEffect.NO, Reply.REFUSAL, 503
    UNAVAILABLE_RETRY_AFTER = "unavailable_retry_after", TakesEffect.NO, Reply.REFUSAL, 503
    PROCESSED_BUT_500 = "processed_but_500", TakesEffect.YES, Reply.REFUSAL, 500
    PROCESSED_BUT_503 = "processed_but_503", TakesEffect.YES, Reply.REFUSAL, 503
    JUNK_BODY = "junk_body", TakesEffect.NO, Reply.JUNK
    """A success status with a page of HTML, from something in front of the service."""
    PROCESSED_BUT_JUNK = "processed_but_junk", TakesEffect.YES, Reply.JUNK
    EMPTY_BODY = "empty_body", TakesEffect.NO, Reply.EMPTY
    PROCESSED_BUT_EMPTY = "processed_but_empty", TakesEffect.YES, Reply.EMPTY
    PROCESSED_BUT_TRUNCATED = "processed_but_truncated", TakesEffect.YES, Reply.TRUNCATED
    """The right Content-Length, half of the body, and the end of the connection."""
    CUT_BEFORE_READING = "cut_before_reading", TakesEffect.NO, Reply.CUT_UNREAD
    """Reset after the headers came and before the body was read."""
    CUT_BEFORE_PROCESSING = "cut_before_processing", TakesEffect.NO, Reply.CUT
    CUT_AFTER_PROCESSING = "cut_after_processing", TakesEffect.YES, Reply.CUT
    CUT_THEN_PROCESSED = "cut_then_processed", TakesEffect.LATER, Reply.CUT
    """Reset at once, carried out `seconds` later."""
    TIMEOUT_NOT_PROCESSED = "timeout_not_processed", TakesEffect.NO, Reply.HOLD
    """No answer for `seconds` (None: until the client gives up), and nothing is done."""
    TIMEOUT_AFTER_PROCESSING = "timeout_after_processing", TakesEffect.YES, Reply.HOLD
    """Carried out at once, the answer held back for `seconds` (None: until the client gives up)."""
    ACCEPTED_LATE = "accepted_late", TakesEffect.LATER, Reply.HOLD
    """No answer until the client gives up; carried out `seconds` after that."""
    SLOW_ANSWER = "slow_answer", TakesEffect.YES, Reply.ANSWER
    """All is well, after `seconds`."""


@dataclass
class ScriptedFault:
    """One line of the script: which requests meet the fault, how often, and its time in real seconds."""

    fault: Fault
    method: str = "*"
    path: str = "*"
    """A shell pattern, as in `/2/users/*/tweets`."""
    times: int | None = 1
    """None: every time."""
    skip: int = 0
    """How many matching requests pass first."""
    seconds: float | None = None
    """None: until `release()`, or where the client is waited for, until it gives up."""

    def matches(self, method: str, path: str) -> bool:
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


@dataclass
class RandomFaults:
    """Faults that strike matching requests with a probability, the same sequence for the same seed.

    They are dealt from a shuffled deck: none comes a second time before each has come once.
    """

    rate: float
    seed: int = 0
    faults: Sequence[Fault] = tuple(Fault)
    method: str = "*"
    path: str = "*"
    max_seconds: float = 0.5
    _dice: random.Random = field(init=False, repr=False)
    _deck: list[Fault] = field(init=False, repr=False, default_factory=list)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def draw(self, method: str, path: str) -> ScriptedFault | None:
        if not (fnmatchcase(method, self.method) and fnmatchcase(path, self.path)):
            return None
        if self._dice.random() >= self.rate:
            return None
        if not self._deck:
            self._deck = self._dice.sample(self.faults, len(self.faults))
        fault = self._deck.pop()
        return ScriptedFault(fault, method, path, seconds=self._dice.uniform(0, self.max_seconds))


@dataclass
class Struck:
    """The account of one fault that struck: what was declared, and the status that the service gave if it acted."""

    fault: Fault
    request_number: int
    method: str
    path: str
    processed_status: int | None = None

    @property
    def took_effect(self) -> bool:
        return self.processed_status is not None and 200 <= self.processed_status < 300

    def as_dict(self) -> dict[str, Any]:
        return {
            "fault": self.fault.value,
            "takes_effect": self.fault.takes_effect.value,
            "took_effect": self.took_effect,
            "processed_status": self.processed_status,
            "request": self.request_number,
            "method": self.method,
            "path": self.path,
        }


class FaultScript:
    """Scripted faults first, in the order they were added; then random ones."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scripted: list[ScriptedFault] = []
        self._random: list[RandomFaults] = []
        self.struck: list[Struck] = []

    def add(self, line: ScriptedFault | RandomFaults) -> None:
        with self._lock:
            if isinstance(line, RandomFaults):
                self._random.append(line)
            else:
                self._scripted.append(line)

    def clear(self) -> None:
        """Forget the script; the account of what struck stays."""
        with self._lock:
            self._scripted.clear()
            self._random.clear()

    def next_for(self, method: str, path: str) -> ScriptedFault | None:
        """The fault that this request meets, used up by asking."""
        with self._lock:
            for line in self._scripted:
                if not line.matches(method, path):
                    continue
                if line.skip:
                    line.skip -= 1
                    continue
                if line.times is not None:
                    line.times -= 1
                    if line.times <= 0:
                        self._scripted.remove(line)
                return line
            drawn = (faults.draw(method, path) for faults in self._random)
            return next((line for line in drawn if line), None)

    def strike(self, fault: Fault, request_number: int, method: str, path: str) -> Struck:
        """Put a fault that now strikes on the account."""
        with self._lock:
            self.struck.append(Struck(fault, request_number, method, path))
            return self.struck[-1]
