"""CSV that every program reads and no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.csv_text import as_csv


def test_lines_end_as_the_standard_says_and_nothing_is_an_empty_field() -> None:
    assert list(as_csv(["a", "b"], [{"a": 1, "b": None}, {"a": 0}])) == ["a,b\r\n", "1,\r\n", "0,\r\n"]


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_any_text_comes_back_whole(cells: list[str]) -> None:
    text = "".join(as_csv(["cell"], [{"cell": cell} for cell in cells]))
    _, *read = csv.reader(io.StringIO(text, newline=""))
    assert [row[0].removeprefix("'") for row in read] == [cell.removeprefix("'") for cell in cells]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_that_begins_like_a_formula_is_marked_as_text(sign: str) -> None:
    text = "".join(as_csv(["title"], [{"title": f'{sign}HYPERLINK("http://x")'}]))
    _, row = csv.reader(io.StringIO(text, newline=""))
    assert row[0].startswith(f"'{sign}")


def test_numbers_stay_numbers() -> None:
    assert list(as_csv(["n"], [{"n": -3}])) == ["n\r\n", "-3\r\n"]
