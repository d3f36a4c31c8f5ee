"""What starts a pipeline, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from pressroom.events import Event

UPLOAD_STORED = "UploadStored"
"""The event that a job's file is there: its subject is the asset's key, its data the asset."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Starts the pipeline by the clock."""

    cron: str
    zone: str = "UTC"
    """An IANA zone; daylight-saving changes neither skip nor repeat a day."""
    catch_up: timedelta = timedelta(hours=6)
    """A start missed while nothing ran is made up for if it is younger; an older one is recorded as missed."""


@dataclass(frozen=True, slots=True)
class Request:
    """Started by somebody: over HTTP or the command line."""


@dataclass(frozen=True, slots=True)
class Upload:
    """Started by somebody who asks for an upload; the job waits for the file, at a signed URL that takes no other."""

    types: tuple[str, ...]
    """Media types that may be sent; the setting `accept` of the pipeline replaces them."""
    max_bytes: int
    """The setting `max_upload_bytes` of the pipeline replaces it."""
    expires: timedelta = timedelta(minutes=10)
    """How long the URL takes the file; then the job has failed. The setting `upload_seconds` replaces it."""


@dataclass(frozen=True, slots=True)
class On:
    """As a trigger: each such event starts a job. As a step: what follows is started by the job's own event."""

    event: str
    """The event's type: `AssetStored`."""
    subject: str = ""
    """What its subject must begin with."""

    @property
    def name(self) -> str:
        return f"on_{_snake(self.event)}"

    def matches(self, event: Event) -> bool:
        return event.type == self.event and event.subject.startswith(self.subject)


@dataclass(frozen=True, slots=True)
class Poll:
    """Started for each photo that is new or changed in the source that `[pipelines.NAME] source` names."""


Trigger = Schedule | Request | Upload | On | Poll


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
