"""What a model is told of the scene that it is to draw. Pure."""

from __future__ import annotations

from pressroom.product_pictures.layout import CalmSide
from pressroom.product_pictures.wording import ProductWords

_SIDES: dict[CalmSide, str] = {"bottom": "lower third", "left": "left half", "right": "right half"}
_PROMPT = (
    "A premium advertising photograph of this product: {name}{by_brand}. {as_in_photo}It stands on a plain surface in "
    "soft studio light, before a calm background in colours that suit it and let it stand out. The {calm} of the "
    "picture is empty and even, for words that are set there later. No letters, no numbers, no prices, no people."
)
_AS_IN_PHOTO = "It looks exactly as in the photo: the same shape, colours, material and label. "


def scene_prompt(words: ProductWords, calm: CalmSide, template: str, *, is_shown: bool) -> str:
    """Return the prompt; `is_shown` if a photo of the product goes with it. An empty template stands for our own."""
    if template:
        return template.format(name=words.name, brand=words.brand, calm=_SIDES[calm])
    return _PROMPT.format(
        name=words.name,
        by_brand=f" by {words.brand}" if words.brand else "",
        as_in_photo=_AS_IN_PHOTO if is_shown else "",
        calm=_SIDES[calm],
    )


def check_prompt(template: str) -> str:
    """Return the template; raises `ValueError` if it cannot be filled in."""
    try:
        template.format(name="", brand="", calm="")
    except (LookupError, ValueError, AttributeError) as error:
        raise ValueError(
            f"cannot be filled in ({error}); its placeholders are {{name}}, {{brand}} and {{calm}}"
        ) from error
    return template
