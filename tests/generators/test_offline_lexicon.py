"""The word files hold together, and a theme is found by its most telling word."""

from __future__ import annotations

import pytest

from pressroom.generators.offline_writing.frames import fill, slots_of
from pressroom.generators.offline_writing.lexicon import look_up
from pressroom.generators.offline_writing.word_files import domain_names, mood_words, sections

DETAILED = {"day", "detail"}


@pytest.mark.parametrize("domain", domain_names())
def test_a_domain_has_all_that_a_caption_needs(domain: str) -> None:
    found = sections(domain)
    assert set(found) >= {"tags", "keywords", "asks", *mood_words()}
    assert len(found["spooky"]) >= 5
    assert all(len(found[mood]) >= 3 for mood in mood_words())
    assert all(tag.startswith("#") and tag[1:].isalnum() for tag in " ".join(found["tags"]).split())


@pytest.mark.parametrize("domain", domain_names())
def test_a_domains_frames_name_the_day_once_and_have_no_unknown_slot(domain: str) -> None:
    for mood in mood_words():
        for frame in sections(domain)[mood]:
            assert frame.count("{day}") == 1, frame
            assert slots_of(frame) <= DETAILED, frame


@pytest.mark.parametrize("domain", domain_names())
def test_details_are_noun_phrases_that_fit_into_any_frame(domain: str) -> None:
    for line in sections(domain)["keywords"]:
        names, colon, details = line.partition(":")
        assert colon, line
        assert names.strip()
        for detail in details.split("|"):
            assert detail.strip(), line
            # A comma inside would come apart in "between … and the dead"; a stop would end a frame's sentence.
            assert not set(detail) & set(",.;:!?"), line


def test_the_shared_frames_have_no_unknown_slot() -> None:
    known = {"day", "theme", "a_theme", "themes", "deed", "our_deed", "my_deed", "quoted", "style"}
    for section, lines in sections("shared").items():
        for frame in lines:
            assert slots_of(frame) <= known, (section, frame)


@pytest.mark.parametrize(
    ("theme", "domain", "detail"),
    [
        ("Hot Dog", "meals", "the mustard stripe"),
        ("Costumes for Cats", "pets", "the windowsill at dusk"),
        ("Tooth Fairy", "spooks", "a very small ladder"),
        ("Chocolate Chip Cookies", "sweets", "a warm tray by the window"),
        ("Answer Your Cat's Questions", "pets", "a meow with a question mark"),
        ("School Librarian", "words", "the shush from the empty aisle"),
        ("Mice", "pets", "the tiny finish line"),
    ],
)
def test_a_theme_is_found_by_its_longest_and_last_keyword(theme: str, domain: str, detail: str) -> None:
    entry = look_up(theme)
    assert entry is not None
    assert (entry.domain, detail in entry.details) == (domain, True)


def test_an_unknown_theme_is_in_no_domain() -> None:
    assert look_up("Zorble Fnord") is None


def test_a_day_of_something_gets_its_article_but_not_after_a_greeting() -> None:
    words = {"day": "International Day of Happiness"}
    assert fill("it is {day}. happy {day}!", words) == (
        "It is the International Day of Happiness. Happy International Day of Happiness!"
    )
