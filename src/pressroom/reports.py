"""What the analytics can be asked: posts, and tallies by channel, pipeline or day, narrowed to some of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from pressroom.ports import Views
from pressroom.tally import COUNTS, OUTCOMES, Tally, added, at_least, nothing

MODEL = "analytics"
KINDS = ("channel", "pipeline", "day")
"""What posts can be tallied by."""
Row = dict[str, Any]
_BATCH = 500
_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "channel": ("channel", "network"),
    "pipeline": ("pipeline",),
    "day": ("day",),
}
_NUMBERS = ("posts", *OUTCOMES, "under_way", "attempts")

POST_COLUMNS = (
    *(
        "publication_id",
        "published_at",
        "day",
        "pipeline",
        "channel",
        "network",
        "state",
        "title",
        "name",
        "url",
        "attempts",
    ),
    *COUNTS,
    *(f"{name}_at_least" for name in COUNTS),
    *("as_of", "job_id", "why"),
)
"""Of the CSV of posts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which posts count; empty or None for all."""

    channel: str = ""
    pipeline: str = ""
    since: date | None = None
    """The first day, in UTC."""
    until: date | None = None
    """The last day, in UTC; it is included."""

    def __bool__(self) -> bool:
        return bool(self.channel or self.pipeline or self.since or self.until)

    def admits(self, document: Mapping[str, Any]) -> bool:
        """Say whether a post, or a cell, counts."""
        return (
            self.channel in ("", document["channel"])
            and self.pipeline in ("", document["pipeline"])
            and (self.since is None or document["day"] >= self.since.isoformat())
            and (self.until is None or document["day"] <= self.until.isoformat())
        )


@dataclass(frozen=True, slots=True)
class PostList:
    rows: list[Row]
    before: str | None
    """Where the next page begins; None at the end."""


def posts(views: Views, narrowing: Narrowing, *, limit: int, before: str | None = None) -> PostList:
    """Return posts, those requested last first; `before` is what the page before this one gave."""
    found = list(islice(every_post(views, narrowing, before=before), limit + 1))
    return PostList(found[:limit], found[limit - 1]["publication_id"] if len(found) > limit else None)


def every_post(views: Views, narrowing: Narrowing, *, before: str | None = None) -> Iterator[Row]:
    """Yield all posts, those requested last first."""
    for document in _read(views, "post/", before, lambda post: str(post["publication_id"])):
        if narrowing.admits(document):
            yield post_row(document)


def tallies(views: Views, kind: str, narrowing: Narrowing) -> list[Row]:
    """Return a tally for each channel or pipeline, by name, or for each day, the newest first."""
    if narrowing:
        rows = added_up(cells(views, narrowing), _OF_KIND[kind])
    else:
        rows = [tally_row(document) for document in _read(views, f"{kind}/", None, lambda one: str(one[kind]))]
    return sorted(rows, key=lambda row: str(row[kind]), reverse=kind == "day")


def cells(views: Views, narrowing: Narrowing) -> Iterator[Row]:
    """Yield the tallies of each day, channel and pipeline that count, the newest day first."""
    until = narrowing.until
    before = (until + timedelta(days=1)).isoformat() if until and until < date.max else None
    for document in _read(views, "cell/", before, lambda one: f"{one['day']}/{one['channel']}/{one['pipeline']}"):
        if narrowing.since and document["day"] < narrowing.since.isoformat():
            return
        if narrowing.admits(document):
            yield document


def added_up(cells: Iterable[Row], names: Sequence[str]) -> list[Row]:
    """Return one tally for each value that the first of `names` has; the others are told beside it."""
    heads: dict[str, Row] = {}
    sums: dict[str, Tally] = {}
    for cell in cells:
        key = str(cell[names[0]])
        heads.setdefault(key, {name: cell[name] for name in names})
        sums[key] = added(sums.get(key) or nothing(), cell)
    return [tally_row(heads[key] | tally) for key, tally in sums.items()]


def together(rows: Iterable[Tally]) -> Row:
    """Return the tally of all these tallies."""
    whole = nothing()
    for row in rows:
        whole = added(whole, row)
    return tally_row(whole)


def newest_reading(rows: Iterable[Mapping[str, Any]]) -> str | None:
    return max((row["as_of"] for row in rows if row["as_of"]), default=None)


def tally_row(tally: Mapping[str, Any]) -> Row:
    """Return a tally with the number of posts that have no outcome yet beside the outcomes."""
    under_way = tally["posts"] - sum(tally[outcome] for outcome in OUTCOMES)
    last = ("attempts", "counts", "noticed", "as_of")
    row: Row = {name: value for name, value in tally.items() if name not in last}
    return row | {"under_way": under_way} | {name: tally[name] for name in last}


def post_row(post: Mapping[str, Any]) -> Row:
    """Return a post with what notices tell of the counts that no reading tells; `name` is its title or its photo's."""
    row: Row = {name: value for name, value in post.items() if name != "noticed"}
    row["name"] = post["title"] or post.get("name", "")  # one that was noted before names were has none
    row["at_least"] = {name: at_least(post, name) for name in COUNTS}
    row["noticed"] = post["noticed"]
    return row


def tally_columns(kind: str) -> tuple[str, ...]:
    """Return the columns of the CSV of tallies: for each count its sum, of how many posts, and the notices' bound."""
    of_counts = (column for name in COUNTS for column in (name, f"{name}_posts", f"{name}_at_least"))
    return (*_OF_KIND[kind], *_NUMBERS, *of_counts, "as_of")


def flat_tally(row: Row) -> Row:
    """Return a tally without anything inside anything, as CSV wants it; unknown is None."""
    flat = {name: value for name, value in row.items() if name not in ("counts", "noticed")}
    for name in COUNTS:
        count = row["counts"][name]
        flat |= {name: count["sum"], f"{name}_posts": count["posts"], f"{name}_at_least": count["at_least"] or None}
    return flat


def flat_post(row: Row) -> Row:
    bounds = {f"{name}_at_least": value for name, value in row["at_least"].items()}
    counts: Row = row["counts"]
    return row | counts | bounds


def _read(views: Views, prefix: str, before: str | None, name_of: Callable[[Row], str]) -> Iterator[Row]:
    """Yield documents from the highest key downwards, in batches; `name_of` returns a document's key without prefix."""
    while True:
        key = None if before is None else prefix + before
        batch = views.find(MODEL, limit=_BATCH, before=key, prefix=prefix)
        yield from batch
        if len(batch) < _BATCH:
            return
        before = name_of(batch[-1])
