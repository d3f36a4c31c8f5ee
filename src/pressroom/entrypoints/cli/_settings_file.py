"""The `pressroom.toml` that `init` writes: every setting there is, with its default, made from the models."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pressroom.entrypoints.cli._toml import comment, section

if TYPE_CHECKING:
    from pydantic import BaseModel

HEAD = """\
# Pressroom's settings. Every setting stands here with its default; change what you need.
# A line that begins with "#" and a word is an explanation; "#name = value" is a setting to be switched on.
# The environment overrides this file: PRESSROOM_SERVER__PORT=9000 for port below [server].
# Secrets do not stand here: `pressroom secrets set NAME` stores them encrypted.
"""


def settings_file() -> str:
    """Return the whole file; what is not commented out equals the defaults."""
    from pydantic import BaseModel

    from pressroom.config import Config

    parts = [HEAD]
    for name, field in Config.model_fields.items():
        model = field.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            parts.append(section(name, model, notes=_about(model)))
    parts += [_pipelines(), _sources(), _channels(), _generators(), _handlers()]
    return "\n".join(part for part in parts if part)


def _pipelines() -> str:
    from pressroom import registry

    parts = []
    for name in registry.names("pipelines"):
        pipeline = registry.pipeline(name)
        # Where it declares settings of its own, the module says what the pipeline is.
        module = sys.modules[pipeline.settings.__module__]
        notes = _about(module) if getattr(module, "pipeline", None) is pipeline else ()
        parts.append(section(f"pipelines.{name}", pipeline.settings, notes=notes))
    return "\n".join(parts)


def _sources() -> str:
    from pressroom import registry

    parts = comment(
        "Sources: where photos come from. Switch a section on, name it as you like, and name it as the `source` of "
        "[pipelines.photo_feed]; `pressroom up` then looks at it."
    )
    for use in registry.polled_sources():
        source, name = registry.source(use), f"my_{use}"
        notes = tuple(secret_notes(name, source.needs_secrets, "sources"))
        parts.append(
            "\n" + section(f"sources.{name}", source.Settings, off=True, values={"use": use}, notes=notes).rstrip()
        )
    return "\n".join(parts) + "\n"


def _channels() -> str:
    from pressroom import registry
    from pressroom.publishers.base import ChannelSettings

    parts = [
        *comment(
            "Channels: the accounts that posts go to. The channel `preview` is always there and publishes nothing. "
            "To publish, switch a section on, name it as you like, and list that name in a pipeline's `channels`."
        ),
        "\n" + section("channels.NAME", ChannelSettings, off=True, notes=("What every channel can be told:",)).rstrip(),
    ]
    for network in registry.names("publishers"):
        publisher = registry.publisher(network)
        name = f"my_{network}"
        parts.append(
            "\n"
            + section(
                f"channels.{name}",
                publisher.Settings,
                off=True,
                values={"network": network},
                base=ChannelSettings,
                notes=tuple(secret_notes(name, publisher.needs_secrets)),
            ).rstrip()
        )
    return "\n".join(parts) + "\n"


def _generators() -> str:
    from pressroom import registry

    parts = [
        *comment(
            "Generators: the models that draw and write. A pipeline names a section's name, or a module's "
            "(`offline_image`) where its defaults will do."
        )
    ]
    for use in registry.names("generators"):
        generator = registry.generator(use)
        name = f"my_{use}"
        notes = secret_notes(name, (generator.needs_secrets,) if generator.needs_secrets else (), "generators")
        parts.append(
            "\n"
            + section(
                f"generators.{name}", generator.Options, off=True, values={"use": use}, notes=tuple(notes)
            ).rstrip()
        )
    return "\n".join(parts) + "\n"


def _handlers() -> str:
    from pressroom import registry

    parts = [
        section(f"handlers.{name}", registry.handler(name).Settings, notes=_about(registry.handler(name)))
        for name in registry.names("handlers")
    ]
    return "\n".join(parts)


def secret_notes(name: str, sets: tuple[tuple[str, ...], ...], kind: str = "channels") -> list[str]:
    """Say which secrets a section needs, by the names that `pressroom secrets set` takes."""
    if not any(sets):
        return []
    ways = [", ".join(f"{kind}.{name}.{secret}" for secret in one) for one in sets if one]
    return [f"Secrets: {'; or '.join(ways)}."]


def _about(thing: type[BaseModel] | type[Any] | ModuleType) -> tuple[str, ...]:
    """Return the docstring of a module, or a class's own; an inherited one says nothing about this class."""
    text = thing.__dict__.get("__doc__") or ""
    return (" ".join(text.split()),) if text else ()
