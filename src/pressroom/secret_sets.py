"""Which secrets are missing where one of several sets must be complete, such as those of two ways to sign in. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def lacking(sets: Sequence[Sequence[str]], has: Callable[[str], object]) -> list[list[str]]:
    """Return what is missing of each set that somebody has begun, or of every one if none is; empty if one is complete.

    A name that several sets have says nothing about which of them is meant.
    """
    missing = [[name for name in one if not has(name)] for one in sets]
    if not all(missing):
        return []
    begun = [
        absent
        for one, absent in zip(sets, missing, strict=True)
        if any(name not in absent and sum(name in other for other in sets) == 1 for name in one)
    ]
    return begun or missing
