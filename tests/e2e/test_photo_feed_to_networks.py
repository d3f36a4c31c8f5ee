"""A folder of photos becomes posts on seven networks, once each, by the real program, whatever is killed."""

from __future__ import annotations

import io
import json
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from subprocess import Popen

import pillow_heif
import pytest
import pyvips
from PIL import Image, PngImagePlugin

from tests.e2e.photo_networks import Network, Shown, networks
from tests.e2e.program import PATIENCE, Program
from tests.fakes.faults import Fault
from tests.photos import photo
from tests.publishers.fake_bench import free_port

SETTINGS = """
[server]
port = {port}

[worker]
lease_seconds = 2

[sources.inbox]
use = "folder"
path = "inbox"

[pipelines.photo_feed]
source = "inbox"
channels = [{channels}]
{sections}
"""
CHANNEL = """
[channels.{name}]
network = "{name}"
base_url = "{base_url}"
timeout_seconds = 6
settle_seconds = 0.5
failures_before_break = 10
"""
CAMERA = "Cybershot 9000"
CAPTIONS = ("Harbour at dawn", "Lantern on a wall", "Fog over the moor")


@pytest.fixture
def there() -> Iterator[dict[str, Network]]:
    with networks() as found:
        yield found


@pytest.fixture
def program(tmp_path: Path, there: dict[str, Network]) -> Program:
    made = Program(tmp_path, "")
    sections = [
        CHANNEL.format(name=name, base_url=network.fake.base_url)
        + "".join(f'{setting} = "{value}"\n' for setting, value in network.settings.items())
        for name, network in there.items()
    ]
    settings = SETTINGS.format(
        port=free_port(), channels=", ".join(f'"{name}"' for name in there), sections="".join(sections)
    )
    (made.workspace / "pressroom.toml").write_text(settings, encoding="utf-8")
    made.secrets.set_many({key: value for network in there.values() for key, value in network.secrets.items()})
    return made


def photos() -> dict[str, bytes]:
    """A JPEG that lies on its side and says where it was taken, a PNG that is partly clear, and a phone's HEIC."""
    harbour, lantern, fog = (_exif(caption) for caption in CAPTIONS)
    harbour[0x0112] = 6
    place = {1: "N", 2: (53.0, 33.0, 4.0), 3: "E", 4: (9.0, 59.0, 37.0)}
    harbour[0x8825] = place
    fog[0x8825] = place
    words = PngImagePlugin.PngInfo()
    words.add_text("Software", CAMERA)
    clear = _picture(900, 1200).convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    phone = io.BytesIO()
    pillow_heif.from_pillow(_picture(1280, 960)).save(phone, quality=90, exif=fog.tobytes())
    return {
        "DSC0001.jpg": _written(_picture(1200, 800), "JPEG", exif=harbour, quality=92),
        "lantern.png": _written(clear, "PNG", exif=lantern, pnginfo=words),
        "IMG_2231.HEIC": phone.getvalue(),
    }


def _exif(caption: str) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E], exif[0x0110] = caption, CAMERA
    return exif


def _picture(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), photo(width, height).write_to_memory())


def _written(picture: Image.Image, kind: str, **more: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **more)
    return written.getvalue()


def drop(program: Program) -> None:
    for name, data in photos().items():
        (program.workspace / "inbox").mkdir(exist_ok=True)
        (program.workspace / "inbox" / name).write_bytes(data)


def wait_until(done: Callable[[], bool], up: Popen[str]) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert up.poll() is None, up.communicate()
        assert time.monotonic() < until, "not within the time"
        time.sleep(0.05)


def are_all_done(program: Program) -> bool:
    jobs = program("jobs", "--json").json
    return len(jobs) == len(CAPTIONS) and all(job["status"] not in ("pending", "processing") for job in jobs)


def check(name: str, shown: list[Shown]) -> None:
    """Assert that each photo is there once, in its shape, with its words, and with nothing that it does not show."""
    assert sorted(one.text.strip() for one in shown) == sorted(CAPTIONS), name
    for post in shown:
        assert post.alt_text == post.text.strip(), name
        image = pyvips.Image.new_from_buffer(post.picture, "", access="sequential", fail_on="truncated")
        left = [field for field in image.get_fields() if field.startswith(("exif-", "xmp-", "iptc-", "png-comment"))]
        assert left == [], name
        for given_away in (b"Exif", b"http://ns.adobe.com", CAMERA.encode()):
            assert given_away not in post.picture, name
        is_upright = post.text.strip() != CAPTIONS[2]
        assert (image.height > image.width) == is_upright, (name, post.text, image.width, image.height)
        assert image.avg() > 20, name


def troubles(program: Program) -> list[object]:
    """Return what is known of every post that is not out."""
    jobs = [program.job(job["id"]) for job in program("jobs", "--json").json]
    posts = [post for job in jobs for post in job["publications"] if post["state"] != "published"]
    return [*posts, *(job["error"] for job in jobs if job["status"] != "completed")]


def run_to_the_end(program: Program, there: dict[str, Network]) -> None:
    """Have `up` run until all posts are there, look at them while it gives pictures out, and stop it."""
    with program.running("up") as up:
        wait_until(lambda: are_all_done(program), up)
        left = troubles(program)
        assert left == [], json.dumps(left, indent=1)
        for name, network in there.items():
            check(name, network.shown())
        up.send_signal(signal.SIGTERM)
        assert up.wait(PATIENCE) == 0


def test_photos_that_are_dropped_while_it_runs_are_on_every_network_once(
    program: Program, there: dict[str, Network]
) -> None:
    with program.running("up") as up:
        wait_until(lambda: (program.workspace / "inbox").exists(), up)
        drop(program)
        wait_until(lambda: are_all_done(program), up)
        up.send_signal(signal.SIGTERM)
        assert up.wait(PATIENCE) == 0
    run_to_the_end(program, there)


@pytest.mark.timeout(300)
def test_a_kill_while_every_network_is_publishing_leaves_each_photo_there_once(
    program: Program, there: dict[str, Network]
) -> None:
    for network in there.values():
        network.fake.script(Fault.TIMEOUT_AFTER_PROCESSING, method="P*", path=network.public_call)
    drop(program)
    with program.running("up") as up:
        wait_until(lambda: all(network.fake.faults.struck for network in there.values()), up)
        up.kill()
        assert up.wait(PATIENCE) == -signal.SIGKILL
    for network in there.values():
        network.fake.release()
    run_to_the_end(program, there)


@pytest.mark.timeout(300)
def test_kills_at_any_moment_leave_each_photo_there_once(program: Program, there: dict[str, Network]) -> None:
    drop(program)
    for more in (1, 9, 30):
        enough = requests_of(there) + more
        with program.running("up") as up:
            wait_until(partial(has_come_to, there, enough), up)
            up.kill()
            assert up.wait(PATIENCE) == -signal.SIGKILL
    run_to_the_end(program, there)


def requests_of(there: dict[str, Network]) -> int:
    return sum(len(network.fake.requests) for network in there.values())


def has_come_to(there: dict[str, Network], requests: int) -> bool:
    return requests_of(there) >= requests
