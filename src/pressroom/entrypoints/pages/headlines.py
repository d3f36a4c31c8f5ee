"""A job in a few words: its headline, why it posted nothing, and on how many of its channels it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pressroom.entrypoints.pages.wording import day, words
from pressroom.jobs import Job
from pressroom.publications import Publication, PublicationState

_MADE = ("title", "name", "caption", "theme", "text")
_ASKED = ("theme", "title", "url", "file", "date")
LONGEST = 140
_TRIMMINGS = re.compile(r"https?://\S+|(?<!\w)[#@]\w+")


def headline(job: Job) -> str:
    for source, names in ((job.result, _MADE), (job.input, _ASKED)):
        for name in names:
            value = source.get(name)
            if isinstance(value, str) and value.strip():
                text = _without_trimmings(value) if source is job.result else " ".join(value.split())
                text = day(text) if name == "date" else text
                return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
    return words(job.pipeline)


def why(job: Job) -> str:
    """Return why a job failed, waits or was skipped, or why a photo was kept and not posted; empty if neither."""
    return job.error.what if job.error else str(job.result.get("not_posted") or "")


def reached(publications: Sequence[Publication]) -> str:
    """Return on how many of its channels a job is, `8 of 9 channels`; empty if on all, or if there is but one."""
    there = sum(one.state is PublicationState.PUBLISHED for one in publications)
    return f"{there} of {len(publications)} channels" if there < len(publications) > 1 else ""


def _without_trimmings(text: str) -> str:
    """Return a post's words without its links, hashtags and mentions, unless it has nothing else."""
    return " ".join(_TRIMMINGS.sub(" ", text).split()) or " ".join(text.split())
