"""Wipes what a job has said and kept, and clears away what no change came to refer to."""

from __future__ import annotations

from datetime import datetime, timedelta

from pressroom.backends.dynamodb import keys, records
from pressroom.backends.dynamodb.asides import UNSURE, Asides, referred
from pressroom.backends.dynamodb.calls import Calls, Key
from pressroom.backends.dynamodb.conditions import all_of, at_most, is_
from pressroom.backends.dynamodb.delivery_records import handed_over_of, letters_of
from pressroom.backends.dynamodb.table_shapes import LOG, STATE
from pressroom.backends.dynamodb.values import Record, text, us
from pressroom.backends.dynamodb.words import JobWords
from pressroom.ports import Clock
from pressroom.publications import Post
from pressroom.searching import words_of_job

NO_POST = text(Post(text="").as_dict())
MARK = "forget#"
UNDER_WAY = timedelta(minutes=5)
"""What was put aside so lately may be for a commit that is not yet through; it is looked at again when it is older."""


class Forgetting:
    """May touch more than one transaction holds: so the change only marks the job, and whoever sees that goes on."""

    def __init__(self, calls: Calls, clock: Clock, asides: Asides, words: JobWords) -> None:
        self._calls, self._clock, self._asides, self._words = calls, clock, asides, words

    def forget(self, job_id: str) -> None:
        """Wipe the job's outputs and posts, remove its deliveries, dead or not; may be done any number of times."""
        of = keys.of_job(job_id)
        standing = list(self._calls.query(STATE, is_("of", of)))
        gone: list[Key] = []
        for record in standing:
            kind, _, rest = str(record["part"]).partition("#")
            if kind == "step" and "output" in record:
                self._calls.change(STATE, (of, record["part"]), put={"output": None})
            elif kind == "publication":
                self._wipe(record)
            elif kind == "dead":
                gone += [keys.letter_by_id(int(rest)), (of, record["part"])]
            elif kind == "waiting":
                gone.append((of, record["part"]))
        for record in self._calls.query(STATE, is_("grouped_in", handed_over_of(job_id)), index="grouped"):
            gone.append((record["of"], record["part"]))
        for record in self._calls.query(STATE, is_("standing_in", letters_of(job_id)), index="standing"):
            gone += [keys.letter_by_id(int(record["part"].removeprefix("dead#"))), (record["of"], record["part"])]
        self._calls.write_many(STATE, remove=gone)
        settled = self._clock.now() + UNSURE - UNDER_WAY
        self._tidy(of, before=us(settled), words_too=True)
        self._calls.remove(STATE, keys.left_to_do(f"{MARK}{job_id}"))

    def sweep(self, now: datetime) -> int:
        """Finish what a crash left undone, and remove long values that nothing refers to; return how much there was."""
        marked = list(self._calls.query(STATE, is_("of", keys.left_to_do("")[0])))
        for record in marked:
            self.forget(str(record["part"]).removeprefix(MARK))
        over = all_of(is_("ends_as", "unsure"), at_most("ends_at", us(now)))
        unsure = {record["of"] for record in self._calls.query(STATE, over, index="ending")}
        for of in sorted(unsure):
            self._tidy(of, before=us(now))
        return len(marked) + len(unsure)

    def _wipe(self, record: Record) -> None:
        if record["post"] == NO_POST and record["prepared"] == "{}":
            return
        of, part = record["of"], record["part"]
        before: Record | None = record
        while before is not None:
            wiped = {"post": NO_POST, "prepared": "{}", "version": before["version"] + 1}
            if self._calls.change(STATE, (of, part), is_("version", before["version"]), put=wiped) is not None:
                return
            before = self._calls.get(STATE, (of, part))  # somebody has changed it meanwhile

    def _tidy(self, of: str, *, before: int, words_too: bool = False) -> None:
        """Remove what was put aside there, was to be looked at `before`, and is referred to by nothing."""
        standing = {str(record["part"]): record for record in self._calls.query(STATE, is_("of", of))}
        used = {key[1] for record in [*standing.values(), *self._logged(of)] for key in _referred(of, record)}
        for part, record in standing.items():
            is_old = record.get("ends_at", 0) <= before
            if part == "words" and (is_old or words_too):
                self._tidy_words(of, record, standing.get("job"))
            elif part.startswith("aside#") and is_old:
                # Not one that somebody has written again meanwhile, to refer to it.
                as_read = is_("ends_at", record["ends_at"])
                if part in used:
                    self._calls.change(STATE, (of, part), as_read, put={"ends_as": None})
                else:
                    self._calls.remove(STATE, (of, part), as_read)

    def _tidy_words(self, of: str, head: Record, job: Record | None) -> None:
        if job is None or "version" not in job or not words_of_job(records.job(self._asides.whole([job])[0])):
            self._words.remove(of.removeprefix(keys.of_job("")), head)
        elif "ends_as" in head:
            self._calls.change(STATE, (of, "words"), put={"ends_as": None})

    def _logged(self, of: str) -> list[Record]:
        """Return the event that these long values belong to, which stands in the log and not with them."""
        if not of.startswith(keys.of_event("")):
            return []
        event_id = of.removeprefix(keys.of_event(""))
        found = list(self._calls.query(LOG, is_("event_id", event_id), index="by_id"))
        return list(self._calls.get_many(LOG, [(one["day"], one["position"]) for one in found]).values())


def _referred(of: str, record: Record) -> list[Key]:
    return [key for value in record.values() for key in referred(of, value)]
