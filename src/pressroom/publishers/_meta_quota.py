"""How many posts an account may still publish, asked before one is prepared: the limit differs and changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pressroom.errors import PostRejected, RateLimited
from pressroom.http_api import HttpApi
from pressroom.log import log

_ASKED_AGAIN_AFTER = timedelta(hours=1)
"""The limit is of the last 24 hours, from now backwards; when its oldest post falls out is not told."""


def check_quota(api: HttpApi, path: str) -> None:
    """Raise `RateLimited` if the account may publish nothing for now."""
    try:
        parameters = {"fields": "quota_usage,config"}
        document = api.document("GET", path, "say how much may be published", params=parameters)
    except PostRejected as error:
        log.info("the publishing limit could not be asked for", where=api.where, why=error.what)
        return
    data = document.get("data")
    quota = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}
    config = quota.get("config")
    used, total = quota.get("quota_usage"), _total(config)
    if isinstance(used, int) and total and used >= total:
        raise RateLimited(
            f"{api.service} lets the account of {api.where} publish {total:,} posts a day, and they are used up.",
            where=api.where,
            todo="It goes on by itself when the oldest of them is a day old.",
            retry_at=api.clock.now() + _ASKED_AGAIN_AFTER,
        )


def _total(config: Any) -> int:
    total = config.get("quota_total") if isinstance(config, dict) else None
    return total if isinstance(total, int) else 0
