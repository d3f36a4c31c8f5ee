"""What takes the place of a generator whose libraries are too large for a function, in the settings that name it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom import registry
from pressroom.config import Config
from pressroom.errors import ConfigurationError
from pressroom.pipeline import Pipeline, PipelineSettings

IN_ITS_PLACE: Mapping[str, str] = {"espeak": "polly", "rapid_ocr": "rekognition"}
"""RapidOCR with its runtime and OpenCV has 330 MB, and a function 250; espeak needs a process of its own."""


def substituted(pipeline: Pipeline, settings: PipelineSettings) -> dict[str, str]:
    """Return the settings of a pipeline that are another's on AWS, by their names."""
    return {
        name: IN_ITS_PLACE[value]
        for name in type(settings).model_fields
        if isinstance(value := getattr(settings, name), str) and value in IN_ITS_PLACE
    }


def refuse_what_cannot_run(config: Config) -> None:
    """Raise `ConfigurationError` if a section configures a generator that no function can hold."""
    for name, values in config.generators.items():
        module = values.get("use") or name
        if module in IN_ITS_PLACE:
            raise ConfigurationError(
                f"[generators.{name}] uses {module}, whose libraries are too large for a function on AWS.",
                where=f"{config.file} [generators.{name}]",
                todo=f"Use {IN_ITS_PLACE[module]}, or leave the section out: it takes the place of {module} then.",
            )


def generators_used(config: Config, settings: Mapping[str, PipelineSettings]) -> list[str]:
    """Return the modules of the generators that the settings of pipelines name, as they are on AWS."""
    known = set(registry.names("generators"))
    named: set[str] = set()
    for one in settings.values():
        values = {value for name in type(one).model_fields if isinstance(value := getattr(one, name), str)}
        named |= {config.generators[value].get("use") or value for value in values if value in config.generators}
        named |= {IN_ITS_PLACE.get(value, value) for value in values if value in known}
    return sorted(named)


def settings_sections(config: Config, changed: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Any]]:
    """Return the settings as functions are to read them, by section: `server`, `channels/main`; no secret among them.

    `changed` is what `substituted` returned, by pipeline.
    """
    # The workspace is a folder here, and the deployment is told to functions in their environment, whose traces go to
    # X-Ray: what sends them elsewhere is not in the packages.
    plain = ("server", "fetch", "worker", "budgets", "log")
    sections = {name: getattr(config, name).model_dump(mode="json", exclude_defaults=True) for name in plain}
    for kind in ("channels", "pipelines", "generators", "sources", "handlers"):
        sections |= {f"{kind}/{name}": dict(values) for name, values in getattr(config, kind).items()}
    for name, values in changed.items():
        if values:
            sections[f"pipelines/{name}"] = sections.get(f"pipelines/{name}", {}) | values
    # A deployment whose settings are all the usual ones has settings nevertheless.
    return {name: values for name, values in sorted(sections.items()) if values or name == "server"}
