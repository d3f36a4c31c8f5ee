"""The headline of a job: what it made, else what it was asked for. Pure."""

from __future__ import annotations

import re

from pressroom.entrypoints.pages.wording import day, words
from pressroom.jobs import Job

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


def _without_trimmings(text: str) -> str:
    """Return a post's words without its links, hashtags and mentions, unless it has nothing else."""
    return " ".join(_TRIMMINGS.sub(" ", text).split()) or " ".join(text.split())
