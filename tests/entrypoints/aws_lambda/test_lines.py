"""The log of a function: one line of JSON each, found by request and job, and without secrets."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

PROGRAM = """
import sys
from pressroom.entrypoints.aws_lambda._lines import write_log
from pressroom.log import bound, log
write_log("info", lambda text: text.replace("plum-tree-42", "•••"), {environment}, sys.stdout)
write_log("info", lambda text: text.replace("plum-tree-42", "•••"), {environment}, sys.stdout)
with bound(request_id="request-1", job_id="job_1"):
    log.debug("not worth a line")
    log.info("a word was taken", name="a reserved name", seconds=0.25, token="plum-tree-42")
    try:
        raise ValueError("plum-tree-42 is no password")
    except ValueError:
        log.exception("a step failed")
"""


def _lines(environment: dict[str, str]) -> tuple[list[dict[str, Any]], str]:
    program = PROGRAM.replace("{environment}", repr(environment))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_a_line_tells_of_which_function_request_and_job_it_is() -> None:
    [line, _], errors = _lines({"AWS_LAMBDA_FUNCTION_NAME": "press-steps"})
    assert (line["message"], line["level"], line["service"]) == ("a word was taken", "INFO", "press-steps")
    assert (line["request_id"], line["job_id"], line["seconds"]) == ("request-1", "job_1", 0.25)
    assert line["name_"] == "a reserved name"
    assert line["timestamp"]
    assert errors == "", "and it is written once"


def test_secrets_are_taken_out_of_lines_and_of_what_an_exception_says() -> None:
    lines, _ = _lines({"AWS_LAMBDA_FUNCTION_NAME": "press-steps"})
    assert "plum-tree" not in json.dumps(lines)
    assert lines[0]["token"] == "•••"
    assert (lines[1]["level"], lines[1]["message"]) == ("ERROR", "a step failed")
    assert "ValueError: ••• is no password" in lines[1]["exception"]


def test_outside_lambda_it_is_the_usual_log() -> None:
    lines, errors = _lines({})
    assert lines == []
    assert [json.loads(line)["event"] for line in errors.splitlines()] == ["a word was taken", "a step failed"]
