from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from pressroom.entrypoints.cli._field_docs import field_docs
from pressroom.entrypoints.cli._inputs import describe, pairs_of, read_input
from pressroom.errors import BadInput
from pressroom.pipeline import Pipeline, Request


class Common(BaseModel):
    again: bool = False
    """Make it once more,
    although it was made."""


class Input(Common):
    model_config = ConfigDict(extra="forbid")

    date: date
    """The day it is for."""
    theme: str = Field("", description="Only this theme.")
    file: Path | None = None
    tags: list[str] = []
    more: dict[str, Any] | None = None


def do_nothing() -> None: ...


PIPELINE = Pipeline("poster", trigger=Request(), steps=[do_nothing], input=Input)


def test_values_are_read_as_the_input_model_says() -> None:
    read = read_input(PIPELINE, ["date=2026-10-31", "again=true", "theme=a=b"])
    assert read == {"date": "2026-10-31", "again": True, "theme": "a=b"}


class Timed(BaseModel):
    at: AwareDatetime | None = Field(None, description="Not before this time.")
    found: str = Field("", description="Set by the source.", json_schema_extra={"by_hand": False})


TIMED = Pipeline("timed", trigger=Request(), steps=[do_nothing], input=Timed)


@pytest.mark.parametrize("text", ["soon", "2026-12-01T18:00", "18:00"])
def test_a_time_is_shown_an_example_with_its_zone(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_input(TIMED, [f"at={text}"])
    said = f"at: must be a time with its zone, such as 2026-12-01T18:00+01:00, not '{text}'."
    assert caught.value.what.endswith(said)


def test_what_pressroom_sets_itself_is_not_asked_of_people() -> None:
    assert describe(TIMED).splitlines()[1:] == ["  -i at=…  Not before this time."]


@pytest.mark.parametrize(("word", "days"), [("yesterday", -1), ("Today", 0), ("tomorrow", 1)])
def test_a_date_may_be_told_from_today(word: str, days: int) -> None:
    before = date.today()  # noqa: DTZ011 - this machine's day is what is meant
    read = read_input(PIPELINE, [f"date={word}"])["date"]
    after = date.today()  # noqa: DTZ011
    assert read in {(day + timedelta(days=days)).isoformat() for day in (before, after)}


def test_such_a_word_is_only_a_word_where_no_date_is_wanted() -> None:
    assert read_input(PIPELINE, ["date=2026-10-31", "theme=today"])["theme"] == "today"


def test_only_what_was_given_is_passed_on() -> None:
    assert read_input(PIPELINE, ["date=2026-10-31"]) == {"date": "2026-10-31"}


def test_a_path_is_meant_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_input(PIPELINE, ["date=2026-10-31", "file=a.png"])["file"] == str(tmp_path / "a.png")


def test_lists_and_objects_are_given_as_json_or_one_by_one() -> None:
    assert read_input(PIPELINE, ["date=2026-10-31", "tags=a", "tags=b"])["tags"] == ["a", "b"]
    assert read_input(PIPELINE, ["date=2026-10-31", 'tags=["a"]', 'more={"x": [1]}']) == {
        "date": "2026-10-31",
        "tags": ["a"],
        "more": {"x": [1]},
    }


def test_an_unknown_name_is_answered_with_the_closest_and_with_all_inputs() -> None:
    with pytest.raises(BadInput) as caught:
        read_input(PIPELINE, ["dat=2026-10-31"])
    assert "no input of poster called 'dat'" in caught.value.what
    assert "Did you mean date?" in caught.value.todo
    assert "-i date=…  The day it is for. (must be given)" in caught.value.todo
    assert "-i theme=…  Only this theme." in caught.value.todo


def test_a_wrong_value_is_told_with_its_name() -> None:
    with pytest.raises(BadInput, match=r"date: .*'someday'"):
        read_input(PIPELINE, ["date=someday"])


def test_what_is_missing_is_named() -> None:
    with pytest.raises(BadInput, match="date must be given"):
        read_input(PIPELINE, [])


def test_one_value_given_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="given 2 times"):
        read_input(PIPELINE, ["date=2026-10-31", "date=2026-11-01"])


@pytest.mark.parametrize("text", ["date", "=x", ""])
def test_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="not name=value"):
        pairs_of([text])


def test_a_pipeline_without_input_says_so() -> None:
    assert describe(Pipeline("poster", trigger=Request(), steps=[do_nothing])) == "poster takes no input."


def test_docs_come_from_the_strings_below_fields_and_are_inherited() -> None:
    docs = field_docs(Input)
    assert docs["again"] == "Make it once more, although it was made."
    assert docs["date"] == "The day it is for."
    assert docs["theme"] == "Only this theme."
    assert "file" not in docs


class Addressed(BaseModel):
    url: str = Field("", pattern="^https://[a-z.]+$", description="A page.")


ADDRESSED = Pipeline("addressed", trigger=Request(), steps=[do_nothing], input=Addressed)


def test_an_address_with_a_password_in_it_is_not_repeated_whole() -> None:
    with pytest.raises(BadInput) as caught:
        read_input(ADDRESSED, ["url=https://ada:s3cret-word@shop.example"])
    assert "s3cret-word" not in caught.value.what
    assert "•••@shop.example" in caught.value.what
