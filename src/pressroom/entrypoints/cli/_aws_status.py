"""What stands on AWS, and what functions have logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressroom.entrypoints.cli._call import Call


def status(call: Call) -> int:
    """Show functions, queues and alarms; 1 if something needs a person."""
    import typer

    from pressroom.entrypoints.cli._aws_synth import deployment_of
    from pressroom.entrypoints.cli._errors import FAILED
    from pressroom.entrypoints.cli._output import print_heading, print_json, print_table
    from pressroom.entrypoints.cli._workspace import workspace_settings
    from pressroom.runtimes.aws_standing import standing_of

    config = workspace_settings(call)
    found = standing_of(deployment_of(config), config.aws)
    if call.json:
        print_json(found.as_dict())
    else:
        if not found.is_deployed:
            typer.echo(f"Nothing of {config.aws.name} stands in {found.region}. Deploy it: `pressroom aws deploy`.")
            return FAILED
        rows = [[one["name"], one["state"], one["memory_mb"], one["changed_at"]] for one in found.functions]
        print_table(call, ["function", "state", "MB", "changed"], rows, empty="There is no function.")
        print_heading(call, "Queues")
        lines = [[one["name"], one["waiting"], one["in_flight"], one["dead"]] for one in found.queues]
        print_table(call, ["queue", "waiting", "at work", "dead"], lines, empty="There is no queue.")
        for name in found.missing:
            typer.echo(f"! {name} is missing: `pressroom aws deploy` makes it.")
        for alarm in found.alarms:
            typer.echo(f"! {alarm['name']}: {alarm['why']}")
    return FAILED if found.needs_a_person else 0


def logs(call: Call, function: str, minutes: int, contains: str) -> None:
    import typer

    from pressroom.entrypoints.cli._aws_synth import deployment_of
    from pressroom.entrypoints.cli._output import print_json_line
    from pressroom.entrypoints.cli._workspace import workspace_settings
    from pressroom.errors import UnknownName
    from pressroom.redaction import redactor
    from pressroom.runtimes.aws_standing import lines_of

    config = workspace_settings(call)
    deployment = deployment_of(config)
    short = {one.name.removeprefix(f"{deployment.names.deployment}-"): one.name for one in deployment.every_function}
    whole = short.get(function.removeprefix(f"{deployment.names.deployment}-"))
    if whole is None:
        raise UnknownName("function", function, short)
    redact = call.redact or redactor(())
    for line in lines_of(whole, config.aws, minutes, contains):
        if call.json:
            print_json_line(_redacted(line, redact))
        else:
            typer.echo(f"{line['at']}  {redact(line['text'])}")


def _redacted(line: dict[str, Any], redact: Any) -> dict[str, Any]:
    return line | {"text": redact(line["text"])}
