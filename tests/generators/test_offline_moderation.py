"""Moderation without a model: what it finds, what it lets pass, and that it says what it cannot see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.generator import (
    Make,
    ModerationGeneratorContract,
    OfflineGeneratorContract,
    a_moderation_picture,
)
from pressroom.errors import ConfigurationError, NotFound
from pressroom.generators import offline_moderation
from pressroom.generators.base import Flag, ModerationPicture, ModerationRequest, Setup
from pressroom.generators.offline_moderation import OfflineModeration, OfflineModerationOptions
from pressroom.testing import ManualClock, plain_png


def made(assets: Mapping[str, bytes] | None = None, **settings: Any) -> OfflineModeration:
    def read(key: str) -> bytes:
        if assets is None or key not in assets:
            raise NotFound(f"There is no asset {key}.")
        return assets[key]

    options = OfflineModerationOptions(**settings)
    return OfflineModeration(Setup("offline_moderation", options, MemorySecrets(), ManualClock(), read))


def flags(text: str, generator: OfflineModeration | None = None, *pictures: ModerationPicture) -> tuple[Flag, ...]:
    judge, request = generator or made(), ModerationRequest(text=text, pictures=pictures)
    return judge.verdict(judge.ask(request), request).flags


class TestContract(OfflineGeneratorContract, ModerationGeneratorContract):
    objectionable = "What an asshole."

    @pytest.fixture
    def make(self) -> Make:
        return made


def test_flags_come_worst_first_with_their_category_and_score() -> None:
    found = flags("You wanker, kill yourself: http://a.example")
    assert [(flag.category, flag.score) for flag in found] == [("violence", 0.95), ("profanity", 0.7), ("link", 0.5)]


def test_words_of_ones_own_come_before_every_list() -> None:
    found = flags("Our new Ad-Campaign, the Zebra project.", made(words=("zebra", "ad*")))
    assert [(flag.category, flag.score, flag.why) for flag in found] == [
        ("own list", 1.0, "“Zebra” is in your own list."),
        ("own list", 1.0, "“Ad” is in your own list."),
    ]


def test_words_of_ones_own_may_stand_in_an_asset_one_a_line() -> None:
    words = "zebra\n\nsecret project\n".encode("utf-8-sig")
    generator = made({"config/words.txt": words}, words_key="config/words.txt")
    assert [flag.why for flag in flags("The Secret   Project", generator)] == ["“Secret Project” is in your own list."]


@pytest.mark.parametrize("words", [None, b"\xff\xfe\xff"])
def test_a_list_that_cannot_be_read_is_an_error_and_no_clean_verdict(words: bytes | None) -> None:
    generator = made({"config/words.txt": words} if words else {}, words_key="config/words.txt")
    with pytest.raises(ConfigurationError, match=r"config/words\.txt") as caught:
        flags("anything", generator)
    assert caught.value.where == "[generators.offline_moderation] words_key"
    (finding,) = generator.check()
    assert not finding.ok


def test_a_word_that_is_allowed_passes_and_others_do_not() -> None:
    generator = made(allow=("asshole", "son of a bitch"))
    assert [flag.why for flag in flags("Asshole, son of a bitch, bitch", generator)] == [
        "“bitch” is in the English list."
    ]


def test_only_the_lists_of_the_chosen_languages_are_used() -> None:
    assert flags("Che cazzo", made(languages=("en", "de"))) == ()
    assert len(flags("Che cazzo", made(languages=("it",)))) == 1


def test_a_word_that_is_harmless_in_another_chosen_language_is_not_looked_for() -> None:
    assert flags("quelle pute", made(languages=("fr",)))
    assert flags("Gebratene Pute, lecker", made(languages=("fr", "de"))) == ()


@pytest.mark.parametrize(
    ("setting", "text"), [("links", "http://a.example"), ("personal_data", "Write to mira@a.example")]
)
def test_links_and_personal_data_can_be_left_alone(setting: str, text: str) -> None:
    assert flags(text)
    left_alone: dict[str, Any] = {setting: False}
    assert flags(text, made(**left_alone)) == ()


def test_pictures_can_be_left_alone() -> None:
    grey = ModerationPicture(sha256="0" * 64, media_type="image/png", data=plain_png(200, 200))
    assert [flag.category for flag in flags("", None, grey)] == ["unreadable picture"]
    assert flags("", made(pictures=False), grey) == ()


def test_a_verdict_does_not_repeat_personal_data() -> None:
    generator = made()
    raw = generator.ask(ModerationRequest(text="Write to mira.kovac@a.example or call +49 170 1234567")).raw.decode()
    assert "mira" not in raw
    assert "1234567" not in raw


def test_a_request_that_is_written_down_holds_the_digest_and_not_the_bytes() -> None:
    picture = a_moderation_picture()
    written = ModerationRequest(text="A cat", pictures=(picture,)).model_dump_json()
    assert picture.sha256 in written
    assert len(written) < 300


def test_its_documentation_says_what_it_cannot_see() -> None:
    assert "What it cannot see" in str(offline_moderation.__doc__)
    (finding,) = made().check()
    assert "what pictures show it cannot tell" in finding.what
