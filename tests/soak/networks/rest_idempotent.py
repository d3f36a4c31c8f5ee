"""A REST API that takes a second request with our key for the same post."""

from __future__ import annotations

from tests.soak.networks._rest import Rest


class RestIdempotent(Rest):
    options = ("--remember-keys",)
    key_header = "idempotency-key"
    more = 'idempotency_header = "Idempotency-Key"\nidempotent = true'
