"""Whatever somebody sends: a variant or a sentence that says what is wrong, and the process lives."""

from __future__ import annotations

import io
import struct
import subprocess
import sys

import pytest
import pyvips
from PIL import Image

from pressroom.errors import BadInput
from pressroom.imaging.picture_opening import PictureLimits, open_picture
from pressroom.photos import PhotoInfo
from pressroom.pictures import PictureSettings
from pressroom.transforms.base import Surroundings
from pressroom.variants import Variant, make_variants
from tests import hostile_files as hostile
from tests.photos import photo, wanted


def made(data: bytes, limits: PictureLimits | None = None) -> Variant:
    return make_variants(data, [wanted("one", best_width=60, best_height=60)], limits=limits)["one"]


def refusal(data: bytes, limits: PictureLimits | None = None) -> BadInput:
    with pytest.raises(BadInput) as caught:
        made(data, limits)
    assert caught.value.todo
    assert caught.value.where
    return caught.value


def middle(variant: Variant) -> list[float]:
    picture = pyvips.Image.new_from_buffer(variant.data, "")
    colour: list[float] = picture.getpoint(picture.width // 2, picture.height // 2)
    return colour


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"Dear Sir,\nhere are no pictures.\n", "is a text file"),
        (b"\x00\x01\x02\x03" * 99, "no picture of a kind that can be read"),
        (b"%PDF-1.7\n...", "is a PDF document"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is an SVG drawing"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><svg/>', "is an SVG drawing"),
        (b"\xff\x0a" + b"\x80" * 50, "is a JPEG XL picture"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(50), "is a video"),
        (b"junk" + photo(20, 20).jpegsave_buffer(), "no picture of a kind"),
    ],
)
def test_what_is_no_picture_is_called_what_it_is(data: bytes, words: str) -> None:
    assert words in refusal(data).what


def test_the_file_is_named_if_it_has_a_name() -> None:
    around = Surroundings(info=PhotoInfo(name="holiday.jpg"), read=lambda key: b"")
    with pytest.raises(BadInput, match=r"holiday\.jpg is empty"):
        make_variants(b"", [wanted("one")], around=around)


def kinds() -> dict[str, bytes]:
    """Return one small picture in each kind of file that is read."""
    import pillow_heif

    picture = photo(96, 64)
    heic = io.BytesIO()
    pillow_heif.from_bytes("RGB", (96, 64), picture.write_to_memory()).save(heic)
    return {
        "JPEG": picture.jpegsave_buffer(),
        "PNG": picture.pngsave_buffer(),
        "WebP": picture.webpsave_buffer(),
        "GIF": picture.gifsave_buffer(),
        "TIFF": picture.tiffsave_buffer(compression="lzw"),
        "AVIF": picture.heifsave_buffer(compression="av1"),
        "HEIC": heic.getvalue(),
    }


KINDS = ("JPEG", "PNG", "WebP", "GIF", "TIFF", "AVIF", "HEIC")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read(kind: str) -> None:
    variant = made(kinds()[kind])
    assert (variant.width, variant.height) == (60, 40)
    assert middle(variant) == pytest.approx(middle(made(photo(96, 64).tiffsave_buffer())), abs=22)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_part_of_a_file_is_never_taken_for_the_whole(kind: str, share: float) -> None:
    data = kinds()[kind]
    assert "damaged, or only a part" in refusal(data[: int(share * len(data))]).what


def test_a_jpeg_with_a_broken_middle_is_refused_although_it_could_be_shown() -> None:
    data = bytearray(photo(400, 300).jpegsave_buffer())
    at = len(data) // 2
    data[at : at + 40] = b"\xff\xd3" + bytes(38)
    assert "damaged" in refusal(bytes(data)).what


def test_a_jpeg_with_a_harmless_flaw_is_read() -> None:
    data: bytes = photo(400, 300).jpegsave_buffer()
    end = data.rindex(b"\xff\xd9")
    assert made(data[:end] + b"\x00\x01\x02\x03" + data[end:]).width == 60


@pytest.mark.parametrize(
    "data",
    [hostile.png(60_000, 60_000), hostile.jpeg_claiming(65_500, 65_500), hostile.tiff_claiming(4_000_000, 4_000_000)],
    ids=["PNG", "JPEG", "TIFF"],
)
def test_pixels_are_counted_before_they_are_decoded(data: bytes) -> None:
    assert "at most 250,000,000 in all" in refusal(data).what


def test_limits_are_the_callers() -> None:
    data = photo(200, 100).jpegsave_buffer()
    assert "at most 19,999 in all" in refusal(data, PictureLimits(max_pixels=19_999)).what
    assert f"at most {len(data) - 1:,} are read" in refusal(data, PictureLimits(max_bytes=len(data) - 1)).what
    assert "3 frames; at most 2" in refusal(hostile.animation(3), PictureLimits(max_frames=2)).what
    interlaced = photo(200, 100).pngsave_buffer(interlace=True)
    assert "60,000 bytes of memory" in refusal(interlaced, PictureLimits(max_decoded_bytes=59_999)).what


def test_what_must_be_decoded_as_a_whole_may_not_take_all_memory() -> None:
    data = hostile.png(12_000, 12_000, colours=6, depth=16, interlaced=True)
    assert "bytes of memory to decode" in refusal(data).what


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_chunk_that_swells_does_not_matter(kind: bytes) -> None:
    before = b"key\0" + (b"\1\0\0\0" if kind == b"iTXt" else b"\0")
    bomb = hostile.png_chunk(kind, before + hostile.swollen(300))
    # Not ru_maxrss: that counts what the process which started this one had in memory.
    program = (
        "import sys; from tests.imaging.test_picture_opening import made; made(sys.stdin.buffer.read());"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"
    )
    data = hostile.png(80, 60, more=bomb)
    done = subprocess.run([sys.executable, "-c", program], input=data, capture_output=True, check=True)
    assert int(done.stdout) // 1024 < 300


def test_ten_thousand_chunks_do_not_matter() -> None:
    assert made(hostile.png(80, 60, more=hostile.png_chunk(b"tEXt", b"key\0value") * 10_000)).width == 60


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 20_000), (20_000, 1)])
@pytest.mark.parametrize("kind", ["jpegsave_buffer", "pngsave_buffer", "webpsave_buffer", "tiffsave_buffer"])
def test_pictures_of_one_line_are_pictures(width: int, height: int, kind: str) -> None:
    if kind == "webpsave_buffer" and max(width, height) > 16_383:
        pytest.skip("WebP has no such pictures")
    line = (pyvips.Image.black(width, height, bands=3) + 90).cast("uchar").copy(interpretation="srgb")
    data = getattr(line, kind)()
    asked = [
        wanted("keep", best_width=60, best_height=60),
        wanted("crop", PictureSettings(shape="crop", width=50, height=40)),
        wanted("pad", PictureSettings(shape="pad", width=50, height=40)),
    ]
    found = make_variants(data, asked)
    assert all(1 <= variant.width <= 60 and 1 <= variant.height <= 60 for variant in found.values())


@pytest.mark.parametrize(
    "data",
    [
        photo(90, 60).icc_transform("cmyk", input_profile="srgb").jpegsave_buffer(),
        photo(90, 60).icc_transform("cmyk", input_profile="srgb").jpegsave_buffer(keep="none"),
        photo(90, 60).icc_transform("cmyk", input_profile="srgb").tiffsave_buffer(),
        photo(90, 60).colourspace("rgb16").pngsave_buffer(),
        photo(90, 60).colourspace("rgb16").tiffsave_buffer(),
        photo(90, 60).colourspace("scrgb").tiffsave_buffer(),
        photo(90, 60).colourspace("lab").tiffsave_buffer(),
        photo(90, 60).icc_transform("p3", input_profile="srgb").jpegsave_buffer(),
    ],
    ids=["CMYK", "CMYK without profile", "CMYK TIFF", "16 bits", "16 bits TIFF", "float", "Lab", "P3"],
)
def test_whatever_its_colours_are_made_of_they_come_out_the_same(data: bytes) -> None:
    assert middle(made(data)) == pytest.approx(middle(made(photo(90, 60).pngsave_buffer())), abs=22)


@pytest.mark.parametrize(
    "data",
    [
        photo(90, 60).colourspace("b-w").jpegsave_buffer(),
        photo(90, 60).colourspace("grey16").pngsave_buffer(),
        photo(90, 60).colourspace("b-w").bandjoin(255).copy(interpretation="b-w").pngsave_buffer(),
    ],
)
def test_grey_pictures_come_out_grey_in_three_colours(data: bytes) -> None:
    colour = middle(made(data))
    assert len(colour) == 3
    assert max(colour) - min(colour) <= 2


def test_more_bands_than_anybody_can_see_do_no_harm() -> None:
    assert made(photo(90, 60).bandjoin(photo(90, 60)).tiffsave_buffer()).width == 60


def test_of_an_animation_the_first_frame_is_taken() -> None:
    assert middle(made(hostile.animation(3))) == pytest.approx([220, 20, 30], abs=12)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_as_its_camera_says(orientation: int) -> None:
    upright = photo(90, 60)
    back = {
        1: upright,
        2: upright.fliphor(),
        3: upright.rot180(),
        4: upright.flipver(),
        5: upright.rot90().fliphor(),
        6: upright.rot270(),
        7: upright.rot270().fliphor(),
        8: upright.rot90(),
    }[orientation].copy()
    back.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    variant = made(back.jpegsave_buffer())
    assert (variant.width, variant.height) == (60, 40)
    # The bright spot lies to the left above.
    assert pyvips.Image.new_from_buffer(variant.data, "").getpoint(15, 10)[0] > 200


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\xff\xff" + b"\x01\x12\x00\x03\xff\xff\xff\xff\x7f\xff\xff\xff" * 3000,
        b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0\x08\0\0\0",  # points to itself; orientation 99
        b"\xff" * 65_000,
    ],
)
def test_no_exif_block_does_harm(exif: bytes) -> None:
    variant = made(hostile.with_exif(photo(90, 60).jpegsave_buffer(keep="none"), exif))
    assert (variant.width, variant.height) == (60, 40)


def test_the_name_of_a_file_does_not_say_what_it_is() -> None:
    around = Surroundings(info=PhotoInfo(name="photo.png"), read=lambda key: b"")
    assert make_variants(photo(90, 60).jpegsave_buffer(), [wanted("one")], around=around)["one"].width == 90


def test_nothing_that_hangs_on_a_picture_goes_out_with_it() -> None:
    """A file may be a picture for one program and an archive or a page for another."""
    data = photo(90, 60).jpegsave_buffer(keep="none") + b"PK\x03\x04<script>evil()</script>"
    for best in (60, 900):
        variant = make_variants(data, [wanted("one", best_width=best, best_height=best)])["one"]
        assert b"script" not in variant.data
        assert not variant.is_original
    whole = Image.open(io.BytesIO(variant.data))
    assert whole.size == (90, 60)


def test_a_part_of_a_picture_does_not_pass_as_one_that_is_right_already() -> None:
    data = photo(90, 60).jpegsave_buffer(keep="none")
    half = data[: len(data) // 2] + b"\xff\xd9"
    with pytest.raises(BadInput, match="damaged"):
        make_variants(half, [wanted("one")])


def test_opening_decodes_nothing() -> None:
    header_alone = struct.pack(">IIBBBBB", 15_000, 15_000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + hostile.png_chunk(b"IHDR", header_alone) + hostile.png_chunk(b"IDAT", b"")
    assert open_picture(data, PictureLimits()).width == 15_000
