"""Product pictures as they should look; each is compared with what is made now by structural similarity.

After a change that is meant, `python -m tests.golden_products` writes them anew: look at them before you commit them.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from pressroom.generators.base import ImageRequest
from pressroom.generators.offline_art.studio import draw_studio
from pressroom.product_pictures.finishing import finished
from pressroom.product_pictures.layout import calm_side
from pressroom.product_pictures.wording import product_words
from tests.product_pictures.shop import busy_photo, photo, reference

FOLDER = Path(__file__).parent

CASES: dict[str, tuple[Any, tuple[int, int], dict[str, Any]]] = {
    "reduced": (
        ("mug", "clay"),
        (540, 540),
        {"name": "Terra Mug", "brand": "Studio Nord", "price": "24", "original": "32", "currency": "EUR"},
    ),
    "hebrew-wide": (
        ("hoop", "dark"),
        (600, 314),
        {"name": "אוזניות אלחוטיות Pro 5", "price": "499", "currency": "ILS"},
    ),
    "japanese-tall": (
        ("mug", "pale"),
        (540, 675),
        {"name": "手作りの陶器マグカップ 350ml", "price": "4800", "currency": "JPY", "offer": "期間限定"},
    ),
    "card": ("busy", (540, 540), {"name": "Waves 🌊 Poster", "price": "29", "currency": "GBP", "offer": "Last ones"}),
    "drawing": (None, (540, 540), {"name": "Chocolate Cake", "price": "18.5", "currency": "USD"}),
}


def picture(case: str) -> bytes:
    shown, (width, height), facts = CASES[case]
    numbers: dict[str, Any] = {name: Decimal(facts[name]) for name in ("price", "original") if name in facts}
    words = product_words(**(facts | numbers))
    image = busy_photo() if shown == "busy" else photo(*shown) if shown else None
    request = ImageRequest(
        prompt="",
        theme=words.name,
        style="studio",
        width=width,
        height=height,
        references=(reference(image),) if image is not None else (),
        calm_side=calm_side(width, height, is_right_to_left=words.is_right_to_left),
    )
    return finished(draw_studio(request, 90), words, width, height, 85).data


def golden(case: str) -> Path:
    return FOLDER / f"{case}.jpg"
