"""Captions and descriptions written offline: on theme, within the limit, varied over a year, and grammatical."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from importlib import resources
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.errors import BadInput
from pressroom.generators.base import Options, Setup, TextRequest
from pressroom.generators.offline_text import OfflineText
from pressroom.generators.offline_writing.chance import Chance
from pressroom.generators.offline_writing.subject import subject_of
from pressroom.sources.calendar import Theme, read_calendar

YEAR = tuple(date(2028, 1, 1) + timedelta(days=day) for day in range(366))
MOODS = ("spooky", "cozy", "cheerful")
# Nothing offline needs a secret or the time; to ask for either would be an error here.
WRITER = OfflineText(Setup("offline_text", Options(), cast(Any, None), cast(Any, None)))


def written(request: TextRequest) -> str:
    return WRITER.text(WRITER.ask(request), request)


def caption(theme: Theme, day: date, style: str = "spooky", most: int = 280) -> str:
    prompt = f"Write a caption for {theme.name}."
    return written(
        TextRequest(
            purpose="caption",
            prompt=prompt,
            theme=theme.theme,
            style=style,
            max_characters=most,
            seed=day.isoformat(),
        )
    )


def request_about(theme: str, **more: Any) -> TextRequest:
    return TextRequest(**{"purpose": "caption", "prompt": "", "theme": theme, "style": "spooky", **more})


@pytest.fixture(scope="module")
def themes() -> list[tuple[date, Theme]]:
    file = resources.files("pressroom.samples") / "national-days.json"
    calendar = read_calendar(file.read_bytes(), file.name)
    return [(day, theme) for day in YEAR for theme in calendar.themes_on(day)]


@pytest.fixture(scope="module", params=MOODS)
def year(request: pytest.FixtureRequest, themes: list[tuple[date, Theme]]) -> list[tuple[Theme, str]]:
    return [(theme, caption(theme, day, request.param)) for day, theme in themes]


def without_hashtags(text: str) -> str:
    return re.sub(r"(\s#\w+)+$", "", text)


def test_the_answer_is_plain_text_that_costs_nothing() -> None:
    answer = WRITER.ask(request_about("Pizza"))
    assert answer.media_type == "text/plain; charset=utf-8"
    assert answer.model == "offline_text/1"
    assert WRITER.estimate(request_about("Pizza")) == Decimal(0)
    assert sum(line.money for line in answer.usage) == 0


def test_the_same_request_with_the_same_seed_gives_the_same_text() -> None:
    requests = [request_about("Pizza", seed=str(seed)) for seed in range(30)]
    assert [written(request) for request in requests] == [written(request) for request in requests]


def test_another_seed_gives_another_text() -> None:
    assert len({written(request_about("Pizza", seed=str(seed))) for seed in range(30)}) > 20


def test_chance_gives_the_same_choices_on_every_machine() -> None:
    chance = Chance("offline_text/1", "caption", "Pizza")
    assert [chance.below(100) for _ in range(6)] == [97, 9, 12, 49, 25, 36]
    assert chance.shuffled("abcdef") == ["d", "c", "f", "a", "e", "b"]


def test_no_two_captions_of_a_year_are_the_same(year: list[tuple[Theme, str]]) -> None:
    texts = [text for _, text in year]
    assert len(set(texts)) == len(texts)


def test_few_captions_of_a_year_open_alike(year: list[tuple[Theme, str]]) -> None:
    openings = Counter(" ".join(text.split()[:3]) for _, text in year)
    assert openings.most_common(1)[0][1] < len(year) * 0.05
    assert len(openings) > 80


def test_captions_differ_in_more_than_the_name_of_the_day(year: list[tuple[Theme, str]]) -> None:
    bodies = Counter(without_hashtags(text).replace(theme.name, "") for theme, text in year)
    assert sum(count for count in bodies.values() if count > 1) < len(year) * 0.15


def test_every_caption_names_its_day_in_full(year: list[tuple[Theme, str]]) -> None:
    assert [text for theme, text in year if theme.name not in text] == []


def test_a_days_full_name_serves_as_well_as_its_theme(themes: list[tuple[date, Theme]]) -> None:
    for _, theme in themes:
        by_name = subject_of(request_about(theme.name))
        by_theme = subject_of(request_about(theme.theme, prompt=f"A caption for {theme.name}, please."))
        assert by_name.day == by_theme.day == theme.name
        assert by_name.entry is not None
        assert by_name.thing == by_theme.thing


def test_most_captions_speak_in_the_words_of_their_domain(themes: list[tuple[date, Theme]]) -> None:
    generic = {caption(Theme(theme="Xyzzy", name="Xyzzy Day"), day).replace("Xyzzy Day", "") for day in YEAR}
    plain = {without_hashtags(text) for text in generic}
    texts = [without_hashtags(caption(theme, day)).replace(theme.name, "") for day, theme in themes]
    assert sum(text in plain for text in texts) < len(texts) * 0.1


def test_nothing_is_left_to_be_filled_in(year: list[tuple[Theme, str]]) -> None:
    assert [text for _, text in year if re.search(r"[{}|\[\]]", text)] == []


def test_no_word_is_doubled(year: list[tuple[Theme, str]]) -> None:
    for _, text in year:
        words = re.findall(r"[\w']+|[.!?,;:]", without_hashtags(text).casefold())
        assert [pair for pair in pairwise(words) if pair[0] == pair[1] and pair[0] != "two"] == [], text


def test_articles_fit_their_nouns(year: list[tuple[Theme, str]]) -> None:
    sounds_like_a_consonant = re.compile(r"\ban (?!hour|herb|heir|honest|X-ray|[aeiou])\w+", re.IGNORECASE)
    sounds_like_a_vowel = re.compile(r"\ba (?!one|uni|use|eu|uk|ufo)[aeiou]\w*", re.IGNORECASE)
    for theme, text in year:
        body = text.replace(theme.name, "")
        assert not sounds_like_a_consonant.search(body), text
        assert not sounds_like_a_vowel.search(body), text


def test_punctuation_is_in_order(year: list[tuple[Theme, str]]) -> None:
    for _, text in year:
        assert text == text.strip()
        assert not re.search(r"\s\s|\s[.,;!?]|[.,;:]{2}(?<!\.\.)|(?<!\.)\.\.(?!\.)", text), text
        assert without_hashtags(text)[-1] in '.!?"”', text
        assert text[0].isupper() or not text[0].isalpha(), text


def test_every_sentence_starts_with_a_capital(year: list[tuple[Theme, str]]) -> None:
    assert [text for _, text in year if re.search(r"(?<!\.)[.!?] [a-z]", without_hashtags(text))] == []


def test_a_caption_ends_with_at_most_two_hashtags(year: list[tuple[Theme, str]]) -> None:
    for _, text in year:
        tags = re.findall(r"#\S*", text)
        assert len(tags) <= 2, text
        assert all(re.fullmatch(r"#\w*[A-Za-z]\w*", tag) for tag in tags), text
        assert not tags or text.endswith(" ".join(tags)), text


@pytest.mark.parametrize("most", [60, 80, 100, 140, 200, 280, 500])
def test_captions_keep_within_the_limit(most: int, themes: list[tuple[date, Theme]]) -> None:
    for day, theme in themes[::5]:
        text = caption(theme, day, most=most)
        assert len(text) <= most
        assert theme.name in text or "…" in text


@pytest.mark.parametrize("purpose", ["caption", "alt_text"])
@pytest.mark.parametrize("most", range(16, 120, 3))
def test_a_text_never_ends_in_the_middle_of_a_word(purpose: str, most: int) -> None:
    theme = "Sneak Some Zucchini Onto Your Neighbor's Porch"
    text = written(request_about(theme, purpose=purpose, max_characters=most))
    assert len(text) <= most
    if text.endswith("…"):
        whole = written(request_about(theme, purpose=purpose, max_characters=75))
        assert f"{text[:-1]} " in f"{whole} " or f"{text[:-1]} " in f"An illustration for National {theme} Day "


def test_too_little_room_is_an_error_that_says_so() -> None:
    with pytest.raises(BadInput, match=r"No caption for National Pizza Day fits into 5 characters"):
        written(request_about("Pizza", max_characters=5))


def test_an_unknown_purpose_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(BadInput, match=r'the purpose "sonnet"\. It knows alt_text, caption'):
        written(request_about("Pizza", purpose="sonnet"))


@pytest.mark.parametrize("purpose", ["", "__init__", "..caption", "caption.write"])
def test_a_purpose_is_never_taken_for_a_path(purpose: str) -> None:
    with pytest.raises(BadInput):
        written(request_about("Pizza", purpose=purpose))


@pytest.mark.parametrize(
    ("theme", "prompt", "name"),
    [
        ("Pizza", "", "National Pizza Day"),
        ("Pi", "Write a caption for Pi Day.", "Pi Day"),
        ("Chess", "Celebrate International Chess Day!", "International Chess Day"),
        ("Happiness", "It is the International Day of Happiness.", "International Day of Happiness"),
        ("Halloween", "", "Halloween"),
        ("Halloween", "Write a caption for National Halloween Day.", "Halloween"),
        ("Christmas", "Write about Christmas Day.", "Christmas Day"),
        ("New Year's Eve", "", "New Year's Eve"),
        ("National Dress Up Your Pet Day", "", "National Dress Up Your Pet Day"),
        ("Pie", "Not Pi Day but a caption for the theme.", "National Pie Day"),
    ],
)
def test_a_day_is_called_by_its_name(theme: str, prompt: str, name: str) -> None:
    text = written(request_about(theme, prompt=prompt))
    assert name in text
    assert "Day Day" not in text
    assert "National National" not in text


@pytest.mark.parametrize("theme", ["Zorble", "Quux Fnord Appreciation", "Ελλάδα", "火鍋", "{theme} {day}", "a|b", "🎃"])
def test_a_theme_that_no_domain_knows_still_gets_a_caption(theme: str) -> None:
    for seed in range(20):
        text = written(request_about(theme, seed=str(seed)))
        assert f"National {theme} Day" in text
        assert len(text) <= 280


@pytest.mark.parametrize(
    ("style", "mood"), [("a gothic mood", "spooky"), ("cosy", "cozy"), ("funny", "cheerful"), ("", "cheerful")]
)
def test_a_style_is_honoured_by_any_of_its_words(style: str, mood: str) -> None:
    short = {most: written(request_about("Pizza", style=style, max_characters=most)) for most in range(42, 60)}
    marks = {
        "spooky": r"dare|Lock|crypt|shadows|wicked",
        "cozy": r"gentle|warm|quiet",
        "cheerful": r"!$|finally|to all|Hooray",
    }
    assert all(re.search(marks[mood], re.sub(r" #.*", "", text)) for text in short.values()), short


def test_a_description_tells_theme_day_and_style() -> None:
    text = written(request_about("Pizza", purpose="alt_text"))
    assert "“Pizza”" in text
    assert "National Pizza Day" in text
    assert "in a spooky style" in text
    assert "#" not in text


def test_a_description_has_the_right_article_for_its_style() -> None:
    assert "in an eerie style" in written(request_about("Pizza", purpose="alt_text", style="eerie"))


@given(
    st.text(min_size=1, max_size=80).filter(str.strip), st.integers(60, 500), st.sampled_from(["caption", "alt_text"])
)
def test_any_theme_is_written_about_within_the_limit(theme: str, most: int, purpose: str) -> None:
    try:
        text = written(request_about(theme, purpose=purpose, max_characters=most))
    except BadInput as error:
        text = str(error.what)
        assert len(theme) > 20
    assert text
    assert len(text) <= 500
