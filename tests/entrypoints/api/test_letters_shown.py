"""What a key is told of letters to readers: that there are some, and nothing of the readers."""

from __future__ import annotations

import pytest

from pressroom.api_keys import ApiKeys, Scope
from pressroom.entrypoints.api.app import create_app
from pressroom.entrypoints.api.letters_shown import HIDDEN
from tests.entrypoints.api.world import checked
from tests.entrypoints.site import Client
from tests.story_post_office import ADA, BO, a_post_office
from tests.test_story_mail_privacy import found_in, troubled


def test_a_key_learns_of_no_reader_whatever_it_reads_and_the_operator_of_all() -> None:
    with a_post_office(ADA, BO, server={"port": 8080}) as office:
        job_id = troubled(office)
        _, key = ApiKeys(office.ports.tables, office.clock).create("app", [Scope.READ])
        client = Client(create_app(office.runtime), "http://127.0.0.1:8080")
        publications = [one.id for one in office.ports.publications.of_job(job_id)]
        assert len(publications) == 2
        paths = [
            "/publications",
            *(f"/publications/{id}" for id in publications),
            f"/jobs/{job_id}",
            "/held",
            "/events",
        ]
        for path in paths:
            told = checked(client.get(f"/api/v1{path}", headers={"authorization": f"Bearer {key}"}), 200)
            assert found_in(str(told), office) == [], path
            assert (HIDDEN in str(told)) is (path != "/events"), path
            if path != "/events":
                assert found_in(client.get(f"/api/v1{path}").text, office) != [], path


def test_a_key_that_may_decide_learns_of_no_reader_by_deciding() -> None:
    with a_post_office(ADA, BO, server={"port": 8080}) as office:
        troubled(office)
        _, key = ApiKeys(office.ports.tables, office.clock).create("app", list(Scope))
        client = Client(create_app(office.runtime), "http://127.0.0.1:8080")
        [held] = office.runtime.publishing.held()
        path = f"/api/v1/publications/{held.id}/resolve"
        told = client.post(path, json={"action": "give_up"}, headers={"authorization": f"Bearer {key}"})
        assert checked(told, 200)["state"] == "rejected"
        assert found_in(told.text, office) == []


@pytest.mark.parametrize("change", [True, False])
def test_a_letter_that_waits_is_put_off_or_withdrawn_without_being_read(change: bool) -> None:
    later = ADA.model_copy(update={"at": "23:15", "zone": "UTC"})
    with a_post_office(later, server={"port": 8080}) as office:
        office.tell()
        _, key = ApiKeys(office.ports.tables, office.clock).create("app", [Scope.READ, Scope.PUBLISH])
        headers = {"authorization": f"Bearer {key}"}
        client = Client(create_app(office.runtime), "http://127.0.0.1:8080")
        listed = client.get("/api/v1/waiting-posts", headers=headers)
        [waiting] = checked(listed, 200)["items"]
        path = f"/api/v1/waiting-posts/{waiting['id']}"
        if change:
            later_on = (office.clock.now().replace(microsecond=0)).isoformat().replace("2026", "2027")
            done = client.request("PATCH", path, json={"publish_at": later_on}, headers=headers)
        else:
            done = client.post(f"{path}/withdraw", headers=headers)
        assert checked(done, 200)["post"]["text"] == HIDDEN
        assert found_in(listed.text + done.text, office) == []
