"""Writes what Terraform needs to know of this workspace: its variables, and the pipelines' state machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressroom.config import Config
    from pressroom.deployment.deployed import Deployment

VARIABLES = "pressroom.auto.tfvars.json"
"""Terraform reads a file so named by itself."""


def deployment_of(config: Config) -> Deployment:
    """Return what the workspace is on AWS; raises `ConfigurationError` for what cannot be deployed."""
    from pressroom import registry
    from pressroom.config import section
    from pressroom.deployment import deployed
    from pressroom.errors import ConfigurationError, UnknownName
    from pressroom.runtimes.aws_shapes import table_names

    pipelines = {name: registry.pipeline(name) for name in registry.names("pipelines")}
    for name in config.pipelines:
        if name not in pipelines:
            raise UnknownName("pipeline", name, pipelines, where=f"{config.file} [pipelines.{name}]")
    settings = {
        name: section(pipeline.settings, config.pipelines.get(name, {}), f"pipelines.{name}", config)
        for name, pipeline in pipelines.items()
    }
    for name, values in config.channels.items():
        if "network" not in values:
            raise ConfigurationError(
                f"The channel {name} does not say which network it is on.",
                where=f"{config.file} [channels.{name}]",
                todo=f'Add `network = "…"` there; known: {", ".join(registry.names("publishers"))}.',
            )
        section(registry.publisher(str(values["network"])).Settings, values, f"channels.{name}", config)
    return deployed.deployment_of(config, pipelines, settings, table_names())


def write(deployment: Deployment, folder: Path) -> dict[Path, bool]:
    """Write the files; return which there are, and whether each is new or other than it was.

    The same workspace gives the same bytes. A state machine of a pipeline that is gone is removed.
    """
    from pressroom.deployment.variables import STATE_MACHINES

    wanted = files_of(deployment, folder)
    changed = {}
    for path, text in wanted.items():
        changed[path] = not path.is_file() or path.read_text(encoding="utf-8") != text
        if changed[path]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for left in (folder / STATE_MACHINES).glob("*.asl.json"):
        if left not in wanted:
            left.unlink()
            changed[left] = True
    return changed


def files_of(deployment: Deployment, folder: Path) -> dict[Path, str]:
    from pressroom import registry
    from pressroom.deployment.state_machines import state_machine
    from pressroom.deployment.variables import STATE_MACHINES, variables
    from pressroom.runtimes.aws_shapes import table_variables

    files = {
        folder / STATE_MACHINES / f"{part.name}.asl.json": _written(state_machine(registry.pipeline(part.name)))
        for part in deployment.pipelines
    }
    return files | {folder / VARIABLES: _written(variables(deployment, table_variables()))}


def _written(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
