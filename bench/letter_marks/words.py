"""Invented words in the letters of European languages: what a letter looks like is to be learned, not spelling."""

from __future__ import annotations

from random import Random

LETTERS = {
    "ca": "àçèéíïòóú·",
    "cs": "áčďéěíňóřšťúůýž",
    "da": "æøå",
    "de": "äöüß",
    "en": "",
    "eo": "ĉĝĥĵŝŭ",
    "es": "áéíóúñü¿¡",
    "et": "äõöüšž",
    "fi": "äöå",
    "fr": "éèêëàâçîïôûùüœæÿ",
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
    "sv": "åäö",
    "tr": "çğıöşü",
}
SHARES = (0.0, 0.08, 0.2, 0.32)
"""Of a language's own letters among those of a line."""
_PLAIN = "aaaaaeeeeeeeiiiiioooouuubbccddddffgghhjkkllllmmmnnnnnpppqrrrrrsssssttttttvvwxyz"
_LENGTHS = (1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 10, 12)
_NUMBERS = ("{}", "{},{:02d}", "{}.{:02d}", "{}%", "{:03d}-{}", "{}:{:02d}")
_QUOTES = ("“{}”", "„{}“", "«{}»", '"{}"', "'{}'", "¿{}?", "¡{}!")
_ALONE = ("–", "-", "€", "&", "+", "A", "I", "a", "i", "1", "·")


def word(chance: Random, letters: str, share: float) -> str:
    """Return a word of which each letter is with this chance one of the language's own."""
    text = "".join(
        chance.choice(letters) if letters and chance.random() < share else chance.choice(_PLAIN)
        for _ in range(chance.choice(_LENGTHS))
    )
    case = chance.random()
    if case < 0.16:
        return _capital(text, letters)
    return _capital(text[:1], letters) + text[1:] if case < 0.4 else text


def _capital(text: str, letters: str) -> str:
    """Return the text in capitals; where there is an ı, that of i has its dot."""
    return (text.replace("i", "İ") if "ı" in letters else text).upper()


def token(chance: Random, letters: str, share: float) -> str:
    """Return a word, a number, a price or a sign, as they stand between the spaces of a text."""
    kind = chance.random()
    if kind < 0.78:
        text = word(chance, letters, share)
        if chance.random() < 0.08:
            text += chance.choice("-'’/&.") + word(chance, letters, share)
    elif kind < 0.9:
        text = chance.choice(_NUMBERS).format(chance.randint(0, 9999), chance.randint(0, 99))
        before, behind = chance.choice((("€", ""), ("", "€"), ("£", ""), ("$", ""), ("", ""), ("", ""), ("", "")))
        text = before + text + behind
    elif kind < 0.94:
        text = f"({word(chance, letters, share)})"
    elif kind < 0.97:
        text = chance.choice(_QUOTES).format(word(chance, letters, share))
    else:
        text = chance.choice(_ALONE)
    return text + (chance.choice(",.:;!?") if chance.random() < 0.1 else "")
