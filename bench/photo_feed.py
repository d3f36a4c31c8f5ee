"""A folder of 24-megapixel photos to five local networks: how many a second, and how soon a single one is out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.base import Bench, Report, Table, say
from bench.peers.networks import Network, five_networks
from bench.peers.pictures import SIZES, Peer, Turn
from bench.support import processes
from bench.support.captions import captioned
from bench.support.feeds import Feed, on_networks, posts_by_text
from bench.support.photographs import write_photos
from bench.support.statistics import median, spread

ROUNDS = 5
PHOTOS = 6
"""Distinct ones; the feed gets each with another caption each time."""
A_TURN = 48
BARE_TURN = 24
SINGLE = 9
LEAST_SHARE = 0.85
LATEST_SECONDS = 1.5
_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class FeedTurn:
    """What was measured while the feed posted some photos."""

    photos: int
    seconds: float
    cpu_seconds: float
    """Of `pressroom up`."""
    network_cpu_seconds: float
    """Of the local networks."""

    @property
    def rate(self) -> float:
        return self.photos / self.seconds


class PhotoFeed(Bench):
    method = (
        f"`pressroom up`, with its default settings, watches a folder and posts to {', '.join(SIZES)}: strict local "
        "networks, each in a process of its own, which accept and refuse as the real ones do but look only at a "
        "picture's header. Everything is durable. "
        f"The {PHOTOS} photos are those of the bench `variants`; each file has another caption, so that no two are "
        f"the same. Sizes and JPEG quality are those of `variants`. Single photos: {SINGLE}, one after the other on an "
        "otherwise idle system, each written into the folder in pieces; from its last byte to the moment at which a "
        f"network takes the post. Rate: {A_TURN} photos are moved into the folder at once; from the first move to the "
        "last post on the last network. In each round the bare libvips of `variants` (one decode by half, five "
        "resizes, five encodes, two photos at a time, nothing else) and then Pressroom's `make_variants` alone make "
        f"{BARE_TURN} photos in a process that does nothing else, while the feed is idle; the share is the median of "
        "the rounds' ratios. The networks run on the same cores as the feed, which pays for them; real ones do not. "
        "Beside it stand the same shares in CPU seconds a photo, `pressroom up` alone and together with the networks: "
        "what the cores would allow if they never waited for a disk or a neighbour."
    )

    def run(self, folder: Path, rounds: int | None) -> Report:
        report = Report()
        say("making the photos")
        photos = write_photos(folder / "photos", PHOTOS)
        data = [photo.read_bytes() for photo in photos]
        with ExitStack() as stack:
            peers = [Peer(name, photos) for name in ("bare libvips", "pressroom")]
            for peer in peers:
                stack.callback(peer.stop)
            networks = stack.enter_context(five_networks())
            feed = stack.enter_context(on_networks(networks, folder / "workspace"))
            _single(feed, networks, data, "warm", 3)
            _judge_single(report, _single(feed, networks, data, "single", SINGLE))
            _judge_rate(report, *_alternate(feed, networks, data, peers, rounds or ROUNDS))
            report.versions = {peer.name: peer.version for peer in peers}
        return report


def _single(
    feed: Feed, networks: dict[str, Network], photos: Sequence[bytes], name: str, count: int
) -> list[dict[str, float]]:
    """Post photos one after the other; return for each the seconds until each network had it."""
    found = []
    for number in range(count):
        text = f"{name} {number}"
        complete_at = feed.copy_in(f"{name}-{number}.jpg", captioned(photos[number % len(photos)], text))
        _wait_for(feed, networks, [text])
        found.append({each: posts_by_text(network)[text].at - complete_at for each, network in networks.items()})
        say(f"{text}: on the first network after {min(found[-1].values()):.2f} s, on all after "
            f"{max(found[-1].values()):.2f} s")  # fmt: skip
    return found


def _alternate(
    feed: Feed, networks: dict[str, Network], photos: Sequence[bytes], peers: Sequence[Peer], rounds: int
) -> tuple[list[FeedTurn], dict[str, list[Turn]]]:
    turns: list[FeedTurn] = []
    bare: dict[str, list[Turn]] = {peer.name: [] for peer in peers}
    for number in range(rounds):
        for peer in peers:
            bare[peer.name].append(peer.make(BARE_TURN))
        turns.append(_turn(feed, networks, photos, f"round {number}"))
        rates = ", ".join(f"{name} {BARE_TURN / found[-1].seconds:.2f}" for name, found in bare.items())
        say(f"round {number + 1} of {rounds}, photos/s: {rates}, the whole feed {turns[-1].rate:.2f}")
    return turns, bare


def _turn(feed: Feed, networks: dict[str, Network], photos: Sequence[bytes], name: str) -> FeedTurn:
    texts = [f"{name} photo {number}" for number in range(A_TURN)]
    files = [f"{text.replace(' ', '-')}.jpg" for text in texts]
    for number, (file, text) in enumerate(zip(files, texts, strict=True)):
        feed.lay_by(file, captioned(photos[number % len(photos)], text))
    servers = [network.process for network in networks.values()]
    ours, theirs = processes.cpu_seconds(feed.server.process), processes.cpu_seconds(*servers)
    began = feed.move_in(*files)
    _wait_for(feed, networks, texts)
    last = max(posts_by_text(network)[text].at for network in networks.values() for text in texts)
    turn = FeedTurn(
        photos=A_TURN,
        seconds=last - began,
        cpu_seconds=processes.cpu_seconds(feed.server.process) - ours,
        network_cpu_seconds=processes.cpu_seconds(*servers) - theirs,
    )
    for file in files:  # so that the disk does not fill
        (feed.inbox / file).unlink()
    return turn


def _wait_for(feed: Feed, networks: dict[str, Network], texts: Sequence[str]) -> None:
    """Wait until all of these are everywhere; asked seldom, and of one network after the other: it costs them time."""
    for name, network in networks.items():
        while not posts_by_text(network).keys() >= set(texts):
            feed.require_running(f"the posts on {name}")
            time.sleep(_LOOK_SECONDS)


def _judge_single(report: Report, found: list[dict[str, float]]) -> None:
    first = [min(one.values()) for one in found]
    report.lines.append(f"first post after: {median(first):.2f} s")
    for word, seconds in (("median", median(first)), ("worst", max(first))):
        report.expect(
            f"the first post at most {LATEST_SECONDS} s after the file is complete ({word})",
            f"{seconds:.2f} s",
            seconds <= LATEST_SECONDS,
        )
    rows = [(name, spread([one[name] for one in found])) for name in found[0]]
    rows.append(("the first of them", spread(first)))
    rows.append(("the last of them", spread([max(one.values()) for one in found])))
    report.tables.append(Table("A single photo, seconds from its last byte to the post", ("", "seconds"), rows))


def _judge_rate(report: Report, turns: list[FeedTurn], bare: dict[str, list[Turn]]) -> None:
    shares = {
        name: median([turn.rate / (BARE_TURN / one.seconds) for turn, one in zip(turns, found, strict=True)])
        for name, found in bare.items()
    }
    share, of_ours = shares["bare libvips"], shares["pressroom"]
    report.lines.append(f"share of the bare rate: {share:.2f}")
    report.lines.append(f"share of the rate of make_variants alone: {of_ours:.2f}")
    spent = [(each.cpu_seconds, each.network_cpu_seconds) for each in turns]
    for whose, of_turn in (
        ("by CPU seconds, the feed alone", [ours / A_TURN for ours, _ in spent]),
        ("by CPU seconds, the feed and the networks", [(ours + theirs) / A_TURN for ours, theirs in spent]),
    ):
        ratios = [one.cpu_seconds / BARE_TURN / took for one, took in zip(bare["bare libvips"], of_turn, strict=True)]
        report.lines.append(f"share of the bare rate, {whose}: {median(ratios):.2f}")
    report.expect(
        f"folder to five networks: at least {LEAST_SHARE:.0%} of the bare variant rate",
        f"{share:.0%}",
        share >= LEAST_SHARE,
    )
    rates = {name: [BARE_TURN / one.seconds for one in found] for name, found in bare.items()}
    cpu = {name: [one.cpu_seconds / BARE_TURN for one in found] for name, found in bare.items()}
    rates["the whole feed"] = [turn.rate for turn in turns]
    cpu["the whole feed"] = [turn.cpu_seconds / turn.photos for turn in turns]
    rows = [(name, spread(rates[name]), spread(cpu[name], 3)) for name in rates]
    theirs = [turn.network_cpu_seconds / turn.photos for turn in turns]
    rows.append(("the local networks, meanwhile", "", spread(theirs, 3)))
    report.tables.append(Table("Photos and their five variants", ("", "photos/s", "CPU seconds a photo"), rows))
