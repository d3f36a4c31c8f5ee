from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pressroom.clocks import SystemClock
from pressroom.runtimes.embedded import open_ports
from tests.entrypoints.cli.conftest import Cli

ROW = """\
- name: Nell
  kind: a heron who paints boats
  pronouns: she
  traits: [patient]
  wish: to paint a wave
  fear: drips
  saying: Hold still.
  carries: [a long brush]
"""


@pytest.fixture
def folder(workspace: Path) -> Path:
    return workspace / "config" / "bedtime_story"


def rows(workspace: Path, table: str = "characters") -> dict[str, Any]:
    ports = open_ports(workspace, {}, SystemClock())
    try:
        return ports.tables.all(f"bedtime_story.{table}")
    finally:
        ports.close()


def test_init_puts_the_samples_where_they_can_be_edited(folder: Path) -> None:
    assert {file.name for file in folder.iterdir()} == {"characters.yaml", "scenes.yaml", "readers.yaml"}


def test_the_samples_fill_both_tables_with_at_least_24_rows(cli: Cli, workspace: Path) -> None:
    answer = cli("populate", "bedtime_story", "-w", workspace, "--json")
    assert answer.code == 0, answer.stderr
    done = {table["table"]: table for table in answer.json["tables"]}
    assert done.pop("readers")["added"] == []  # whom to write to, nobody can know but you
    assert min(len(done[table]["added"]) for table in ("characters", "scenes")) >= 24
    assert len(rows(workspace)) == len(done["characters"]["added"])
    assert len(rows(workspace, "scenes")) == len(done["scenes"]["added"])


def test_it_may_be_run_again_without_duplicates_and_stores_what_has_changed(
    cli: Cli, workspace: Path, folder: Path
) -> None:
    cli("populate", "bedtime_story", "-w", workspace)
    file = folder / "characters.yaml"
    before = rows(workspace)
    file.write_text(file.read_text("utf-8").replace("saying: One tick at a time.", "saying: Tick."), "utf-8")
    answer = cli("populate", "bedtime_story", "-w", workspace)
    assert f"characters: 0 added, 1 changed, {len(before) - 1} unchanged" in answer.stdout
    assert "changed: Tilly" in answer.stdout
    after = rows(workspace)
    assert after["tilly"]["saying"] == "Tick."
    assert after.keys() == before.keys()


def test_a_row_that_is_gone_from_the_file_is_removed_only_when_asked(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    cli("populate", "bedtime_story", "-w", workspace)
    file = tmp_path / "characters.yaml"
    file.write_text(ROW, "utf-8")
    kept = cli("populate", "bedtime_story", file, "-w", workspace)
    assert "no longer in the file, and kept (--prune removes them): Ada" in kept.stdout
    assert len(rows(workspace)) > 24
    pruned = cli("populate", "bedtime_story", file, "--prune", "-w", workspace, "--json")
    assert pruned.json["tables"][0]["removed"] is True
    assert list(rows(workspace)) == ["nell"]
    assert len(rows(workspace, "scenes")) >= 24


def test_a_mistake_in_one_file_leaves_both_tables_as_they_were(cli: Cli, workspace: Path, folder: Path) -> None:
    (folder / "characters.yaml").write_text(ROW, "utf-8")
    scenes = folder / "scenes.yaml"
    scenes.write_text(scenes.read_text("utf-8").replace("  time: on the last warm evening of September\n", ""), "utf-8")
    answer = cli("populate", "bedtime_story", "-w", workspace)
    assert answer.code == 2
    assert "time is missing" in answer.stderr
    assert str(scenes) in answer.stderr
    assert rows(workspace) == rows(workspace, "scenes") == {}


def test_what_a_row_must_be_like_is_said_with_an_example(cli: Cli, workspace: Path, folder: Path) -> None:
    (folder / "characters.yaml").write_text(ROW.replace("to paint a wave", "a wave {A}"), "utf-8")
    answer = cli("populate", "bedtime_story", "-w", workspace)
    assert "line 5: wish must not contain braces" in answer.stderr
    (folder / "characters.yaml").write_text(ROW.replace("to paint a wave", "a wave"), "utf-8")
    assert 'wish must begin with "to": to see the sea' in cli("populate", "bedtime_story", "-w", workspace).stderr


def test_a_missing_file_is_put_there_from_the_samples_and_that_is_said(cli: Cli, workspace: Path, folder: Path) -> None:
    (folder / "scenes.yaml").unlink()
    answer = cli("populate", "bedtime_story", "-w", workspace)
    assert answer.code == 0
    assert "scenes.yaml was not there: these are the samples" in answer.stderr
    assert (folder / "scenes.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("daily_post",), "The pipeline daily_post has no tables."),
        (("bedtime_stories",), "Did you mean bedtime_story?"),
        (("bedtime_story", "people.yaml"), "It cannot be told which table people.yaml is for."),
        (("bedtime_story", "characters.yaml"), "characters.yaml cannot be read: No such file"),
    ],
)
def test_wrong_use_is_told_with_what_to_do(cli: Cli, workspace: Path, arguments: tuple[str, ...], said: str) -> None:
    answer = cli("populate", *arguments, "-w", workspace)
    assert answer.code != 0
    assert said in answer.stderr
