"""How quickly webhooks are answered while photos are being posted, and whether each notice becomes one event."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from bench.base import Bench, Report, Table, say
from bench.peers.networks import Network, five_networks
from bench.support import command_line, processes
from bench.support.captions import captioned
from bench.support.feeds import Feed, on_networks, posts_by_text
from bench.support.notices import NETWORKS, Told, requests
from bench.support.photographs import write_photos
from bench.support.statistics import percentile

ROUNDS = 3
REQUESTS = 1000
PER_SECOND = 50
POSTS = 12
"""That the notices are about."""
AHEAD = 8
"""Photos that wait while the feed is to be busy."""
MOST_SECONDS = 0.1
_SHARES = {"median": 0.5, "p90": 0.9, "p99": 0.99, "longest": 1.0}
_SECRETS = {"facebook": "app_secret", "x": "api_secret"}
_PATIENCE_SECONDS = 120
_SETTLING_SECONDS = 1.0
"""In which an event too many would come."""
_LOOK_SECONDS = 0.2


class Webhooks(Bench):
    method = (
        f"`pressroom up` with its default settings posts 24-megapixel photos to {' and '.join(NETWORKS)}, {AHEAD} of "
        f"them always waiting, so that both picture threads are busy throughout. Meanwhile {REQUESTS} signed requests "
        f"about {POSTS} earlier posts come at {PER_SECOND} a second, each when it is due whether or not the ones "
        "before it are answered, and each on a connection of its own; from the connection's beginning to the "
        "answer's last byte. Requests tell one to three notices; a tenth are sent again byte for byte, and some tell "
        "a notice that another one told. The same once more while the feed has nothing to do. After each run the "
        "events are counted: one a notice. All rounds together."
    )

    def run(self, folder: Path, rounds: int | None) -> Report:
        report = Report()
        photos = [photo.read_bytes() for photo in write_photos(folder / "photos", 4)]
        took: dict[str, list[float]] = {"busy": [], "idle": []}
        expected, events = 0, 0
        for number in range(rounds or ROUNDS):
            for name, found in took.items():
                with (
                    five_networks(NETWORKS) as networks,
                    on_networks(networks, folder / f"{number}-{name}") as feed,
                ):
                    seconds, notices, made = _one_run(feed, networks, photos, is_busy=name == "busy")
                found += seconds
                expected, events = expected + notices, events + made
                say(f"round {number + 1}, {name}: p99 {percentile(seconds, 0.99) * 1000:.1f} ms, "
                    f"{made} events of {notices} notices")  # fmt: skip
        _judge(report, took, expected, events)
        return report


def _one_run(
    feed: Feed, networks: dict[str, Network], photos: Sequence[bytes], *, is_busy: bool
) -> tuple[list[float], int, int]:
    """Return the seconds that each answer took, how many different notices were told, and how many events came."""
    _drop(feed, photos, range(POSTS))
    _wait_for(lambda: all(len(network.posted()) >= POSTS for network in networks.values()), feed, "the first posts")
    posts = {name: [post.id for post in network.posted()] for name, network in networks.items()}
    secrets = {name: network.secrets[f"channels.{name}.{_SECRETS[name]}"] for name, network in networks.items()}
    told = list(requests(posts, secrets, REQUESTS))
    stop = threading.Event()
    with ThreadPoolExecutor(1) as feeding:
        if is_busy:
            feeding.submit(_keep_busy, feed, networks["x"], photos, stop)
        try:
            seconds = _send(feed, told)
        finally:
            stop.set()
    notices = len({(one.network, notice) for one in told for notice in one.notices})
    _wait_for(lambda: len(_noticed(feed)) >= notices, feed, "the events of the notices")
    time.sleep(_SETTLING_SECONDS)
    found = Counter((event["data"]["channel"], event["data"]["notice_id"]) for event in _noticed(feed))
    assert all(count == 1 for count in found.values()), "a notice became two events"
    processes.kill(feed.server.process)  # what is still to be posted is not what this is about
    return seconds, notices, len(found)


def _drop(feed: Feed, photos: Sequence[bytes], numbers: range) -> None:
    for number in numbers:
        text = f"photo {number}"
        feed.copy_in(f"{text.replace(' ', '-')}.jpg", captioned(photos[number % len(photos)], text))


def _keep_busy(feed: Feed, network: Network, photos: Sequence[bytes], stop: threading.Event) -> None:
    dropped = POSTS
    while not stop.wait(_LOOK_SECONDS):
        enough = len(posts_by_text(network)) + AHEAD
        _drop(feed, photos, range(dropped, enough))
        dropped = max(dropped, enough)


def _send(feed: Feed, told: Sequence[Told]) -> list[float]:
    """Send each when it is due; return the seconds that each took. Raises if one was not answered with 200."""
    began = time.monotonic() + 0.1
    with ThreadPoolExecutor(32) as senders:

        def send(number: int, one: Told) -> float:
            time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
            at = time.perf_counter()
            with closing(http.client.HTTPConnection("127.0.0.1", feed.port, timeout=30)) as connection:
                connection.request("POST", f"/webhooks/{one.network}", one.body, dict(one.headers))
                answer = connection.getresponse()
                words = answer.read()
            took = time.perf_counter() - at
            if answer.status != 200:
                raise processes.Ended(f"The webhook of {one.network} answered {answer.status}: {words!r}")
            return took

        return [sent.result() for sent in [senders.submit(send, *each) for each in enumerate(told)]]


def _noticed(feed: Feed) -> list[dict[str, dict[str, str]]]:
    found: list[dict[str, dict[str, str]]] = command_line.call_json(
        "events", "--type", "EngagementNoticed", "--limit", "100000", "--workspace", str(feed.workspace)
    )
    return found


def _wait_for(done: Callable[[], bool], feed: Feed, what: str) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not done():
        feed.require_running(what)
        if time.monotonic() > until:
            raise processes.Ended(f"{what}: not within {_PATIENCE_SECONDS} s")
        time.sleep(_LOOK_SECONDS)


def _judge(report: Report, took: dict[str, list[float]], expected: int, events: int) -> None:
    p99 = percentile(took["busy"], 0.99)
    report.lines.append(f"webhooks answered (p99): {p99 * 1000:.1f} ms")
    report.expect(
        f"99 of 100 webhooks answered within {MOST_SECONDS * 1000:.0f} ms while photos are posted",
        f"{p99 * 1000:.1f} ms",
        p99 <= MOST_SECONDS,
    )
    report.expect("each notice becomes one event", f"{events} events of {expected} notices", events == expected)
    rows = [
        (f"{name}, {len(found)} requests", *(f"{percentile(found, share) * 1000:.1f} ms" for share in _SHARES.values()))
        for name, found in took.items()
    ]
    report.tables.append(Table("Answers", ("the feed is", *_SHARES), rows))
