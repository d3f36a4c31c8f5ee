"""Decides which marks the letters of a line bear: those that go together in some language, if they are seen at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pressroom.generators.reading_text.decoding import Character
from pressroom.generators.reading_text.signs import number_of, plain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALPHABETS = {
    "ca": "àçèéíïòóúü·",
    "cs": "áčďéěíňóřšťúůýž",
    "da": "æøåé",
    "de": "äöüß",
    "en": "",
    "eo": "ĉĝĥĵŝŭ",
    "es": "áéíóúñü¿¡",
    "et": "äõöüšž",
    "fr": "éèêëàâçîïôûùüœæÿ",
    "ga": "áéíóú",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "is": "áðéíóúýþæö",
    "it": "àèéìòù",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "mt": "ċġħż",
    "nl": "éëïöü",
    "pl": "ąćęłńóśźż",
    "pt": "ãõáàâçéêíóôú",
    "ro": "ăâîșț",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sq": "çë",
    "sv": "åäöé",
    "tr": "çğıöşüâîû",
}
"""The letters beyond a to z of languages that are written in Latin."""
_ANY, _EACH = 0.8, 0.1
"""What an alphabet with marks costs, and each letter of it: of two that explain a line the smaller one is taken."""
_TOGETHER = 0.5
"""How much the other lines of a picture say about one; a poster may have a line in another language."""
_MOST_TOGETHER = 4.0
_MANY, _HARDLY = 100, 0.012
"""Letters of a picture, and the share of them that must bear marks for it to be in a language that has some."""
_UNMISTAKABLE, _BEYOND_DOUBT = 0.95, 0.985
"""Share from which a letter is taken although no language has it beside the others of the line: a foreign name;
the higher one where there are hardly any marks at all."""
_BENEATH = "ĄĘĮŲȚ"
"""Capitals that few texts have: their marks are also seen in the feet of narrow ones, so they must be unmistakable."""
_LARGE, _SEEN_PLAINLY = 60, 0.85
"""Pixels of height from which a line's marks are seen plainly, and the share that is then unmistakable."""
_TWICE, _HALF = 13.0, 10.5
"""Pixels of a line as it is read, 44 high, within which no two letters have their middles if the first is wide."""
_WIDE = "üűúůūöőóõøøäåâáãàæœñň"
_SURELY_PLAIN = 0.8
"""Share from which marks that the reading model saw are taken off."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A line as both models saw it."""

    characters: Sequence[Character]
    shares: NDArray[np.float16]
    """For each character, of each letter that the second look knows; the first is the letter without marks."""
    spaces: Sequence[bool]
    """Whether a space follows."""
    height: float = 0.0
    """Of the line in its picture, in pixels; 0 if it is not known."""


class Speller:
    """Spells lines; `letters` are those that the second look knows, the first being none."""

    def __init__(self, letters: Sequence[str]) -> None:
        import numpy as np

        self._letters = letters
        self._numbers = {letter: number for number, letter in enumerate(letters)}
        self._alphabets = np.array(
            [[self._belongs(letter, alphabet) for letter in letters] for alphabet in ALPHABETS.values()]
        )
        self._beneath = np.array([bool(letter) and letter in _BENEATH for letter in letters])
        self._costs = np.array([(_ANY + len(alphabet) * _EACH) * bool(alphabet) for alphabet in ALPHABETS.values()])

    def texts(self, lines: Sequence[Looked]) -> list[str]:
        """Return the words of each line of one picture."""
        import numpy as np

        if not lines:
            return []
        fits = np.stack([self._fits(line) for line in lines])
        together = fits.sum(axis=0) - self._costs
        near = np.maximum(_TOGETHER * (together - together.max()), -_MOST_TOGETHER)
        is_plain = self._are_plain(lines)
        costs = self._costs + _MOST_TOGETHER * (is_plain & (self._costs > 0))
        best = (fits - costs + near).argmax(axis=1)
        sure = _BEYOND_DOUBT if is_plain else _UNMISTAKABLE
        return [self._text(line, self._alphabets[number], sure) for line, number in zip(lines, best, strict=True)]

    def _are_plain(self, lines: Sequence[Looked]) -> bool:
        """Say whether there are many letters and hardly a mark: what looks like one is then mostly a mistake."""
        letters = sum(len(line.characters) for line in lines)
        marks = sum(float((self._shares(line)[:, 1:].max(axis=1, initial=0) > 0.5).sum()) for line in lines)
        return letters >= _MANY and marks < _HARDLY * letters

    def _belongs(self, letter: str, alphabet: str) -> bool:
        """Say whether a letter may stand in a text of an alphabet; signs such as € may in each."""
        if letter == "İ":
            return "ı" in alphabet
        return letter.lower() in alphabet or not (letter.isalpha() or letter in "¿¡")

    def _fits(self, line: Looked) -> Any:
        """Return how well each alphabet explains what was seen, as the logarithm of its likelihood."""
        import numpy as np

        if not line.characters:
            return np.zeros(len(self._alphabets))
        shares = self._shares(line)
        # Of letters that are plain beyond doubt there is nothing to be explained.
        shares = shares[shares[:, 0] < 0.99]
        best = [(shares * allowed).max(axis=1, initial=0) for allowed in self._alphabets]
        return np.log(np.array(best) + 1e-3).sum(axis=1)

    def _shares(self, line: Looked) -> Any:
        """Return the shares with those of İ given to i where that was read: its dot is in each language."""
        import numpy as np

        shares = line.shares.astype(np.float32)
        dotted = self._numbers.get("İ")
        if dotted is not None:
            small = np.array([plain(one.sign).islower() for one in line.characters], bool)
            shares[small, 0] += shares[small, dotted]
            shares[small, dotted] = 0
        return shares

    def _text(self, line: Looked, allowed: Any, sure: float) -> str:
        import numpy as np

        if not line.characters:
            return ""
        shares = self._shares(line)
        if line.height >= _LARGE:
            sure = min(sure, _SEEN_PLAINLY)
        believed = np.where(self._beneath, shares >= _UNMISTAKABLE, allowed) | (shares >= sure)
        permitted = np.where(believed, shares, 0)
        permitted[:, 0] = shares[:, 0]
        text = ""
        for place, number in enumerate(permitted.argmax(axis=1)):
            one = line.characters[place]
            letter = self._letters[int(number)]
            if not one.sureness and letter != "€":
                continue  # ink that was not read, and is no € either
            if place and _is_read_twice(line.characters[place - 1], one, text[-1:], letter or one.sign):
                continue
            following = line.characters[place + 1].sign if place + 1 < len(permitted) and not line.spaces[place] else ""
            is_plain = float(shares[place, 0]) >= _SURELY_PLAIN
            text += _letter(one.sign, letter, text[-1:], following, is_plain=is_plain) + " " * line.spaces[place]
        return text.strip()


def _letter(read: str, seen: str, before: str, following: str, *, is_plain: bool) -> str:
    """Return a letter as it is written, of what each model took it for, and its neighbours in the word."""
    if read == "∈" or (read == "ε" and not (before.isalpha() or following.isalpha())):
        return "€"  # the reading model knows the one and not the other, which is met far more often
    if not number_of(read):
        return read  # of another script
    if seen and _may_stand(seen, before, following):
        return _in_case(seen, before, following)
    return plain(read) if seen or is_plain else read


def _may_stand(letter: str, before: str, following: str) -> bool:
    if letter in "€£":
        return not (before.isalpha() or following.isalpha())
    if letter in "¿¡":
        return not before.isalnum()
    return True


def _is_read_twice(before: Character, one: Character, spelt: str, letter: str) -> bool:
    """Say whether a letter with marks was read as two: of ü, ű or ö the second half is sometimes taken for an i."""
    near = one.at - before.at
    is_wide = spelt.lower() in _WIDE
    return bool(spelt) and is_wide and (near < _TWICE if letter == spelt else letter in "iıl" and near < _HALF)


def _in_case(letter: str, before: str, following: str) -> str:
    """Return the letter as small or large as its neighbours in the word: of ž and Ž only the height tells."""
    if letter in "İı" or not before.isalpha():
        return letter
    if before.islower() or following.islower():
        return letter.lower()
    if before.isupper() and following.isupper() and len(letter.upper()) == 1:
        return letter.upper()
    return letter
