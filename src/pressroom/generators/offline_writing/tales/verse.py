"""A tale in verse: couplets in iambic tetrameter, two to a stanza. Names stand where they fit, never as rhymes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from pressroom.generators.offline_writing.tales.cast import Words
from pressroom.generators.offline_writing.tales.deck import Deck
from pressroom.generators.offline_writing.tales.gaps import can_be_filled, fill
from pressroom.generators.offline_writing.tales.lines import sections
from pressroom.generators.offline_writing.tales.material import Material
from pressroom.generators.offline_writing.tales.metre import Sounds, as_stress, fits
from pressroom.generators.offline_writing.tales.phrases import capital, short_kind

_CHOICE = re.compile(r"<([^<>]*)>")
_SAYS = "Then {H} said softly,|Then {H} whispered,|Then {H} said,|{H} whispered,|{H} said softly,|Said {H},"
"""Ways to begin what somebody says, of which one suits any name."""
_ENDS_A_SENTENCE = re.compile(r"[.!?…]”?$")


def tell(material: Material, deck: Deck) -> tuple[str, list[str]]:
    """Return title and stanzas."""
    return _title(material, deck), [_stanza(lines) for lines in _Poem(material, deck).stanzas()]


def _title(material: Material, deck: Deck) -> str:
    own = [line for line in sections(f"plot_{material.plot}")["titles"] if "{X" not in line]
    return capital(fill(deck.pick("verse title", [*own, *sections("verse")["titles"]]), material.words))


def _stanza(lines: Sequence[str]) -> str:
    """Put lines together; a line that begins a sentence begins with a capital."""
    written: list[str] = []
    for line in lines:
        begins = not written or _ENDS_A_SENTENCE.search(written[-1])
        written.append(capital(line) if begins else line)
    return "\n".join(written)


class _Poem:
    def __init__(self, material: Material, deck: Deck) -> None:
        self._material, self._deck = material, deck
        self._sounds: Sounds = {
            who.name.casefold(): as_stress(who.said) for who in material.characters if who.said and " " not in who.name
        }
        self._used: set[str] = set()
        self._shorter: Words = {}
        self._nameless: Words = {}
        """Whose name fits nowhere is "our friend"."""
        for letter, who in zip("ABC", material.characters, strict=False):
            self._nameless[letter] = name = "our friend" if letter == "A" else "their friend"
            if who is material.helper:
                self._nameless["H"] = name
            article = "an" if short_kind(who.kind).split()[-1][:1] in "aeiou" else "a"
            last = f"{article} {short_kind(who.kind).split()[-1]}"
            self._shorter |= {f"{letter}.a_short": last, f"{letter}.A_short": capital(last)}

    def stanzas(self) -> Iterator[list[str]]:
        plot, need = sections(f"plot_{self._material.plot}"), sections(f"need_{self._material.need}")
        verse, of_plot = sections("verse"), self._material.number_of_plot
        going = verse.get(f"going {self._material.plot}", verse["going"])
        plant = verse["plant thing"] if self._material.thing else ()
        yield self._one("evening", verse["evening"]) + self._one("evening too", verse["evening"])
        yield self._one("hero", verse["hero"]) + self._one("wish", verse["wish"])
        if self._material.has_third:
            third = [line.replace("{B", "{C") for line in verse["friend"]]
            yield self._one("third", third) + self._one("evening still", verse["evening"])
        yield self._one("friend", verse["friend"]) + self._one("plant", plant, otherwise=verse["plant nature"])
        yield self._one("verse premise", plot["verse premise"], of_plot)
        yield self._one("going", going) + self._one("place", verse["place"])
        trouble = self._one("trouble", need["verse trouble"])
        yield trouble + self._one("one", [*need["verse one"], *verse["one"]])
        yield self._one("two", [*need["verse two"], *verse["two"]]) + self._one("low", verse["low"])
        yield self._turn()
        yield self._one("verse payoff", plot["verse payoff"], of_plot)
        yield self._one("home", verse["home"]) + self._one("calm", verse["calm"])
        yield self._one("calm too", verse["calm"]) + self._one("sleep", verse["sleep"])
        yield self._one("sleep too", verse["sleep"]) + self._one("end", verse["end"])

    def _turn(self) -> list[str]:
        """Let the knot come undone: by the thing, if its name can be spoken in a verse, else by somebody's nature."""
        need, verse = sections(f"need_{self._material.need}"), sections("verse")
        reveal = self._usable(verse["reveal"]) if self._material.thing else []
        if reveal:
            return self._deck.pick("reveal", reveal)[1] + self._one("done", need["verse done"])
        nature = self._material.remedy if not self._material.thing else "kind"
        return self._one(f"turn {nature}", verse[f"turn {nature}"])

    def _one(
        self, kind: str, lines: Sequence[str], turn: int | None = None, *, otherwise: Sequence[str] = ()
    ) -> list[str]:
        """Choose one couplet or stanza that can be filled in metre, and none twice."""
        usable = self._usable(lines) or self._usable(otherwise) or self._usable(lines, self._nameless)
        line, spoken = self._deck.pick(kind, usable, turn)
        self._used.add(line.replace("{C", "{B"))
        return spoken

    def _usable(self, lines: Sequence[str], instead: Words | None = None) -> list[tuple[str, list[str]]]:
        """The lines that can be spoken in metre, once; `instead` has words in the place of those that never fit."""
        found = (
            (line, self._spoken(line, instead or {})) for line in lines if line.replace("{C", "{B") not in self._used
        )
        return [(line, spoken) for line, spoken in found if spoken]

    def _spoken(self, lines: str, instead: Words) -> list[str]:
        """The lines, each in the first of its ways that keeps the metre; none if one of them cannot."""
        spoken = []
        for line in lines.split(" / "):
            fitting = next((way for way in self._ways(line, instead) if fits(way, self._sounds)), "")
            if not fitting:
                return []
            spoken.append(fitting)
        return spoken

    def _ways(self, line: str, instead: Words) -> Iterator[str]:
        """Every way to say a line: a "small dragon" may be a "dragon"."""
        yield from ways(line, self._material.words | instead)
        yield from ways(line, self._material.words | self._shorter | instead)


def ways(line: str, words: Words) -> Iterator[str]:
    """Every way to say a line that the facts allow: `<There lived|Here lived> {A.a_short}`."""
    parts = _CHOICE.split(line.replace("<says H>", f"<{_SAYS}>"))
    choices = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
    for chosen in product(*choices):
        way = "".join(chosen)
        if can_be_filled(way, words):
            yield _joined(" ".join(fill(way, words).split()))


def _joined(line: str) -> str:
    """Take away the blank that an empty choice leaves before a mark."""
    return re.sub(r"\s+([,.;:!?])", r"\1", line)
