"""What is in a file beside its picture can be taken out without decoding it."""

from __future__ import annotations

import io

import pytest
import pyvips
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pressroom.imaging.bare_files import bare
from tests.hostile_files import animation
from tests.photos import photo


def pixels(data: bytes) -> bytes:
    return Image.open(io.BytesIO(data)).tobytes()


def pillow() -> Image.Image:
    return Image.frombytes("RGB", (90, 60), photo(90, 60).write_to_memory())


def written(kind: str, **more: object) -> bytes:
    file = io.BytesIO()
    pillow().save(file, kind, **more)
    return file.getvalue()


def talkative(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SECRET"
    if kind == "PNG":
        text = PngInfo()
        text.add_text("Comment", "SECRET", zip=False)
        return written(kind, exif=exif, pnginfo=text)
    return written(kind, exif=exif, xmp=b"SECRET")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_everything_but_the_picture_is_taken_out(kind: str) -> None:
    data = talkative(kind)
    assert b"SECRET" in data
    left = bare(data + b"and something behind it", f"image/{kind.lower()}")
    assert left is not None
    assert b"SECRET" not in left
    assert b"behind" not in left
    assert pixels(left) == pixels(data)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (photo(90, 60).jpegsave_buffer(keep="none"), "image/jpeg"),
        (photo(90, 60).jpegsave_buffer(keep="none", interlace=True), "image/jpeg"),
        (photo(90, 60).jpegsave_buffer(keep="none", restart_interval=2), "image/jpeg"),
        (photo(90, 60).pngsave_buffer(keep="none"), "image/png"),
        (photo(90, 60).webpsave_buffer(keep="none"), "image/webp"),
        (photo(90, 60).webpsave_buffer(keep="none", lossless=True), "image/webp"),
        (photo(90, 60).bandjoin(photo(90, 60)[0]).webpsave_buffer(keep="none"), "image/webp"),
    ],
)
def test_a_file_that_holds_nothing_else_comes_back_the_same(data: bytes, media_type: str) -> None:
    assert pixels(bare(data, media_type) or b"") == pixels(data)
    assert bare(bare(data, media_type) or b"", media_type) == bare(data, media_type)
    if media_type != "image/png":  # libvips tells the resolution
        assert bare(data, media_type) == data


def test_a_thumbnail_in_the_first_block_goes_too() -> None:
    data = written("JPEG")
    assert data[2:4] == b"\xff\xe0"
    head = b"\xff\xe0" + (16 + 48).to_bytes(2, "big") + data[6:18] + b"\x04\x04" + bytes(range(48))
    assert bare(data[:2] + head + data[20:], "image/jpeg") == data


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", "image/webp"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.5, 0.9])
def test_a_part_of_a_file_is_not_repaired(media_type: str, share: float) -> None:
    whole: bytes = getattr(photo(90, 60), media_type.replace("image/", "") + "save_buffer")()
    assert bare(whole[: int(len(whole) * share)], media_type) is None


def test_what_is_not_understood_to_the_last_byte_is_left_to_the_encoder() -> None:
    moving = pyvips.Image.new_from_buffer(animation(3), "", n=-1).webpsave_buffer()
    assert bare(moving, "image/webp") is None
    assert bare(b"GIF89a", "image/gif") is None
    jpeg = bytearray(photo(20, 20).jpegsave_buffer(keep="none"))
    jpeg[jpeg.index(b"\xff\xc0") + 1] = 0xC9  # arithmetic coding
    assert bare(bytes(jpeg), "image/jpeg") is None
