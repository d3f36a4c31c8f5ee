"""The Terraform is well formed, and says the same whatever the pipelines and channels are."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.infra.settings import deployed_config
from tests.infra.terraform import INFRA, prepared, required


def test_it_is_formatted() -> None:
    done = subprocess.run(
        [required(), "fmt", "-check", "-recursive", str(INFRA)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_it_is_valid_with_what_synth_writes(tmp_path: Path) -> None:
    terraform = prepared(tmp_path, deployed_config(tmp_path, "press-valid"))
    assert '"valid": true' in terraform.run("validate", "-json")


def test_it_names_no_pipeline_channel_or_network() -> None:
    """What there is comes from synth: a new pipeline or channel needs no edit here."""
    from pressroom import registry

    text = "\n".join(path.read_text(encoding="utf-8") for path in INFRA.rglob("*.tf") if ".terraform" not in path.parts)
    named = [*registry.names("pipelines"), *registry.names("publishers")]
    assert [name for name in named if re.search(rf'["-]{name}["-]', text)] == []


def test_no_secret_has_a_value_in_it() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in INFRA.rglob("*.tf"))
    assert "aws_secretsmanager_secret_version" not in text
