"""Deployments as tests ask for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pressroom import registry
from pressroom.config import Config, section
from pressroom.deployment.deployed import Deployment, deployment_of
from pressroom.pipeline import Pipeline

TABLES = ("log", "state")


def a_config(**sections: Any) -> Config:
    return Config.model_validate({"workspace": Path("somewhere"), **sections})


def a_deployment(*pipelines: Pipeline, **sections: Any) -> Deployment:
    """Return the deployment of these pipelines, or of all that are installed."""
    config = a_config(**sections)
    chosen = {pipeline.name: pipeline for pipeline in pipelines}
    chosen = chosen or {name: registry.pipeline(name) for name in registry.names("pipelines")}
    settings = {
        name: section(pipeline.settings, config.pipelines.get(name, {}), f"pipelines.{name}", config)
        for name, pipeline in chosen.items()
    }
    return deployment_of(config, chosen, settings, TABLES)
