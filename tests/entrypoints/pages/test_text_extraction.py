"""The result of text extraction on its job's page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pressroom.changes import Change, change_job
from pressroom.events import Event
from pressroom.testing import plain_png
from tests.entrypoints.site import Site, a_site

LINE = {"text": "Tickets <b>9,50 €</b>", "confidence": 0.99, "box": [[0, 0], [9, 0], [9, 9], [0, 9]]}


def extracted(site: Site, **result: Any) -> str:
    """Store a job of text extraction as it is when it is done; return the page's HTML."""
    job_id, now, ports = "job_1", site.clock.now(), site.runtime.ports
    requested = {"pipeline": "text_extraction", "input": {}}
    event = Event(type="JobRequested", subject=job_id, job_id=job_id, time=now, data=requested)
    change = change_job(None, [event])
    job = change.jobs[0].after
    keys = {"image_key": "uploads/1.png", "processed_key": "processed/1.png", "text_key": "OCR/1.txt"}
    stored = [
        site.runtime.assets.store(key, plain_png(8, 6) if key.endswith("png") else b"words", job=job, width=8, height=6)
        for key in keys.values()
    ]
    whole = {"is_whole": True, "script": "Latin", "line_count": len(result.get("lines", []))} | keys | result
    done = Event(type="StepCompleted", subject=job_id, job_id=job_id, time=now, data={"result": whole})
    ended = Event(type="JobCompleted", subject=job_id, job_id=job_id, time=now, data={})
    ports.store.commit(change)
    ports.store.commit(change_job(job, [done, ended]) + Change(assets=tuple(stored)))
    return site.page(f"/jobs/{job_id}")


@pytest.fixture
def site() -> Site:
    return a_site()


def test_the_page_shows_the_processed_picture_and_the_text_to_be_copied(site: Site) -> None:
    html = extracted(site, text="Tickets <b>9,50 €</b>", lines=[LINE])
    [source] = re.findall(r'<img src="([^"]+processed/1\.png[^"]+)"', html)
    assert site.client.get(source.replace("&amp;", "&")).content == plain_png(8, 6)
    assert ">Tickets &lt;b&gt;9,50 €&lt;/b&gt;</pre>" in html
    assert 'data-copy="extracted-text"' in html
    assert "1 line, Latin letters" in html
    assert 'id="text-file"' in html
    assert 'href="/static/text_extraction.css' in html


def test_lines_that_were_read_with_less_confidence_are_told(site: Site) -> None:
    html = extracted(site, text="Tickets\nKus", lines=[LINE, LINE | {"text": "Kus", "confidence": 0.614}])
    assert "1 line read with less confidence" in html
    assert "61 %" in html


def test_a_picture_without_text_says_so(site: Site) -> None:
    html = extracted(site, text="", lines=[])
    assert "There is no text in this picture." in html
    assert "data-copy" not in html


def test_of_a_very_long_text_the_beginning_is_shown_with_the_way_to_the_rest(site: Site) -> None:
    html = extracted(site, text="Tickets", lines=[LINE], is_whole=False)
    assert "This is the beginning; the files hold all of it." in html


def test_a_job_that_has_just_begun_shows_what_was_uploaded(site: Site) -> None:
    job_id, now = "job_1", site.clock.now()
    data = {"pipeline": "text_extraction", "input": {}}
    change = change_job(None, [Event(type="JobRequested", subject=job_id, job_id=job_id, time=now, data=data)])
    job = change.jobs[0].after
    asset = site.runtime.assets.store("uploads/1.png", plain_png(8, 6), job=job)
    site.runtime.ports.store.commit(change)
    done = Event(
        type="StepCompleted", subject=job_id, job_id=job_id, time=now, data={"result": {"image_key": "uploads/1.png"}}
    )
    site.runtime.ports.store.commit(change_job(job, [done]) + Change(assets=(asset,)))
    html = site.page(f"/jobs/{job_id}")
    assert "uploads/1.png" in html
    assert "The text" not in html


def test_in_the_list_of_jobs_it_is_known_again_by_the_processed_picture(site: Site) -> None:
    extracted(site, text="Tickets", lines=[LINE])
    [source] = re.findall(r'<td class="col-picture"><img src="([^"]+)"', site.page("/"))
    assert source.startswith("/assets/processed/1.png")
