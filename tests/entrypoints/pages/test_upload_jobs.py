"""Jobs that wait for their upload, on the pages."""

from __future__ import annotations

import pytest

from pressroom.entrypoints.api.app import create_app
from tests.engine import Calls, a_pipeline
from tests.entrypoints.site import PAGE, Client
from tests.uploading import UploadDesk


@pytest.fixture
def desk() -> UploadDesk:
    return UploadDesk()


def page(desk: UploadDesk, path: str) -> str:
    answer = Client(create_app(desk.runtime), "http://127.0.0.1:8080").get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("path", ["/", "/?status=upload_pending", "/jobs/{}"])
def test_a_job_that_waits_for_its_file_says_so(desk: UploadDesk, path: str) -> None:
    asked = desk.ask()
    html = page(desk, path.format(asked.job.id))
    assert "Awaiting upload" in html
    assert asked.job.id in html
    assert asked.url not in html  # whoever may read the page may not send the file


def test_a_job_tells_that_its_file_came(desk: UploadDesk) -> None:
    asked = desk.ask()
    desk.put(asked.url)
    desk.work()
    html = page(desk, f"/jobs/{asked.job.id}")
    assert f"The file {asked.terms.key} was uploaded." in html
    assert "Awaiting upload" not in html


def test_a_job_whose_file_never_came_says_what_to_do(desk: UploadDesk) -> None:
    asked = desk.ask()
    desk.later(minutes=10)
    html = page(desk, f"/jobs/{asked.job.id}")
    assert "The file for look_at was not uploaded in time." in html
    assert "Ask for another upload" in html


def test_a_pipeline_that_works_on_a_file_has_no_button_to_start_it_without_one() -> None:
    startable = UploadDesk(a_pipeline(Calls().step("draw"), name="look_at"))
    assert "Start a job" in page(startable, "/")
    assert "Start a job" not in page(UploadDesk(), "/")
