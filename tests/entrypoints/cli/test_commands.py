from __future__ import annotations

from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._commands import Command, Group, ListByDefault, group


class WithWord(Group):
    default = "show"
    default_takes_a_word = True


def _app(cls: type[Group]) -> typer.Typer:
    app = group(cls, "Things.")

    @app.command("list", cls=Command)
    def list_all(context: typer.Context) -> None:
        typer.echo(f"list {Call.of(context).workspace} {Call.of(context).json}")

    @app.command("show", cls=Command)
    def show(context: typer.Context, thing: Annotated[str, typer.Argument()] = "", limit: int = 5) -> None:
        typer.echo(f"show {thing!r} {limit} {Call.of(context).workspace} {Call.of(context).json}")

    @app.command("cancel", cls=Command)
    def cancel(context: typer.Context, thing: str) -> None:
        typer.echo(f"cancel {thing} {Call.of(context).json}")

    return app


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "show '' 5 None False"),
        (["job_1"], "show 'job_1' 5 None False"),
        (["--limit", "3"], "show '' 3 None False"),
        (["--json", "job_1"], "show 'job_1' 5 None True"),
        (["job_1", "--workspace", "here"], "show 'job_1' 5 here False"),
        (["--workspace", "here", "job_1", "--json"], "show 'job_1' 5 here True"),
        (["-w", "cancel"], "show '' 5 cancel False"),
        (["--workspace=here", "job_1"], "show 'job_1' 5 here False"),
        (["cancel", "job_1"], "cancel job_1 False"),
        (["--json", "cancel", "job_1"], "cancel job_1 True"),
        (["cancel", "job_1", "--json"], "cancel job_1 True"),
    ],
)
def test_a_first_word_that_is_no_sub_command_belongs_to_the_default(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(_app(WithWord), arguments)
    assert result.stdout.strip() == said, result.output


def test_a_group_without_words_for_its_default_refuses_an_unknown_word() -> None:
    result = CliRunner().invoke(_app(ListByDefault), ["canel"])
    assert result.exit_code == 2
    assert "Did you mean 'cancel'?" in result.stderr


def test_a_group_without_a_word_lists() -> None:
    assert CliRunner().invoke(_app(ListByDefault), ["--json"]).stdout.strip() == "list None True"


def test_the_help_of_a_group_shows_what_its_default_takes() -> None:
    assert "--limit" in CliRunner().invoke(_app(WithWord), ["--help"]).stdout
