"""Runs Terraform on the deployment's folder, and says in words what is missing for that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pressroom.entrypoints.cli._call import Call

SERVICES = ("base", "api", "observability", "pipeline.NAME", "channel.NAME", "subscription.NAME")
_STANDARD_ERROR = 2
_TOO_OLD = "Terraform 1.11 or newer is needed: https://developer.hashicorp.com/terraform/install"


def refuse_a_folder_without_it(folder: Path) -> None:
    from pressroom.errors import ConfigurationError

    if not (folder / "main.tf").is_file():
        raise ConfigurationError(
            f"There is no Terraform in {folder}.",
            where=str(folder),
            todo="Run this in a checkout of Pressroom, or name the folder `infra` of one.",
        )


def deploy(call: Call, folder: Path, only: list[str], *, plan_only: bool, yes: bool) -> int:
    """Write, plan, ask, apply; return Terraform's exit code. With `--json`, what changes is the answer."""
    refuse_a_folder_without_it(folder)
    targets = [f"-target={target_of(name)}" for name in only]
    _synthesised(call, folder)
    _refuse_what_is_not_built(folder)
    _refuse_to_ask_nobody(call, yes or plan_only)
    _run(call, folder, "init", "-input=false")
    code = _run(call, folder, "plan", "-input=false", "-out=pressroom.plan", *targets)
    if code or plan_only:
        return _told(call, "planned", code)
    if not yes:
        _ask("Make these changes?")
    code = _run(call, folder, "apply", "-input=false", "pressroom.plan")
    return _told(call, "deployed", code)


def destroy(call: Call, folder: Path, *, yes: bool) -> int:
    refuse_a_folder_without_it(folder)
    _synthesised(call, folder)
    _refuse_to_ask_nobody(call, yes)
    if not yes:
        _ask("Take the whole deployment down, with every job and picture that it holds?")
    _run(call, folder, "init", "-input=false")
    return _told(call, "destroyed", _run(call, folder, "destroy", "-input=false", "-auto-approve"))


def target_of(service: str) -> str:
    """Return what Terraform calls a service: `module.channel["sky"]` for `channel.sky`."""
    from pressroom.errors import BadInput

    kind, dot, name = service.partition(".")
    if dot and name and f"{kind}.NAME" in SERVICES:
        return f'module.{kind}["{name}"]'
    if not dot and kind in SERVICES:
        return f"module.{kind}"
    raise BadInput(f"There is no service {service!r}.", todo=f"Services: {', '.join(SERVICES)}.")


def _synthesised(call: Call, folder: Path) -> None:
    from pressroom.entrypoints.cli import _aws_synth as synthesis
    from pressroom.entrypoints.cli._workspace import workspace_settings

    synthesis.write(synthesis.deployment_of(workspace_settings(call)), folder)


def _refuse_what_is_not_built(folder: Path) -> None:
    from pressroom.entrypoints.cli._aws_packages import missing
    from pressroom.errors import ConfigurationError

    if absent := missing(folder):
        raise ConfigurationError(
            f"The functions' packages are not built: {', '.join(absent)}.",
            where=str(folder),
            todo="Run `pressroom aws build` first.",
        )


def _refuse_to_ask_nobody(call: Call, has_answer: bool) -> None:
    from pressroom.errors import BadInput

    if not has_answer and (call.json or not sys.stdin.isatty()):
        raise BadInput("Nobody is there to be asked.", todo="Say --yes to go on without asking.")


def _ask(question: str) -> None:
    import typer

    typer.confirm(question, abort=True, err=True)


def _run(call: Call, folder: Path, *arguments: str) -> int:
    """Run Terraform with its output where it is read; the answer's place, standard output, is kept free for JSON."""
    from pressroom.errors import ConfigurationError, PressroomError

    terraform = which("terraform", path=call.environment.get("PATH"))
    if terraform is None:
        raise ConfigurationError("Terraform is not installed.", todo=f"Install it. {_TOO_OLD}")
    done = subprocess.run(
        [terraform, f"-chdir={folder}", *arguments, *([] if call.has_color else ["-no-color"])],
        stdout=_STANDARD_ERROR if call.json else None,
        env=call.environment,
        check=False,
    )
    if done.returncode and arguments[0] == "init":
        raise PressroomError(
            "Terraform could not get ready; it says why above.", where=str(folder), todo=f"Mend that first. {_TOO_OLD}"
        )
    return done.returncode


def _told(call: Call, what: str, code: int) -> int:
    from pressroom.entrypoints.cli._output import print_json

    if call.json:
        print_json({what: code == 0, "exit_code": code})
    return code
