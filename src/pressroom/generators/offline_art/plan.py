"""What to draw: decided from the theme's words, the style and the seed alone, so that it can also be told in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from pressroom.generators.base import ImageRequest
from pressroom.generators.offline_art.motif_library import Motif, motifs, motifs_in
from pressroom.generators.offline_art.palettes import Palette, mood_of, palettes_for
from pressroom.generators.offline_art.scenes import Scene, scenes
from pressroom.generators.offline_art.wardrobe import DRESSED, Hat, hat_for, hats

# For a theme of which no word is known: what suits any feast, by mood.
UNKNOWN = {
    "spooky": ("pumpkin", "owl", "raven", "cat", "haunted_house", "candle"),
    "cozy": ("candle", "tea", "book", "gift", "coffee"),
    "cheerful": ("balloons", "gift", "cake", "star", "hot_air_balloon"),
    "minimal": ("star", "gift", "balloons", "flower"),
    "retro": ("star", "record", "balloons", "cocktail"),
    "elegant": ("star", "candle", "wine", "crown", "gift"),
}
AIRBORNE = ("bug", "flying", "sea")
PUMPKINS_IN = (
    "hill",
    "forest",
    "rooftops",
    "meadow",
    "street",
    "mountains",
    "kitchen",
    "terrace",
    "library",
    "stage_lights",
)
BATS_IN = ("hill", "forest", "rooftops", "meadow", "street", "mountains", "sea", "sky", "railway", "desert", "terrace")


@dataclass(frozen=True)
class Plan:
    """Everything that was decided before the first line is drawn."""

    mood: str
    palette: Palette
    scene: Scene
    hero: Motif
    companions: tuple[Motif, ...]
    hat: Hat | None
    companion_hats: tuple[Hat | None, ...]
    bats: bool
    pumpkins: int
    title: str
    sizes: tuple[float, ...] = ()
    """How tall the hero and the companions are, as shares of the hero's room; empty for the usual ones."""
    landmark: Motif | None = None
    """What stands in the background, to the side."""
    weather: str = ""
    """"rain", "snow" or "mist", where it is not the scene's own."""

    @property
    def alt_text(self) -> str:
        """Say what can be seen, in one sentence."""
        wearer = _dressed(self.hero, self.hat)
        beside = [_dressed(motif, hat) for motif, hat in zip(self.companions, self.companion_hats, strict=True)]
        if self.pumpkins:
            beside.append("a jack-o'-lantern" if self.pumpkins == 1 else f"{_COUNTS[self.pumpkins]} jack-o'-lanterns")
        if self.bats:
            beside.append("a few bats in the sky")
        sentence = f"{wearer[0].upper()}{wearer[1:]} {self.scene.place}, {self.scene.lights[not self.palette.night]}"
        if self.weather:
            sentence += f", {_WEATHERS[self.weather]}"
        if self.landmark:
            beside.append(f"{self.landmark.phrase} in the background")
        if beside:
            sentence += ", with " + (" and ".join([", ".join(beside[:-1]), beside[-1]]) if beside[1:] else beside[0])
        words = " ".join(self.title.split())
        return sentence + (f", and the words ‘{words}’." if words else ".")


def _dressed(motif: Motif, hat: Hat | None) -> str:
    return f"{motif.phrase} {hat.phrase}" if hat else motif.phrase


_COUNTS = {2: "two", 3: "three"}
_WEATHERS = {"rain": "in soft rain", "snow": "in falling snow", "mist": "in drifting mist"}


def plan(request: ImageRequest) -> Plan:
    """Decide what to draw; the same request always gives the same plan."""
    rng = Random(f"{request.seed}|{request.theme}|{request.style}")
    mood = mood_of(request.style)
    theme = request.theme or request.title
    words = set(re.findall(r"[^\W_]+", theme.lower()))
    hero, companions = _cast(theme, mood, rng)
    scene = _scene_for(hero, words, rng)
    hat = hat_for(words, mood, rng) if hero.hat else None
    spooky = mood == "spooky"
    pumpkins = 0
    if (
        spooky
        and scene.name in PUMPKINS_IN
        and hero.name != "pumpkin"
        and not hero.is_bust
        and hero.kind not in ("rail", "vessel")
    ):
        pumpkins = 1 if companions else rng.choice((1, 2, 2))
    return Plan(
        mood=mood,
        palette=rng.choice(palettes_for(mood)),
        scene=scene,
        hero=hero,
        companions=companions,
        hat=hat,
        companion_hats=tuple(_companion_hat(motif, hat, words, rng) for motif in companions),
        bats=spooky and scene.name in BATS_IN,
        pumpkins=pumpkins,
        title=request.title,
    )


def _cast(theme: str, mood: str, rng: Random) -> tuple[Motif, tuple[Motif, ...]]:
    """Choose who leads and who stands beside."""
    named = motifs_in(theme)
    if not named:
        known = [motifs()[name] for name in UNKNOWN[mood] if name in motifs()]
        return rng.choice(known), ()
    lead = named[0]
    others = [motif for motif in named[1:] if _may_stand_together(lead, motif)]
    if lead.kind in AIRBORNE or lead.kind in ("vessel", "rail", "building"):
        others = []
    return lead, tuple(others[:2])


def _companion_hat(motif: Motif, worn: Hat | None, words: set[str], rng: Random) -> Hat | None:
    """Dress the companions too when dressing up is what the day is about."""
    if not motif.hat or not words & DRESSED:
        return None
    return rng.choice([hat for hat in hats() if hat.moods and hat is not worn])


def _may_stand_together(lead: Motif, other: Motif) -> bool:
    indoors = {"food", "drink", "object", "book", "science", "school", "music", "craft", "holiday", "machine"}
    if lead.is_bust or other.is_bust or other.kind in AIRBORNE or other.kind in ("vessel", "rail", "building", "space"):
        return False
    return (
        lead.kind == other.kind
        or (lead.kind in indoors and other.kind in indoors)
        or other.kind in ("animal", "nature")
    )


def _scene_for(hero: Motif, words: set[str], rng: Random) -> Scene:
    """Choose the place: the motif's own, else one that the theme names, else one where such things are at home."""
    known = scenes()
    if hero.scene:
        return known[rng.choice(hero.scene.split())]
    fitting = [scene for scene in known.values() if hero.kind in scene.kinds]
    named = [scene for scene in fitting if words & set(scene.words)]
    return rng.choice(named or fitting)
