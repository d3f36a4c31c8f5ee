"""Makes an event for the bus of each entry of the log's stream: the pipe asks, and puts what is returned."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

LARGEST_BYTES = 200_000
"""Of an event; the bus takes 256 KB with everything around it.
docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html, 2026-11-20"""


def handler(event: Sequence[Mapping[str, Any]], context: Any) -> list[dict[str, Any]]:
    """Take new entries of the log and return their CloudEvents, in order."""
    return [_told(record["dynamodb"]["NewImage"]) for record in event if record.get("eventName") == "INSERT"]


def _told(image: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Return the event; of one that is too long, or stands elsewhere, its id, by which whoever hears it finds it."""
    text = image.get("event", {}).get("S", "")
    if text.startswith("{"):
        told: dict[str, Any] = json.loads(text)
        if len(text.encode()) <= LARGEST_BYTES:
            return told
        return told | {"data": {}, "dataref": told["id"]}
    named = {"id": "event_id", "type": "type", "source": "source", "jobid": "job_id"}
    held = {name: image[key]["S"] for name, key in named.items() if key in image}
    return {"specversion": "1.0", **held, "data": {}, "dataref": held["id"]}
