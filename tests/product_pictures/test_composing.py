"""The set words: legible on any scene, inside the margins, in the right order, whatever script and shape."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import pyvips

from pressroom.errors import BadInput
from pressroom.lettering.runs import NoFace
from pressroom.product_pictures.composing import Lettered, set_words
from pressroom.product_pictures.finishing import finished
from pressroom.product_pictures.layout import Layout, calm_side, layout_for
from pressroom.product_pictures.legibility import WANTED_CONTRAST
from pressroom.product_pictures.palette import palette_of, plain_palette
from pressroom.product_pictures.wording import ProductWords, product_words
from tests.golden_variants import similarity
from tests.product_pictures.shop import busy_photo, jpeg, plain

SHAPES = [(540, 540), (540, 675), (600, 314)]
WORDS = {
    "short": product_words("Cup", price=Decimal("9.5"), currency="USD"),
    "long": product_words(
        "Ergonomic High-Back Mesh Office Chair with Adjustable Lumbar Support, Headrest and Footrest, Graphite Grey, "
        "for Home and Office, Tested up to 150 kg",
        brand="Sitwell",
        price=Decimal("1299"),
        original=Decimal("1599"),
        currency="EUR",
        language="de",
    ),
    "one word": product_words("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3),
    "hebrew": product_words("אוזניות אלחוטיות Pro 5", price=Decimal("499.9"), original=Decimal("599"), currency="ILS"),
    "arabic": product_words("سماعات لاسلكية مانعة للضوضاء", price=Decimal("499"), currency="SAR", language="ar"),
    "chinese": product_words(
        "无线降噪蓝牙耳机头戴式长续航学生党必备神器2026新款", price=Decimal("599"), currency="CNY"
    ),
    "japanese": product_words("ワイヤレスノイズキャンセリングヘッドホン", price=Decimal("49800"), currency="JPY"),
    "thai": product_words("หูฟังไร้สายตัดเสียงรบกวนรุ่นใหม่ล่าสุด", price=Decimal("3990"), currency="THB"),
    "emoji": product_words(
        "Strawberry 🍓 Jam 👩🏽‍🌾", brand="Oma’s", price=Decimal("4.2"), currency="GBP", offer="New"
    ),
    "offer": product_words("Terra Mug", price=Decimal("24"), currency="EUR", offer="Buy two, get one free"),
}


def scenes(width: int, height: int) -> dict[str, Any]:
    ramp = pyvips.Image.xyz(width, height)[0] * 255 / width
    stripes = (pyvips.Image.xyz(width, height)[1] / 6 % 2 < 1).ifthenelse(255, 0)
    return {
        "white": plain((255, 255, 255), width, height),
        "black": plain((0, 0, 0), width, height),
        "middle": plain((128, 128, 128), width, height),
        "red": plain((230, 20, 30), width, height),
        "ramp": ramp.bandjoin([ramp, ramp]).cast("uchar").copy(interpretation="srgb"),
        "stripes": stripes.bandjoin([stripes, stripes]).cast("uchar").copy(interpretation="srgb"),
        "waves": busy_photo().thumbnail_image(width, height=height, size="force").copy_memory(),
    }


def laid_out(words: ProductWords, width: int, height: int) -> Layout:
    return layout_for(width, height, calm_side(width, height, is_right_to_left=words.is_right_to_left))


def lettered(words: ProductWords, scene: Any) -> Lettered:
    image = scene.copy_memory()
    return set_words(image, words, laid_out(words, image.width, image.height), palette_of(image, None, 1))


@pytest.mark.parametrize("scene", ["white", "black", "middle", "red", "ramp", "stripes", "waves"])
@pytest.mark.parametrize("shape", SHAPES)
def test_words_are_legible_on_any_scene(scene: str, shape: tuple[int, int]) -> None:
    made = lettered(WORDS["short"], scenes(*shape)[scene])
    assert made.contrast >= WANTED_CONTRAST
    assert measured_contrast(made) >= 4.5


def measured_contrast(made: Lettered) -> float:
    """Measure on the finished pixels: the name's darkest against its lightest, without what is in between."""
    place = made.places[-2]
    linear = made.image.crop(place.left, place.top, place.width, place.height).colourspace("scrgb")
    light = linear[0] * 0.2126 + linear[1] * 0.7152 + linear[2] * 0.0722
    values = sorted(memoryview(light.cast("float").write_to_memory()).cast("f"))
    dark, bright = values[len(values) // 12], values[-len(values) // 12]
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("words", list(WORDS))
@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_stands_outside_the_margins_and_no_two_in_one_place(words: str, shape: tuple[int, int]) -> None:
    width, height = shape
    scene = plain((240, 238, 235), width, height)
    made = lettered(WORDS[words], scene)
    changed = (made.image.cast("short") - scene.cast("short")).abs().bandmean() > 40
    left, top, wide, high = (~changed).find_trim(threshold=1, background=255)
    least = min(width, height) * 0.05
    assert left >= least
    assert top >= least
    assert left + wide <= width - least
    assert top + high <= height - least


@pytest.mark.parametrize("words", ["long", "one word", "chinese"])
def test_a_long_name_takes_three_lines_and_ends_in_an_ellipsis(words: str) -> None:
    made = lettered(WORDS[words], plain((240, 238, 235)))
    named = [place for place in made.places if place.height > 12]
    assert len(named) <= 7
    assert made.text.count("…") == (words != "chinese")


def test_a_shortened_name_ends_at_a_word() -> None:
    made = lettered(WORDS["long"], plain((240, 238, 235)))
    shown = made.text.split(" · ")[1]
    kept = shown.removesuffix("…")
    name = WORDS["long"].name
    assert name.startswith(kept)
    assert name[len(kept)] in " ,"


def test_what_is_read_from_right_to_left_begins_on_the_right_and_its_badge_is_on_the_left() -> None:
    hebrew, latin = (lettered(WORDS[words], plain((240, 238, 235))) for words in ("hebrew", "long"))
    assert {place.right > 500 for place in hebrew.places[:2]} == {True}
    assert hebrew.places[-1].right < 200
    assert {place.left < 40 for place in latin.places[:2]} == {True}
    assert latin.places[-1].left > 340
    wide = laid_out(WORDS["hebrew"], 600, 314)
    assert wide.words.left > wide.product.right


def test_what_was_set_is_told_in_the_order_of_reading() -> None:
    made = lettered(WORDS["long"], plain((240, 238, 235)))
    brand, name, price, original, badge = made.text.split(" · ")
    assert (brand, price, original, badge) == ("Sitwell", "1.299,00\u00a0€", "1.599,00\u00a0€", "−19\u00a0%")
    assert name.startswith("Ergonomic High-Back Mesh Office Chair")
    assert lettered(WORDS["offer"], plain((0, 0, 0))).text == "Terra Mug · 24,00\u00a0€ · Buy two, get one free"


def test_the_price_before_is_struck_through() -> None:
    reduced = product_words("Cup", price=Decimal(5), original=Decimal(9), currency="USD", offer="x" * 7)
    made = lettered(reduced, plain((250, 250, 250)))
    original = made.places[2]
    columns = made.image.crop(original.left + 2, original.top, original.width - 4, original.height)
    darkest = columns.bandmean().project()[0]
    values = memoryview(darkest.cast("double").write_to_memory()).cast("d")
    assert max(values) < 0.93 * 250 * original.height, "the line crosses every column"


def test_colours_of_emoji_are_kept() -> None:
    made = lettered(product_words("🍓"), plain((250, 250, 250)))
    saturation = made.image.colourspace("hsv")[1]
    assert saturation.max() > 200


def test_what_no_font_can_draw_is_named() -> None:
    with pytest.raises(NoFace):
        lettered(product_words("Ꮳ Cup"), plain((0, 0, 0)))
    with pytest.raises(BadInput, match=r"'Ꮳ' \(U\+13E3\)") as raised:
        finished(jpeg(plain((0, 0, 0))), product_words("Ꮳ Cup"), 320, 320, 80)
    assert "-i name=" in raised.value.todo


def test_a_scene_of_another_size_is_cut_and_not_squeezed() -> None:
    circle = (
        pyvips.Image.black(800, 400, bands=3)
        .copy(interpretation="srgb")
        .draw_circle([255] * 3, 400, 200, 150, fill=True)
    )
    made = finished(jpeg(circle), product_words("Cup"), 400, 400, 90)
    image = pyvips.Image.new_from_buffer(made.data, "").crop(0, 0, 400, 190)
    left, _, wide, _ = image.find_trim(threshold=100, background=[0, 0, 0])
    assert wide == pytest.approx(300, abs=6)
    assert left == pytest.approx(50, abs=6)


def test_the_same_input_gives_the_same_bytes_without_metadata() -> None:
    scene = jpeg(busy_photo())
    one, other = (finished(scene, WORDS["emoji"], 540, 540, 85) for _ in range(2))
    assert one.data == other.data
    image = pyvips.Image.new_from_buffer(one.data, "")
    assert (image.width, image.height) == (540, 540)
    assert not [field for field in image.get_fields() if "exif" in field or "icc" in field]


def test_a_veil_lies_only_where_it_is_needed() -> None:
    calm = plain((240, 238, 235))
    untouched = lettered(WORDS["short"], calm).image.crop(0, 0, 540, 200)
    assert similarity(untouched, calm.crop(0, 0, 540, 200)) > 0.999
    stripes = scenes(540, 540)["stripes"]
    veiled = lettered(WORDS["short"], stripes).image
    assert similarity(veiled.crop(0, 0, 540, 150), stripes.crop(0, 0, 540, 150)) > 0.99
    assert similarity(veiled.crop(0, 400, 540, 140), stripes.crop(0, 400, 540, 140)) < 0.6


def test_badges_stand_out_in_every_hue() -> None:
    from pressroom.product_pictures.badge import badge_colours
    from pressroom.product_pictures.colour import contrast

    assert min(contrast(*badge_colours(plain_palette(choice))) for choice in range(6)) >= 4.5
