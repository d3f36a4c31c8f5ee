"""Configures structlog for a process: for people on a terminal, JSON otherwise, always on standard error.

A line inside a job carries what was bound with `structlog.contextvars` (`job_id`, `step`); known secrets are taken out.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, MutableMapping
from typing import TYPE_CHECKING, Any, TextIO

import structlog

if TYPE_CHECKING:
    from pressroom.ports import Secrets

Line = MutableMapping[str, Any]
Redact = Callable[[str], str]

NEVER_SECRET = frozenset({"timestamp", "level", "logger", "job_id", "event_id"})
"""Values that we make ourselves; looking through them would only cost time."""

_NOBODY_TAKES_IT = "socket.send() raised exception."
"""asyncio's words; CPython 3.11, asyncio/selector_events.py."""


class KnownSecrets:
    """Takes the stored secrets out of text, those included that were stored a while ago by somebody else."""

    READ_ANEW_AFTER = 10.0
    """Seconds; a token that was refreshed meanwhile is caught by its looks until then."""

    def __init__(self, secrets: Secrets, now: Callable[[], float] = time.monotonic) -> None:
        self._secrets, self._now = secrets, now
        self._redact: Redact | None = None
        self._read_at = 0.0

    def __call__(self, text: str) -> str:
        now = self._now()
        if self._redact is None or now - self._read_at > self.READ_ANEW_AFTER:
            self._read_at = now
            self._redact = self._made()
        return self._redact(text)

    def _made(self) -> Redact:
        from pressroom.errors import PressroomError
        from pressroom.redaction import redactor

        try:
            values = [self._secrets.get(name) for name in self._secrets.names()]
        except (PressroomError, OSError):
            # Secrets that cannot be read now cannot get into the log either; whoever needs one raises this error.
            return self._redact or redactor(())
        return redactor(value for value in values if value)


class BySight:
    """Takes out of text what looks like a secret."""

    def __init__(self) -> None:
        self._redact: Redact | None = None

    def __call__(self, text: str) -> str:
        if self._redact is None:
            # Made with the first line: a short command that logs nothing need not wait for it.
            from pressroom.redaction import redactor

            self._redact = redactor(())
        return self._redact(text)


class StandardError:
    """Writes to whatever standard error is at that moment: a live display or a test may have put its own there."""

    def msg(self, message: str) -> None:
        # One write a line: lines of several threads do not run into each other.
        sys.stderr.write(message + "\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = log = msg


def configure(level: str = "info", format: str = "auto", *, color: bool = True, redact: Redact | None = None) -> None:
    """Set up structlog and the standard library's logging alike; may be called again.

    `level` and `format` are those of `[log]`; what other libraries log is shown from warnings on, or at "debug".
    `redact` takes secrets out of one text; without it only what looks like a secret is taken out.
    """
    threshold = logging.getLevelNamesMapping()[level.upper()]
    before = _processors(redact or BySight())
    after = _renderer(format, color, sys.stderr)
    structlog.configure(
        processors=[*before, after],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=lambda *_: StandardError(),
        # Loggers live as long as their modules; a cached one would keep the first configuration.
        cache_logger_on_first_use=False,
    )
    handler = _ForeignHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *before],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, after],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    logging.getLogger("asyncio").addFilter(_told_of_callers_who_leave)
    root.setLevel(threshold if threshold == logging.DEBUG else max(threshold, logging.WARNING))


def _told_of_callers_who_leave(record: logging.LogRecord) -> bool:
    """Say in our words, and to whoever looks closely, what asyncio warns of for each piece that nobody takes."""
    if record.msg != _NOBODY_TAKES_IT:
        return True
    record.msg, record.levelno, record.levelname = "a caller left before its answer was sent", logging.DEBUG, "DEBUG"
    return logging.getLogger().isEnabledFor(logging.DEBUG)


class _ForeignHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            StandardError().msg(self.format(record))
        except Exception:  # noqa: BLE001 - a log line that cannot be written must not stop the work
            self.handleError(record)


def _processors(redact: Redact) -> list[Callable[[Any, str, Line], Line]]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        # As text, before secrets are taken out: a prettier traceback would show local variables.
        structlog.processors.format_exc_info,
        lambda _logger, _method, line: without_secrets(line, redact),
    ]


def _renderer(format: str, color: bool, stream: TextIO) -> Any:
    for_people = format == "console" or (format == "auto" and stream.isatty())
    if not for_people:
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(
        colors=color and stream.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )


def without_secrets(line: Line, redact: Redact) -> Line:
    """Take secrets out of every value of a line, however deep it stands."""
    return {name: value if name in NEVER_SECRET else _clean(value, redact) for name, value in line.items()}


def _clean(value: Any, redact: Redact) -> Any:
    if isinstance(value, dict):
        return {key: _clean(inner, redact) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(inner, redact) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(value if isinstance(value, str) else str(value))
