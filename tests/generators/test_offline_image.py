"""The offline illustrator: the same seed gives the same bytes, the title can be read, the alt text is true."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import pytest
import pyvips

from pressroom.contracts.generator import ImageGeneratorContract, Make
from pressroom.errors import BadInput
from pressroom.generators.base import ImageRequest, Setup
from pressroom.generators.offline_art.plan import plan
from pressroom.generators.offline_image import DrawingOptions, OfflineImage

SIZES = ((1600, 900), (1080, 1080), (1080, 1350), (1200, 627), (1024, 1536))


def illustrator(**options: Any) -> OfflineImage:
    # Nothing offline needs a secret or the time; to ask for either would be an error here.
    return OfflineImage(Setup("offline_image", DrawingOptions(**options), cast(Any, None), cast(Any, None)))


def request_for(theme: str, **more: Any) -> ImageRequest:
    given = {"prompt": theme, "theme": theme, "style": "spooky", "title": f"National {theme} Day", "seed": "1"}
    return ImageRequest(**{**given, **more})


def drawn(request: ImageRequest, **options: Any) -> bytes:
    return illustrator(**options).ask(request).raw


def pixels(jpeg: bytes) -> Any:
    return pyvips.Image.new_from_buffer(jpeg, "", fail_on="warning")


def difference(one: bytes, other: bytes) -> float:
    """Give how far two pictures are apart on average, in levels of 255, seen from afar."""
    small = [pixels(jpeg).thumbnail_image(96, height=54, size="force").gaussblur(1) for jpeg in (one, other)]
    return float((small[0] - small[1]).abs().avg())


class TestContract(ImageGeneratorContract):
    is_exact = True

    @pytest.fixture
    def make(self) -> Make:
        return illustrator


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_picture_has_the_size_asked_for_in_srgb_and_without_metadata(width: int, height: int) -> None:
    image = pixels(drawn(request_for("Take Your Parents to Lunch", width=width, height=height)))
    assert (image.width, image.height, image.bands, image.interpretation) == (width, height, 3, "srgb")
    assert [name for name in image.get_fields() if name.startswith(("exif", "xmp", "iptc", "icc"))] == []


def test_a_picture_is_a_reasonable_file() -> None:
    assert 100_000 < len(drawn(request_for("Dress Up Your Pet"))) < 900_000


def test_the_same_request_gives_the_same_bytes() -> None:
    assert drawn(request_for("Pizza")) == drawn(request_for("Pizza"))


@pytest.mark.parametrize(
    "change", [{"seed": "2"}, {"style": "cheerful"}, {"theme": "Bicycle"}], ids=lambda change: next(iter(change))
)
def test_another_seed_style_or_theme_gives_a_visibly_different_picture(change: dict[str, str]) -> None:
    first = request_for("Pizza", title="")
    assert difference(drawn(first), drawn(first.model_copy(update=change))) > 6


def test_drawing_costs_nothing_and_says_what_drew() -> None:
    request = request_for("Pizza")
    answer = illustrator().ask(request)
    assert illustrator().estimate(request) == Decimal(0)
    assert (answer.media_type, answer.model) == ("image/jpeg", "offline_image/1")
    assert [(line.unit, line.quantity, line.money) for line in answer.usage] == [("images", 1, Decimal(0))]


def test_reading_gives_the_drawn_bytes_and_the_plan_in_words() -> None:
    request = request_for("Cat")
    picture = illustrator().picture(illustrator().ask(request), request)
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 1600, 900)
    assert picture.alt_text == plan(request).alt_text
    assert "black cat" in picture.alt_text


def test_a_title_that_no_font_can_draw_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=r"'Ꮳ' \(U\+13E3\)"):
        illustrator().ask(request_for("Pumpkin", title="Pumpkin Day Ꮳ"))


def test_a_lower_quality_makes_a_smaller_file() -> None:
    request = request_for("Pizza", width=800, height=450)
    assert len(drawn(request, quality=60)) < len(drawn(request, quality=90))


def test_the_chosen_face_changes_the_lettering() -> None:
    request = request_for("Pizza")
    assert drawn(request, face="retro") != drawn(request, face="crypt")


def test_a_picture_without_words_is_drawn_too() -> None:
    assert pixels(drawn(request_for("Coffee", title=""))).deviate() > 20
