"""Threads: a container's own state tells whether it was published."""

from __future__ import annotations

from tests.soak.networks._containers import Containers


class Threads(Containers):
    fake = "threads"
    public_call = ("POST", "/v*/threads_publish")
    preparing_call = ("POST", "/v*/threads")
