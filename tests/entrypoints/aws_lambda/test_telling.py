"""What a function tells of itself: counts in CloudWatch's own form, parts of a trace, and nothing outside Lambda."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import Any

import pytest

from pressroom.entrypoints.aws_lambda._telling import counted

IN_LAMBDA = {"AWS_LAMBDA_FUNCTION_NAME": "press-steps"}


def _metrics(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return dict(line)


def test_counts_are_written_with_the_end_of_a_call(capsys: pytest.CaptureFixture[str]) -> None:
    with counted("steps", "press", IN_LAMBDA) as counts:
        counts.count("AnsweredOn")
        counts.count("Words", 3)
    told = _metrics(capsys)
    assert (told["service"], told["deployment"]) == ("steps", "press")
    assert (told["Calls"], told["AnsweredOn"], told["Words"]) == ([1.0], [1.0], [3.0])
    assert "Failures" not in told
    assert told["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Pressroom"


def test_a_call_that_fails_is_counted_as_failed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), counted("steps", "press", IN_LAMBDA):
        raise RuntimeError("no")
    assert _metrics(capsys)["Failures"] == [1.0]


def test_counts_of_one_call_are_not_told_with_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    with counted("steps", "press", IN_LAMBDA) as counts:
        counts.count("Words", 3)
    capsys.readouterr()
    with counted("steps", "press", IN_LAMBDA):
        pass
    assert "Words" not in _metrics(capsys)


def test_outside_lambda_nothing_is_told_and_nothing_loaded_for_it() -> None:
    program = (
        "import sys\n"
        "from pressroom.entrypoints.aws_lambda._telling import counted, traced\n"
        "with traced('steps', {}), counted('steps', 'press', {}) as counts:\n"
        "    counts.count('Words')\n"
        "print([name for name in sys.modules if 'powertools' in name])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_x_ray_is_sent_a_part_for_the_call_that_is_found_by_its_job() -> None:
    """As in Lambda: the daemon listens where a variable says, and the trace's header is in the environment."""
    program = (
        "import os\n"
        "from pressroom.entrypoints.aws_lambda._telling import note, traced\n"
        "with traced('steps', os.environ):\n"
        "    note(os.environ, 'job_1')\n"
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(20)
        environment = {
            "PATH": os.environ["PATH"],
            "LAMBDA_TASK_ROOT": "/var/task",
            "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{daemon.getsockname()[1]}",
            "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        }
        subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
        told = json.loads(daemon.recv(65536).decode().partition("\n")[2])
    assert (told["name"], told["trace_id"]) == ("## steps", "1-5759e988-bd862e3fe1be46a994272793")
    assert told["annotations"] == {"job_id": "job_1"}
