"""How soon a function on AWS is ready: what its module takes to load, and to open the runtime with the first call."""

from __future__ import annotations

import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.base import Bench, Report, Table, say
from bench.support.statistics import median, spread
from pressroom.backends import parameter_store
from pressroom.backends.dynamodb.table_shapes import create_tables
from pressroom.entrypoints import aws_lambda

ROUNDS = 7
MOST_MS, MOST_MS_OF_HTTP = 350, 600
OPENS_NOTHING = ("announcing",)

PROGRAM = """
import importlib, json, sys, time
from pathlib import Path
wall, cpu = time.perf_counter(), time.process_time()
module = importlib.import_module(f"pressroom.entrypoints.aws_lambda.{sys.argv[1]}")
told = {"load": time.perf_counter() - wall}
told["load_cpu"] = time.process_time() - cpu
if sys.argv[2] == "open":
    from pressroom.entrypoints.aws_lambda._opened import container
    deployed = container().deployed()
    if sys.argv[1] == "http":
        module._served(deployed)
    else:
        deployed.runtime.ports.jobs.get("job_that_nobody_knows")
told["ready_cpu"] = time.process_time() - cpu
[peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
told["memory"] = int(peak.split()[1]) / 1024
print(json.dumps(told))
"""


class Functions(Bench):
    method = (
        "Each function's module is loaded in a process of its own, files in the page cache: the median of "
        f"{ROUNDS} rounds, the functions taking turns. Then the runtime is opened as the first call does it, with a "
        "deployment on moto's server, in the process that measures: its settings are read, the pipelines composed, a "
        "job read (http: the server put together). For that the processor's time is given: the emulator needs some."
    )

    def run(self, folder: Path, rounds: int | None) -> Report:
        from tests import emulated_aws

        names = [one.name for one in pkgutil.iter_modules(aws_lambda.__path__) if not one.name.startswith("_")]
        found: dict[str, list[Mapping[str, float]]] = {name: [] for name in names}
        clients = emulated_aws.clients()
        create_tables(clients)
        parameter_store.write(clients, {"server": {"port": 8080}, "channels/main": {"network": "preview"}})
        settings = clients.settings
        environment = os.environ | {
            "PRESSROOM_AWS__NAME": settings.name,
            "PRESSROOM_AWS__REGION": settings.region,
            "PRESSROOM_AWS__ENDPOINT_URL": settings.endpoint_url,
        }
        for number in range((rounds or ROUNDS) + 1):
            for name in names:
                told = _measured(name, environment)
                found[name] += [told] if number else []  # the first round fills the page cache
            say(f"round {number} of {rounds or ROUNDS}")
        return _report(found)


def _measured(function: str, environment: Mapping[str, str]) -> Mapping[str, float]:
    opens = "stay" if function in OPENS_NOTHING else "open"
    command = [sys.executable, "-c", PROGRAM, function, opens]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=True)
    told: Mapping[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _report(found: Mapping[str, list[Mapping[str, float]]]) -> Report:
    report, rows = Report(), []
    for name, rounds in found.items():
        loads = [one["load"] * 1000 for one in rounds]
        most = MOST_MS_OF_HTTP if name == "http" else MOST_MS
        report.expect(f"{name} is loaded within {most} ms", f"{median(loads):.0f} ms", median(loads) <= most)
        cpu, memory = [one["ready_cpu"] * 1000 for one in rounds], median([one["memory"] for one in rounds])
        loads_cpu = [one["load_cpu"] * 1000 for one in rounds]
        times = (f"{spread(one, 0)} ms" for one in (loads, loads_cpu, cpu))
        rows.append((name, *times, f"{memory:.0f} MB"))
    head = ("function", "module loaded", "of that CPU", "until its first answer, CPU", "memory")
    report.tables.append(Table("Functions, cold", head, rows))
    report.notes.append("What Lambda itself takes to begin a container, and to load a package, is not in this.")
    return report
