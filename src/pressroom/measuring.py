"""Reads what became of posts: asks the networks for their counts, the fresher a post the more often."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pressroom.changes import Change
from pressroom.engagement import Engagement
from pressroom.errors import PressroomError, RateLimited
from pressroom.events import Event
from pressroom.http_outcomes import LONGEST_WAIT
from pressroom.log import log
from pressroom.publications import Publication, PublicationState
from pressroom.publishers.base import Publisher
from pressroom.reading_costs import ReadingCosts, may_be_charged
from pressroom.reading_times import AGES, LATEST_FIRST, REMEMBERED, is_due
from pressroom.rounds import Rounds
from pressroom.runtime import Runtime
from pressroom.turns import turn

READ = "EngagementRead"
ROUND = timedelta(seconds=60)
"""Between two looks whether something is due."""
REST = timedelta(minutes=15)
"""Before a channel that could not be read is asked again."""
_PAGE = 200


@dataclass(frozen=True, slots=True)
class _Due:
    publication: Publication
    remote_id: str


class Measuring(Rounds):
    """Any number may run on one workspace: a channel is read by one at a time, and what was just read is not due."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__("measuring")
        self._runtime = runtime
        self._costs = ReadingCosts(runtime.ports.costs, runtime.config, runtime.ports.clock)
        self._resting: dict[str, datetime] = {}

    def look(self) -> int:
        """Read what is due on every channel that tells counts; return how many posts were read."""
        read = 0
        for channel in self._runtime.publishing.channels():
            now = self._runtime.ports.clock.now()
            if self.stopping.is_set() or self._resting.get(channel, now) > now:
                continue
            try:
                read += self._look_at(channel)
            except RateLimited as error:
                self._rest(channel, error, error.retry_at)
            except PressroomError as error:
                self._rest(channel, error, None)
            except Exception:
                log.exception("the counts of a channel could not be read in an unforeseen way", channel=channel)
                self._resting[channel] = now + REST
        return read

    def _look_at(self, channel: str) -> int:
        publisher = self._runtime.publishing.publisher(channel)
        at_once = publisher.measured_at_once
        if not at_once or not publisher.channel.settings.measure:
            return 0
        ports = self._runtime.ports
        with turn(ports.secrets, f"measure {channel}") as is_ours:
            if not is_ours:
                return 0  # another process reads this channel right now
            seen = _Seen.parse(ports.cursors.get(f"measured {channel}"))
            due = list(self._due(channel, seen))
            for start in range(0, len(due), at_once):
                if self.stopping.is_set():
                    break
                self._read(publisher, due[start : start + at_once], seen)
                ports.cursors.put(f"measured {channel}", seen.text(ports.clock.now()))
        return len(due)

    def _due(self, channel: str, seen: _Seen) -> Iterator[_Due]:
        """Yield the posts that are to be read now, the newest first."""
        now, before = self._runtime.ports.clock.now(), None
        while True:
            page = self._runtime.ports.publications.find(
                states=[PublicationState.PUBLISHED], channel=channel, limit=_PAGE, before=before
            )
            for publication in page:
                if publication.receipt is None or not publication.receipt.remote_id:
                    continue
                if is_due(publication.receipt.at, seen.times.get(publication.id), now):
                    yield _Due(publication, publication.receipt.remote_id)
            # A post may wait long for its turn, so that one that was asked for earlier may be younger.
            if len(page) < _PAGE or page[-1].created_at < now - LATEST_FIRST - AGES[-1]:
                return
            before = page[-1].id

    def _read(self, publisher: Publisher, due: Sequence[_Due], seen: _Seen) -> None:
        now = self._runtime.ports.clock.now()
        entered = self._costs.reserve([one.publication for one in due], publisher)
        if entered is None:
            return
        try:
            counts = publisher.measure([one.remote_id for one in due])
        except Exception as error:
            if not may_be_charged(error):
                self._costs.strike(entered)
            raise
        events = [_event(one.publication, counts[one.remote_id], now) for one in due if one.remote_id in counts]
        if events:
            self._runtime.bus.commit(Change(events=tuple(events)))
        # One that is gone is not asked for again before its next turn either.
        seen.times.update({one.publication.id: now for one in due})

    def _rest(self, channel: str, error: PressroomError, until: datetime | None) -> None:
        log.warning("the counts of a channel cannot be read; it is asked again later", channel=channel, why=str(error))
        now = self._runtime.ports.clock.now()
        until = until if until is not None and until > now else now + REST
        self._resting[channel] = min(until, now + LONGEST_WAIT)

    def round(self) -> float:
        try:
            self.look()
        except Exception:
            log.exception("reading counts stumbled; the next round tries again")
        return ROUND.total_seconds()


class _Seen:
    """When each post of a channel was read last, as the channel's cursor keeps it."""

    def __init__(self, times: dict[str, datetime]) -> None:
        self.times = times

    @classmethod
    def parse(cls, text: str) -> _Seen:
        return cls({key: datetime.fromisoformat(value) for key, value in json.loads(text or "{}").items()})

    def text(self, now: datetime) -> str:
        """Forget what is too old to be read again, so that this does not grow for ever."""
        oldest = now - REMEMBERED
        return json.dumps({key: time.isoformat() for key, time in self.times.items() if time > oldest})


def _event(publication: Publication, counts: Engagement, now: datetime) -> Event:
    assert publication.receipt is not None
    return Event(
        type=READ,
        subject=publication.id,
        time=now,
        job_id=publication.job_id,
        data={
            "publication_id": publication.id,
            "channel": publication.channel,
            "network": publication.network,
            "pipeline": publication.pipeline,
            "remote_id": publication.receipt.remote_id,
            "counts": counts.as_dict(),
            "as_of": now.isoformat(),
        },
    )
