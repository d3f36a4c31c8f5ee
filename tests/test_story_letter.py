"""The letter that brings a story: beautiful where pages are shown, whole where they are not, and always escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from pressroom.media import Asset
from pressroom.publications import PostMedia
from pressroom.readers import Subscriber
from pressroom.stories import Form
from pressroom.story_letter import HowMuch, Ways, Written, beginning, write_letter
from pressroom.story_reading import ToRead
from pressroom.story_text import NamedKind, Story

WAYS = Ways(
    story="https://stories.example.com/stories/job_1?revision=1&expires=2&signature=abc",
    leave="https://stories.example.com/leave/token",
)
PICTURE = PostMedia(key="p", revision=1, media_type="image/jpeg", width=1200, height=900, alt_text='A "big" <hedgehog>')
ADA = Subscriber(name="Ada", mail="ada@example.com", zone="Europe/Berlin", token="token")
STANZA = "The moon came up behind the hill,\nthe mill was dark, the wheel was still."


def asset(key: str, media_type: str) -> Asset:
    ends = datetime(2026, 11, 22, 18, 15, tzinfo=UTC)
    made = datetime(2026, 11, 20, 18, 15, tzinfo=UTC)
    return Asset(
        key=key, revision=1, media_type=media_type, bytes=1, sha256="", created_at=made, expires_at=ends, job_id="job_1"
    )


def story(*paragraphs: str, form: Form = "prose", title: str = "The lantern", language: str = "en") -> ToRead:
    told = Story(
        title=title,
        paragraphs=paragraphs or ("Once there was a lantern.", "Then it was bright."),
        form=form,
        language=language,
        characters=(NamedKind(name="Tilda"), NamedKind(name="Otis")),
        scenes=(),
    )
    return ToRead(
        story=told,
        asset=asset("stories/job_1.json", "application/json"),
        title=(),
        paragraphs=(),
        picture=asset("stories/job_1.jpg", "image/jpeg"),
        sound=asset("stories/job_1.mp3", "audio/mpeg"),
    )


def written(
    found: ToRead, *, how_much: HowMuch = "beginning", picture: PostMedia | None = PICTURE, reader: Subscriber = ADA
) -> Written:
    return write_letter(found, reader, WAYS, zone="UTC", how_much=how_much, picture=picture)


class Page(HTMLParser):
    """What a mail program would make of the page: its elements, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += "" if "style" in self.open else data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_both_forms_hold_the_same_and_lead_to_the_same_places() -> None:
    letter = written(story())
    page = Page(letter.html)
    for words in (letter.text, page.words):
        assert "A story for Ada, tonight" in words
        assert "The lantern" in words
        assert "Once there was a lantern." in words
        assert "With Tilda and Otis" in words
        assert "A machine wrote this story, painted its picture and reads it aloud." in words
    assert [link["href"] for link in page.all("a")] == [WAYS.story, WAYS.leave]
    assert WAYS.story in letter.text.splitlines()
    assert WAYS.leave in letter.text.splitlines()


def test_every_element_is_closed_and_tables_are_told_apart_from_data() -> None:
    for form in ("prose", "verse"):
        page = Page(written(story(STANZA, STANZA, form=form)).html)
        assert page.open == []
        assert all(table["role"] == "presentation" for table in page.all("table"))


def test_nothing_is_loaded_from_anywhere_and_no_script_runs() -> None:
    html = written(story()).html
    assert [image["src"] for image in Page(html).all("img")] == ["cid:picture-1"]
    assert not re.search(r"<script|<link|<iframe|url\(|@import|@font-face", html)


def test_what_a_story_holds_is_text_wherever_it_stands() -> None:
    evil = "<script>alert(1)</script> & “quotes”"
    letter = written(story(evil, form="prose", title=evil), reader=ADA.model_copy(update={"name": "A & B"}))
    assert "<script" not in letter.html
    page = Page(letter.html)
    assert page.words.count(evil) == 4  # the title in the head, as a heading, the opening and the paragraph
    assert "A story for A & B, tonight" in page.words
    assert evil in letter.text
    assert page.all("img")[0]["alt"] == PICTURE.alt_text


def test_the_time_at_which_the_story_goes_to_sleep_is_the_readers_own() -> None:
    assert "until Sunday, 22 November, 19:15." in written(story()).text
    tokyo = ADA.model_copy(update={"zone": "Asia/Tokyo"})
    assert "until Monday, 23 November, 03:15." in written(story(), reader=tokyo).text
    nowhere = ADA.model_copy(update={"zone": ""})
    assert "until Sunday, 22 November, 18:15." in written(story(), reader=nowhere).text


@pytest.mark.parametrize(
    ("how_much", "has_sound", "button"),
    [
        ("beginning", True, "Read and listen"),
        ("beginning", False, "Read on"),
        ("whole", True, "Listen to it"),
        ("whole", False, "Open its own page"),
    ],
)
def test_the_button_promises_what_is_there(how_much: HowMuch, has_sound: bool, button: str) -> None:
    found = story(*["A paragraph of some words that go on for a while. " * 4] * 12)
    found = found if has_sound else replace(found, sound=None)
    letter = written(found, how_much=how_much)
    assert button in Page(letter.html).words
    assert f"{button}:" in letter.text


def test_a_short_story_is_whole_and_its_button_knows_it() -> None:
    assert "Listen to it" in written(story()).text


def test_without_a_picture_nothing_speaks_of_one() -> None:
    letter = written(story(), picture=None)
    assert "cid:" not in letter.html
    assert "icture" not in letter.text
    assert "A machine wrote this story and reads it aloud." in letter.text


def test_the_lines_of_a_verse_stay_lines() -> None:
    letter = written(story(STANZA, STANZA, form="verse"))
    assert STANZA in letter.text
    assert ">the mill was dark, the wheel was still.</div>" in letter.html


def test_the_page_says_its_language_and_which_of_its_words_are_english() -> None:
    english = Page(written(story()).html)
    assert english.all("html") == [{"lang": "en"}]
    assert not any("lang" in cell for cell in english.all("td"))
    german = Page(written(story(language="de-AT")).html)
    assert german.all("html") == [{"lang": "de-AT"}]
    assert {cell["lang"] for cell in german.all("td") if "lang" in cell} == {"en"}


def test_a_mail_program_is_told_that_it_may_be_dark() -> None:
    html = written(story()).html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html


def test_it_is_small_enough_to_be_shown_whole() -> None:
    found = story(*["A paragraph of some words that go on for a while. " * 4] * 40)
    assert len(written(found, how_much="whole").html.encode()) < 102_000  # Gmail shows no more of a mail at once


def test_the_same_story_makes_the_same_letter() -> None:
    assert written(story()) == written(story())


# --- where a beginning ends


def words(paragraphs: tuple[str, ...]) -> int:
    return sum(len(paragraph.split()) for paragraph in paragraphs)


def test_a_beginning_is_whole_paragraphs_of_about_a_hundred_words() -> None:
    paragraphs = tuple(" ".join(["word"] * 29) + " end." for _ in range(20))
    assert beginning(paragraphs) == paragraphs[:3]


def test_a_paragraph_that_leads_too_far_is_cut_between_sentences() -> None:
    long = " ".join(f"Sentence {number} has five words." for number in range(60))
    [kept] = beginning([long])
    assert words((kept,)) == 150
    assert kept.endswith("five words.")


def test_a_sentence_without_end_is_left_whole() -> None:
    endless = " ".join(["word"] * 400)
    assert beginning([endless, "More."]) == (endless,)


def test_a_stanza_is_never_cut() -> None:
    stanzas = tuple("\n".join(["nine words stand in each line of this verse"] * 4) for _ in range(5))
    assert beginning(stanzas) == stanzas[:2]
    giant = "\n".join(["nine words stand in each line of this verse"] * 40)
    assert beginning([giant, "More."]) == (giant,)
