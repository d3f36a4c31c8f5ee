"""How long a product image, the text of a screenshot and a bedtime story take, end to end, and the memory they take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.base import Bench, Report, Table, say
from bench.support import command_line, ports, processes
from bench.support.command_line import Server
from bench.support.memory import Watched, has_loaded
from bench.support.requesting import Document, call, call_json, completed
from bench.support.screenshots import HEIGHT, WIDTH, screenshot, words_found
from bench.support.shop import shop
from bench.support.statistics import median

TIMES = 10
"""Each pipeline, after its first time."""
PRODUCT = "product page to finished picture"
TEXT = "upload to text of a screenshot"
STORY = "story with sound and picture"
LIMITS = {PRODUCT: 2.0, TEXT: 3.0, STORY: 5.0}
"""Seconds."""
MOST_MEMORY = 600 * 10**6
MOST_BEFORE = 150 * 10**6
LEAST_FOUND = 0.95
"""Of a screenshot's words: a quick answer that is wrong would be none."""
_MODEL_LIBRARY = "onnxruntime"
_SETTLING_SECONDS = 5
_TOML = """
[server]
port = {port}

[fetch]
allow_hosts = ["{shop}"]

[pipelines.daily_post]
schedule = "off"

[pipelines.bedtime_story]
schedule = "off"
"""


@dataclass(frozen=True, slots=True)
class Timed:
    """What one pipeline took, in seconds; the first time stands apart."""

    cold: float
    warm: list[float]
    cpu: float
    """Of `pressroom up`, for a warm one."""


class Pipelines(Bench):
    method = (
        "`pressroom up` with its default settings in a new workspace, everything over HTTP and offline, one job after "
        "the other on an otherwise idle server, each about something else. Product: from `POST "
        "/generative-ai-images/generate` to the last byte of the picture at `imageUrl`; page and photo come from a "
        f"shop on this machine. Text: from asking for the upload of a {WIDTH} x {HEIGHT} screenshot with some 150 "
        "words in four sizes, light and dark, to the job that holds its text; what was found is compared with what "
        f"was drawn, and less than {LEAST_FOUND:.0%} of the words ends the bench. Story: from the request to the job "
        "that holds text, sound and picture, both fetched. The job is asked for every 20 ms. Cold is the first time "
        f"in the life of the worker, which loads libraries and models; then {TIMES} times warm. Resident memory is "
        "the kernel's, of all processes of `pressroom up` together, 50 times a second; what two of them share counts "
        f"for each. A model counts as loaded once the library that runs it ({_MODEL_LIBRARY}) is mapped into one."
    )

    def run(self, folder: Path, rounds: int | None) -> Report:
        report, workspace, port = Report(), folder / "workspace", ports.free()
        command_line.call("init", str(workspace))
        with shop() as address:
            (workspace / "pressroom.toml").write_text(_TOML.format(port=port, shop=address), encoding="utf-8")
            server = Server(["up"], workspace, port)
            try:
                _measure(report, server, port, address, rounds or TIMES)
            finally:
                server.stop()
        return report


def _measure(report: Report, server: Server, port: int, address: str, times: int) -> None:
    time.sleep(_SETTLING_SECONDS)
    before = processes.resident_bytes(server.process)
    memory, timed = [("before the first job", _mb(before), "")], dict[str, Timed]()
    peaks, was_loaded = list[int](), False
    work = {
        PRODUCT: lambda number: _product(port, address, number),
        STORY: lambda number: _story(port),
        TEXT: lambda number: _text(port, number),
    }
    for what, one in work.items():
        was_loaded = has_loaded(server.process, _MODEL_LIBRARY)  # by what came before the last, which reads pictures
        with Watched(server.process) as watched:
            timed[what] = _times(server, one, times)
        peaks.append(watched.peak)
        memory.append((f"{what}, {times + 1} times", _mb(processes.resident_bytes(server.process)), _mb(peaks[-1])))
    assert has_loaded(server.process, _MODEL_LIBRARY), "what reads text is another library now; name it in this bench"
    peak = max(peaks)
    for what, most in LIMITS.items():
        for word, seconds in (("median", median(timed[what].warm)), ("worst", max(timed[what].warm))):
            report.expect(f"{what} at most {most:.0f} s ({word})", f"{seconds:.2f} s", seconds <= most)
    report.expect(f"at most {_mb(MOST_MEMORY)} of memory, ever, with the model loaded", _mb(peak), peak <= MOST_MEMORY)
    report.expect("the model is not loaded before a picture is to be read", "loaded" if was_loaded else "not loaded",
                  not was_loaded and before <= MOST_BEFORE)  # fmt: skip
    rows = [
        (what, *(f"{seconds:.2f}" for seconds in (one.cold, median(one.warm), min(one.warm), max(one.warm), one.cpu)))
        for what, one in timed.items()
    ]
    report.tables.append(Table("Seconds", ("", "cold", "warm, median", "quickest", "slowest", "of CPU, warm"), rows))
    report.tables.append(Table("Resident memory of `pressroom up`", ("", "afterwards", "at its peak"), memory))


def _times(server: Server, one: Callable[[int], None], times: int) -> Timed:
    took, cpu_before = list[float](), 0.0
    for number in range(times + 1):
        if number == 1:
            cpu_before = processes.cpu_seconds(server.process)
        began = time.perf_counter()
        one(number)
        took.append(time.perf_counter() - began)
    cpu = (processes.cpu_seconds(server.process) - cpu_before) / times
    say(f"cold {took[0]:.2f} s, warm {median(took[1:]):.2f} s, {cpu:.2f} CPU seconds")
    return Timed(took[0], took[1:], cpu)


def _product(port: int, address: str, number: int) -> None:
    wish: Document = {"productUrl": f"http://{address}/product-{number}"}
    asked = call_json(port, "POST", "/generative-ai-images/generate", wish, expected=202)
    done = completed(port, f"/generative-ai-images/status/{asked['jobId']}")
    assert f"product-{number}" in done["overlayText"], "the words are another product's"
    assert _fetched(port, _path(done["imageUrl"])).startswith(b"\xff\xd8\xff"), "the picture is no JPEG"


def _text(port: int, number: int) -> None:
    shot = screenshot(number)
    wish: Document = {"pipeline": "text_extraction", "media_type": "image/png", "bytes": len(shot.png)}
    asked = call_json(port, "POST", "/api/v1/uploads", wish, expected=202)
    status, answer = call(port, "PUT", _path(asked["upload_url"]), shot.png, **asked["headers"])
    if status not in (200, 201, 204):
        raise processes.Ended(f"The upload was answered {status}: {answer[:500]!r}")
    share = words_found(shot, completed(port, asked["status_url"])["result"]["text"])
    if share < LEAST_FOUND:
        raise processes.Ended(f"Of the screenshot's words only {share:.0%} were found.")


def _story(port: int) -> None:
    asked = call_json(port, "POST", "/api/v1/pipelines/bedtime_story/jobs", {"input": {"again": True}}, expected=202)
    done = completed(port, f"/api/v1/jobs/{asked['id']}")
    urls = {asset["key"]: asset["url"] for asset in done["assets"]}
    for part in ("sound", "picture"):
        assert len(_fetched(port, _path(urls[done["result"][part]]))) > 10_000, f"the story's {part} is too small"


def _fetched(port: int, path: str) -> bytes:
    status, body = call(port, "GET", path)
    if status != 200:
        raise processes.Ended(f"{path} answered {status}.")
    return body


def _path(url: str) -> str:
    return url[url.index("/", url.index("://") + 3) :] if "://" in url else url


def _mb(size: float) -> str:
    return f"{size / 1e6:.0f} MB"
