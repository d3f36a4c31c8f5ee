"""Words by which jobs are found: for each two letters that some begin with, one item a job.

To store a job's text costs one item for each pair of letters that a new word of it begins with: some forty for a post,
a few hundred for a hundred pages. To find jobs by a word reads what all jobs have under its first two letters. Words
are only ever added, before the job itself is stored, and go with the job's text: who reads looks at the job too.
"""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta

from pressroom.backends.dynamodb import keys
from pressroom.backends.dynamodb.asides import UNSURE
from pressroom.backends.dynamodb.calls import Calls, Key
from pressroom.backends.dynamodb.conditions import all_of, begins, is_
from pressroom.backends.dynamodb.table_shapes import STATE, WORDS
from pressroom.backends.dynamodb.transaction import Transaction, refuse
from pressroom.backends.dynamodb.values import Record, us
from pressroom.errors import Conflict
from pressroom.jobs import Job
from pressroom.ports import Clock
from pressroom.searching import words_of_job

MOST_WORDS = 1000
"""In one item, which holds 400 KB."""
_AT_ONCE = 90


class JobWords:
    def __init__(self, calls: Calls, clock: Clock) -> None:
        self._calls, self._clock = calls, clock

    def add(self, job: Job, head: Record | None) -> None:
        """Make the job findable by its words; `head` is what stands of them already, as it was read."""
        words = sorted(words_of_job(job))
        digest = hashlib.sha256(" ".join(words).encode()).hexdigest()
        if not words or (head and head.get("digest") == digest):
            return
        groups = list(_grouped(words).items())
        unsure = {"ends_as": "unsure", "ends_at": us(self._clock.now()) + UNSURE // timedelta(microseconds=1)}
        all_places = {"beginnings": frozenset(name for name, _ in groups)}
        # Which places there are is known before there is anything in them, so that all of it can be removed.
        self._calls.change(STATE, keys.words(job.id), first={} if head else unsure, add=all_places)
        for start in range(0, len(groups), _AT_ONCE):
            transaction = Transaction(self._calls, "text of a job")
            for name, some in groups[start : start + _AT_ONCE]:
                place = _place(job.id, name)
                transaction.change(WORDS, place, None, _never, add={"words": frozenset(some)})
            transaction.commit()
        self._calls.change(STATE, keys.words(job.id), put={"digest": digest})

    def jobs_with(self, starts: list[str]) -> list[str]:
        """Return the ids of jobs that may have words with all these beginnings, the newest first."""
        found: set[str] | None = None
        for start in starts:
            where = (
                is_("of", start[0]) if len(start) == 1 else all_of(is_("of", start[0]), begins("part", f"{start[1]}#"))
            )
            of_one = {
                str(record["part"]).split("#")[1]
                for record in self._calls.query(WORDS, where)
                if any(word.startswith(start) for word in record["words"])
            }
            found = of_one if found is None else found & of_one
            if not found:
                return []
        return sorted(found or (), reverse=True)

    def remove(self, job_id: str, head: Record) -> None:
        """Let the job be found by nothing any more."""
        places = [_place(job_id, name) for name in head.get("beginnings", ())]
        self._calls.write_many(WORDS, remove=places)
        self._calls.remove(STATE, keys.words(job_id))


def _grouped(words: list[str]) -> dict[str, list[str]]:
    """Return the words by the name of their group: their first two letters and a number."""
    groups: dict[str, list[str]] = {}
    for beginning, alike in itertools.groupby(words, key=lambda word: word[:2]):
        some = list(alike)
        for number, start in enumerate(range(0, len(some), MOST_WORDS)):
            groups[f"{beginning}#{number}"] = some[start : start + MOST_WORDS]
    return groups


def _place(job_id: str, group: str) -> Key:
    beginning, _, number = group.rpartition("#")
    return (beginning[0], f"{beginning[1:]}#{job_id}#{number}")


_never = refuse(Conflict("Words are added without a condition."))
