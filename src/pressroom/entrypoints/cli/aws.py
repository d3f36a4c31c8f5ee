"""`pressroom aws`: the deployment on AWS, made from the workspace's settings and the pipelines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import Command, Group, group

Folder = Annotated[
    Path, typer.Argument(metavar="[DIR]", help="The folder with Pressroom's Terraform.", show_default=True)
]
Infra = Annotated[Path, typer.Option("--dir", metavar="DIR", help="The folder with Pressroom's Terraform.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def build() -> typer.Typer:
    app = group(Group, "Run on AWS: build, deploy, look at, take down a deployment.")
    commands: dict[str, Callable[..., object]] = {
        "synth": synth,
        "build": build_packages,
        "deploy": deploy,
        "prepare": prepare,
        "destroy": destroy,
        "status": status,
        "logs": logs,
    }
    for name, function in commands.items():
        app.command(name, cls=Command)(function)
    return app


def synth(context: typer.Context, folder: Folder = Path("infra")) -> None:
    """Write what Terraform needs to know: the settings and pipelines as variables, and the state machines.

    The settings are checked first. The same workspace gives the same bytes.
    """
    from pressroom.entrypoints.cli import _aws_synth as synthesis
    from pressroom.entrypoints.cli import _aws_terraform as terraform
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.entrypoints.cli._workspace import workspace_settings

    call = Call.of(context)
    terraform.refuse_a_folder_without_it(folder)
    deployment = synthesis.deployment_of(workspace_settings(call))
    files = synthesis.write(deployment, folder)
    following = "pressroom aws build"
    if call.json:
        print_json(
            {
                "deployment": deployment.names.deployment,
                "folder": str(folder),
                "files": [{"path": str(path), "changed": changed} for path, changed in files.items()],
                "pipelines": [part.name for part in deployment.pipelines],
                "channels": [part.name for part in deployment.channels],
                "settings_changed": deployment.changed,
                "next": following,
            }
        )
        return
    for path, changed in files.items():
        gone = "" if path.exists() else " (removed: its pipeline is gone)"
        typer.echo(f"{'written  ' if changed else 'unchanged'}  {path}{gone}")
    for pipeline, values in deployment.changed.items():
        for name, value in values.items():
            typer.echo(f"On AWS, {name} of {pipeline} is {value}: the one that is set is too large for a function.")
    typer.echo(
        f"The deployment {deployment.names.deployment} has {len(deployment.pipelines)} pipelines, "
        f"{len(deployment.channels)} channels and {len(deployment.every_function)} functions. "
        f"Next: `{following}`, then `pressroom aws deploy`."
    )


def build_packages(
    context: typer.Context,
    folder: Infra = Path("infra"),
) -> None:
    """Build the functions' packages for Lambda (arm64), without Docker; the same input gives the same bytes."""
    from pressroom.entrypoints.cli import _aws_packages as packages
    from pressroom.entrypoints.cli import _aws_terraform as terraform
    from pressroom.entrypoints.cli._output import note, print_json, print_table, size

    call = Call.of(context)
    terraform.refuse_a_folder_without_it(folder)
    built = packages.build(folder, lambda text: note(call, text))
    if call.json:
        print_json([one.as_dict() for one in built])
        return
    rows = [[one.name, size(one.zipped_bytes), size(one.unzipped_bytes), one.sha256[:16]] for one in built]
    print_table(call, ["package", "zipped", "unzipped", "sha256"], rows, empty="There is no package.")
    typer.echo("Next: `pressroom aws deploy`.")


def deploy(
    context: typer.Context,
    folder: Infra = Path("infra"),
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="SERVICE",
            help="One service alone: channel.NAME, pipeline.NAME, api, base, …; repeatable.",
        ),
    ] = None,
    plan_only: Annotated[bool, typer.Option("--plan", help="Show what would change, and change nothing.")] = False,
    yes: Yes = False,
) -> int:
    """Bring the deployment on AWS to what the workspace says; asks before it changes anything."""
    from pressroom.entrypoints.cli import _aws_terraform as terraform

    call = Call.of(context)
    return terraform.deploy(call, folder, only or [], plan_only=plan_only, yes=yes)


def prepare(context: typer.Context) -> None:
    """Store what a deployment begins with, such as the calendar and the key that addresses are signed with.

    What is there already stays as it is.
    """
    from pressroom.entrypoints.cli._output import print_json
    from pressroom.runtimes.aws import open_aws
    from pressroom.runtimes.aws import prepare as prepared

    call = Call.of(context)
    with open_aws(call.folder, call.environment) as runtime:
        stored = prepared(runtime)
    if call.json:
        print_json({"stored": stored})
        return
    for key in stored:
        typer.echo(f"stored  {key}")
    if not stored:
        typer.echo("Everything is there already.")


def destroy(context: typer.Context, folder: Infra = Path("infra"), yes: Yes = False) -> int:
    """Take the deployment down; what it has stored is kept back unless its settings let it go."""
    from pressroom.entrypoints.cli import _aws_terraform as terraform

    return terraform.destroy(Call.of(context), folder, yes=yes)


def status(context: typer.Context) -> int:
    """Show what stands on AWS: functions, queues with what waits and what is dead, executions, alarms."""
    from pressroom.entrypoints.cli import _aws_status as standing

    return standing.status(Call.of(context))


def logs(
    context: typer.Context,
    function: Annotated[str, typer.Argument(metavar="FUNCTION", help="A function: steps, publish-main, http.")],
    minutes: Annotated[int, typer.Option("--minutes", min=1, help="How far back.")] = 15,
    contains: Annotated[str, typer.Option("--contains", metavar="TEXT", help="Only lines with this text.")] = "",
) -> None:
    """Print what a function has logged lately."""
    from pressroom.entrypoints.cli import _aws_status as standing

    standing.logs(Call.of(context), function, minutes, contains)
