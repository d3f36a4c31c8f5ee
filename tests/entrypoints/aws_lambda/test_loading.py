"""What each function loads when AWS begins a container for it: only what it uses, so that a cold start stays short."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys

import pytest

from pressroom.entrypoints import aws_lambda

FUNCTIONS = [found.name for found in pkgutil.iter_modules(aws_lambda.__path__) if not found.name.startswith("_")]
HEAVY = {"PIL", "cv2", "httpx", "lxml", "numpy", "onnxruntime", "pyvips", "scipy", "watchfiles"}
"""Loaded by the step that uses it, if at all."""
ELSEWHERE = {"aws_lambda_powertools", "sqlite3", "typer", "uvicorn"}
LATER = {"boto3", "botocore"}
"""Loaded when the runtime is opened, with the first call."""
WEB = {"fastapi", "jinja2", "mangum", "starlette"}
ALONE = {"announcing"}
"""Opens no runtime, and so loads next to nothing of ours."""


def _loaded_by(function: str) -> set[str]:
    program = f"import json, sys, pressroom.entrypoints.aws_lambda.{function}; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_loads_only_what_it_uses(function: str) -> None:
    loaded = _loaded_by(function)
    packages = {name.partition(".")[0] for name in loaded}
    assert packages & (HEAVY | ELSEWHERE | LATER) == set()
    assert (packages & WEB == set()) == (function != "http")
    assert "pressroom.entrypoints.cli" not in loaded
    assert "pressroom.runtimes.embedded" not in loaded
    if function in ALONE:
        assert len([name for name in loaded if name.startswith("pressroom")]) < 6


def test_every_function_has_a_handler() -> None:
    for function in FUNCTIONS:
        module = __import__(f"pressroom.entrypoints.aws_lambda.{function}", fromlist=["handler"])
        assert callable(module.handler), function
