"""Plans the picture of a bedtime story: who is in it, at their sizes, at the place and in the weather that it names."""

from __future__ import annotations

import re
from random import Random

from pressroom.generators.base import ImageRequest
from pressroom.generators.offline_art.motif_library import Motif, motifs, motifs_in
from pressroom.generators.offline_art.palettes import Palette, palettes_for
from pressroom.generators.offline_art.plan import Plan
from pressroom.generators.offline_art.scenes import scenes

MOOD = "bedtime"
NOBODY_KNOWN = "candle"
"""What is drawn where nobody who is described can be: rather a light than somebody else."""
_ALIVE = ("animal", "bird", "bug", "person", "machine", "winter", "sea")
"""Kinds of motifs that can be somebody."""
_NOBODY = frozenset(("snowman", "snowflake", "paw"))
_SIZES = {
    **dict.fromkeys(("elephant", "giraffe", "bear", "polar_bear", "horse", "cow", "lion"), 1.0),
    **dict.fromkeys(("keeper", "grandmother", "wolf", "dinosaur", "robot"), 0.94),
    **dict.fromkeys(("girl", "boy", "wheelchair", "badger", "penguin", "sheep", "otter"), 0.84),
    **dict.fromkeys(("mouse", "frog", "snail", "hedgehog", "mole", "squirrel", "ladybug", "bee", "butterfly"), 0.56),
}
_USUAL_SIZE = 0.7
"""Of the others, as a share of the room for the hero. Nobody is so small as not to be seen."""
_PLACES = {
    "coast": "harbour harbor beach coast sea seaside shore jetty quay port bay island lighthouse tide ship boat",
    "station": "station railway train platform tram",
    "snow_village": "snow snowed winter frozen ice icy frost",
    "library": "library museum school bookshop archive attic gallery",
    "rooftops": "roof rooftop tower chimney city skyscraper",
    "street": "market square street town fair fairground bakery alley shop theatre cinema bridge",
    "mountains": "mountain hut observatory ferry river lake landing waterfall cave valley canoe",
    "desert": "desert dune dunes camel oasis caravan",
    "forest": "wood woods forest tree treehouse clearing jungle glade",
    "hill": "hill moor castle ruin",
    "meadow": "meadow orchard garden gardens field sunflower sunflowers brook park farm windmill mill glasshouse pond",
}
_LANDMARKS = {
    "lighthouse": "lighthouse",
    "windmill": "windmill",
    "tower": "clock_tower",
    "fairground": "ferris_wheel",
    "fair": "ferris_wheel",
    "dunes": "tent",
    "camp": "tent",
    "sunflower": "sunflower",
    "sunflowers": "sunflower",
    "orchard": "tree",
    "tree": "tree",
    "museum": "dinosaur",
    "library": "globe",
    "village": "snowman",
    "house": "house",
}
"""What is seen of a place in the background, beside its scene."""
_WEATHERS = {
    "rain": "rain drizzle shower storm thunder thunderstorm drip dripping spray",
    "snow": "snow snowflakes snowfall flurry blizzard",
    "mist": "mist misty fog foggy haze vapour",
}
_WARM = frozenset(("dusk", "sunset", "red", "golden", "gold", "dawn", "sunrise", "summer", "hot", "warm", "harvest"))
_ARRIVES = re.compile(r"\b(?:who|that|which)\b")


def is_wanted(request: ImageRequest) -> bool:
    """Whether a picture is one of a bedtime story: its style says so."""
    return MOOD in re.findall(r"\w+", request.style.lower())


def plan(request: ImageRequest) -> Plan:
    """Decide what to draw. The theme names who, then where, the weather and the hour, between semicolons.

    "a hedgehog who mends clocks, an owl; the old harbour; a thick fog; at dusk".
    """
    who, *about = [part.strip() for part in request.theme.split(";")] + ["", "", ""]
    rng = Random(f"{request.seed}|{request.theme}|{MOOD}")
    cast = [motif for one in who.split(",") if (motif := _somebody(one))] or [motifs()[NOBODY_KNOWN]]
    cast = list(dict.fromkeys(cast))[:2]
    place, words = _words(about[0]), _words(" ".join(about))
    weather = next((name for name, known in _WEATHERS.items() if words & set(known.split())), "")
    name = next((name for name, known in _PLACES.items() if place & set(known.split())), "")
    name = name or ("snow_village" if weather == "snow" else rng.choice(("meadow", "forest", "mountains")))
    scene = scenes()[name]
    landmark = next((motifs()[found] for word, found in _LANDMARKS.items() if word in place), None)
    return Plan(
        mood="cozy",
        palette=_palette(words, rng),
        scene=scene,
        hero=cast[0],
        companions=tuple(cast[1:]),
        hat=None,
        companion_hats=(None,) * len(cast[1:]),
        bats=False,
        pumpkins=0,
        title=request.title,
        sizes=tuple(_SIZES.get(motif.name, _USUAL_SIZE) for motif in cast),
        landmark=landmark if landmark not in cast else None,
        weather="" if scene.indoors or (weather == "snow" and name == "snow_village") else weather,
    )


def _somebody(described: str) -> Motif | None:
    """Find who is described: the living thing that is named last before it is told what they do."""
    named = motifs_in(_ARRIVES.split(described, maxsplit=1)[0])
    alive = [motif for motif in named if motif.kind in _ALIVE and motif.name not in _NOBODY and not motif.is_bust]
    return alive[0] if alive else None


def _palette(words: set[str], rng: Random) -> Palette:
    """Choose a light: a warm one for warm hours, a cool one for the others."""
    known = palettes_for(MOOD)
    warm = bool(words & _WARM)
    return rng.choice([palette for palette in known if ("warm" in palette.moods) == warm])


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.lower()))
