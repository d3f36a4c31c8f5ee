"""The log of a function: our lines, cleared of secrets as everywhere, written by Powertools as JSON."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TextIO

from pressroom.entrypoints.aws_lambda._telling import IN_LAMBDA
from pressroom.logs import configure

_ITS_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "service", "location", "xray_trace_id"}
"""Names that a record of the standard library has for itself, and refuses from others."""
_ITS_OWN_TOO = ("level", "timestamp")
"""Of ours, what Powertools writes anyway."""


def write_log(
    level: str, redact: Callable[[str], str], environment: Mapping[str, str], stream: TextIO | None = None
) -> None:
    """Set the log up for this container; outside Lambda it is the usual one, as JSON."""
    configure(level, "json", redact=redact)
    if IN_LAMBDA not in environment:
        return
    import structlog
    from aws_lambda_powertools import Logger

    name = environment[IN_LAMBDA]
    lines = Logger(service=name, level=level.upper(), stream=stream or sys.stdout, location=None, use_rfc3339=True)
    logging.getLogger(name).propagate = False  # the usual handler is for what other libraries tell
    # All that comes before the last one: levels, exceptions as text, and no secrets.
    cleared = structlog.get_config()["processors"][:-1]
    structlog.configure(processors=[*cleared, _as_record], logger_factory=lambda *_: _Lines(lines))


def _as_record(logger: Any, method: str, line: MutableMapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Turn a line into what a standard logger takes: the message, and the rest beside it."""
    said = {key: value for key, value in line.items() if key not in ("event", *_ITS_OWN_TOO)}
    beside = {f"{key}_" if key in _ITS_OWN else key: value for key, value in said.items()}
    return (line.get("event", ""),), {"extra": beside}


class _Lines:
    """Powertools' logger, without what it would add to an exception: its text stands in the line, cleared already."""

    def __init__(self, lines: Any) -> None:
        self.debug, self.info, self.warning = lines.debug, lines.info, lines.warning
        self.warn, self.msg, self.log = lines.warning, lines.info, lines.info
        self.error = self.exception = lines.error
        self.critical = self.fatal = lines.critical
