"""Whole product pictures against those that somebody has looked at."""

from __future__ import annotations

import pytest
import pyvips

from tests.golden_products import CASES, golden, picture
from tests.golden_variants import similarity


@pytest.mark.parametrize("case", list(CASES))
def test_a_picture_looks_as_it_should(case: str) -> None:
    now, then = pyvips.Image.new_from_buffer(picture(case), ""), pyvips.Image.new_from_file(str(golden(case)))
    assert (now.width, now.height) == (then.width, then.height)
    assert similarity(now, then) > 0.97
