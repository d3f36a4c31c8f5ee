"""Letters about a story: each reader has one, when it is evening where they live, with the parts that are there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pressroom.assets import Assets
from pressroom.desk import Resolution
from pressroom.entrypoints.api.app import create_app
from pressroom.errors import BadInput, Deferred
from pressroom.jobs import Job, JobStatus
from pressroom.pipeline import Outcome
from pressroom.publications import PublicationState
from pressroom.readers import Reader
from pressroom.testing import ManualClock
from tests.entrypoints.site import Client
from tests.fakes.faults import Fault
from tests.story_post_office import ADA, BO, DEADLINE, STORY, a_post_office, link_in, nothing, spoken, words_of

MORNING = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
"""The day on which Central Europe's clocks go back; North America's do a week later, and India has none to turn."""


def test_each_reader_has_a_letter_of_their_own() -> None:
    with a_post_office(ADA, BO) as office:
        job = office.tell()
        assert job.status is JobStatus.COMPLETED
        assert job.result["mail"] == "2 letters went out."
        assert sorted(office.recipients()) == [BO.mail, ADA.mail]
        states = [(one.channel, one.state) for one in office.publications(job)]
        assert states == [("letters", PublicationState.PUBLISHED)] * 2
        assert str(office.mail_to(ADA).message["To"]) == "Ada <hopper@example.com>"
        assert "Bo" not in words_of(office.mail_to(ADA))


def test_a_mail_program_finds_the_title_the_language_and_the_way_to_leave() -> None:
    with a_post_office(ADA) as office:
        office.tell()
        message = office.mail_to(ADA).message
        leave = f"https://stories.example.com/leave/{office.reader(ADA).token}"
        assert message["Subject"] == STORY.title
        assert message["Content-Language"] == "en"
        assert message["List-Unsubscribe"].strip() == f"<{leave}>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link_in(office.mail_to(ADA), "/leave/") == leave


def test_the_letters_link_opens_the_story_until_it_goes_to_sleep() -> None:
    with a_post_office(ADA) as office:
        job = office.tell()
        link = urlsplit(link_in(office.mail_to(ADA), "/stories/"))
        query = {name: values[0] for name, values in parse_qs(link.query).items()}
        assert link.path == f"/stories/{job.id}"
        given = (f"stories/{job.id}.json", int(query["revision"]), query["expires"], query["signature"])
        assert office.ports.blobs.verify(*given)
        assert job.expires_at is not None
        office.clock.move_to(job.expires_at)
        assert not office.ports.blobs.verify(*given)


def test_the_picture_is_inside_small_and_described() -> None:
    with a_post_office(ADA) as office:
        office.tell()
        mail = office.mail_to(ADA)
        [picture] = [part for part in mail.message.walk() if part.get_content_maintype() == "image"]
        html = words_of(mail, "html")
        assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html
        assert 'alt="A hedgehog under a lamp"' in html
        assert "[Picture: A hedgehog under a lamp]" in words_of(mail)
        assert picture.get_content_type() == "image/jpeg"
        assert len(picture.get_content()) <= 200_000
        [variant] = office.ports.assets.find("variants/stories/")
        assert (variant.width, variant.height) == (1200, 900)


@pytest.mark.parametrize(("how_much", "last"), [("beginning", False), ("whole", True)])
def test_as_much_of_the_story_is_in_it_as_the_settings_say(how_much: str, last: bool) -> None:
    with a_post_office(ADA, mail_text=how_much) as office:
        office.tell()
        for kind in ("plain", "html"):
            words = words_of(office.mail_to(ADA), kind)
            assert "On evening 0," in words
            assert ("On evening 39," in words) is last


# --- when it is evening


def test_each_gets_it_at_their_own_evening_over_a_change_of_the_clock() -> None:
    berlin = Reader(name="Ada", mail="berlin@example.com", zone="Europe/Berlin", at="19:15")
    delhi = Reader(name="Bo", mail="delhi@example.com", zone="Asia/Kolkata", at="19:15")
    york = Reader(name="Cy", mail="york@example.com", zone="America/New_York", at="19:15")
    dues = [
        (datetime(2026, 10, 25, 13, 45, tzinfo=UTC), delhi),
        (datetime(2026, 10, 25, 18, 15, tzinfo=UTC), berlin),
        (datetime(2026, 10, 25, 23, 15, tzinfo=UTC), york),
    ]
    with a_post_office(york, berlin, delhi, clock=ManualClock(MORNING)) as office:
        job = office.tell()
        so_far: list[str] = []
        for due, reader in dues:
            office.clock.move_to(due - timedelta(seconds=1))
            office.work()
            assert office.recipients() == so_far
            office.clock.move_to(due)
            office.work()
            so_far.append(reader.mail)
            assert office.recipients() == so_far
        assert office.job(job).status is JobStatus.COMPLETED


def test_whose_time_is_past_gets_it_at_once_and_so_does_who_named_none() -> None:
    early = Reader(name="Early", mail="early@example.com", zone="UTC", at="01:15")
    with a_post_office(ADA, early, clock=ManualClock(MORNING)) as office:
        assert office.tell().status is JobStatus.COMPLETED
        assert len(office.recipients()) == 2


def test_who_names_no_zone_lives_in_the_pipelines() -> None:
    reader = Reader(name="Ada", mail="ada@example.com", at="19:15")
    with a_post_office(reader, clock=ManualClock(MORNING), zone="Asia/Kolkata") as office:
        job = office.tell(date(2026, 10, 25))
        [publication] = office.publications(job)
        assert publication.due_at == datetime(2026, 10, 25, 13, 45, tzinfo=UTC)


def test_a_story_that_would_be_gone_by_that_evening_is_sent_at_once() -> None:
    reader = Reader(name="Ada", mail="ada@example.com", at="19:15")
    with a_post_office(reader, clock=ManualClock(MORNING)) as office:
        office.tell(date(2026, 12, 24))
        assert len(office.recipients()) == 1


def test_no_letter_goes_out_whose_story_is_over() -> None:
    with a_post_office(ADA, channels={"letters": {"network": "smtp"}}) as office:
        job = office.tell()  # no server is named, so the channel pauses and the letter is held
        assert job.status is JobStatus.HELD
        office.config = office.config.model_copy(update={"channels": {"letters": office.letters}})
        office.clock.advance(days=3)
        office.runtime = office.fresh()
        office.runtime.publishing.resume("letters")
        office.work()
        assert office.recipients() == []
        assert office.job(job).status is JobStatus.COMPLETED
        said = "No letter went out. 1 did not: The story's time was over before the letter could go out."
        assert office.job(job).result["mail"] == said


# --- leaving


LATER = Reader(name="Ada", mail="hopper@example.com", zone="UTC", at="19:15")


def test_who_leaves_between_is_not_written_to() -> None:
    with a_post_office(LATER, BO) as office:
        job = office.tell()
        assert office.recipients() == [BO.mail]
        office.readers.leave(office.reader(LATER).token, office.clock.now())
        office.finish()
        assert office.recipients() == [BO.mail]
        done = office.job(job)
        assert done.status is JobStatus.COMPLETED
        assert done.result["mail"] == "1 letter went out. 1 did not: The reader has left."
        assert {one.state for one in office.publications(job)} == {
            PublicationState.PUBLISHED,
            PublicationState.REJECTED,
        }


def test_who_is_taken_out_of_the_list_between_is_not_written_to() -> None:
    with a_post_office(LATER) as office:
        job = office.tell()
        office.ports.tables.remove("bedtime_story.readers", [LATER.key])
        office.finish()
        assert office.recipients() == []
        assert office.job(job).status is JobStatus.COMPLETED


def test_who_leaves_and_comes_back_before_the_evening_has_the_letter() -> None:
    with a_post_office(LATER) as office:
        office.tell()
        token = office.reader(LATER).token
        office.readers.leave(token, office.clock.now())
        office.readers.come_back(token)
        office.finish()
        assert office.recipients() == [LATER.mail]


def test_who_leaves_while_a_person_looks_for_their_letter_is_not_sent_it_again() -> None:
    with a_post_office(ADA) as office:
        office.smtp.script(Fault.CUT_BEFORE_PROCESSING, method="DOT", path="*")
        job = office.tell()
        office.finish()
        [held] = office.runtime.publishing.held()
        office.readers.leave(office.reader(ADA).token, office.clock.now())
        office.runtime.publishing.resolve(held.id, Resolution.SEND_AGAIN)
        office.finish()
        assert office.recipients() == []
        assert office.job(job).status is JobStatus.COMPLETED
        assert office.publications(job)[0].state is PublicationState.REJECTED


def test_who_leaves_after_a_letter_that_went_out_has_had_it() -> None:
    with a_post_office(ADA) as office:
        office.smtp.script(Fault.CUT_AFTER_PROCESSING, method="DOT", path="*")
        job = office.tell()
        office.readers.leave(office.reader(ADA).token, office.clock.now())
        office.finish()
        [held] = office.runtime.publishing.held()
        office.runtime.publishing.resolve(held.id, Resolution.IT_IS_THERE, remote_id="x")
        office.finish()
        assert office.job(job).result["mail"] == "1 letter went out."
        assert office.recipients() == [ADA.mail]


def test_leaving_by_the_letters_header_with_one_plain_request_ends_the_letters() -> None:
    """As a mail program does it: no cookie, no key, no origin, and no redirect followed."""
    outside = {"public_base_url": "https://stories.example.com"}
    with a_post_office(ADA, BO, server=outside) as office:
        office.tell()
        url = str(office.mail_to(ADA).message["List-Unsubscribe"]).strip(" <>")
        client = Client(create_app(office.runtime, key="a key that nobody guesses"), "https://stories.example.com")
        answer = client.post(urlsplit(url).path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        office.clock.advance(days=1)
        office.tell()
        assert sorted(office.recipients()) == [BO.mail, BO.mail, ADA.mail]


# --- nobody to write to


@pytest.mark.parametrize(
    ("readers", "settings", "said"),
    [
        ((ADA,), {"mail": ""}, "Nobody is written to: [pipelines.bedtime_story] mail names no channel."),
        ((), {}, "Nobody is written to: no reader is listed; `pressroom populate bedtime_story` reads readers.yaml."),
    ],
)
def test_without_a_channel_or_readers_the_job_completes_and_says_so(readers: Any, settings: Any, said: str) -> None:
    with a_post_office(*readers, **settings) as office:
        job = office.tell()
        assert job.status is JobStatus.COMPLETED
        assert job.result["mail"] == said
        assert office.smtp.commands == []


def test_when_all_have_left_the_job_says_so() -> None:
    with a_post_office(ADA) as office:
        office.readers.leave(office.reader(ADA).token, office.clock.now())
        assert office.tell().result["mail"] == "Nobody is written to: all readers have left."


SLACK = {"network": "slack", "channel_id": "C0123456789"}


@pytest.mark.parametrize(
    ("mail", "why"),
    [
        ("team", "The channel team posts on Slack, and a letter goes to one reader alone."),
        ("leters", "There is no channel called 'leters'. Did you mean letters?"),
        ("torn", "port"),
    ],
)
def test_a_channel_that_can_send_no_letters_takes_them_and_not_the_story(mail: str, why: str) -> None:
    with a_post_office(ADA, channels={"team": SLACK, "torn": {"network": "smtp", "port": "many"}}, mail=mail) as office:
        job = office.tell()
        assert job.status is JobStatus.COMPLETED
        assert job.result["story"] == f"stories/{job.id}.json"
        assert job.result["mail"].startswith("No letter went out: ")
        assert why in job.result["mail"]
        assert job.result["mail"].endswith(f"Once that is mended, `pressroom jobs retry {job.id}` sends them.")
        assert [letter.name for letter in office.ports.dead_letters.find()] == ["find_readers"]
        assert office.publications(job) == []


def test_once_the_channel_is_mended_a_retry_sends_the_letters_and_the_job_says_so() -> None:
    with a_post_office(ADA, BO, mail="post") as office:
        job = office.tell()
        assert "went out: There is no channel called 'post'" in job.result["mail"]
        office.config = office.config.model_copy(update={"channels": {"post": office.letters}})
        office.runtime = office.fresh()
        office.runtime.runner.retry(job.id)
        office.finish()
        assert office.job(job).status is JobStatus.COMPLETED
        assert sorted(office.recipients()) == sorted([ADA.mail, BO.mail])
        assert office.job(job).result["mail"] == "2 letters went out."


def test_the_preview_shows_letters_without_any_account() -> None:
    with a_post_office(ADA, mail="preview") as office:
        job = office.tell()
        assert job.status is JobStatus.COMPLETED
        [publication] = office.publications(job)
        assert STORY.title in publication.post.text
        assert office.smtp.commands == []


# --- what goes wrong


def test_a_letter_that_cannot_be_sent_takes_neither_the_story_nor_the_others() -> None:
    with a_post_office(ADA, BO, unknown=(ADA.mail,)) as office:
        job = office.tell()
        assert job.status is JobStatus.COMPLETED
        assert office.recipients() == [BO.mail]
        assert job.result["mail"].startswith("1 letter went out. 1 could not: localhost does not take mail for the ")
        assert f"`pressroom jobs retry {job.id}`" in job.result["mail"]
        assert job.result["story"] == f"stories/{job.id}.json"


def test_a_letter_that_could_not_be_sent_is_sent_by_a_retry_and_the_job_says_so() -> None:
    with a_post_office(ADA, BO, unknown=(ADA.mail,)) as office:
        job = office.tell()
        office.smtp.unknown_mailboxes = ()
        office.runtime.runner.retry(job.id)
        office.finish()
        assert office.recipients() == [BO.mail, ADA.mail]
        assert office.job(job).status is JobStatus.COMPLETED
        assert office.job(job).result["mail"] == "2 letters went out."


def broken(job: Job, assets: Assets) -> Outcome[Any]:
    raise BadInput("The brush is broken.")


def test_parts_that_failed_are_not_mentioned() -> None:
    with a_post_office(ADA, paint=broken, speak=nothing) as office:
        job = office.tell()
        assert job.status is JobStatus.COMPLETED
        mail = office.mail_to(ADA)
        for words in (words_of(mail), words_of(mail, "html")):
            assert "icture" not in words
            assert "cid:" not in words
            assert "isten" not in words
            assert "Read on" in words
            assert "A machine wrote this story." in words
        assert [part for part in mail.message.walk() if part.get_content_maintype() == "image"] == []


def test_a_picture_that_cannot_be_read_is_left_out_and_the_job_says_so() -> None:
    def torn(job: Job, assets: Assets) -> Outcome[Any]:
        key = f"stories/{job.id}.png"
        asset = assets.store(key, b"no picture", job=job, media_type="image/png", width=8, height=8)
        return Outcome(assets=(asset,))

    with a_post_office(ADA, paint=torn) as office:
        job = office.tell()
        assert job.result["mail_picture"].startswith("The letter has no picture: ")
        assert "cid:" not in words_of(office.mail_to(ADA), "html")


def test_a_letter_waits_for_the_parts_and_no_longer_than_their_deadline() -> None:
    clock = ManualClock()
    late = clock.now() + 2 * DEADLINE

    def slow(job: Job, assets: Assets) -> Outcome[Any]:
        raise Deferred(late, "The paint is still wet.")

    with a_post_office(ADA, clock=clock, paint=slow) as office:
        job = office.tell()
        clock.advance(DEADLINE - timedelta(seconds=1))
        office.work()
        assert office.recipients() == []
        clock.advance(seconds=1)
        office.work()
        assert office.recipients() == [ADA.mail]
        assert "cid:" not in words_of(office.mail_to(ADA), "html")
        office.finish()
        assert office.job(job).status is JobStatus.COMPLETED
        assert len(office.recipients()) == 1


def test_a_letter_that_waits_for_its_evening_says_what_is_there_by_then() -> None:
    """A voice that could not be made in time, and was made by a retry before the letter went out."""
    voices: list[Any] = [broken]

    def speak(job: Job, assets: Assets) -> Outcome[Any]:
        return (voices.pop() if voices else spoken)(job, assets)

    with a_post_office(LATER, speak=speak) as office:
        job = office.tell()
        assert "Read on" in office.publications(job)[0].post.text
        office.runtime.runner.retry(job.id)
        office.finish()
        assert "Read and listen" in words_of(office.mail_to(LATER))
        assert office.recipients() == [LATER.mail]
