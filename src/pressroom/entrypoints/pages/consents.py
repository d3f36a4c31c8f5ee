"""Flagged posts as `/held` shows them: the words of each channel, the pictures, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

from pressroom.approvals import Waiting
from pressroom.entrypoints.pages import pictures
from pressroom.entrypoints.pages.headlines import LONGEST
from pressroom.entrypoints.pages.wording import words
from pressroom.runtime import Runtime
from pressroom.steps import PublishingSettings


@dataclass(frozen=True, slots=True)
class Wording:
    """What would be posted, and on which channels."""

    channels: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Consent:
    """One post that waits for a person's consent."""

    waiting: Waiting
    anchor: str
    """Of its place on the page: the job's id, with a number where several of one job wait."""
    headline: str
    wordings: tuple[Wording, ...]
    pictures: tuple[pictures.Shown, ...]


def consents(runtime: Runtime) -> list[Consent]:
    found: list[Consent] = []
    for waiting in runtime.approvals.waiting():
        before = sum(one.waiting.job.id == waiting.job.id for one in found)
        found.append(
            Consent(
                waiting=waiting,
                anchor=f"{waiting.job.id}-{before + 1}" if before else waiting.job.id,
                headline=_headline(waiting),
                wordings=_wordings(waiting, _channels(runtime, waiting)),
                pictures=tuple(_shown(runtime, waiting)),
            )
        )
    return found


def _headline(waiting: Waiting) -> str:
    draft = waiting.draft
    text = " ".join((draft.title or draft.text).split()) if draft else ""
    return (text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…") or words(waiting.job.pipeline)


def _channels(runtime: Runtime, waiting: Waiting) -> tuple[str, ...]:
    settings = runtime.runner.execution.settings.get(waiting.job.pipeline)
    return tuple(dict.fromkeys(settings.channels)) if isinstance(settings, PublishingSettings) else ()


def _wordings(waiting: Waiting, channels: tuple[str, ...]) -> tuple[Wording, ...]:
    """Return the words of the channels that it is for, those that several share once."""
    draft = waiting.draft
    if draft is None:
        return ()
    by_text: dict[str, list[str]] = {}
    for channel in channels:
        by_text.setdefault(draft.texts.get(channel, draft.text), []).append(channel)
    return tuple(Wording(tuple(names), text) for text, names in (by_text or {draft.text: []}).items())


def _shown(runtime: Runtime, waiting: Waiting) -> list[pictures.Shown]:
    return [
        pictures.shown(runtime, one.key, one.revision, one.media_type, one.alt_text, one.width, one.height)
        for one in (waiting.draft.media if waiting.draft else [])
    ]
