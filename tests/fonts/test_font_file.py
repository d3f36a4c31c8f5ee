"""The shipped fonts: small, covered as they say, under our names, and quiet on a machine without fontconfig."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pressroom.fonts import FOLDER, Face, world_faces

FACES = sorted(path.stem for path in FOLDER.glob("*.?tf"))
LARGE = {"cjk": 6_500_000, "emoji": 5_100_000}


@pytest.mark.parametrize("name", FACES)
def test_a_font_is_small_and_has_a_licence(name: str) -> None:
    assert Face(name).file.stat().st_size < LARGE.get(name, 700_000)
    licence = FOLDER / "licences" / f"{name.split('-')[0]}.txt"
    assert "Open Font License" in licence.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FACES)
def test_a_font_draws_digits_or_letters_and_lies_about_none(name: str) -> None:
    face = Face(name)
    if name != "emoji":
        assert face.missing("\U0001f383") == ("\U0001f383",)
    assert 0.9 <= face.leading < 2.2


def test_the_display_faces_draw_western_titles() -> None:
    for name in FACES:
        if not name.startswith(("world-", "cjk", "emoji")):
            assert Face(name).missing("National Café Day – ‘Jr.’ & 100% “Köln”, ¿Señor?") == ()


def test_the_world_faces_cover_several_scripts_between_them() -> None:
    samples = (
        "Ελλάδα",
        "Россия",
        "שלום",
        "مرحبا",
        "नमस्ते",
        "สวัสดี",
        "Հայաստան",
        "საქართველო",
        "Việt Nam",
        "東京",
        "한국",
    )
    assert [sample for sample in samples if all(face.missing(sample) for face in world_faces())] == []


def drawn_in_a_new_process(**environment: str) -> tuple[str, str]:
    code = (
        "import hashlib, os\n"
        "from pressroom.generators.offline_art.stage import Box\n"
        "from pressroom.generators.offline_art.typography import set_title\n"
        "before = dict(os.environ)\n"
        "mask = set_title('National Cat Day', Box(0, 0, 600, 400), ['crypt'], 200).mask\n"
        "assert dict(os.environ) == before\n"
        "print(hashlib.sha256(bytes(mask.write_to_memory())).hexdigest())\n"
    )
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FONTCONFIG")}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**kept, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout, done.stderr


def test_text_looks_alike_and_is_drawn_quietly_whatever_fonts_a_machine_has() -> None:
    usual, said = drawn_in_a_new_process()
    assert said == ""
    for elsewhere in ("/nowhere/fonts.conf", os.devnull):
        assert drawn_in_a_new_process(FONTCONFIG_FILE=elsewhere, HOME="/nowhere") == (usual, "")
