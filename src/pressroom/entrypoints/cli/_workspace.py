"""Opens the workspace of a call: its settings, its log and its runtime."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pressroom.config import Config
    from pressroom.entrypoints.cli._call import Call
    from pressroom.ports import Ports
    from pressroom.runtime import Runtime


def settings(call: Call) -> Config:
    """Read the workspace's settings; a folder that is no workspace is an error that names `pressroom init`."""
    from pressroom.config import FILE_NAME, load
    from pressroom.errors import ConfigurationError

    folder = call.folder
    if not (folder / FILE_NAME).is_file():
        raise ConfigurationError(
            f"There is no workspace in {folder}: it has no {FILE_NAME}.",
            where=str(folder),
            todo="Make one with `pressroom init`, or name another folder with --workspace DIR or PRESSROOM_WORKSPACE.",
        )
    return load(folder, call.environment)


@contextmanager
def records(call: Call) -> Iterator[Ports]:
    """Open what is stored, for a command that only reads it: without pipelines, publishers and log it starts sooner."""
    settings(call)
    from pressroom.clocks import SystemClock
    from pressroom.runtimes.embedded import open_ports

    ports = open_ports(call.folder, call.environment, SystemClock())
    try:
        yield ports
    finally:
        ports.close()


@contextmanager
def opened(call: Call, *, serves: bool = False) -> Iterator[Runtime]:
    """Open the runtime for one command. `serves`: the log is wanted as configured, not its warnings alone."""
    config = settings(call)
    from pressroom import memory_use, telemetry
    from pressroom.logs import KnownSecrets, configure
    from pressroom.runtimes.embedded import open_embedded

    memory_use.use_little()  # before any thread has memory of its own
    level = "debug" if call.debug else config.log.level
    if not serves and level == "info":
        # What a short command does it says itself; its log would only be in the way.
        level = "warning"
    configure(level, config.log.format, color=call.has_color)
    with open_embedded(call.folder, call.environment) as runtime:
        call.redact = KnownSecrets(runtime.ports.secrets)
        configure(level, config.log.format, color=call.has_color, redact=call.redact)
        end_tracing = telemetry.start(config.telemetry)
        try:
            yield runtime
        finally:
            end_tracing()
