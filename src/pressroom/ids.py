"""Identifiers that sort by the time they were made, so that new rows land at the end of every index."""

from __future__ import annotations

import re

import uuid_utils

_PREFIX = re.compile(r"^[a-z]+$")


def new_id(prefix: str) -> str:
    """Return an id such as `job_0197f3c2…`: the kind, then a UUID of version 7 in hexadecimal."""
    if not _PREFIX.match(prefix):
        raise ValueError(f"an id's prefix is lower-case letters, not {prefix!r}")
    return f"{prefix}_{uuid_utils.uuid7().hex}"
