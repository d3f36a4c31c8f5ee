"""Every setting, with its default and what it means, read from the models that read the settings."""

from __future__ import annotations

from typing import TypeGuard

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from docs.reference_pages._markdown import begin, finish, table
from pressroom import registry
from pressroom.config import Config
from pressroom.entrypoints.cli._field_docs import field_docs
from pressroom.entrypoints.cli._settings_file import secret_notes
from pressroom.entrypoints.cli._toml import choices, is_as_in, value
from pressroom.generators.base import Options
from pressroom.pipeline import PipelineSettings
from pressroom.publishers.base import ChannelSettings
from pressroom.sources.base import SourceSettings
from pressroom.transforms.base import TransformSettings


def page() -> str:
    lines = begin(
        "Configuration",
        "Settings stand in `pressroom.toml` in the workspace; `pressroom init` writes the file with all of them. "
        "The environment overrides it: `PRESSROOM_SERVER__PORT=9000` is `port` of `[server]`. "
        "`PRESSROOM_WORKSPACE` names the workspace, `PRESSROOM_SECRET_KEY` the key of the secrets in place of "
        "`data/secret.key`.",
        "Secrets never stand there: `pressroom secrets set channels.main.api_key` stores one encrypted, and "
        "`PRESSROOM_SECRET__CHANNELS__MAIN__API_KEY` gives one from the environment.",
    )
    for name, field in Config.model_fields.items():
        if is_model(field.annotation):
            lines += section(f"[{name}]", field.annotation)
    lines += section("[pipelines.NAME], every pipeline", PipelineSettings)
    for name in registry.names("pipelines"):
        lines += section(f"[pipelines.{name}]", registry.pipeline(name).settings, PipelineSettings)
    lines += section("[channels.NAME], every network", ChannelSettings)
    for name in registry.names("publishers"):
        kind = registry.publisher(name)
        lines += section(f'[channels.NAME] with network = "{name}"', kind.Settings, ChannelSettings)
        lines += ["", *secret_notes("NAME", kind.needs_secrets)]
    lines += section("[sources.NAME], every source", SourceSettings)
    for name in registry.polled_sources():
        source = registry.source(name)
        lines += section(f'[sources.NAME] with use = "{name}"', source.Settings, SourceSettings)
        lines += ["", *secret_notes("NAME", source.needs_secrets, "sources")]
    for name in registry.names("transforms"):
        lines += section(f'A filter with use = "{name}"', registry.transform(name).Settings, TransformSettings)
    lines += section("[generators.NAME], every generator", Options)
    for name in registry.names("generators"):
        maker = registry.generator(name)
        lines += section(f'[generators.NAME] with use = "{name}"', maker.Options, Options)
        lines += ["", *secret_notes("NAME", (maker.needs_secrets,), "generators")]
    for name in registry.names("handlers"):
        lines += section(f"[handlers.{name}]", registry.handler(name).Settings)
    return finish(lines)


def section(title: str, model: type[BaseModel], base: type[BaseModel] | None = None) -> list[str]:
    """Return the settings of a model that its base does not have, or has with another default."""
    docs = field_docs(model)
    shown = {
        name: field
        for name, field in model.model_fields.items()
        if not field.exclude and (base is None or not is_as_in(base, name, field))
    }
    inner = {name: kind for name, field in shown.items() if is_model(kind := field.annotation)}
    rows = [
        [f"`{name}`", default(field), f"{docs.get(name, '')} {choices(field)}".strip()]
        for name, field in shown.items()
        if name not in inner
    ]
    about = " ".join((model.__dict__.get("__doc__") or "").split())
    lines = ["", f"## {title}", *(["", about] if about and base is None else [])]
    lines += table(["setting", "default", "meaning"], rows) if rows else ["", "No settings of its own."]
    for name, nested in inner.items():
        lines += section(title.replace("]", f".{name}]", 1), nested)
    return lines


def is_model(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be set"
    found = field.get_default(call_default_factory=True)
    return "not set" if found is None else f"`{value(found)}`"
