"""The words and shapes of the pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from pressroom.entrypoints.pages.event_words import event_words
from pressroom.entrypoints.pages.headlines import LONGEST, headline
from pressroom.entrypoints.pages.post_text import as_network_shows
from pressroom.entrypoints.pages.timeline import timeline
from pressroom.entrypoints.pages.wording import day, money, said, size, span, status_of, step_words, unit_words, when
from pressroom.events import Event
from pressroom.jobs import Job, JobStatus, StepRecord, StepStatus
from pressroom.publications import PublicationState

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("value", [*JobStatus, *PublicationState, *StepStatus])
def test_every_state_has_a_word_and_a_shape_of_its_own_choosing(value: str) -> None:
    status = status_of(value)
    assert status.word
    assert (status.shape, status.tone) != ("ring", "quiet"), "it fell back to the words of its name"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0.0123, "12 ms"),
        (3.21, "3.2 s"),
        (185, "3 min 5 s"),
        (120, "2 min"),
        (7800, "2 h 10 min"),
        (timedelta(days=3), "3 days"),
        (None, ""),
        (-1, "< 1 ms"),
    ],
)
def test_a_duration_has_the_units_that_matter(length: timedelta | float | None, words: str) -> None:
    assert span(length) == words


@pytest.mark.parametrize(("amount", "words"), [("0.0361", "0.0361 USD"), ("2", "2.00 USD"), ("0.015", "0.015 USD")])
def test_money_has_two_digits_or_as_many_as_it_needs(amount: str, words: str) -> None:
    assert money(Decimal(amount)) == words


@pytest.mark.parametrize(("count", "words"), [(1, "1 byte"), (5_000_000, "5.0 MB"), (2_500, "2 kB")])
def test_sizes_are_rounded(count: int, words: str) -> None:
    assert size(count) == words


def test_one_of_a_unit_is_not_many() -> None:
    assert (unit_words(1, "images"), unit_words(1204, "output_tokens")) == ("1 image", "1,204 output tokens")


def test_a_step_of_an_item_is_read_as_words() -> None:
    assert step_words("publish_post[main]") == "publish post · main"


def test_a_time_is_written_in_utc_for_the_browser_to_move() -> None:
    assert when(NOW) == '<time datetime="2026-10-31T08:00:00Z" data-form="moment">31 Oct 2026, 08:00 UTC</time>'


def test_a_day_is_written_out_and_what_is_none_stays() -> None:
    assert day("2026-10-31") == "Saturday, 31 October 2026"
    assert day("some day") == "some day"


def test_commands_in_a_sentence_are_marked_up_and_nothing_else() -> None:
    assert said("Run `a <b>` now.") == "Run <code>a &lt;b&gt;</code> now."
    assert said("A lone ` stays.") == "A lone ` stays."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a #tag.", 'a <span class="tag">#tag</span>.'),
        ("by @name", 'by <span class="tag">@name</span>'),
        ("no#tag and a@b.example", "no#tag and a@b.example"),
        ("we are #1", "we are #1"),
        ("<b>", "&lt;b&gt;"),
        (
            "see https://a.example/x.",
            'see <a href="https://a.example/x" rel="noopener nofollow ugc">a.example/x</a>.',
        ),
    ],
)
def test_a_posts_text_is_linked_as_networks_do(text: str, shown: str) -> None:
    assert as_network_shows(text) == shown


def a_job(**values: dict[str, str]) -> Job:
    return Job(id="job_1", pipeline="daily_post", status=JobStatus.PENDING, created_at=NOW, updated_at=NOW, **values)  # type: ignore[arg-type]


def test_the_headline_is_what_was_made_else_what_was_asked_for_else_the_pipeline() -> None:
    assert headline(a_job(result={"caption": "Cake! #Cake https://a.example"})) == "Cake!"
    assert headline(a_job(input={"date": "2026-10-31"})) == "Saturday, 31 October 2026"
    assert headline(a_job()) == "Daily post"


def test_a_long_headline_is_cut() -> None:
    assert len(headline(a_job(result={"title": "word " * 90}))) <= LONGEST


def test_an_event_of_a_plugin_is_told_by_its_name() -> None:
    assert event_words(Event(type="PhotoArrived", subject="a", time=NOW)) == "Photo arrived."


def test_an_event_that_lacks_something_is_told_all_the_same() -> None:
    assert event_words(Event(type="StepCompleted", subject="a", time=NOW)) == "The step “…” was completed in …."


def test_bars_lie_where_their_steps_were_in_the_jobs_time() -> None:
    def step(path: str, start: float, end: float | None) -> StepRecord:
        return StepRecord(
            job_id="job_1",
            path=path,
            status=StepStatus.COMPLETED if end is not None else StepStatus.READY,
            started_at=NOW + timedelta(seconds=start),
            completed_at=None if end is None else NOW + timedelta(seconds=end),
        )

    bars = timeline([step("a", 0, 5), step("b", 5, None)], NOW + timedelta(seconds=10))
    assert [(bar.left, bar.width) for bar in bars] == [(0, 50), (50, 50)]


def test_a_step_that_has_not_begun_has_no_bar() -> None:
    [bar] = timeline([StepRecord(job_id="job_1", path="a", status=StepStatus.WAITING)], NOW)
    assert bar.width == 0
