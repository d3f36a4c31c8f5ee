"""How quickly a 24-megapixel photo becomes what five networks want: Pressroom beside sharp, Pillow and bare libvips."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from bench.base import Bench, Report, Table, say
from bench.peers.pictures import AT_A_TIME, QUALITY, SIZES, Peer, Turn, install_sharp
from bench.support.photographs import write_photos
from bench.support.statistics import median, spread

ROUNDS = 10
PHOTOS = 6
"""Distinct ones."""
A_TURN = 8
"""Photos that a peer makes in one round; Pillow, which is slow, half as many."""
MANY = 200
MOST_MEMORY = 450 * 2**20
_GROWTH_ALLOWED = 1.1


class Variants(Bench):
    method = (
        f"{PHOTOS} distinct photos of 6000x4000 pixels (JPEG of quality 90 with gradients, texture, hard edges and "
        f"grain) become {', '.join(f'{w}x{h}' for w, h in SIZES.values())}, all JPEG of quality {QUALITY}. Every peer "
        f"has a process of its own, the photos in memory, and {AT_A_TIME} photos in work at a time, plain Pillow one; "
        "the processes live through all rounds, and the rounds of the peers alternate. Pressroom runs `make_variants` "
        "with its default settings: header checked, damage looked for, cut by attention, sharpened. sharp: the five "
        "in parallel by `Promise.all`, each `rotate().resize().jpeg()` with its defaults, cut in the middle. Pillow, "
        "used plainly: a loop of open, `exif_transpose`, five times `ImageOps.fit` and `save`; and the same in two "
        "threads. Bare: one decode by half, five resizes and five encodes in pyvips, cut in the middle, in two "
        "threads. Rates are photos a second; figures are medians of the rounds, ratios medians of the rounds' ratios, "
        "because what else the machine does changes from round to round. Memory is of Pressroom's process, over "
        f"{MANY} photos in a row after all rounds."
    )

    def run(self, folder: Path, rounds: int | None) -> Report:
        report = Report()
        say("making the photos")
        photos = write_photos(folder / "photos", PHOTOS)
        sharp = folder / "sharp"
        why_missing = install_sharp(sharp)
        with ExitStack() as stack:
            peers = [Peer(name, photos) for name in ("pressroom", "bare libvips", "pillow", "pillow, two threads")]
            if why_missing:
                report.notes.append(f"{why_missing}.")
            else:
                peers.insert(1, Peer("sharp", photos, sharp))
            for peer in peers:
                stack.callback(peer.stop)
            report.versions = {peer.name: peer.version for peer in peers if "," not in peer.name}
            turns = _alternate(peers, rounds or ROUNDS)
            _judge(report, turns)
            _remember(report, peers[0])
            report.tables.append(_sizes(peers))
        weights = [file.stat().st_size / 1e6 for file in photos]
        report.notes.append(f"The photos weigh {min(weights):.1f} to {max(weights):.1f} MB.")
        return report


def _alternate(peers: list[Peer], rounds: int) -> dict[str, list[tuple[int, Turn]]]:
    turns: dict[str, list[tuple[int, Turn]]] = {peer.name: [] for peer in peers}
    for number in range(rounds):
        # Each round another one is first, so that nobody always comes after the same.
        for peer in peers[number % len(peers) :] + peers[: number % len(peers)]:
            photos = A_TURN // 2 if peer.name.startswith("pillow") else A_TURN
            turn = peer.make(photos)
            turns[peer.name].append((photos, turn))
            say(
                f"round {number + 1} of {rounds}, {peer.name}: {photos / turn.seconds:.2f} photos/s, "
                f"{turn.cpu_seconds / photos:.3f} s of CPU each"
            )
    return turns


def _judge(report: Report, turns: dict[str, list[tuple[int, Turn]]]) -> None:
    rates = {name: [photos / turn.seconds for photos, turn in found] for name, found in turns.items()}
    cpu = {name: [turn.cpu_seconds / photos for photos, turn in found] for name, found in turns.items()}
    for name, needed in (("sharp", 2.1), ("pillow", 5.0)):
        if name not in rates:
            report.expect(f"at least {needed} times {name}'s rate", f"{name} was left out", None)
            continue
        ratio = median([mine / theirs for mine, theirs in zip(rates["pressroom"], rates[name], strict=True)])
        report.lines.append(f"ratio to {name}: {ratio:.2f}")
        report.expect(f"at least {needed} times {name}'s rate", f"{ratio:.2f} times", ratio >= needed)
    over = median([mine / theirs for mine, theirs in zip(cpu["pressroom"], cpu["bare libvips"], strict=True)])
    report.lines.append(f"cpu over bare: {over:.2f}")
    report.expect("at most 1.15 times the CPU of bare libvips", f"{over:.2f} times", over <= 1.15)
    rows = [(name, spread(rates[name]), spread(cpu[name], 3)) for name in turns]
    report.tables.append(Table("Five variants of a photo", ("", "photos/s", "CPU seconds a photo"), rows))


def _remember(report: Report, pressroom: Peer) -> None:
    """Make many photos in a row and look whether the memory grows."""
    turns = [pressroom.make(MANY // 10) for _ in range(10)]
    resident = [turn.resident_bytes for turn in turns]
    early, late, peak = max(resident[:5]), max(resident[5:]), turns[-1].peak_bytes
    say(f"{MANY} photos in a row: MiB after each tenth: {', '.join(f'{each / 2**20:.0f}' for each in resident)}")
    report.lines.append(f"peak memory over {MANY} photos: {peak / 2**20:.0f} MiB")
    report.expect("at most 450 MB of memory, two photos at a time", f"{peak / 2**20:.0f} MiB", peak <= MOST_MEMORY)
    report.expect(
        f"no growth over {MANY} photos",
        f"at most {early / 2**20:.0f} MiB in the first half, {late / 2**20:.0f} MiB in the second",
        late <= _GROWTH_ALLOWED * early,
    )


def _sizes(peers: list[Peer]) -> Table:
    """Show that all make the same: raises if one made another size."""
    rows = []
    for name, size in SIZES.items():
        for peer in peers:
            if tuple(peer.sizes[name][:2]) != size:
                raise AssertionError(f"{peer.name} made {peer.sizes[name]} of {name}")
        rows.append((f"{name} {size[0]}x{size[1]}", *(f"{peer.sizes[name][2] / 1000:.0f} kB" for peer in peers)))
    return Table("What one photo's variants weigh", ("", *(peer.name for peer in peers)), rows)
