"""A REST API that knows no key of ours and cannot be asked: what has no answer is held."""

from __future__ import annotations

from tests.soak.networks._rest import Rest


class RestBlind(Rest):
    more = ""
