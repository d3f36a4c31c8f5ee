"""Who reads a story is nobody's business: addresses stand in the table and in the stored letter, and nowhere else."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from pressroom.assets import Assets
from pressroom.desk import Resolution
from pressroom.errors import BadInput
from pressroom.jobs import Job, JobStatus
from pressroom.logs import KnownSecrets, configure
from pressroom.pipeline import Outcome
from pressroom.publications import PublicationState
from pressroom.retention import remove_expired
from tests.entrypoints.site import Client
from tests.fakes.faults import Fault
from tests.story_post_office import ADA, BO, STORY, PostOffice, a_post_office

WHO = ("hopper", "bogart")
"""What is before the @ of the readers' addresses."""


@pytest.fixture
def log() -> Iterator[None]:
    """Whatever a test configures, the next one logs as before."""
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()


def events_of(office: PostOffice) -> str:
    found = office.ports.events.after(0, limit=10_000)
    return "\n".join(json.dumps(event.as_cloudevent(), default=str, ensure_ascii=False) for event in found)


def stored_of(office: PostOffice, job_id: str) -> str:
    """Return all that the job and its steps, its dead letters and its costs hold."""
    job = office.ports.jobs.get(job_id)
    assert job is not None
    steps = [record.as_dict() for record in office.ports.jobs.steps(job_id).values()]
    dead = [letter.as_dict() for letter in office.ports.dead_letters.find(job_id=job_id)]
    return json.dumps([job.as_dict(), steps, dead, str(office.ports.costs.of_job(job_id))], default=str)


def found_in(text: str, office: PostOffice) -> list[str]:
    tokens = [reader.token for reader in office.readers.all().values()]
    return [secret for secret in (*WHO, *tokens) if secret in text]


def troubled(office: PostOffice) -> str:
    """Have one reader refused, and nobody know what became of the other's letter; return the job's id."""
    office.smtp.script(Fault.CUT_AFTER_PROCESSING, method="DOT", path="*")
    job = office.tell()
    office.finish()
    return job.id


def kaputt(job: Job, assets: Assets) -> Outcome[Any]:
    raise RuntimeError("The brush fell apart.")


def test_no_event_and_no_record_names_a_reader_or_opens_their_page() -> None:
    with a_post_office(ADA, BO, unknown=(ADA.mail,)) as office:
        job_id = troubled(office)
        job = office.ports.jobs.get(job_id)
        assert job is not None
        assert job.status is JobStatus.HELD
        [held] = office.runtime.publishing.held()
        office.runtime.publishing.resolve(held.id, Resolution.IT_IS_THERE, remote_id="x")
        office.finish()
        said = events_of(office)
        for told in ("PostHeld", "PostRejected", "PostPublished", "DeliveryDied", "JobCompleted"):
            assert told in said
        assert found_in(said, office) == []
        assert found_in(stored_of(office, job_id), office) == []
        assert STORY.paragraphs[0] not in said


def test_no_line_of_the_log_names_a_reader(capsys: pytest.CaptureFixture[str], log: None) -> None:
    with a_post_office(ADA, BO, unknown=(ADA.mail,), paint=kaputt) as office:
        configure("debug", "json", redact=KnownSecrets(office.ports.secrets))
        troubled(office)
        office.finish()
        said = capsys.readouterr().err
        assert "The brush fell apart." in said
        assert found_in(said, office) == []


def test_the_page_of_held_posts_and_the_feed_show_a_letter_to_the_operator() -> None:
    from pressroom.entrypoints.api.app import create_app

    with a_post_office(ADA, BO, server={"port": 8080}) as office:
        troubled(office)
        client = Client(create_app(office.runtime), "http://127.0.0.1:8080")
        for path in ("/held", "/preview", "/", "/api/v1/publications", "/api/v1/held"):
            answer = client.get(path)
            assert answer.status_code == 200, path
        assert STORY.title in client.get("/held").text


def test_no_gallery_shows_a_letters_picture() -> None:
    with a_post_office(ADA) as office:
        office.tell()
        office.runtime.replay.catch_up("gallery")
        assert office.ports.views.find("gallery", limit=10) == []


def test_the_analytics_count_letters_and_keep_no_words_of_them() -> None:
    with a_post_office(ADA) as office:
        office.tell()
        office.runtime.replay.catch_up("analytics")
        kept = json.dumps(office.ports.views.find("analytics", limit=100))
        assert '"state": "published"' in kept
        assert "lantern" not in kept
        assert found_in(kept, office) == []


def test_with_its_job_a_letter_is_gone_from_the_stored_posts() -> None:
    with a_post_office(ADA) as office:
        job = office.tell()
        [before] = office.publications(job)
        assert ADA.mail in json.dumps(before.post.as_dict())
        assert job.expires_at is not None
        office.clock.move_to(job.expires_at)
        remove_expired(office.runtime, office.clock.now())
        [after] = office.publications(job)
        assert after.post.letter is None
        assert after.post.text == ""
        assert found_in(json.dumps([after.as_dict(), str(after.prepared)]), office) == []
        assert office.ports.assets.of_job(job.id) == []


def test_a_letter_that_waits_can_be_put_off_and_withdrawn_and_not_reworded() -> None:
    later = ADA.model_copy(update={"at": "23:15", "zone": "UTC"})
    with a_post_office(later) as office:
        job = office.tell()
        [waiting] = office.runtime.waiting_posts.find()
        with pytest.raises(BadInput, match="stand in its page too"):
            office.runtime.waiting_posts.change(waiting.id, text="Other words.")
        office.runtime.waiting_posts.change(waiting.id, publish_at=office.clock.now())
        assert found_in(events_of(office), office) == []
        office.work()
        assert office.recipients() == [ADA.mail]
        assert office.publications(job)[0].state is PublicationState.PUBLISHED


def test_a_withdrawn_letter_is_not_sent_and_the_job_says_so() -> None:
    later = ADA.model_copy(update={"at": "23:15", "zone": "UTC"})
    with a_post_office(later) as office:
        job = office.tell()
        [waiting] = office.runtime.waiting_posts.find()
        office.runtime.waiting_posts.withdraw(waiting.id)
        office.finish()
        assert office.recipients() == []
        done = office.job(job)
        assert done.status is JobStatus.COMPLETED
        assert done.result["mail"] == "No letter went out. 1 did not: A person has withdrawn this post."
        assert office.ports.dead_letters.find(job_id=job.id) == []


def test_what_would_be_looked_for_is_there_where_it_belongs() -> None:
    with a_post_office(ADA, BO) as office:
        job = office.tell()
        posts: Any = [one.post.as_dict() for one in office.publications(job)]
        assert len(found_in(json.dumps(posts), office)) == 4
