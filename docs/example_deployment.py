"""The deployment on AWS that the documents show: every pipeline that is installed, and a channel beside the preview."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pressroom.deployment.deployed import Deployment

SETTINGS = """\
[channels.main]
network = "x"

[pipelines.daily_post]
channels = ["main"]
"""
"""As "Deploy to AWS" has them."""


def example() -> Deployment:
    from pressroom.config import Config
    from pressroom.entrypoints.cli._aws_synth import deployment_of

    return deployment_of(Config.model_validate({"workspace": Path("deployment"), **tomllib.loads(SETTINGS)}))
