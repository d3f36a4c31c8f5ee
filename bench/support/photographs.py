"""Makes the photos that the benches of pictures use: as large, as detailed and as grainy as those of a camera."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

WIDTH, HEIGHT = 6000, 4000
QUALITY = 90
_SHAPES = 60


def write_photos(folder: Path, count: int) -> list[Path]:
    """Write distinct 24-megapixel JPEGs of 6 to 12 MB, the same on each machine."""
    folder.mkdir(parents=True)
    files = [folder / f"{number}.jpg" for number in range(count)]
    for number, file in enumerate(files):
        file.write_bytes(_photo(number).jpegsave_buffer(Q=QUALITY))
    return files


def _photo(seed: int) -> Any:
    """Return soft light, clouds, texture in half of the picture, things with hard edges, and grain over all."""
    import pyvips

    rng = Random(seed)
    above, below = ([rng.uniform(60, 200) for _ in range(3)] for _ in range(2))
    down = pyvips.Image.xyz(WIDTH, HEIGHT)[1] / HEIGHT
    light = down * [b - a for a, b in zip(above, below, strict=True)] + above
    clouds = _noise(rng.choice((400, 700, 1000)), seed) * [rng.uniform(15, 50) for _ in range(3)]
    textured = (_noise(900, seed + 200) > 0) / 255
    texture = _noise(24, seed + 100) * textured * [25, 22, 18]
    scene = (light + clouds + texture).cast("uchar").copy(interpretation="srgb")
    things = pyvips.Image.svgload_buffer(_things(rng).encode())
    grain = pyvips.Image.gaussnoise(WIDTH, HEIGHT, mean=0, sigma=rng.uniform(6, 10), seed=seed + 300)
    return (scene.composite2(things, "over").flatten() + grain).cast("uchar").copy(interpretation="srgb")


def _noise(cell: int, seed: int) -> Any:
    import pyvips

    return pyvips.Image.perlin(WIDTH, HEIGHT, cell_size=cell, seed=seed)


def _things(rng: Random) -> str:
    shapes = ""
    for _ in range(_SHAPES):
        colour = f"#{rng.randrange(2**24):06x}"
        x, y, size = rng.randrange(WIDTH), rng.randrange(HEIGHT), rng.randrange(40, 600)
        if rng.random() < 0.5:
            shapes += f'<circle cx="{x}" cy="{y}" r="{size // 2}" fill="{colour}"/>'
        else:
            shapes += f'<rect x="{x}" y="{y}" width="{size}" height="{rng.randrange(40, 600)}" fill="{colour}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{shapes}</svg>'
