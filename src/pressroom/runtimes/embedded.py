"""The embedded runtime: SQLite, files and threads in one workspace, with no account anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from pressroom import config as configuration
from pressroom.backends.encrypted_file import EncryptedFileSecrets
from pressroom.backends.files import FileBlobs
from pressroom.backends.sqlite import open_sqlite
from pressroom.backends.wake import MachineWake
from pressroom.changes import Change
from pressroom.clocks import SystemClock
from pressroom.errors import ConfigurationError
from pressroom.findings import Finding
from pressroom.ports import Clock, Ports
from pressroom.runtime import Runtime

DATA = "data"
DATABASE = "pressroom.db"
HAD_DATABASE = ".had-database"
"""A file beside the database that stays when the database is gone."""
ASSETS = "assets"


def open_embedded(workspace: Path, environment: Mapping[str, str], clock: Clock | None = None) -> Runtime:
    """Open a workspace; raises `ConfigurationError` with what to do if its settings or its database cannot be used."""
    # Only to list what is stored, `open_ports` is enough, and much is not loaded then.
    from pressroom.composition import compose

    loaded = configuration.load(workspace, environment)
    ports = open_ports(workspace, environment, clock or SystemClock())
    try:
        return compose(loaded, ports)
    except BaseException:
        ports.close()
        raise


def open_ports(workspace: Path, environment: Mapping[str, str], clock: Clock) -> Ports:
    data = workspace / DATA
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The workspace {workspace} cannot be written to: {error.strerror}.",
            todo="Give this user the right to write there, or choose another with --workspace.",
        ) from error
    secrets = EncryptedFileSecrets(data / "secrets.enc", data / "secret.key", environment)
    _refuse_a_lost_database(data)
    database = open_sqlite(data / DATABASE, clock)
    (data / HAD_DATABASE).touch()
    wake = MachineWake(workspace)

    def close() -> None:
        wake.close()
        database.close()

    return Ports(
        clock=clock,
        store=database.store,
        events=database.events,
        queue=database.queue,
        dead_letters=database.dead_letters,
        jobs=database.jobs,
        publications=database.publications,
        assets=database.assets,
        blobs=FileBlobs(workspace / ASSETS, secrets.derive("asset urls"), clock),
        ledger=database.ledger,
        costs=database.costs,
        schedules=database.schedules,
        cursors=database.cursors,
        tables=database.tables,
        channel_states=database.channel_states,
        secrets=secrets,
        views=database.views,
        wake=wake,
        close=close,
    )


def _refuse_a_lost_database(data: Path) -> None:
    """Raise if there was a database here: with a new one, everything that was posted would be posted again."""
    if (data / DATABASE).exists() or not (data / HAD_DATABASE).exists():
        return
    raise ConfigurationError(
        f"{data / DATABASE} is missing, and with it the knowledge of what was posted.",
        where=str(data / DATABASE),
        todo=f"Put it back, from a backup if need be. To begin anew all the same, remove {data / HAD_DATABASE} too: "
        "what sources then find is posted again.",
    )


def examine(workspace: Path) -> list[Finding]:
    """Say how what is stored is; also where the workspace cannot be opened, so it opens nothing for writing."""
    from pressroom.backends.sqlite.examining import examine as examine_database

    return [examine_database(workspace / DATA / DATABASE)]


def put_samples(runtime: Runtime) -> list[str]:
    """Store the sample data under `config/` unless something is there already; return the keys that are new."""
    new = []
    for sample in sorted(files("pressroom.samples").iterdir(), key=lambda item: item.name):
        key = f"config/{sample.name}"
        if sample.name.endswith(".json") and runtime.ports.assets.get(key) is None:
            asset = runtime.assets.store(key, sample.read_bytes(), media_type="application/json")
            runtime.bus.commit(Change(assets=(asset,)))
            new.append(key)
    return new
