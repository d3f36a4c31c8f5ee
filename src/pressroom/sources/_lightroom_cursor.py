"""How far a Lightroom catalog has been read, as the text that Pressroom keeps between two looks. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

OVERLAP = timedelta(minutes=2)
"""How far each look reaches back behind the last one.

Adobe does not say whether `updated_since` includes its own moment, nor how late a change shows up in a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A place between two looks, or, with a `page`, within one."""

    wanted: str
    """The setting `since` that it was begun with."""
    scope: str
    """Stands for the catalog, the album and what is filtered out: with another one everything is looked at again."""
    start: str = ""
    """What is older is not wanted; empty: everything is."""
    since: str = ""
    """Everything that was updated before is taken in; empty: nothing is."""
    page: str = ""
    """The link of the page that comes next."""
    highest: str = ""
    """The latest `updated` of this look's pages so far."""
    begun_at: str = ""
    """When this look's first page was read, by the clock of the server."""

    def text(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value}, ensure_ascii=False)

    def reaching_back(self) -> str:
        """Return the `updated_since` to ask for; empty for everything."""
        moment = moment_of(self.since)
        return spell(max(moment, datetime(1970, 1, 2, tzinfo=UTC)) - OVERLAP) if moment else ""

    def after_page(self, next_url: str, highest: str, begun_at: str) -> Cursor:
        """Return the place behind a page that is not the last.

        A look that was cut off goes on at the next page, so that a large catalog is read to its end however often
        Lightroom says to wait. Nothing is skipped by that in whatever order the pages come: `since` stays where
        it was, and what changes meanwhile is later than `begun_at`, which is as far as the whole look will count.
        """
        return replace(self, page=next_url, highest=highest, begun_at=begun_at)

    def after_last_page(self, highest: str, begun_at: str) -> Cursor:
        """Return the place behind the look: the latest change that was seen, but none after the look was begun.

        A photo of a page that was read early may have changed before one of a page that was read late.
        """
        seen, begun, before = moment_of(highest), moment_of(begun_at), moment_of(self.since)
        reached = min(filter(None, (seen, begun)), default=None) if seen else None
        if reached and (before is None or reached > before):
            return replace(self.between_looks(), since=spell(reached))
        return self.between_looks()

    def between_looks(self) -> Cursor:
        """Return the place where this look was begun."""
        return replace(self, page="", highest="", begun_at="")


def read_cursor(text: str, wanted: str, scope: str, now: str) -> Cursor:
    """Return the place that the text says, or the beginning for another setting, another scope, or no text.

    `now` is the time of the server, for `since = "now"`.
    """
    try:
        found = json.loads(text) if text else {}
        kept = Cursor(**found) if found else None
    except (ValueError, TypeError):
        kept = None
    if kept is None or kept.wanted != wanted or not all(isinstance(value, str) for value in asdict(kept).values()):
        start = now if wanted == "now" else "" if wanted == "all" else wanted
        return Cursor(wanted=wanted, scope=scope, start=start, since=start)
    if kept.scope != scope:
        return Cursor(wanted=wanted, scope=scope, start=kept.start, since=kept.start)
    return kept


def moment_of(text: object) -> datetime | None:
    """Read a time of Lightroom's; None for none, as `0000-00-00T00:00:00`. One without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        return moment and (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def spell(moment: datetime) -> str:
    """Write a time as Lightroom does: `2026-11-20T12:00:00.000000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
