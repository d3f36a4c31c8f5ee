"""Feeds a pipeline from its source: one job for each photo that is new or changed, and never two."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from pressroom.changes import Change, Claim
from pressroom.errors import AccountDisconnected, Conflict, PressroomError, Unavailable
from pressroom.events import Event
from pressroom.log import log
from pressroom.pipeline import Pipeline, Poll
from pressroom.retry import doubled
from pressroom.runtime import Runtime
from pressroom.sources.base import FoundPhoto, Item, Source

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
"""Between two looks at a source that cannot be read."""
TRIGGER = "source"


class Feeder:
    """Looks at one source for one pipeline, in a thread of its own. Any number may run on one workspace."""

    def __init__(self, runtime: Runtime, pipeline: Pipeline, name: str) -> None:
        self.pipeline, self.name = pipeline.name, name
        self._runtime = runtime
        self._source: Source = runtime.sources.make(name)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"source-{name}", daemon=True)
        self._failures = 0
        self.trouble = ""
        """Why the source could not be read the last time; empty if it could."""

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float | None = 5) -> bool:
        self._stopping.set()
        self._source.interrupt()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def look(self) -> int:
        """Look once and start a job for each photo that is new or changed; return how many. Raises what `look` does.

        A photo's job and the note that it was found are one commit. A cursor is stored after its page, so that a
        look that is cut off finds the rest of the page again, and the notes tell what of it is known.
        """
        started = 0
        key = f"source {self.name} for {self.pipeline}"
        # Two lookers would both find everything, and one could put the other's newer cursor back.
        with self._runtime.ports.secrets.lock(f"look {key}"):
            for page in self._source.look(self._runtime.ports.cursors.get(key)):
                for item in page.items:
                    started += self._take(item)
                self._runtime.ports.cursors.put(key, page.cursor)
                if self._stopping.is_set():
                    break
        return started

    def _take(self, item: Item) -> bool:
        ledger = self._runtime.ports.ledger
        photo = f"found:{self.pipeline}:{self.name}:{item.id}"
        version = f"{photo}:{item.version}"
        if ledger.get(version) is not None:
            return False
        is_edit = ledger.get(photo) is not None
        claims = [Claim(version, {"name": item.info.name})]
        if not is_edit:
            claims.append(Claim(photo, {"version": item.version}))
        found = FoundPhoto(
            source=self.name, id=item.id, version=item.version, info=item.info, data=item.data, is_edit=is_edit
        )
        try:
            self._runtime.runner.request(
                self.pipeline,
                {"found": found.model_dump(mode="json")},
                trigger=TRIGGER,
                key=version,
                along=Change(claims=tuple(claims)),
            )
        except Conflict:
            if ledger.get(version) is None:
                raise
            return False  # another process was faster
        return True

    # --- the thread

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._source.wait(self._round())

    def _round(self) -> float:
        """Look once; return after how many seconds to look again, if nothing tells of changes earlier."""
        try:
            count = self.look()
        except Unavailable as error:
            return self._failed(error, error.retry_at)
        except PressroomError as error:
            return self._failed(error, None)
        except Exception as error:
            log.exception("a source failed in an unforeseen way; it is looked at again later", source=self.name)
            return self._failed(error, None)
        if self.trouble:
            log.info("the source can be read again", source=self.name)
        self._failures, self.trouble = 0, ""
        if count:
            log.info("photos found", source=self.name, photos=count, pipeline=self.pipeline)
        return float(self._source.setup.settings.every_seconds)

    def _failed(self, error: Exception, until: datetime | None) -> float:
        now = self._runtime.ports.clock.now()
        if str(error) != self.trouble:
            log.warning("a source cannot be read", source=self.name, why=str(error))
        if isinstance(error, AccountDisconnected) and str(error) != self.trouble:
            self._announce(error, now)
        self._failures, self.trouble = self._failures + 1, str(error)
        pause = doubled(FIRST_PAUSE, self._failures - 1, LONGEST_PAUSE)
        return max((until - now).total_seconds(), 0.0) if until else pause.total_seconds()

    def _announce(self, error: AccountDisconnected, now: datetime) -> None:
        data = {"source": self.name, "error": error.problem(f"source {self.name}").as_dict()}
        event = Event(type="SourceDisconnected", subject=self.name, time=now, data=data)
        try:
            self._runtime.bus.commit(Change(events=(event,)))
        except PressroomError as failed:
            log.warning("a disconnected source could not be announced", source=self.name, why=str(failed))


def feeders(runtime: Runtime) -> list[Feeder]:
    """Return a feeder for each pipeline that a source starts and whose settings name one.

    Raises `ConfigurationError` or `UnknownName` for a source that cannot be made.
    """
    found = []
    for pipeline in runtime.runner.pipelines().values():
        source = getattr(runtime.runner.execution.settings[pipeline.name], "source", "")
        if isinstance(pipeline.trigger, Poll) and source:
            found.append(Feeder(runtime, pipeline, source))
    return found
