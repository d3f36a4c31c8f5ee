"""A letter on the operator's pages: as its reader sees it, with its own pictures and nothing else."""

from __future__ import annotations

import re

from pressroom.entrypoints.api.app import create_app
from pressroom.retention import remove_expired
from tests.entrypoints.site import PAGE, Client
from tests.story_post_office import ADA, BO, STORY, PostOffice, a_post_office

HERE = "http://127.0.0.1:8080"


def client_of(office: PostOffice) -> Client:
    return Client(create_app(office.runtime), HERE)


def test_a_letter_is_shown_with_its_picture_and_runs_nothing() -> None:
    with a_post_office(ADA, server={"port": 8080}) as office:
        [publication] = office.publications(office.tell())
        client = client_of(office)
        answer = client.get(f"/letters/{publication.id}", headers=PAGE)
        assert answer.status_code == 200
        assert f"A story for {ADA.name}, tonight" in answer.text
        [source] = re.findall(r'<img[^>]* src="([^"]+)"', answer.text)
        assert client.get(source.replace("&amp;", "&")).headers["content-type"] == "image/jpeg"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "no-store" in answer.headers["cache-control"]


def test_the_feed_leads_to_each_letter_by_the_preview_too() -> None:
    with a_post_office(ADA, BO, mail="preview", server={"port": 8080}) as office:
        job = office.tell()
        feed = client_of(office).get("/preview", headers=PAGE).text
        assert set(re.findall(r'href="(/letters/[^"]+)"', feed)) == {
            f"/letters/{one.id}" for one in office.publications(job)
        }


def test_a_letter_whose_job_is_over_is_gone_and_one_that_never_was_is_told_alike() -> None:
    with a_post_office(ADA, server={"port": 8080}) as office:
        job = office.tell()
        [publication] = office.publications(job)
        assert job.expires_at is not None
        office.clock.move_to(job.expires_at)
        remove_expired(office.runtime, office.clock.now())
        for publication_id in (publication.id, "pub_x"):
            answer = client_of(office).get(f"/letters/{publication_id}", headers=PAGE)
            assert answer.status_code == 404
            assert STORY.title not in answer.text


def test_nobody_but_the_operator_sees_letters() -> None:
    outside = {"public_base_url": "https://stories.example.com"}
    with a_post_office(ADA, server=outside) as office:
        [publication] = office.publications(office.tell())
        client = Client(create_app(office.runtime, key="a key that nobody guesses"), "https://stories.example.com")
        assert client.get(f"/letters/{publication.id}").status_code == 401
