"""The log of the core: structlog, loaded with the first line, since most commands write none."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any


class Log:
    """Has the methods of a structlog logger: `log.info("what happened", job_id=…)`."""

    def __getattr__(self, name: str) -> Any:
        import structlog

        return getattr(structlog.get_logger("pressroom"), name)


def bound(**values: Any) -> AbstractContextManager[Any]:
    """Let every line within carry these values."""
    from structlog.contextvars import bound_contextvars

    return bound_contextvars(**values)


log = Log()
