"""What somebody wants a picture of, and what was found of that product. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from pressroom.errors import BadInput
from pressroom.product_pictures.wording import ProductWords, product_words
from pressroom.web_addresses import read_address

_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str = Field("", max_length=8_000, description="The product's page: an address with https:// or http://.")
    file: Path | None = Field(None, description="A saved page, instead of fetching it; pictures beside it are found.")
    name: str = Field("", max_length=2_000, description="In the place of what the page says; alone it needs no page.")
    brand: str = Field("", max_length=200, description="In the place of what the page says.")
    price: Decimal | None = Field(None, ge=0, max_digits=14, description="In the place of what the page says.")
    original_price: Decimal | None = Field(None, ge=0, max_digits=14, description="What it cost before.")
    currency: str = Field("", pattern=r"^([A-Z]{3})?$", description="Of the price: EUR.")
    offer: str = Field("", max_length=200, description="Words for the badge, such as “Free delivery”.")

    @field_validator("url")
    @classmethod
    def _can_be_read(cls, value: str) -> str:
        try:
            return read_address(value).url if value else value
        except BadInput as error:
            raise ValueError(str(error)) from error

    @field_validator("price", "original_price", mode="before")
    @classmethod
    def _is_written_for_programs(cls, value: Any) -> Any:
        # 1,250 is a thousand to one reader and a little more than one to another: nothing is guessed.
        if isinstance(value, str) and not _PLAIN_NUMBER.fullmatch(value.strip()):
            raise ValueError("a price is digits and a point, such as 12.50, and its currency stands by itself: EUR")
        return value

    @model_validator(mode="after")
    def _says_what(self) -> Wish:
        if not (self.url or self.file or self.name.strip()):
            raise ValueError("give the address of a product's page as url, or a saved page as file, or at least a name")
        return self


class Found(BaseModel):
    """What the page and the wish say of the product."""

    name: str
    brand: str = ""
    price: Decimal | None = None
    high: Decimal | None = None
    """The upper end of a range that begins at the price."""
    original_price: Decimal | None = None
    currency: str = ""
    offer: str = ""
    language: str = ""
    url: str = ""
    photos: tuple[str, ...] = ()
    """Addresses, or paths of files beside a saved page, the best one first."""

    def with_wish(self, wish: Wish) -> Found:
        """Return the product with what the wish says itself in the place of what the page says."""
        told = {name: value for name in ("name", "brand", "currency", "offer") if (value := getattr(wish, name))}
        if wish.price is not None:
            # A page's other prices belong to the price that it told.
            told |= {"price": wish.price, "high": None, "original_price": None, "offer": wish.offer}
        if wish.original_price is not None:
            told |= {"original_price": wish.original_price, "offer": wish.offer}
        return self.model_copy(update=told)

    def words(self) -> ProductWords:
        return product_words(
            self.name,
            brand=self.brand,
            price=self.price,
            high=self.high,
            original=self.original_price,
            currency=self.currency,
            offer=self.offer,
            language=self.language,
        )
