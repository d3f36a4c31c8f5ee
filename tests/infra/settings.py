"""The settings that the deployment in these tests is made of: something of each kind."""

from __future__ import annotations

from pathlib import Path

from pressroom.config import Config
from tests.emulated_aws import REGION

SECTIONS = {
    "channels": {"sky": {"network": "bluesky", "base_url": "https://bsky.social"}},
    "handlers": {"notify": {"enabled": True, "url": "https://example.org/hook", "events": ["JobFailed"]}},
    "pipelines": {"daily_post": {"channels": ["sky"], "zone": "Europe/Berlin"}},
}


def deployed_config(workspace: Path, name: str) -> Config:
    return Config.model_validate({"workspace": workspace, "aws": {"name": name, "region": REGION}, **SECTIONS})
