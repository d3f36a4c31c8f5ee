"""What somebody who asks "does it work?" is told: the lines of `doctor` and of `channels check`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of `channels check` and `doctor`. What is `ok` and has a `todo` all the same is a warning."""

    ok: bool
    what: str
    todo: str = ""
