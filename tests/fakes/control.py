"""The control API of a fake under `/_fake/`, and its command line, for tests that live in another process."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fakes.faults import Fault, RandomFaults, ScriptedFault
from tests.fakes.messages import Answer, json_answer

if TYPE_CHECKING:
    from tests.fakes.server import FakeServer


def answer(fake: FakeServer, method: str, path: str, body: bytes) -> Answer:
    """`GET /_fake/{requests,faults,…holdings}`, `POST /_fake/{faults,reset,release,clock}`, `DELETE /_fake/faults`."""
    name = path.partition("?")[0].removeprefix("/_fake/")
    with fake.lock:
        if method == "GET":
            return _show(fake, name)
        try:
            return _do(fake, method, name, json.loads(body or b"{}"))
        except (KeyError, TypeError, ValueError) as error:
            return json_answer(400, {"error": f"{type(error).__name__}: {error}"})


def _do(fake: FakeServer, method: str, name: str, document: dict[str, Any]) -> Answer:
    match method, name:
        case "POST", "faults":
            fake.faults.add(_parse_fault(document))
        case "DELETE", "faults":
            fake.faults.clear()
        case "POST", "reset":
            fake.reset()
        case "POST", "release":
            fake.release()
        case "POST", "clock":
            fake.advance(float(document["advance"]))
        case _:
            return json_answer(404, {"error": f"no such control: {method} /_fake/{name}"})
    return json_answer(200, {"done": name})


def _show(fake: FakeServer, name: str) -> Answer:
    if name == "requests":
        return json_answer(200, [request.as_dict() for request in fake.requests])
    if name == "faults":
        return json_answer(200, [struck.as_dict() for struck in fake.faults.struck])
    holdings = fake.holdings()
    if name in holdings:
        return json_answer(200, holdings[name])
    return json_answer(404, {"error": f"no such list: {name}", "lists": ["requests", "faults", *holdings]})


def _parse_fault(line: dict[str, Any]) -> ScriptedFault | RandomFaults:
    """A line with a `rate` is random; otherwise it names one `fault`."""
    if "rate" in line:
        names = line.pop("faults", None)
        faults = tuple(Fault.named(name) for name in names) if names else tuple(Fault)
        return RandomFaults(**line, faults=faults)
    return ScriptedFault(Fault.named(line.pop("fault")), **line)


def argument_parser(name: str) -> argparse.ArgumentParser:
    """The options that every fake has."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.fakes.{name}")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--state", type=Path, help="keep what is held in this file, and start from it")
    parser.add_argument("--seed", type=int, default=0, help="of the random faults")
    parser.add_argument("--fault-rate", type=float, default=0.0, help="of every request, 0 to 1")
    parser.add_argument("--max-fault-seconds", type=float, default=0.5, help="of faults that take time")
    return parser


def serve(fake: FakeServer, options: argparse.Namespace) -> None:
    """Print the base URL on the first line of standard output and serve until SIGINT or SIGTERM."""
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    if options.fault_rate:
        fake.script_randomly(options.fault_rate, seed=options.seed, max_seconds=options.max_fault_seconds)
    with fake:
        sys.stdout.write(f"{fake.base_url}\n")
        sys.stdout.flush()
        signal.sigwait(ends)
