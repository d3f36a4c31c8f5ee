"""Instagram: a container's own state tells whether it was published."""

from __future__ import annotations

from tests.soak.networks._containers import Containers


class Instagram(Containers):
    fake = "instagram"
    public_call = ("POST", "/v*/media_publish")
    preparing_call = ("POST", "/v*/media")
