"""Whose picture it is stays in the file if it is asked for; everything else goes."""

from __future__ import annotations

import io

import pytest
import pyvips
from PIL import Image

from pressroom.imaging.attribution import Attribution
from pressroom.photos import PhotoInfo
from pressroom.pictures import PictureSettings
from pressroom.transforms.base import Surroundings
from pressroom.variants import Variant, make_variants
from tests.photos import photo, wanted

COPYRIGHT, CREDIT = "© 2026 Zoë Ångström <all rights>", "Zoë & 東京"
NOBODY = PhotoInfo()


def from_a_camera() -> bytes:
    """Return a JPEG as a camera writes it: with a place, a serial number, a thumbnail, and whose it is."""
    exif = Image.Exif()
    exif[0x010F] = "Camera Maker"
    exif[0x8298] = "(c) Somebody"
    exif[0x013B] = "Some Body"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)})
    exif.get_ifd(0x8769)[0xA431] = "SERIAL-12345"
    picture = Image.frombytes("RGB", (90, 60), photo(90, 60).write_to_memory())
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif, comment=b"a secret comment", xmp=b"<x>secret xmp</x>")
    return written.getvalue()


def made(keep: tuple[str, ...], info: PhotoInfo = NOBODY, media_type: str = "image/jpeg", best: int = 60) -> Variant:
    settings = PictureSettings.model_validate({"keep": keep})
    asked = wanted("one", settings, formats=(media_type,), best_width=best, best_height=best)
    return make_variants(from_a_camera(), [asked], around=Surroundings(info=info, read=lambda key: b""))["one"]


@pytest.mark.parametrize("best", [60, 90])
@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", "image/webp", "image/avif"])
def test_nothing_is_left_of_what_a_camera_tells(media_type: str, best: int) -> None:
    data = made((), media_type=media_type, best=best).data
    for told in (b"Exif", b"SERIAL", b"Camera", b"secret", b"Body", b"xmp", b"ICC"):
        assert told not in data
    fields = pyvips.Image.new_from_buffer(data, "").get_fields()
    assert not [field for field in fields if field.startswith(("exif-ifd0-Art", "exif-ifd3", "xmp", "iptc", "icc"))]


def test_a_picture_of_the_right_size_loses_its_metadata_and_not_a_pixel() -> None:
    variant = made((), best=90)
    assert not variant.is_original
    pixels = [Image.open(io.BytesIO(data)).tobytes() for data in (from_a_camera(), variant.data)]
    assert pixels[0] == pixels[1]
    again = make_variants(variant.data, [wanted("one")])["one"]
    assert again.is_original


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", "image/webp", "image/avif"])
def test_copyright_and_credit_are_written_where_programs_look(media_type: str) -> None:
    data = made(("copyright", "credit"), PhotoInfo(copyright=COPYRIGHT, credit=CREDIT), media_type).data
    exif = Image.open(io.BytesIO(data)).getexif()
    assert exif[0x8298].encode("latin-1").decode() == COPYRIGHT
    assert exif[0x013B].encode("latin-1").decode() == CREDIT
    xmp = pyvips.Image.new_from_buffer(data, "").get("xmp-data").decode()
    assert "© 2026 Zoë Ångström &lt;all rights&gt;" in xmp
    assert "<photoshop:Credit>Zoë &amp; 東京<" in xmp
    assert b"SERIAL" not in data
    assert b"secret" not in data


def test_what_the_file_says_counts_where_nothing_else_is_known() -> None:
    data = made(("copyright",)).data
    exif = Image.open(io.BytesIO(data)).getexif()
    assert exif[0x8298].encode("latin-1").decode() == "(c) Somebody"
    assert 0x013B not in exif
    assert not exif.get_ifd(0x8825)


def test_an_iptc_block_holds_the_same_within_its_lengths() -> None:
    from PIL import IptcImagePlugin, JpegImagePlugin

    info = PhotoInfo(copyright="ö" * 100, credit=CREDIT)
    opened = Image.open(io.BytesIO(made(("copyright", "credit"), info).data))
    assert isinstance(opened, JpegImagePlugin.JpegImageFile)
    found = IptcImagePlugin.getiptcinfo(opened)
    assert found is not None
    assert found[(2, 80)] == found[(2, 110)] == CREDIT.encode()
    assert found[(2, 116)] == "ö".encode() * 64


def test_strange_texts_cannot_break_the_file() -> None:
    strange = Attribution.of("a\0b\x1f]]></x>" + "x" * 100_000, "\n")
    assert strange.copyright.startswith("ab]]></x>xxx")
    assert len(strange.copyright) == 1000
    assert not Attribution.of("\0", "")
    assert b"\0" not in strange.xmp()
