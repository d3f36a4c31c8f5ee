"""Tells an event in one sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pressroom.entrypoints.pages.wording import span, step_words
from pressroom.events import Event

_SENTENCES = {
    "JobRequested": "The job was requested.",
    "JobStarted": "A worker began.",
    "StepCompleted": "The step “{step}” was completed in {seconds}.",
    "StepFailed": "The step “{step}” failed: {error}",
    "AnswerReceived": "{generator} answered; its answer is kept.",
    "AssetStored": "{key} was stored, revision {revision}.",
    "UploadStored": "The file {key} was uploaded.",
    "AssetRemoved": "{key} was removed, revision {revision}.",
    "PostFlagged": "{generator} found something in the post: {flags}.",
    "PostApproved": "A person approved the post.",
    "PostRefused": "A person refused the post.",
    "PublicationRequested": "A post was requested on the channel {channel}.",
    "PublishAttempted": "Attempt {attempt} to publish on the channel {channel} was begun.",
    "PostPublished": "The post is on the channel {channel}.",
    "PostRejected": "The channel {channel} refused the post: {error}",
    "PostHeld": "The post on the channel {channel} is held: {error}",
    "PublicationResolved": "A person decided: {action}.",
    "ChannelPaused": "The channel {subject} was paused: {why}",
    "ChannelResumed": "The channel {subject} was opened again.",
    "JobHeld": "The job is held: {error}",
    "JobResumed": "The job goes on.",
    "JobCompleted": "The job is completed.",
    "JobFailed": "The job failed: {error}",
    "JobSkipped": "There was nothing to do: {error}",
    "JobAdvanced": "The job moved on.",
    "JobKeyReleased": "It came to nothing, so the same may be asked for again.",
    "JobCancelled": "The job was cancelled.",
    "JobExpired": "The job's time was over; its content is gone.",
    "ScheduleMissed": "The start of {pipeline} that was due at {due} was missed.",
    "ScheduleFailed": "The start of {pipeline} that was due at {due} failed: {error}",
    "DeliveryDied": "The delivery “{name}” on the queue {queue} died: {error}",
    "DeliveryRedriven": "A dead delivery was put back.",
    "DeliveryDiscarded": "A dead delivery was discarded.",
}


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def event_words(event: Event) -> str:
    """Return what happened in one sentence; an event of a plugin's is told by its own name."""
    sentence = _SENTENCES.get(event.type)
    if sentence is None:
        return re.sub(r"(?<!^)(?=[A-Z])", " ", event.type).capitalize() + "."
    return sentence.format_map(_Known({"subject": event.subject} | {k: _said(k, v) for k, v in event.data.items()}))


def _said(name: str, value: Any) -> str:
    if name == "seconds":
        return span(float(value))
    if name in ("step", "name"):
        return step_words(str(value))
    if name == "action":
        return str(value).replace("_", " ")
    if name == "flags":
        return ", ".join(dict.fromkeys(str(flag.get("category", "")) for flag in value))
    if isinstance(value, Mapping):
        return str(value.get("what", ""))
    return str(value)
