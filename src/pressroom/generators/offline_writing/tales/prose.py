"""A tale in prose: a wish, an obstacle, two attempts in vain, a third that uses what somebody has or is, and sleep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from pressroom.generators.offline_writing.tales.deck import Deck
from pressroom.generators.offline_writing.tales.gaps import can_be_filled, fill
from pressroom.generators.offline_writing.tales.lines import sections
from pressroom.generators.offline_writing.tales.material import Material
from pressroom.generators.offline_writing.tales.phrases import capital

VOICES = ("fireside", "quiet", "merry", "almanac")
ARRIVED = ("quarrel", "race")
"""Plots that have brought everybody to the second place when their first part is over."""
LEFT_OUT = (("scene", "journey"), ("arrive", "low"), ("scene", "low"), ("journey", "low"))
"""What a tale can do without: not all of them linger at the same points."""


def tell(material: Material, deck: Deck) -> tuple[str, list[str]]:
    """Return title and paragraphs."""
    say = partial(_said, material.words, deck)
    voice = deck.pick("voice", VOICES)
    of_voice, of_plot = material.number // len(VOICES), material.number_of_plot
    plot, need, shared = sections(f"plot_{material.plot}"), sections(f"need_{material.need}"), sections("telling")
    low = plot.get("low") or (shared["low fear"] if material.plot == "fear" else shared["low"] + shared["low fear"])
    told = {
        "opening": say(f"opening {voice}", shared[f"opening {voice}"], of_voice),
        "scene": say("scene", shared["scene"]),
        "wish": say("wish", shared["wish"]),
        "friend": say("friend", shared["friend"]),
        "planting": say(material.planting, shared[material.planting]),
        "premise": say("premise", plot["premise"], of_plot),
        "journey": say("journey", shared["journey"]),
        "arrive": say("arrive", shared["arrive"]),
        "obstacle": say("obstacle", shared["obstacle"]),
        "one": say(f"{material.need} one", need["try one"]),
        "two": say(f"{material.need} two", need["try two"]),
        "cameo": say("cameo", shared["cameo"]) if material.has_third else "",
        "low": say("low", low),
        "turn": say(f"{material.need} {material.remedy}", need[f"turn {material.remedy}"]),
        "payoff": say("payoff", plot["payoff"], of_plot),
        "echo": say("echo", shared["wish echo"]),
        "calm": say("calm", shared["calm"]),
        "sleep": say(f"sleep {voice}", shared[f"sleep {voice}"], of_voice),
    }
    for name in (*deck.pick("left out", LEFT_OUT), *(("journey",) if material.plot in ARRIVED else ())):
        told[name] = ""
    return capital(say("title", plot["titles"], of_plot)), _paragraphs(told)


_TOGETHER = (
    ("opening", "scene"),
    ("wish",),
    ("friend", "planting"),
    ("premise",),
    ("journey", "arrive"),
    ("obstacle", "one"),
    ("two", "cameo"),
    ("low",),
    ("turn",),
    ("payoff",),
    ("echo",),
    ("calm", "sleep"),
)


def _paragraphs(told: Mapping[str, str]) -> list[str]:
    """Put together what belongs together; a long part says itself where it breaks."""
    blocks = (" ".join(told[name] for name in names if told[name]) for names in _TOGETHER)
    return [part.strip() for block in blocks if block for part in block.split("//")]


def _said(words: Mapping[str, str], deck: Deck, kind: str, options: Sequence[str], turn: int | None = None) -> str:
    """Choose a line whose gaps all have a word, and fill it."""
    usable = [line for line in options if can_be_filled(line, words)]
    return fill(deck.pick(kind, usable, turn), words)
