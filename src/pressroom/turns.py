"""What one process does at a time, and another need not wait for: it has its turn at its own next look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from pressroom.errors import Busy
from pressroom.ports import Secrets

A_MOMENT = timedelta(seconds=0.2)
"""Long enough for a turn that is just ending, and short enough for whoever has to stop."""


@contextmanager
def turn(secrets: Secrets, name: str) -> Iterator[bool]:
    """Hold the lock of this name while the block runs; False, with nothing held, if somebody else has it."""
    with ExitStack() as held:
        try:
            held.enter_context(secrets.lock(name, wait=A_MOMENT))
        except Busy:
            has_it = False
        else:
            has_it = True
        # What the block itself raises, another lock's `Busy` too, is its own.
        yield has_it
