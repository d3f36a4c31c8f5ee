"""Which secrets are asked for where there are several ways to sign in."""

from __future__ import annotations

import pytest

from pressroom.secret_sets import lacking

LONG, SHORT = ("key", "key_secret", "token", "token_secret"), ("id", "token", "refresh")


@pytest.mark.parametrize(
    ("stored", "missing"),
    [
        (set(), [list(LONG), list(SHORT)]),
        ({"token"}, [["key", "key_secret", "token_secret"], ["id", "refresh"]]),
        ({"key"}, [["key_secret", "token", "token_secret"]]),
        ({"id", "token"}, [["refresh"]]),
        ({"key", "id"}, [["key_secret", "token", "token_secret"], ["token", "refresh"]]),
        ({"id", "token", "refresh", "key"}, []),
        (set(LONG), []),
    ],
)
def test_what_is_missing_is_that_of_the_sets_that_are_begun_else_of_all(
    stored: set[str], missing: list[list[str]]
) -> None:
    assert lacking((LONG, SHORT), stored.__contains__) == missing


def test_without_a_set_nothing_is_missing() -> None:
    assert lacking((), lambda _: False) == []
    assert lacking(((),), lambda _: False) == []
