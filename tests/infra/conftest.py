"""One deployment on the emulator for all tests of the infrastructure: applying it takes a minute and a half."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.deployment.deployed import Deployment
from pressroom.entrypoints.cli._aws_synth import deployment_of
from tests.infra.settings import deployed_config
from tests.infra.terraform import apply, prepared, required

NAME = "press-infra"


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    return deployment_of(deployed_config(tmp_path_factory.mktemp("workspace"), NAME))


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """Return what stands after `terraform apply`, by type, each with its attributes."""
    required()
    place = tmp_path_factory.mktemp("applied")
    return apply(prepared(place, deployed_config(place, NAME)))
