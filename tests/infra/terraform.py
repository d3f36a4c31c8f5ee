"""Terraform against moto's server: a copy of `infra`, what synth writes for a workspace, and stand-ins for packages.

What this shows is that the configuration is whole and that AWS's API takes it as moto knows it: no roles are checked,
and pipes, schedules and alarms carry nothing.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pressroom.config import Config
from pressroom.deployment.packages import LAYER, Package
from pressroom.entrypoints.cli._aws_synth import deployment_of, write
from tests.emulated_aws import REGION, endpoint

INFRA = Path(__file__).parents[2] / "infra"
MIRROR = "tf-plugins"
PROVIDER = """
provider "aws" {
  region                      = "%s"
  access_key                  = "test"
  secret_key                  = "test"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  max_retries                 = 2
}
"""


def required() -> str:
    """Return Terraform's program; without it, or its provider, the test is skipped aloud, or fails where CI is set."""
    program = shutil.which("terraform")
    if program is None:
        _absent("Terraform is not installed")
    if mirror() is None and not os.environ.get("CI"):
        _absent(f"there is no mirror of Terraform's providers: no folder {MIRROR} is found")
    assert program is not None
    return program


def _absent(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{what}, and where CI is set this must not be skipped")
    pytest.skip(f"NOT TESTED: {what}")


@functools.cache
def mirror() -> Path | None:
    """Return the folder with Terraform's providers, if this machine has one two levels below its root."""
    return next((path for path in Path("/").glob(f"*/{MIRROR}") if path.is_dir()), None)


class Terraform:
    def __init__(self, folder: Path) -> None:
        self.folder, self._program = folder, required()
        settings = folder.parent / "terraform.rc"
        found = mirror()
        lines = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{found}"\n  }}\n}}\n' if found else ""
        settings.write_text(lines, encoding="utf-8")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))},
            "TF_CLI_CONFIG_FILE": str(settings),
            "TF_IN_AUTOMATION": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [self._program, f"-chdir={self.folder}", *arguments],
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
        )
        assert done.returncode == 0, f"terraform {arguments[0]}:\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
        return done.stdout

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Return what stands, by type."""
        found: dict[str, list[dict[str, Any]]] = {}
        for resource in json.loads((self.folder / "terraform.tfstate").read_text(encoding="utf-8"))["resources"]:
            if resource["mode"] == "managed":
                found.setdefault(resource["type"], []).extend(one["attributes"] for one in resource["instances"])
        return found


def prepared(place: Path, config: Config, packages: Path | None = None) -> Terraform:
    """Return Terraform on a copy of `infra` with what synth writes for these settings, ready to plan."""
    folder = place / "infra"
    shutil.copytree(INFRA, folder, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*", "packages", "backend.tf"))
    write(deployment_of(config), folder)
    (folder / "emulator_override.tf").write_text(PROVIDER % REGION, encoding="utf-8")
    if packages is None:
        (folder / "packages").mkdir()
        for name in (LAYER, *Package):
            with zipfile.ZipFile(folder / "packages" / f"{name}.zip", "w") as archive:
                archive.writestr("stand_in.py", f'"""In the place of the package {name}."""\n')
    else:
        shutil.copytree(packages, folder / "packages")
    terraform = Terraform(folder)
    terraform.run("init", "-input=false", "-no-color")
    return terraform


def apply(terraform: Terraform) -> dict[str, list[dict[str, Any]]]:
    """Apply everything to moto's server; return what stands, by type."""
    teach_moto()
    terraform.environment["AWS_ENDPOINT_URL"] = endpoint()
    terraform.run("apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=50")
    return terraform.state()


@functools.cache
def teach_moto() -> None:
    """Add what moto 5.2.5 lacks and the provider asks for, and let it be asked without TLS."""
    from moto.iam.access_control import IAMPolicyStatement, PermissionResult
    from moto.sqs.models import Queue
    from moto.stepfunctions.responses import StepFunctionResponse

    permitted = IAMPolicyStatement.is_action_permitted

    def is_action_permitted(self: Any, *arguments: Any, **more: Any) -> Any:
        # It knows no conditions, so that "nobody without TLS" would mean nobody.
        if "aws:SecureTransport" in json.dumps(self._statement.get("Condition", {})):
            return PermissionResult.NEUTRAL
        return permitted(self, *arguments, **more)

    def validate(self: Any) -> str:
        return json.dumps({"result": "OK", "diagnostics": []})

    def versions(self: Any) -> str:
        return json.dumps({"stateMachineVersions": []})

    known = Queue.__dict__["attributes"].fget

    def attributes(self: Any) -> Any:
        # Without it the provider waits for minutes for what it has set.
        allowed = getattr(self, "redrive_allow_policy", None)
        return known(self) | ({"RedriveAllowPolicy": allowed} if allowed else {})

    Queue.attributes = property(attributes)  # type: ignore[assignment]
    IAMPolicyStatement.is_action_permitted = is_action_permitted  # type: ignore[method-assign]
    StepFunctionResponse.validate_state_machine_definition = validate  # type: ignore[attr-defined]
    StepFunctionResponse.list_state_machine_versions = versions  # type: ignore[attr-defined]
