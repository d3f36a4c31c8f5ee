"""What errors say to whoever reads them, and to the queue."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime

import pytest

from pressroom import errors
from pressroom.errors import (
    BadInput,
    Deferred,
    OutcomeUnknown,
    PressroomError,
    Problem,
    RateLimited,
    Unavailable,
    UnknownName,
    problem_of,
)

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)


def test_an_error_reads_as_what_happened_and_what_to_do() -> None:
    error = BadInput("The date is missing.", where="daily_post", todo="Add -i date=2026-10-31.")
    assert str(error) == "The date is missing. Add -i date=2026-10-31."


def test_an_error_without_advice_reads_as_what_happened() -> None:
    assert str(BadInput("The date is missing.")) == "The date is missing."


def test_an_error_is_stored_with_its_kind() -> None:
    error = BadInput("The date is missing.", todo="Add it.", detail="{}")
    assert error.problem("daily_post") == Problem("The date is missing.", "daily_post", "Add it.", "BadInput", "{}")


def test_the_place_that_an_error_names_itself_is_the_better_one() -> None:
    assert BadInput("Wrong.", where="line 3").problem("the file").where == "line 3"


def test_a_problem_comes_back_from_storage_as_it_was() -> None:
    problem = Problem("What.", "where", "Todo.", "Kind", "detail")
    assert Problem.from_dict(problem.as_dict()) == problem


def test_a_problem_from_an_older_version_is_read_with_what_it_has() -> None:
    assert Problem.from_dict({"what": "What.", "unknown": 1}) == Problem("What.", kind="")


def test_an_unexpected_error_is_shown_as_a_defect() -> None:
    problem = problem_of(KeyError("title"), "draw")
    assert problem.what == "Something unexpected went wrong: KeyError: 'title'"
    assert problem.where == "draw"
    assert problem.kind == "KeyError"
    assert "defect" in problem.todo


def test_our_own_errors_speak_for_themselves() -> None:
    assert problem_of(BadInput("Wrong."), "draw") == Problem("Wrong.", "draw", kind="BadInput")


def test_an_unknown_name_offers_the_closest_ones() -> None:
    error = UnknownName("pipeline", "dayly_post", ["photo_feed", "daily_post"])
    assert str(error) == "There is no pipeline called 'dayly_post'. Did you mean daily_post?"


def test_an_unknown_name_that_resembles_none_lists_what_there_is() -> None:
    assert UnknownName("channel", "zzz", ["sky", "main"]).todo == "Known: main, sky."


def test_an_unknown_name_where_there_are_none_says_so() -> None:
    assert UnknownName("channel", "main", []).todo == "No channel is configured yet."


def test_only_what_may_go_well_later_is_retryable() -> None:
    classes = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, PressroomError)]
    retryable = {value.__name__ for value in classes if value.retryable}
    assert retryable == {"Busy", "Conflict", "Deferred", "Unavailable", "RateLimited"}


def test_an_unknown_outcome_is_never_retryable() -> None:
    assert not OutcomeUnknown.retryable
    assert not issubclass(OutcomeUnknown, Unavailable)


@pytest.mark.parametrize("kind", [Unavailable, RateLimited])
def test_who_says_to_wait_may_say_until_when(kind: type[Unavailable]) -> None:
    assert kind("Wait.").retry_at is None
    assert kind("Wait.", retry_at=NOW, todo="Nothing.").retry_at == NOW


def test_what_is_deferred_knows_until_when() -> None:
    assert Deferred(NOW, "Not yet.", where="main").until == NOW


def test_every_kind_of_error_says_in_its_docstring_what_it_means() -> None:
    for value in vars(errors).values():
        if inspect.isclass(value) and issubclass(value, PressroomError):
            assert value.__doc__, value
