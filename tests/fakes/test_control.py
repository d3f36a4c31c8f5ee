"""The control API and the command line of a fake."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx

from tests.fakes.guestbook import Guestbook


def test_the_control_api_scripts_shows_and_resets(book: Guestbook, visitor: httpx.Client) -> None:
    line = {"fault": "processed_but_500", "method": "POST", "path": "/*"}
    assert visitor.post("/_fake/faults", json=line).status_code == 200
    assert visitor.post("/", content="hello").status_code == 500
    assert visitor.get("/_fake/entries").json() == ["hello"]
    assert visitor.get("/_fake/faults").json()[0]["took_effect"] is True
    assert visitor.get("/_fake/requests").json()[0]["body"] == "hello"
    visitor.post("/_fake/reset")
    assert visitor.get("/_fake/requests").json() == []


def test_time_passes_when_it_is_told_to(book: Guestbook, visitor: httpx.Client) -> None:
    before = book.now()
    assert visitor.post("/_fake/clock", json={"advance": 3600}).status_code == 200
    assert book.now() - before >= 3600
    assert visitor.post("/_fake/clock", json={"advance": "soon"}).status_code == 400


def test_the_control_api_names_the_faults_if_one_is_unknown(visitor: httpx.Client) -> None:
    answer = visitor.post("/_fake/faults", json={"fault": "meteor"})
    assert answer.status_code == 400
    assert "cut_after_processing" in answer.json()["error"]


def test_a_fake_runs_as_a_program_and_ends_on_a_signal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fakes.x", "--state", str(tmp_path / "x.json"), "--fault-rate", "1"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        try:
            assert process.stdout is not None
            base_url = process.stdout.readline().strip()
            assert httpx.get(base_url + "/_fake/posts").json() == []
            token = httpx.get(base_url + "/_fake/tokens").json()["access_tokens"][0]["text"]
            httpx.delete(base_url + "/_fake/faults")
            me = httpx.get(base_url + "/2/users/me", headers={"authorization": f"Bearer {token}"})
            assert me.json()["data"]["username"] == "pressroom"
        finally:
            process.terminate()
        assert process.wait(timeout=10) == 0
