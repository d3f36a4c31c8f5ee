"""Tales in prose: whole, grammatical, true to their facts, and new every night of a month."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from pressroom.errors import BadInput
from pressroom.generators.base import TextRequest
from pressroom.generators.offline_writing.chance import Chance
from pressroom.generators.offline_writing.purposes.story import write
from pressroom.generators.offline_writing.tales.cast import words_for
from pressroom.generators.offline_writing.tales.lines import sections
from pressroom.generators.offline_writing.tales.remedies import need_of, useful_things
from pressroom.stories import PLOTS, Character, Scene, StoryFacts
from pressroom.story_text import read_story
from tests.story_nights import Night, characters, nights, request_for, scenes, written

MONTH = 31
NIGHTS = nights(60)
MOST_SHARED, MEAN_SHARED = 0.30, 0.03
"""Of the runs of five words in a story, names aside: how much another of the same month may have too. Measured over
sixty nights: 0.24 at the most, 0.017 in the mean."""
ODD = Character(
    name="Xo",
    kind="an axolotl",
    pronouns="they",
    traits=("hard to impress",),
    wish="to nap",
    fear="spoons",
    saying="Hm",
    carries=("some unnamed gravel",),
)
ODD_PLACE = Scene(
    name="Krakatoa",
    time="at noon",
    weather="ash",
    sounds=("a hum",),
    smells=("sulphur",),
    problem="Everything was purple.",
    object="a rock",
    calm="It stopped.",
)


def shingles(night: Night) -> set[tuple[str, ...]]:
    names = {name.casefold() for who in night.facts.characters for name in re.findall(r"\w+", who.name)}
    words = [word.casefold().removesuffix("’s") for word in re.findall(r"[\w’]+", night.text)]
    plain = ["somebody" if word in names else word for word in words]
    return {tuple(plain[start : start + 5]) for start in range(len(plain) - 4)}


def test_a_story_has_a_title_and_between_250_and_650_words() -> None:
    for night in NIGHTS:
        assert re.match(r"[^\n]{4,80}\n\n\S", night.text), night.text
        assert 250 <= len(night.body.split()) <= 650


def test_every_story_is_read_back_as_a_whole_one() -> None:
    for night in NIGHTS + nights(60, "verse"):
        story = read_story(night.text, night.facts.form)
        assert (story.title, "\n\n".join(story.paragraphs)) == (night.title.rstrip("."), night.body)


def test_everyone_and_both_places_are_in_it_under_their_names() -> None:
    for night in NIGHTS:
        for who in night.facts.characters:
            assert night.body.count(who.name) >= 3
        for place in night.facts.scenes:
            assert place.name in night.body or (place.where or "").casefold() in night.body.casefold()


def test_wish_obstacle_and_nightfall_are_told_as_the_facts_have_them() -> None:
    for night in NIGHTS:
        lead, place = night.facts.characters[0], night.facts.scenes[-1]
        assert night.body.count(lead.wish) >= 1
        assert place.problem.casefold() in night.body.casefold()
        assert place.calm.casefold() in night.body.casefold()


def test_what_undoes_the_knot_was_seen_before_it_was_needed() -> None:
    found = 0
    for night in NIGHTS:
        for _, thing in useful_things(night.facts.characters[:2], need_of(night.facts.scenes[-1])):
            first, last = night.body.find(thing), night.body.rfind(thing.partition(" ")[2])
            found += 0 <= first < last
    assert found > 15


def test_nothing_is_left_to_be_filled_in_and_no_word_is_doubled() -> None:
    for night in NIGHTS:
        assert not re.search(r"[{}<>|\[\]]| //|  |\s[.,;!?]", night.text), night.text
        words = re.findall(r"[\w’]+|[.!?,;:”]", night.text.casefold())
        doubled = {one for one, other in pairwise(words) if one == other}
        assert doubled <= {"”", "had", "that", "up", "very"}, doubled


def test_articles_capitals_and_quotation_marks_are_in_order() -> None:
    for night in NIGHTS:
        assert not re.search(r"\ban (?!hour|honest|heir|[aeiou])\w", night.text, re.IGNORECASE), night.text
        assert not re.search(r"\ba (?!one|uni|use|eu)[aeiou]\w", night.text), night.text
        for paragraph in night.body.split("\n\n"):
            assert paragraph.count("“") == paragraph.count("”"), paragraph
            assert paragraph.lstrip("“(")[0].isupper(), paragraph
            assert not re.search(r"[.!?] [a-z]", re.sub(r"“[^”]*”", "“”", paragraph)), paragraph


@pytest.mark.parametrize(
    ("pronouns", "he", "him", "his", "was"),
    [
        ("she/her", "she", "her", "her", "was"),
        ("THEY", "they", "them", "their", "were"),
        ("it", "it", "it", "its", "was"),
    ],
)
def test_pronouns_are_those_of_the_table_and_the_verb_agrees(
    pronouns: str, he: str, him: str, his: str, was: str
) -> None:
    who = Character.model_validate(ODD.model_dump() | {"pronouns": pronouns})
    words = words_for("A", who)
    assert (words["A.he"], words["A.him"], words["A.his"], words["A.was"]) == (he, him, his, was)
    assert words["A.He"] == he.capitalize()


def test_nobody_is_given_the_pronouns_of_another() -> None:
    they = characters()["sprocket"]
    alone = [night for night in NIGHTS if they in night.facts.characters]
    assert alone
    for night in alone:
        others = {who.pronouns for who in night.facts.characters} - {"they"}
        assert "she" in others or not re.search(r"\bSprocket\b[^.“”]*\bshe\b", night.body)
        assert not re.search(r"\bthey was\b", night.body, re.IGNORECASE)


def test_two_stories_of_a_month_share_little_but_names() -> None:
    runs = [shingles(night) for night in NIGHTS]
    shares = [
        len(one & other) / min(len(one), len(other))
        for index, one in enumerate(runs)
        for other in runs[index + 1 : index + MONTH]
    ]
    assert max(shares) <= MOST_SHARED
    assert sum(shares) / len(shares) <= MEAN_SHARED


def test_a_month_has_every_plot_and_thirty_openings() -> None:
    assert {night.facts.plot for night in NIGHTS[:30]} == PLOTS.keys()
    openings = {" ".join(night.body.replace(night.facts.characters[0].name, "X").split()[:6]) for night in NIGHTS[:28]}
    assert len(openings) >= 26


def test_every_plot_is_told_in_its_own_words() -> None:
    for plot in PLOTS:
        file = sections(f"plot_{plot}")
        assert min(len(file[name]) for name in ("props", "titles", "premise", "payoff")) >= 5


def test_the_same_facts_and_seed_give_the_same_story() -> None:
    facts = NIGHTS[0].facts
    assert written(facts) == written(facts) == NIGHTS[0].text


def test_without_a_number_the_seed_chooses() -> None:
    facts = NIGHTS[0].facts.model_copy(update={"number": 0})
    assert len({written(facts, seed) for seed in "abcdef"}) == 6


@pytest.mark.parametrize("form", ["prose", "verse"])
def test_one_character_and_one_place_are_enough(form: str) -> None:
    for plot in PLOTS:
        facts = StoryFacts.model_validate({"form": form, "plot": plot, "characters": [ODD], "scenes": [ODD_PLACE]})
        text = written(facts.model_copy(update={"number": 3}))
        assert "Xo" in text
        assert len(text.split()) > 250


def test_a_third_character_comes_along() -> None:
    facts = NIGHTS[0].facts
    third = next(who for who in characters().values() if who not in facts.characters)
    text = written(facts.model_copy(update={"characters": (*facts.characters, third)}))
    assert third.name in text


def test_values_with_capitals_and_full_stops_read_as_parts_of_sentences() -> None:
    facts = StoryFacts(plot="lost", characters=(ODD, characters()["tilly"]), scenes=(ODD_PLACE,), number=2)
    text = written(facts)
    assert "everything was purple" in text.lower()
    assert ".." not in text
    assert not re.search(r"[a-z,] Everything was purple", text)


@pytest.mark.parametrize(
    ("problem", "need"),
    [
        ("the lamp had gone out and it was dark", "light"),
        ("the bridge was broken", "mending"),
        ("a kitten was crying", "comfort"),
        ("everything was purple", "puzzle"),
    ],
)
def test_what_would_help_is_read_out_of_the_problem(problem: str, need: str) -> None:
    assert need_of(ODD_PLACE.model_copy(update={"problem": problem})) == need


def test_a_need_that_is_named_wins() -> None:
    assert need_of(scenes()["the-harbour"]) == "reach"


def test_other_languages_are_refused_with_what_to_do() -> None:
    facts = NIGHTS[0].facts.model_copy(update={"language": "de"})
    with pytest.raises(BadInput, match="tells stories in English, not in 'de'"):
        written(facts)


def test_facts_that_make_no_story_are_refused_by_their_place() -> None:
    request = TextRequest(purpose="story", prompt="", theme="", facts={"characters": [], "scenes": []})
    with pytest.raises(BadInput, match="characters: Tuple should have at least 1 item"):
        write(request, Chance("1"))


def test_a_story_is_never_cut_off() -> None:
    with pytest.raises(BadInput, match="and 500 are allowed"):
        write(request_for(NIGHTS[0].facts, max_characters=500), Chance("1"))
