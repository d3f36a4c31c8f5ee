"""Opens what a call is about: the workspace, or the deployment on AWS that it names. Here alone is chosen which."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pressroom.config import Config, Log
    from pressroom.entrypoints.cli._call import Call
    from pressroom.findings import Finding
    from pressroom.ports import Ports
    from pressroom.runtime import Runtime


def settings(call: Call, *, serves: bool = False) -> Config:
    """Return the settings in force: those of the workspace, or those that were deployed.

    `serves`: they are wanted to run things here, which is refused for a deployment.
    """
    if serves:
        _refuse_on_aws(call)
    if call.is_on_aws:
        from pressroom.runtimes.aws import read_settings

        return read_settings(call.folder, call.environment)
    return workspace_settings(call)


def workspace_settings(call: Call) -> Config:
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
    from pressroom.clocks import SystemClock

    if call.is_on_aws:
        from pressroom.runtimes.aws import open_ports
    else:
        workspace_settings(call)
        from pressroom.runtimes.embedded import open_ports

    ports = open_ports(call.folder, call.environment, SystemClock())
    try:
        yield ports
    finally:
        ports.close()


@contextmanager
def opened(call: Call, *, serves: bool = False) -> Iterator[Runtime]:
    """Open the runtime for one command. `serves`: the log is wanted as configured, not its warnings alone."""
    if serves:
        _refuse_on_aws(call)
    from pressroom import telemetry

    with (_deployed if call.is_on_aws else _embedded)(call, serves) as runtime:
        end_tracing = telemetry.start(runtime.config.telemetry)
        try:
            yield runtime
        finally:
            end_tracing()


def examine(call: Call, config: Config) -> list[Finding]:
    """Say how what is stored is, also where it cannot be opened."""
    if call.is_on_aws:
        from pressroom.runtimes.aws import examine as examine_deployment

        return examine_deployment(call.folder, call.environment)
    from pressroom.runtimes.embedded import examine as examine_workspace

    return examine_workspace(config.workspace)


@contextmanager
def _embedded(call: Call, serves: bool) -> Iterator[Runtime]:
    config = workspace_settings(call)
    from pressroom import memory_use
    from pressroom.logs import KnownSecrets
    from pressroom.runtimes.embedded import open_embedded

    memory_use.use_little()  # before any thread has memory of its own
    _log_as(call, config.log, serves)
    with open_embedded(call.folder, call.environment) as runtime:
        _log_as(call, config.log, serves, KnownSecrets(runtime.ports.secrets))
        yield runtime


@contextmanager
def _deployed(call: Call, serves: bool) -> Iterator[Runtime]:
    from pressroom.config import Log
    from pressroom.runtimes.aws import open_deployed

    _log_as(call, Log(), serves)
    deployed = open_deployed(call.folder, call.environment)
    with deployed.runtime as runtime:
        _log_as(call, runtime.config.log, serves, deployed.redact)
        yield runtime


def _log_as(call: Call, wanted: Log, serves: bool, redact: Callable[[str], str] | None = None) -> None:
    from pressroom.logs import configure

    level = "debug" if call.debug else wanted.level
    if not serves and level == "info":
        # What a short command does it says itself; its log would only be in the way.
        level = "warning"
    configure(level, wanted.format, color=call.has_color, redact=redact)
    call.redact = redact


def _refuse_on_aws(call: Call) -> None:
    """Raise for a command that runs things here: a deployment runs by itself."""
    if not call.is_on_aws:
        return
    from pressroom.errors import BadInput

    raise BadInput(
        "A deployment on AWS runs by itself: there is nothing to run here for it.",
        where="--runtime aws",
        todo="`pressroom aws status` shows how it is; without --runtime aws this runs the workspace on this machine.",
    )
