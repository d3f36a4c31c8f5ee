from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from pressroom.entrypoints.cli._call import Call
from pressroom.entrypoints.cli._output import duration, local, print_json, print_pairs, print_table, shortened, size


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (61, "1 min 1 s"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (30, "30 s"),
    ],
)
def test_durations_are_written_for_people(span: float | timedelta, said: str) -> None:
    assert duration(span) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2_300_000, "2.3 MB"), (5e9, "5.0 GB")]
)
def test_sizes_are_written_for_people(count: int, said: str) -> None:
    assert size(count) == said


def test_a_time_is_shown_in_this_machines_zone() -> None:
    moment = datetime(2026, 10, 31, 8, tzinfo=UTC)
    assert local(moment.isoformat()) == local(moment) == moment.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
    assert local(None) == ""


def test_json_keeps_every_script(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"theme": "Día de Muertos 💀"})
    assert "Día de Muertos 💀" in capsys.readouterr().out


def test_a_table_that_is_no_terminal_cuts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    long = "x" * 500
    print_table(Call(), ["id", "what"], [["1", long], ["22", ""]], empty="None.")
    assert capsys.readouterr().out.splitlines() == ["id  what", f"1   {long}", "22"]


ID = "job_0123456789abcdef0123456789abcdef"
ROW = [ID, "daily_post", "completed", "posted", "2026-11-20 20:12:26 UTC", "It is a long story. " * 3]
COLUMNS = ["id", "pipeline", "status", "phase", "created", "why"]


@pytest.fixture
def on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[int], str]:
    """Prints the row on a terminal of a width; returns what it shows."""

    def shown(width: int) -> str:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("FORCE_COLOR", "1")
        print_table(Call(no_color=True), COLUMNS, [ROW], empty="", expendable=["why", "phase", "pipeline"])
        return capsys.readouterr().out

    return shown


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (140, "id pipeline status phase created why"),
        (100, "id pipeline status phase created"),
        (88, "id pipeline status created"),
        (80, "id status created"),
    ],
)
def test_a_narrow_terminal_shows_fewer_columns_and_breaks_no_time(
    on_a_terminal: Callable[[int], str], width: int, columns: str
) -> None:
    head, *lines = on_a_terminal(width).splitlines()
    assert head.split() == columns.split()
    assert ID in lines[0]
    assert "2026-11-20 20:12:26 UTC" in lines[0]
    assert max(map(len, [head, *lines])) <= width


def test_a_very_narrow_terminal_shows_everything_below_a_whole_id(on_a_terminal: Callable[[int], str]) -> None:
    lines = on_a_terminal(40).splitlines()
    assert lines[0] == ID
    assert "  status  completed" in lines
    assert "  created  2026-11-20 20:12:26 UTC" in lines


@pytest.mark.parametrize("width", [40, 140])
def test_without_colours_there_is_no_escape_at_all(on_a_terminal: Callable[[int], str], width: int) -> None:
    assert "\x1b" not in on_a_terminal(width)


def test_an_empty_table_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(Call(), ["id"], [], empty="None.")
    assert capsys.readouterr().out == "None.\n"


def test_pairs_leave_out_what_is_empty_and_indent_further_lines(capsys: pytest.CaptureFixture[str]) -> None:
    print_pairs(Call(), [("a", "1\n2"), ("long", ""), ("bb", None), ("ccc", 0)])
    assert capsys.readouterr().out.splitlines() == ["a    1", "     2", "ccc  0"]


def test_colours_are_off_with_the_option_and_with_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Call().has_color
    assert not Call(no_color=True).has_color
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Call().has_color


def test_a_text_is_shortened_by_lines_that_a_terminal_shows() -> None:
    assert shortened("One\n\nTwo\n", 5) == ("One\n\nTwo", 0)
    assert shortened("a b c d", 2, width=3) == ("a b\nc d", 0)
    assert shortened("\n".join("12345"), 2) == ("1\n2", 3)
    assert shortened("1\n2\n3", 2) == ("1\n2\n3", 0)
    assert shortened("漢字" * 10, 1, width=10) == ("漢字漢字漢字漢字漢字\n漢字漢字漢字漢字漢字", 0)
    assert shortened("1\n\n\n\n2\n3", 2) == ("1", 4)
