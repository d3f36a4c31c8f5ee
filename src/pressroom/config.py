"""Reads the settings once: defaults, then `pressroom.toml`, then the environment. Also what each one is."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from pressroom.errors import ConfigurationError
from pressroom.setting_mistakes import complaint

M = TypeVar("M", bound=BaseModel)

FILE_NAME = "pressroom.toml"
PREFIX = "PRESSROOM_"
_NOT_SETTINGS = ("PRESSROOM_WORKSPACE", "PRESSROOM_SECRET_KEY")


class Section(BaseModel):
    # A text of digits, such as a user's id, comes from a variable as the number that TOML would read.
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Server(Section):
    host: str = "127.0.0.1"
    """Where the pages listen; beyond loopback they ask for a key."""
    port: int = Field(8080, ge=0, le=65535)
    """0 takes any free port."""
    public_base_url: str = ""
    """Where the pages can be reached from outside, for links in posts and mails; with one they ask for the key."""
    gallery: bool = False
    """Whether the public page with the posted pictures is shown."""
    requests_per_minute: int = Field(1200, ge=0)
    """How often each key may ask the HTTP API, in each process; 0 for no limit."""
    largest_body_bytes: int = Field(1_048_576, ge=1024)
    """The largest body that the HTTP API takes; uploads and webhooks have limits of their own."""
    cors_origins: tuple[Annotated[str, Field(pattern=r"^(\*|https?://[^/\s]+)$")], ...] = Field(
        (), examples=["https://app.example", "*"]
    )
    """Origins whose pages may use the HTTP API, such as https://app.example; "*" for all that bring a key."""


class Fetch(Section):
    allow_hosts: tuple[str, ...] = ()
    """"host:port" entries that may be fetched although they are not public."""


class Worker(Section):
    threads: int = Field(8, ge=1, le=64)
    """Steps that run at the same time in one process."""
    picture_threads: int = Field(2, ge=1, le=64)
    """Photos that are decoded at the same time in one process; each takes up to about 150 MB."""
    channel_threads: int = Field(1, ge=1, le=16)
    """Posts under way at the same time on one channel, in one process."""
    lease_seconds: float = Field(60, gt=1)
    """How long a lost worker's delivery stays with it."""
    stop_seconds: float = Field(10, gt=0)
    """How long a stopping worker lets its steps finish."""


class Budgets(Section):
    """US dollars for all pipelines together; a call that could pass one is not made."""

    per_day: Decimal | None = Field(None, ge=0)
    """Within a calendar day in UTC."""
    per_month: Decimal | None = Field(None, ge=0)
    """Within a calendar month in UTC."""


class Log(Section):
    level: str = Field("info", pattern="^(debug|info|warning|error)$")
    """The least that is worth a line."""
    format: str = Field("auto", pattern="^(auto|console|json)$")
    """auto: for people on a terminal, JSON otherwise."""


class Telemetry(Section):
    otlp_endpoint: str = ""
    """Where OpenTelemetry traces go, such as http://127.0.0.1:4318; empty for nowhere."""


class Aws(Section):
    name: str = Field("pressroom", pattern="^[a-z][a-z0-9-]{1,30}$")
    """The deployment: everything of it on AWS is named after it, so one account may have several."""
    region: str = ""
    """Where it runs, such as eu-central-1; empty for what the AWS tools are set to."""
    account: str = Field("", pattern="^([0-9]{12})?$", examples=["123456789012"])
    """The number of the account it is in; empty to ask AWS when it is needed."""
    endpoint_url: str = ""
    """An emulator's address; empty for AWS itself."""


class Config(Section):
    """All settings. Sections that belong to an extension are kept as they stand and read by it."""

    workspace: Path = Field(exclude=True)
    server: Server = Server()
    fetch: Fetch = Fetch()
    worker: Worker = Worker()
    budgets: Budgets = Budgets()
    log: Log = Log()
    telemetry: Telemetry = Telemetry()
    aws: Aws = Aws()
    channels: dict[str, dict[str, Any]] = {}
    pipelines: dict[str, dict[str, Any]] = {}
    generators: dict[str, dict[str, Any]] = {}
    sources: dict[str, dict[str, Any]] = {}
    handlers: dict[str, dict[str, Any]] = {}
    _overridden: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.workspace / FILE_NAME

    @property
    def overridden(self) -> Mapping[str, str]:
        """Which variable of the environment set which path: `channels.main.user_id`."""
        return self._overridden


def load(workspace: Path, environment: Mapping[str, str]) -> Config:
    """Read the workspace's settings; every mistake is named with its place in the file or the variable."""
    file = workspace / FILE_NAME
    values: dict[str, Any] = {}
    if file.exists():
        try:
            values = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{file} cannot be read: {error}.", todo="Mend that line.") from error
    return load_values(values, environment, workspace)


def load_values(values: dict[str, Any], environment: Mapping[str, str], workspace: Path, origin: str = "") -> Config:
    """Make settings of values that were read already, under what the environment says.

    `origin` is where they stand, for whoever has to correct them; the workspace's own file if it is empty.
    """
    values = deepcopy(values)
    overridden = _override(values, environment)
    try:
        config = Config(workspace=workspace, **values)
    except ValidationError as error:
        raise invalid(error, Config, origin or str(workspace / FILE_NAME), overridden) from error
    config._overridden.update(overridden)
    return config


def section(model: type[M], values: Mapping[str, Any], name: str, config: Config) -> M:
    """Validate one extension's section, `channels.main`, with that extension's own model."""
    try:
        return model(**values)
    except ValidationError as error:
        raise invalid(error, model, str(config.file), config.overridden, name) from error


def invalid(
    error: ValidationError, model: type[BaseModel], file: str, overridden: Mapping[str, str], prefix: str = ""
) -> ConfigurationError:
    """Return an error that names each mistake with its place, and the closest settings that the model has."""
    lines = []
    is_of_file = False
    for item in error.errors(include_url=False):
        # A value in a list is told by the list's name: its number is no setting.
        loc = list(item["loc"])
        while len(loc) > 1 and isinstance(loc[-1], int):
            loc.pop()
        path = ".".join([prefix, *map(str, loc)] if prefix else map(str, loc))
        variable = _variable(path, overridden)
        is_of_file = is_of_file or not variable
        table, _, name = path.rpartition(".")
        where = f"the variable {variable}" if variable else f"[{table}] {name}" if table else f"[{name}]"
        lines.append(f"{where}: {complaint(item, model)}")
    if not is_of_file:
        what = _sentence("; ".join(lines))
        return ConfigurationError(what[:1].upper() + what[1:], where="the environment", todo="Correct it there.")
    return ConfigurationError(
        _sentence(f"{file}: " + "; ".join(lines)),
        where=file,
        todo="Correct it there; `pressroom init` in an empty folder writes a file with every setting explained.",
    )


def _sentence(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


def _variable(path: str, overridden: Mapping[str, str]) -> str | None:
    """Return the variable that set a path, a value around it, or all there is within it."""
    around = [path]
    while "." in around[-1]:
        around.append(around[-1].rpartition(".")[0])
    within = [inner for inner in overridden if inner.startswith(f"{path}.")]
    return next((overridden[one] for one in [*around, *within] if one in overridden), None)


def _override(values: dict[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """Lay `PRESSROOM_SECTION__KEY` variables over the file's values; return which variable set which path."""
    overridden = {}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX) or variable in _NOT_SETTINGS:
            continue
        if "__" not in variable:
            _refuse_a_whole_section(variable)
            continue
        path = variable.removeprefix(PREFIX).lower().split("__")
        if path[0] == "secret":
            continue
        target = values
        for part in path[:-1]:
            inner = target.setdefault(part, {})
            if not isinstance(inner, dict):
                raise ConfigurationError(f"The variable {variable} goes through {part}, which is a value.")
            target = inner
        target[path[-1]] = _value(text)
        overridden[".".join(path)] = variable
    return overridden


def _refuse_a_whole_section(variable: str) -> None:
    """Raise if a variable is named after a section; what else bears the prefix is somebody else's."""
    name = variable.removeprefix(PREFIX).lower()
    if name not in Config.model_fields or name == "workspace":
        return
    kind = Config.model_fields[name].annotation
    keys = ["NAME__KEY"]
    if isinstance(kind, type) and issubclass(kind, Section):
        keys = [key.upper() for key in kind.model_fields]
    raise ConfigurationError(
        f"The variable {variable} names a whole section, which a variable cannot set.",
        where="the environment",
        todo=f"Name a setting of it: {', '.join(f'{variable}__{key}' for key in keys)}.",
    )


def _value(text: str) -> Any:
    """Read a variable as TOML would (`true`, `8080`, `["a", "b"]`), else as the text it is."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def workspace_path(option: str | os.PathLike[str] | None, environment: Mapping[str, str]) -> Path:
    """Return the workspace: the option, else `PRESSROOM_WORKSPACE`, else the current folder."""
    return Path(option or environment.get("PRESSROOM_WORKSPACE") or ".").expanduser().resolve()
