"""Files of rows: read as they stand, and every mistake told with its line."""

from __future__ import annotations

import pytest
from pydantic import Field

from pressroom.errors import BadInput
from pressroom.row_files import read_rows
from pressroom.table_rows import Row


class Boat(Row):
    sails: str
    crew: tuple[str, ...] = Field((), max_length=3)


def read(text: str) -> dict[str, Boat]:
    return read_rows(text.encode(), Boat, "boats.yaml")


def refusal(text: str | bytes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_rows(text if isinstance(text, bytes) else text.encode(), Boat, "boats.yaml")
    assert "nothing was stored" in caught.value.todo or caught.value.todo
    return caught.value


def test_rows_are_read_under_their_names() -> None:
    rows = read("- name: The Heron\n  sails: red\n- name: Ébène II\n  sails: white\n  crew: [Ann, Bo]\n")
    assert list(rows) == ["the-heron", "ébène-ii"]
    assert rows["ébène-ii"].crew == ("Ann", "Bo")


def test_values_are_the_texts_they_are() -> None:
    row = read("- name: No\n  sails: 19:15\n  crew: [yes, 0x10, ~x]\n")["no"]
    assert (row.name, row.sails, row.crew) == ("No", "19:15", ("yes", "0x10", "~x"))


def test_an_empty_file_has_no_rows() -> None:
    assert read("") == read("# nothing yet\n") == {}


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert "heron" in read_rows(b"\xef\xbb\xbf- name: Heron\n  sails: red\n", Boat, "boats.yaml")


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("- name: A\n  sails: red\n- sails: blue\n", "line 3: name is missing", 3),
        ("- name: A\n  sails: red\n\n- name: a\n  sails: blue\n", "line 4: 'a' is there already, in line 1", 4),
        ("- name: A\n  sails: red\n  sial: x\n", "line 3: there is no field sial (did you mean sails?)", 3),
        ("- name: A\n  sails:\n", "line 2: sails is empty", 2),
        ("- name: A\n  sails: [a, b]\n", "line 2: sails must be a text, not a list", 2),
        ("- name: A\n  sails: red\n  crew: Ann\n", "line 3: crew must be a list: [Ann, …]", 3),
        ("- name: A\n  sails: red\n  sails: blue\n", "line 3: sails stands here a second time", 3),
        ("- name: A\n  sails: red\n  crew:\n    - Ann\n    - [x]\n", "line 5: crew must be a text", 5),
        ("name: A\nsails: red\n", "line 1: this is no list", 1),
        ("- name: A\n  sails: red\n- just words\n", "line 3: this is no row", 3),
        ("- name: 'A\n  sails: red\n", "this is not YAML: found unexpected end of stream", 3),
        ("- name: A\n\tsails: red\n", "line 2: this is not YAML", 2),
        ("- name: A\n  sails: a\x07b\n", "line 2: there is a character that no text holds", 2),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, said: str, line: int) -> None:
    error = refusal(text)
    assert said in error.what
    assert error.where == f"boats.yaml:{line}"


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    error = refusal("- name: A\n- sails: red\n- name: B\n  sails: x\n  oar: y\n")
    assert [said in error.what for said in ("line 1: sails is missing", "line 2: name is missing", "line 5: ")] == [
        True
    ] * 3


def test_another_encoding_is_told_with_its_line() -> None:
    error = refusal("- name: A\n  sails: größer\n".encode("latin-1"))
    assert "boats.yaml, line 2: this is not UTF-8 (a byte 0xf6)." in error.what
    assert "Save the file as UTF-8" in error.todo


def test_nothing_in_a_file_is_carried_out() -> None:
    error = refusal("- name: !!python/object/apply:os.system [echo]\n  sails: red\n")
    assert "name must be a text" in error.what


def test_a_file_that_is_far_too_large_is_not_read() -> None:
    assert "at most 4,000,000" in refusal(b"x" * 4_000_001).what
