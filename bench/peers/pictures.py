"""What makes five variants of a photo: Pressroom, libvips bare, Pillow and sharp, each in a process of its own.

`python -m bench.peers.pictures NAME PHOTO…` is that process: for each number that it reads it makes the variants of
so many photos and writes one line of JSON.
"""

from __future__ import annotations

import io
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SIZES = {
    "instagram": (1080, 1350),
    "x": (1600, 900),
    "facebook": (2048, 1365),
    "linkedin": (1200, 627),
    "bluesky": (2000, 2000),
}
QUALITY = 80
"""Of every JPEG of every peer: sharp's default."""
AT_A_TIME = 2
SHARP_VERSION = "0.35.5"
Made = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one process measured of itself while it made the variants of some photos."""

    seconds: float
    cpu_seconds: float
    resident_bytes: int
    """After the last photo."""
    peak_bytes: int
    """The most that the process ever had."""


class Peer:
    """The parent's side of one such process."""

    def __init__(self, name: str, photos: Sequence[Path], sharp_folder: Path | None = None) -> None:
        self.name = name
        command = [sys.executable, "-m", "bench.peers.pictures", name]
        if sharp_folder is not None:
            command = ["node", str(sharp_folder / "variants.mjs")]
        self._process = subprocess.Popen(
            [*command, *map(str, photos)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        greeting = self._answer()
        self.version: str = greeting["version"]
        self.sizes: dict[str, list[int]] = greeting["sizes"]
        """By variant: width, height and bytes of the first photo's."""

    def make(self, photos: int) -> Turn:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{photos}\n")
        self._process.stdin.flush()
        return Turn(**self._answer())

    def stop(self) -> None:
        self._process.communicate()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended; its own words are above.")
        return json.loads(line)


def install_sharp(folder: Path) -> str:
    """Install sharp from npm into a folder; return why that cannot be done here, or nothing."""
    folder.mkdir()
    script = Path(__file__).with_name("sharp_variants.mjs")
    (folder / "variants.mjs").write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    try:
        command = ["npm", "install", "--no-audit", "--no-fund", "--silent", f"sharp@{SHARP_VERSION}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    except FileNotFoundError:
        return "sharp was left out: there is no npm here"
    return f"sharp was left out, npm says: {done.stderr.strip()[-300:]}" if done.returncode else ""


def pressroom() -> tuple[str, Callable[[bytes], Made]]:
    import importlib.metadata

    from pressroom.pictures import PictureSettings
    from pressroom.publishers.base import ImageRules
    from pressroom.variants import Wanted, make_variants

    wanted = [
        Wanted(
            name=name,
            rules=ImageRules(formats=("image/jpeg",), max_bytes=8_000_000, most=4),
            picture=PictureSettings(shape="crop", width=width, height=height, quality=QUALITY),
        )
        for name, (width, height) in SIZES.items()
    ]

    def make(data: bytes) -> Made:
        return {name: variant.data for name, variant in make_variants(data, wanted).items()}

    return importlib.metadata.version("pressroom"), make


def bare() -> tuple[str, Callable[[bytes], Made]]:
    """One shrink-on-load decode, five resizes, five encodes, and nothing else: no check, no eye, no sharpening."""
    import pyvips

    pyvips.cache_set_max(0)
    pyvips.concurrency_set(1)

    def make(data: bytes) -> Made:
        half = pyvips.Image.jpegload_buffer(data, shrink=2, access="sequential").copy_memory()
        made = {}
        for name, (width, height) in SIZES.items():
            image = half.resize(max(width / half.width, height / half.height))
            image = image.crop((image.width - width) // 2, (image.height - height) // 2, width, height).copy_memory()
            made[name] = image.jpegsave_buffer(Q=QUALITY, optimize_coding=True, keep="none")
        return made

    return f"{pyvips.version(0)}.{pyvips.version(1)}.{pyvips.version(2)}", make


def pillow() -> tuple[str, Callable[[bytes], Made]]:
    import PIL
    from PIL import Image, ImageOps

    def make(data: bytes) -> Made:
        photo = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        made = {}
        for name, size in SIZES.items():
            written = io.BytesIO()
            ImageOps.fit(photo, size).save(written, "JPEG", quality=QUALITY)
            made[name] = written.getvalue()
        return made

    return PIL.__version__, make


PEERS = {
    "pressroom": (pressroom, AT_A_TIME),
    "bare libvips": (bare, AT_A_TIME),
    "pillow": (pillow, 1),
    "pillow, two threads": (pillow, AT_A_TIME),
}
"""With how many photos each has in work at a time."""


def _serve(name: str, files: Sequence[str]) -> None:
    photos = [Path(file).read_bytes() for file in files]
    open_peer, at_a_time = PEERS[name]
    version, make = open_peer()
    _say({"version": version, "sizes": {each: _size(data) for each, data in make(photos[0]).items()}})
    endless = itertools.cycle(photos)
    with ThreadPoolExecutor(at_a_time) as threads:
        for line in sys.stdin:
            began, cpu = time.perf_counter(), time.process_time()
            for _ in threads.map(make, itertools.islice(endless, int(line))):
                pass
            turn = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu}
            _say(turn | {"resident_bytes": _status("VmRSS"), "peak_bytes": _status("VmHWM")})


def _size(data: bytes) -> list[int]:
    from PIL import Image

    return [*Image.open(io.BytesIO(data)).size, len(data)]


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field))


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2:])
