"""The palettes: few colours each, from the sky's top to the nearest shadow, and the moods they belong to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """A restrained set of colours for one light: everything in a picture is graded towards them."""

    name: str
    moods: tuple[str, ...]
    sky: tuple[str, str, str]
    """Top, middle, horizon."""
    light: str
    """The disc of the moon or the sun."""
    glow: str
    """Lit windows, eyes, lanterns, rim light."""
    far: str
    mid: str
    near: str
    ink: str
    """The nearest, darkest shapes."""
    accent: str
    pale: str
    """Light lettering."""
    cast: str
    """The colour of the light that falls on things."""
    dimness: float
    """How strongly the cast colours things: 0 broad daylight, 1 deep night."""
    night: bool


def _night(name: str, moods: str, sky: str, lights: str, lands: str, rest: str, dimness: float) -> Palette:
    return _palette(name, moods, sky, lights, lands, rest, dimness, night=True)


def _day(name: str, moods: str, sky: str, lights: str, lands: str, rest: str, dimness: float) -> Palette:
    return _palette(name, moods, sky, lights, lands, rest, dimness, night=False)


def _palette(
    name: str, moods: str, sky: str, lights: str, lands: str, rest: str, dimness: float, *, night: bool
) -> Palette:
    top, middle, horizon = sky.split()
    light, glow = lights.split()
    far, mid, near, ink = lands.split()
    accent, pale, cast = rest.split()
    moods_ = tuple(moods.split())
    return Palette(
        name, moods_, (top, middle, horizon), light, glow, far, mid, near, ink, accent, pale, cast, dimness, night
    )


# name, moods | sky: top, middle, horizon | disc, glow | far, mid, near, ink | accent, pale lettering, cast
PALETTES = (
    _night("violet dusk", "spooky", "#170f2e #3b1f5c #b0487a", "#ffd9a0 #ffab3d",
           "#5b2f6e #3a1f52 #221338 #0f0819", "#ff7a2f #fff1d6 #b9a0d8", 0.55),
    _night("pumpkin sunset", "spooky", "#1d1029 #5a1f3f #e0662f", "#ffe0a3 #ffb03a",
           "#8a3342 #541f39 #2c1228 #120711", "#ff8a1f #fff0d0 #dba58c", 0.5),
    _night("teal midnight", "spooky", "#061622 #0e3a48 #3f8c86", "#eef5d2 #ffc65a",
           "#1f5c62 #123f48 #0a2630 #041018", "#f39a3d #f4f3da #93bcc0", 0.55),
    _night("witch green", "spooky", "#0b1414 #1d3a2c #7d9a4a", "#f2f0b6 #d8f06a",
           "#40613c #27432f #142a20 #07120e", "#ff9838 #f6f4cf #b0c596", 0.5),
    _night("blue hour", "spooky elegant", "#0b1030 #24347a #7f7fc4", "#fdf3d3 #ffcf6b",
           "#4a539a #2c3570 #181f48 #090c22", "#ff9d4d #fbf3dc #a6b0e0", 0.5),
    _night("blood moon", "spooky", "#12070f #3f1020 #b8452f", "#ffc49a #ffb04a",
           "#7a2a2e #4a1826 #260c18 #10050b", "#ff8a2a #ffeeda #d8a098", 0.5),
    _night("silver mist", "spooky elegant", "#10161e #2e3d4b #93a6ad", "#f4f3e6 #ffc76a",
           "#5d717c #374957 #1c2833 #0a0f15", "#f08c3c #f6f2e4 #b4bec8", 0.5),
    _night("hearth", "cozy", "#2a1420 #6b2f35 #d98a55", "#ffe3ae #ffc25c",
           "#96524a #663338 #3c1d28 #1d0d15", "#e8643c #fff0d8 #e8c0a0", 0.4),
    _night("winter evening", "cozy", "#14213f #3b4f85 #d59aa0", "#fff0d0 #ffcf7a",
           "#6c74a6 #465088 #2a315c #151a35", "#e2574c #fff4e0 #c4c4e4", 0.35),
    _day("honey morning", "cozy", "#f2b56b #f7cf92 #fdebc8", "#fff6da #fff0c0",
         "#d99a63 #b06f46 #7c4631 #41221b", "#c8452f #fff8e6 #f3dcc0", 0.3),
    _day("summer sky", "cheerful", "#2a8fd0 #6cc0e8 #d8f1ee", "#fff7d6 #fff2a8",
         "#8cc7a8 #53a578 #2c7a5a #14493d", "#ff6b57 #ffffff #f2f6f4", 0.1),
    _day("peach parade", "cheerful", "#ff8f7a #ffb79a #ffe6c4", "#fffbe6 #fff0b0",
         "#f08a86 #c85f74 #86405f #4a2342", "#1fa3a0 #fffaf0 #fbeae2", 0.15),
    _day("mint fair", "cheerful", "#3fb8a6 #8ad8c2 #e8f7dc", "#fffbe0 #fff3b0",
         "#7cc29c #4c9a86 #2b6d6c #153f47", "#ff5d73 #ffffff #eef8f0", 0.12),
    _day("paper and coral", "minimal", "#f4eadc #f6eee2 #f9f3ea", "#ef6f53 #f6b79f",
         "#e2d2bf #cdb59d #6f5a54 #2b2430", "#ef6f53 #fffaf2 #f6ece0", 0.15),
    _day("fog and navy", "minimal", "#dfe6ea #e8eef0 #f3f5f3", "#f2b441 #f7d48c",
         "#c3ced5 #9fb0bd #4d6176 #1b2a3f", "#f2b441 #ffffff #e8eef2", 0.15),
    _day("seventies sun", "retro", "#e9a23b #f0bd5e #f6dca0", "#d8502c #ffcf5a",
         "#c9752f #9a4a2a #5a2f2c #2c1a20", "#1f8a85 #fff3d6 #f4dcb0", 0.3),
    _night("drive-in", "retro", "#1a1440 #5b2a7c #f0647a", "#ffd36b #ffd36b",
           "#7c3a86 #4d2468 #2a1748 #120a26", "#29d3c8 #fff0dc #c6a6da", 0.45),
    _night("lullaby blue", "bedtime", "#0d1633 #22376f #7f8fc9", "#fdf2cf #ffcf72",
           "#5065a4 #31437f #1b2753 #0b112b", "#e8735a #fff3dc #b6c0e6", 0.26),
    _night("plum pillow", "bedtime", "#1a1233 #41306e #b07bab", "#ffeccb #ffc870",
           "#6c5494 #473870 #2a2150 #130e28", "#e7815f #fff0dc #cbb6de", 0.26),
    _night("moss lantern", "bedtime", "#0b1f27 #1c4a4c #86b09a", "#f8f2cf #ffd27a",
           "#3f726b #25504d #15332f #081715", "#ec8b54 #f6f4de #b4d0c2", 0.26),
    _night("fading ember", "bedtime warm", "#241536 #74405f #e79a6c", "#ffe9bf #ffc768",
           "#92597a #653a5c #3c2140 #1c0f22", "#d85c4a #fff0da #e6bfb0", 0.26),
    _night("apricot dusk", "bedtime warm", "#2b2350 #7d5a86 #f0b384", "#fff0cc #ffcd74",
           "#8f6f98 #604a78 #382d54 #1a1530", "#df6a52 #fff3e0 #e6c8bc", 0.26),
    _night("gilded night", "elegant", "#0d1216 #1c2a30 #54625a", "#f4e3b4 #e8c06a",
           "#34443f #22302f #141d20 #080c0e", "#d9a441 #f8efd8 #b8b49c", 0.45),
)  # fmt: skip

SYNONYMS = {
    "spooky": "spooky scary haunted halloween eerie creepy gothic dark horror ghostly macabre witchy",
    "cozy": "cozy cosy warm homely autumn hygge soft gentle storybook watercolor watercolour bedtime dreamy",
    "cheerful": "cheerful happy bright fun playful colorful colourful summer joyful sunny cartoon kids cute",
    "minimal": "minimal minimalist clean simple flat modern plain scandinavian corporate",
    "retro": "retro vintage seventies 70s 80s eighties poster neon synthwave groovy",
    "elegant": "elegant luxurious classic art-deco deco gold noir cinematic moody photographic realistic",
}


def mood_of(style: str) -> str:
    """Read the mood out of a style's words; a picture without a style is spooky, and an unknown style cheerful."""
    words = style.lower().replace(",", " ").split()
    if not words:
        return "spooky"
    for word in words:
        for mood, synonyms in SYNONYMS.items():
            if word in synonyms.split():
                return mood
    return "cheerful"


def palettes_for(mood: str) -> list[Palette]:
    """Give the palettes that suit a mood."""
    return [palette for palette in PALETTES if mood in palette.moods]
