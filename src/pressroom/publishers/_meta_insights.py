"""Reads the insights of Meta's networks: a list of metrics, each with its value; what is not told is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pressroom.http_api import HttpApi
from pressroom.publishers._meta_errors import NoSuchObject
from pressroom.publishers._meta_graph import read


def values(document: dict[str, Any]) -> dict[str, int]:
    """Return the metrics of an answer by name; an empty set means "not known yet", never 0."""
    found = {}
    data = document.get("data")
    for metric in data if isinstance(data, list) else []:
        value = _value(metric) if isinstance(metric, dict) else None
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            found[str(metric.get("name"))] = value
    return found


def insights_of(api: HttpApi, ids: Sequence[str], metrics: str) -> dict[str, dict[str, int]]:
    """Return the metrics of each of these posts; one that is gone is left out."""
    found = {}
    for media_id in ids:
        try:
            document = read(api, f"/{media_id}/insights", "count what people did with a post", metric=metrics)
        except NoSuchObject:
            continue
        found[media_id] = values(document)
    return found


def _value(metric: dict[str, Any]) -> object:
    total = metric.get("total_value")
    if isinstance(total, dict):
        return total.get("value")
    listed = metric.get("values")
    last = listed[-1] if isinstance(listed, list) and listed else None
    return last.get("value") if isinstance(last, dict) else None
