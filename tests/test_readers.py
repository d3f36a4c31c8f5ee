"""Readers: the rows that people write, when it is evening for each, and that whoever leaves stays away."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from pressroom.backends.memory import build_memory_ports
from pressroom.errors import BadInput
from pressroom.ports import Tables
from pressroom.readers import Reader, Readers, Subscriber
from pressroom.row_files import read_rows
from pressroom.testing import ManualClock

TABLE = "bedtime_story.readers"
NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
FILE = """
- name: Ada
  mail: ada@example.com
  zone: Europe/Berlin
  at: "19:15"
- name: Bo
  mail: bo@example.org
"""


def fill(tables: Tables, text: str, *, prune: bool = False) -> None:
    """Do what `pressroom populate` does with a file of readers."""
    rows = read_rows(text.encode(), Reader, "readers.yaml")
    before = tables.all(TABLE)
    tables.put(TABLE, {key: row.stored(before.get(key)) for key, row in rows.items()})
    if prune:
        tables.remove(TABLE, [key for key in before if key not in rows])


@pytest.fixture
def tables() -> Tables:
    found = build_memory_ports(ManualClock()).tables
    fill(found, FILE)
    return found


@pytest.fixture
def readers(tables: Tables) -> Readers:
    return Readers(tables, TABLE)


def named(readers: Readers, name: str) -> Subscriber:
    [found] = [reader for reader in readers.all().values() if reader.name == name]
    return found


def names(readers: Readers) -> set[str]:
    return {reader.name for reader in readers.subscribed().values()}


# --- the rows


def test_a_time_and_a_zone_may_be_left_away() -> None:
    bo = read_rows(FILE.encode(), Reader, "readers.yaml")
    assert sorted((row.name, row.zone, row.at) for row in bo.values()) == [
        ("Ada", "Europe/Berlin", "19:15"),
        ("Bo", "", ""),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("mail: ada", "an address such as"),
        ("mail: ada@example", "an address such as"),
        ("mail: ada@.example.com", "an address such as"),
        ("mail: ada@example..com", "an address such as"),
        ('mail: "ada@example.com\\nBcc: eve@example.com"', "an address such as"),
        ("mail: Ada <ada@example.com>", "an address such as"),
        (f"mail: ada@{'x' * 64}.com", "an address such as"),
        ("mail: ada@example.com\n  zone: Berlin", "a time zone such as"),
        ("mail: ada@example.com\n  zone: ../../etc/passwd", "a time zone such as"),
        ("mail: ada@example.com\n  at: 7pm", "a time of the day such as"),
        ("mail: ada@example.com\n  at: 24:00", "a time of the day such as"),
        ("mail: ada@example.com\n  when: 19:00", "there is no field when"),
        ("zone: Europe/Berlin", "mail is missing"),
    ],
)
def test_a_mistake_is_told_with_its_line(line: str, said: str) -> None:
    with pytest.raises(BadInput, match=r"readers\.yaml, line \d: .*" + said):
        read_rows(f"- name: Ada\n  {line}\n".encode(), Reader, "readers.yaml")


@pytest.mark.parametrize("name", ["Ada <eve@example.com>", '"Ada" "B"', "Ada\\", "Ada\x07"])
def test_a_name_cannot_change_the_address_behind_it(name: str) -> None:
    with pytest.raises(ValidationError, match="a name without"):
        Reader(name=name, mail="ada@example.com")


def test_a_name_over_several_lines_is_one_line() -> None:
    assert Reader(name="Ada\n  Lovelace", mail="ada@example.com").name == "Ada Lovelace"


@pytest.mark.parametrize("mail", ["ada@bücher.example", "o'neil+stories@mail.example.co.uk", "ä@example.com"])
def test_an_address_may_be_of_any_language(mail: str) -> None:
    assert Reader(name="Ada", mail=mail).mail == mail


def test_the_same_address_twice_is_a_mistake_and_the_same_name_is_none() -> None:
    with pytest.raises(BadInput, match="is there already"):
        read_rows(b"- {name: Ada, mail: a@example.com}\n- {name: Bo, mail: A@example.com}\n", Reader, "readers.yaml")
    assert len(read_rows(b"- {name: A, mail: a@example.com}\n- {name: A, mail: b@example.com}\n", Reader, "r")) == 2


def test_neither_its_key_nor_its_repr_nor_an_error_about_it_shows_the_address(readers: Readers) -> None:
    ada = named(readers, "Ada")
    assert "ada@" not in repr(ada)
    assert ada.token not in repr(ada)
    assert re.fullmatch("[0-9a-f]{20}", ada.key)
    with pytest.raises(ValidationError) as caught:
        Reader(name="Ada", mail="hopper@example", zone="nowhere")
    assert "hopper" not in str(caught.value)


def test_only_its_owner_knows_a_masked_address_again(readers: Readers) -> None:
    assert named(readers, "Ada").masked_mail == "a***@example.com"


# --- when it is evening


def reader(at: str, zone: str = "") -> Subscriber:
    return Subscriber(name="Ada", mail="ada@example.com", zone=zone, at=at, token="t")


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Berlin", date(2026, 10, 24), "2026-10-24T17:15:00+00:00"),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-25T18:15:00+00:00"),  # the night of the change
        ("America/New_York", date(2026, 10, 25), "2026-10-25T23:15:00+00:00"),  # they change a week later
        ("America/New_York", date(2026, 11, 1), "2026-11-02T00:15:00+00:00"),
        ("Asia/Kolkata", date(2026, 10, 25), "2026-10-25T13:45:00+00:00"),
        ("", date(2026, 10, 25), "2026-10-25T18:15:00+00:00"),
    ],
)
def test_the_evening_is_the_readers_own(zone: str, day: date, expected: str) -> None:
    assert reader("19:15", zone).due(day, "Europe/Berlin") == datetime.fromisoformat(expected)


def test_a_time_that_the_clock_skips_is_the_moment_at_which_it_jumps() -> None:
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    for at in ("02:00", "02:30", "02:59", "03:00"):
        assert reader(at).due(date(2026, 3, 29), "Europe/Berlin") == jump
    assert reader("01:59").due(date(2026, 3, 29), "Europe/Berlin") == datetime(2026, 3, 29, 0, 59, tzinfo=UTC)


def test_of_a_time_that_comes_twice_the_first_counts() -> None:
    assert reader("02:30").due(date(2026, 10, 25), "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_that_a_country_skips_is_the_moment_at_which_it_was_skipped() -> None:
    due = reader("19:15", "Pacific/Apia").due(date(2011, 12, 30), "UTC")
    assert due == datetime(2011, 12, 30, 10, 0, tzinfo=UTC)


def test_without_a_time_it_is_as_soon_as_it_is_ready() -> None:
    assert reader("").due(date(2026, 10, 25), "Europe/Berlin") is None


# --- leaving


def test_whoever_leaves_is_not_subscribed_and_is_known_all_the_same(readers: Readers) -> None:
    ada = named(readers, "Ada")
    left = readers.leave(ada.token, NOW)
    assert left is not None
    assert left.left_at == NOW
    assert names(readers) == {"Bo"}
    assert set(readers.all()) == {ada.key, named(readers, "Bo").key}


def test_leaving_twice_is_leaving_once(readers: Readers) -> None:
    token = named(readers, "Ada").token
    readers.leave(token, NOW)
    again = readers.leave(token, datetime(2026, 12, 1, tzinfo=UTC))
    assert again is not None
    assert again.left_at == NOW


def test_whoever_has_left_can_come_back_as_often_as_they_like(readers: Readers) -> None:
    token = named(readers, "Ada").token
    readers.leave(token, NOW)
    for _ in range(2):
        back = readers.come_back(token)
        assert back is not None
        assert back.left_at is None
    assert names(readers) == {"Ada", "Bo"}


@pytest.mark.parametrize("token", ["", "x", "ä", "\ud800", "0" * 5000])
def test_a_token_of_nobody_changes_nothing(readers: Readers, token: str) -> None:
    assert readers.leave(token, NOW) is None
    assert readers.come_back(token) is None
    assert names(readers) == {"Ada", "Bo"}


def test_tokens_are_long_different_and_say_nothing(readers: Readers) -> None:
    tokens = {reader.token for reader in readers.all().values()}
    assert len(tokens) == 2
    assert all(len(token) >= 32 for token in tokens)


def test_reading_the_file_again_keeps_tokens_and_brings_nobody_back(tables: Tables, readers: Readers) -> None:
    ada = named(readers, "Ada")
    readers.leave(ada.token, NOW)
    fill(tables, FILE.replace("19:15", "20:00"))
    assert named(readers, "Ada").at == "20:00"
    assert named(readers, "Ada").token == ada.token
    assert names(readers) == {"Bo"}


def test_another_name_in_the_file_brings_nobody_back_and_makes_no_second_reader(
    tables: Tables, readers: Readers
) -> None:
    readers.leave(named(readers, "Ada").token, NOW)
    fill(tables, FILE.replace("name: Ada", "name: Ada Lovelace"))
    assert len(readers.all()) == 2
    assert names(readers) == {"Bo"}


def test_being_taken_out_of_the_file_and_put_in_again_brings_nobody_back(tables: Tables, readers: Readers) -> None:
    readers.leave(named(readers, "Ada").token, NOW)
    fill(tables, "- {name: Bo, mail: bo@example.org}\n", prune=True)
    assert len(readers.all()) == 1
    fill(tables, FILE)
    assert names(readers) == {"Bo"}


def test_leaving_while_the_file_is_being_read_is_not_lost(tables: Tables, readers: Readers) -> None:
    rows = read_rows(FILE.encode(), Reader, "readers.yaml")
    before = tables.all(TABLE)
    readers.leave(named(readers, "Ada").token, NOW)
    tables.put(TABLE, {key: row.stored(before.get(key)) for key, row in rows.items()})
    assert names(readers) == {"Bo"}


def test_the_sample_file_has_nobody_in_it() -> None:
    sample = Path(__file__).parents[1] / "src" / "pressroom" / "samples" / "bedtime_story" / "readers.yaml"
    assert read_rows(sample.read_bytes(), Reader, "readers.yaml") == {}
    shown = sample.read_text(encoding="utf-8").replace("# - name", "- name").replace("#   ", "  ")
    lines = [line for line in shown.splitlines() if not line.startswith("#")]
    assert len(read_rows("\n".join(lines).encode(), Reader, "readers.yaml")) == 2
