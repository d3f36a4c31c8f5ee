"""Identifiers."""

from __future__ import annotations

import re

import pytest

from pressroom.ids import new_id


def test_an_id_names_its_kind_and_is_otherwise_hexadecimal() -> None:
    assert re.fullmatch(r"job_[0-9a-f]{32}", new_id("job"))


def test_ids_sort_in_the_order_in_which_they_were_made() -> None:
    ids = [new_id("job") for _ in range(1000)]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("prefix", ["", "Job", "job_", "job1"])
def test_a_prefix_is_lower_case_letters(prefix: str) -> None:
    with pytest.raises(ValueError, match="lower-case letters"):
        new_id(prefix)
