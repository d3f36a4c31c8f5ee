"""Feeds a pipeline from its source: one job for each photo that is new or changed, and never two."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

from pressroom.changes import Change, Claim
from pressroom.errors import AccountDisconnected, BadInput, Conflict, PressroomError, Unavailable
from pressroom.events import Event
from pressroom.http_outcomes import LONGEST_WAIT
from pressroom.log import log
from pressroom.pipeline import Pipeline, Poll
from pressroom.retry import doubled
from pressroom.rounds import Rounds
from pressroom.runtime import Runtime
from pressroom.sources.base import FoundPhoto, Item, Source
from pressroom.turns import turn

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
"""Between two looks at a source that cannot be read."""
TRIGGER = "source"
_NAMED = 5


class Feeder(Rounds):
    """Looks at one source for one pipeline, in a thread of its own. Any number may run on one workspace."""

    def __init__(self, runtime: Runtime, pipeline: Pipeline, name: str) -> None:
        super().__init__(f"source-{name}")
        self.pipeline, self.name = pipeline.name, name
        self._runtime = runtime
        self._source: Source = runtime.sources.make(name)
        self._failures = 0
        self.trouble = ""
        """Why the source, or photos of it, could not be taken in the last time; empty if all could."""
        self._left: list[str] = []
        """The photos that the last look could not take in, and that the next one tries again."""
        self._told: set[tuple[str, str, str]] = set()

    def interrupt(self) -> None:
        self._source.interrupt()

    def look(self) -> int:
        """Look once and start a job for each photo that is new or changed; return how many. Raises what `look` does.

        A photo's job and the note that it was found are one commit. A cursor is stored after its page, so that a
        look that is cut off finds the rest of the page again, and the notes tell what of it is known. A photo that
        cannot be taken in keeps none of the others waiting. While another process looks, this is none.
        """
        self._left = []
        key = f"source {self.name} for {self.pipeline}"
        # Two lookers would both find everything, and one could put the other's newer cursor back.
        with turn(self._runtime.ports.secrets, f"look {key}") as is_ours:
            return self._look(key) if is_ours else 0

    def _look(self, key: str) -> int:
        started = 0
        for page in self._source.look(self._runtime.ports.cursors.get(key)):
            for item in page.items:
                try:
                    started += self._take(item)
                except BadInput as error:
                    self._tell("a photo cannot be used and is left out", item, error)
                except Exception as error:  # noqa: BLE001 - told, and tried again
                    self._left.append(item.info.name or item.id)
                    self._tell("a photo could not be taken in; every look tries it again", item, error)
            # Behind a photo that was left no cursor is stored, or no look would find it again.
            if not self._left:
                self._runtime.ports.cursors.put(key, page.cursor)
            if self.stopping.is_set():
                break
        return started

    def _take(self, item: Item) -> bool:
        ledger = self._runtime.ports.ledger
        photo = _key("found", self.pipeline, self.name, item.id)
        version = _key("found", self.pipeline, self.name, item.id, item.version)
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

    def _tell(self, what: str, item: Item, error: Exception) -> None:
        """Log why a photo was not taken in, once for each version and reason."""
        told = (item.id, item.version, str(error))
        if told not in self._told:
            self._told.add(told)
            is_defect = not isinstance(error, PressroomError)
            name = item.info.name or item.id
            log.error(what, source=self.name, photo=name, why=str(error), exc_info=error if is_defect else None)

    # --- the thread

    def round(self) -> float:
        """Look once, then wait until the source tells of changes or the time has come to look anyway."""
        pause = self.look_and_tell()
        try:
            self._source.wait(pause)
        except Exception:
            log.exception("a source cannot tell of changes; it is looked at again later", source=self.name)
            return max(pause, FIRST_PAUSE.total_seconds())
        return 0.0

    def look_and_tell(self) -> float:
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
        if count:
            log.info("photos found", source=self.name, photos=count, pipeline=self.pipeline)
        every = float(self._source.setup.settings.every_seconds)
        if self._left:
            named = ", ".join(self._left[:_NAMED])
            return min(every, self._pause(f"{len(self._left)} photos could not be taken in: {named}"))
        if self.trouble:
            log.info("the source can be read again", source=self.name)
        self._failures, self.trouble = 0, ""
        return every

    def _failed(self, error: Exception, until: datetime | None) -> float:
        now = self._runtime.ports.clock.now()
        if str(error) != self.trouble:
            log.warning("a source cannot be read", source=self.name, why=str(error))
        if isinstance(error, AccountDisconnected) and str(error) != self.trouble:
            self._announce(error, now)
        pause = self._pause(str(error))
        if until is None or until <= now:
            return pause
        return min(max(until - now, FIRST_PAUSE), LONGEST_WAIT).total_seconds()

    def _pause(self, trouble: str) -> float:
        self._failures, self.trouble = self._failures + 1, trouble
        return doubled(FIRST_PAUSE, self._failures - 1, LONGEST_PAUSE).total_seconds()

    def _announce(self, error: AccountDisconnected, now: datetime) -> None:
        data = {"source": self.name, "error": error.problem(f"source {self.name}").as_dict()}
        event = Event(type="SourceDisconnected", subject=self.name, time=now, data=data)
        try:
            self._runtime.bus.commit(Change(events=(event,)))
        except PressroomError as failed:
            log.warning("a disconnected source could not be announced", source=self.name, why=str(failed))


def _key(*parts: str) -> str:
    """Join the parts so that no others make the same key, whatever signs they hold."""
    return ":".join(quote(part, safe=" /") for part in parts)


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
