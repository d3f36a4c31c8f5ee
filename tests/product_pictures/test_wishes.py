"""What may be wished for: how a price is written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from pressroom.product_pictures.wishes import Wish


@pytest.mark.parametrize("given", ["12,50", "1,250", "€ 12.50", "12.50 EUR", "1.250,00", "١٢"])
def test_a_price_that_readers_would_read_in_two_ways_is_refused_with_how_it_is_written(given: str) -> None:
    with pytest.raises(ValidationError, match=r"such as 12\.50, and its currency stands by itself"):
        Wish.model_validate({"name": "Mug", "original_price": given})


@pytest.mark.parametrize("given", ["12.50", " 12.50 ", 12.5, 12, Decimal("12.5"), "1.25E+1"])
def test_a_price_is_a_number(given: object) -> None:
    wish = Wish.model_validate({"name": "Mug", "price": given})
    assert wish.price in (Decimal("12.5"), Decimal(12))
    assert Wish.model_validate(wish.model_dump(mode="json")) == wish
