"""Whole words of the lists, through simple disguises, and none in words that merely contain one."""

from __future__ import annotations

import pytest

from pressroom.generators.offline_judging.plain_text import terms_of, words_of
from pressroom.generators.offline_judging.word_lists import LANGUAGES, entries, entry
from pressroom.generators.offline_judging.words_found import listed_words

EVERY = tuple(LANGUAGES)


def found(text: str, *allowed: str) -> list[str]:
    return [flag.why.partition("”")[0].lstrip("“") for flag in listed_words(text, entries(EVERY), allowed)]


@pytest.mark.parametrize(
    "text",
    [
        "Oh shit.",
        "OH SHIT!!!",
        "sh1t", "5h1t", "$hit", "sh!t", "SH!T!",
        "s\u200bh\u200di\u00adt",
        "ｓｈｉｔ",
        "#OhShit", "#shIt",
        "(shit)", "“shit”", "shit-show", "shit_show",
        "@shit",
    ],
)  # fmt: skip
def test_a_word_is_found_through_case_signs_and_simple_disguises(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize(
    "text", ["@$$hole", "a$$hole", "#KillYourself", "kill   yourself", "KILL\nYOURSELF", "k1ll yourself"]
)
def test_phrases_and_signs_in_place_of_letters_are_found(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("fucking great", "English"),
        ("So eine Scheiße", "German"),
        ("so eine SCHEISSE", "German"),
        ("hijo de puta", "Spanish"),
        ("ferme ta gueule", "French"),
        ("vaffanculo", "Italian"),
        ("tue-toi", "French"),
    ],
)
def test_every_language_has_its_list_and_the_flag_names_it(text: str, language: str) -> None:
    assert f"is in the {language} list." in listed_words(text, entries(EVERY))[0].why


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe, Penistone, Sussex, Essex, Cockburn and Lightwater",
        "A class on assassins, bass, grass, cassette and embarrassment",
        "Dickens, Moby Dick, Hancock, cocktail, peacock, shuttlecock and shiitake",
        "Our Maine Coon likes her grapefruit; the kitchen is spic and span",
        "A chink in the armour of Arsenal",
        "Analysis, cumulus, document, circumference, title and therapist",
        "Die Pute, der Marsch, das Ass, dick auftragen, Fuchs und Kutsche",
        "Con leche, el año, coger el tren, la zorra y la polla de agua",
        "Une bite d'amarrage, la chatte, un con, des conifères, il va mourir",
        "Il finocchio, la troia di Omero, scopare il cortile, l'uccello",
        "Take the A55 to Bangor, 455 m, B00 and A4$",
        "fickle, fiction, Fick's law, reputation, disputa, deputado, computar",
        "Kike Hernández, el lago negro, pâté, merdeka square",
        "",
        "!!! $$$ @@@",
    ],
)
def test_words_that_merely_contain_one_or_mean_something_else_pass(text: str) -> None:
    assert found(text) == []


def test_the_flag_shows_the_word_as_it_stands() -> None:
    assert found("What a $h1tty day, @$$hole!") == ["@$$hole", "$h1tty"]


def test_a_word_that_stands_several_times_is_one_flag() -> None:
    assert found("Shit, shit and SHIT") == ["Shit"]


def test_an_allowed_phrase_hides_its_words_and_no_others() -> None:
    assert found("Bullshit Bingo on Friday", "bullshit bingo") == []
    assert found("Bullshit Bingo is bullshit", "bullshit bingo") == ["bullshit"]


def test_a_word_of_a_list_may_be_written_in_disguise_itself() -> None:
    assert terms_of("$hit") == ("shit",)
    assert terms_of("OnlyFans Club") == ("onlyfans", "club")


def test_words_that_are_written_together_count_as_several_and_as_one() -> None:
    assert [word.shown for word in words_of("#GoAwayNow")] == ["Go", "Away", "Now"]
    one = [entry("goaway", "own", 1.0, "yours")]
    assert [flag.why for flag in listed_words("#GoAway", one)] == ["“GoAway” is in yours."]


@pytest.mark.parametrize("language", EVERY)
def test_every_entry_of_a_list_is_found_by_itself_and_has_a_category_and_a_score(language: str) -> None:
    known = entries((language,))
    assert len(known) > 50
    for one in known:
        assert one.category in ("hate", "violence", "sexual", "profanity")
        assert 0.5 <= one.score <= 1
        assert listed_words(" ".join(one.words), [one]), one


@pytest.mark.parametrize("language", EVERY)
def test_no_entry_stands_twice_in_a_list(language: str) -> None:
    known = [(one.words, one.is_stem) for one in entries((language,))]
    assert sorted(known) == sorted(set(known))
