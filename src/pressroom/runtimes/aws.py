"""The AWS runtime: what is stored lies in AWS's services, for functions and for the command line alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pressroom import config as configuration
from pressroom.backends.aws_clients import AwsClients
from pressroom.carriers import Executions, Words
from pressroom.clocks import SystemClock
from pressroom.config import Config
from pressroom.deployment.names import Names
from pressroom.errors import NotFound, PressroomError
from pressroom.findings import Finding
from pressroom.ports import Clock, Ports
from pressroom.runtime import Runtime

if TYPE_CHECKING:
    from pressroom.backends.read_secrets import ReadSecrets
    from pressroom.pipeline import Pipeline
    from pressroom.publishers.base import Publisher


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """What a function works with: the runtime, and what carries the word to others."""

    runtime: Runtime
    names: Names
    executions: Executions
    words: Words
    redact: Callable[[str], str]
    """Takes out of a text the secrets that were read here, and what looks like one."""
    sweep: Callable[[datetime], int]
    """Finishes what a crash left undone, as of a time; to be called now and then."""


def open_aws(workspace: Path, environment: Mapping[str, str], clock: Clock | None = None) -> Runtime:
    """Open a deployment that the settings of a workspace, or the environment, name: `[aws] name` and `region`.

    All other settings are those that were deployed. Raises `ConfigurationError` if nothing is deployed there.
    """
    return open_deployed(workspace, environment, clock).runtime


def open_deployed(
    workspace: Path,
    environment: Mapping[str, str],
    clock: Clock | None = None,
    *,
    pipelines: Mapping[str, Pipeline] | None = None,
    publishers: Mapping[str, Publisher] | None = None,
    is_function: bool = False,
) -> Deployed:
    """Open a deployment with what carries the word.

    `pipelines`, and `publishers` by their channels, take the place of those that are installed. `is_function`: whoever
    opens it may read some of the secrets, and list none.
    """
    from pressroom.backends.sqs import SqsWords
    from pressroom.backends.step_functions import StepFunctions
    from pressroom.composition import compose

    clients = _clients(workspace, environment)
    loaded = deployed_settings(clients, workspace, environment)
    opened = _open(clients, environment, clock or SystemClock(), is_function=is_function)
    try:
        runtime = compose(loaded, opened.ports, pipelines, publishers=publishers)
    except BaseException:
        opened.ports.close()
        raise
    return Deployed(
        runtime=runtime,
        names=Names(clients.settings.name),
        executions=StepFunctions(clients),
        words=SqsWords(clients),
        redact=opened.secrets.redact,
        sweep=opened.sweep,
    )


def prepare(runtime: Runtime) -> list[str]:
    """Store what a deployment begins with, as far as it is not there yet; return the keys of the assets among it."""
    from pressroom.runtimes.embedded import put_samples

    stored = put_samples(runtime)
    # The first signature makes the key of all that follow: functions may read it, and none of them may write it.
    runtime.ports.blobs.sign(*_NO_ASSET, runtime.ports.clock.now())
    return stored


def open_ports(workspace: Path, environment: Mapping[str, str], clock: Clock) -> Ports:
    """Open what is stored, for whoever only reads it; the deployed settings are not read for that."""
    return _open(_clients(workspace, environment), environment, clock).ports


def read_settings(workspace: Path, environment: Mapping[str, str]) -> Config:
    """Return the settings of a deployment, without opening what is stored there."""
    clients = _clients(workspace, environment)
    try:
        return deployed_settings(clients, workspace, environment)
    finally:
        clients.close()


def examine(workspace: Path, environment: Mapping[str, str]) -> list[Finding]:
    """Say whether what is stored can be reached; changes nothing, and raises nothing."""
    clients = _clients(workspace, environment)
    name = clients.settings.name
    try:
        stored = _open(clients, environment, SystemClock()).ports
        stored.jobs.get("job_that_doctor_asks_for")
        with suppress(NotFound):
            stored.blobs.get(*_NO_ASSET)
    except PressroomError as error:
        return [Finding(ok=False, what=error.what, todo=error.todo)]
    finally:
        clients.close()
    return [Finding(ok=True, what=f"The tables and buckets of the deployment {name} can be read.")]


_NO_ASSET = ("config/doctor-asks-for-nothing", 1)


def deployed_settings(clients: AwsClients, workspace: Path, environment: Mapping[str, str]) -> Config:
    """Return the settings as they were deployed, under what the environment says; `[aws]` is as it was asked for."""
    from pressroom.backends import parameter_store

    values = parameter_store.read(clients) | {"aws": clients.settings.model_dump()}
    origin = f"the parameters {Names(clients.settings.name).settings_path}/*"
    return configuration.load_values(values, environment, workspace, origin)


def _clients(workspace: Path, environment: Mapping[str, str]) -> AwsClients:
    return AwsClients(configuration.load(workspace, environment).aws)


@dataclass(frozen=True, kw_only=True)
class _Opened:
    ports: Ports
    secrets: ReadSecrets
    sweep: Callable[[datetime], int]


def _open(clients: AwsClients, environment: Mapping[str, str], clock: Clock, *, is_function: bool = False) -> _Opened:
    from pressroom.backends.dynamodb import open_dynamo
    from pressroom.backends.quiet_wake import QuietWake
    from pressroom.backends.read_secrets import ReadSecrets
    from pressroom.backends.s3 import S3Blobs
    from pressroom.backends.secrets_manager import SecretsManagerSecrets

    stored = open_dynamo(clients, clock)
    kept = SecretsManagerSecrets(clients, stored.locks.lock, environment, clock)
    secrets = ReadSecrets(kept, names_what_it_read=is_function)
    ports = Ports(
        clock=clock,
        store=stored.store,
        events=stored.events,
        queue=stored.queue,
        dead_letters=stored.dead_letters,
        jobs=stored.jobs,
        publications=stored.publications,
        assets=stored.assets,
        blobs=S3Blobs(clients, lambda: kept.derive("asset urls"), clock),
        ledger=stored.ledger,
        costs=stored.costs,
        schedules=stored.schedules,
        cursors=stored.cursors,
        tables=stored.tables,
        channel_states=stored.channel_states,
        secrets=secrets,
        views=stored.views,
        wake=QuietWake(),
        close=clients.close,
    )
    return _Opened(ports=ports, secrets=secrets, sweep=stored.sweep)
