"""English grammar as far as a caption needs it: articles, plurals, and themes in running text."""

from __future__ import annotations

import re

from pressroom.generators.offline_writing.word_files import grammar_words

VOWEL_LETTERS = "AEFHILMNORSX"
"""Letters whose names start with a vowel sound: an MRI, an X-ray."""


def with_article(phrase: str) -> str:
    """Put "a" or "an" before a phrase, by its sound: an hour, a unicorn, a UFO."""
    word = re.split(r"[\s-]", phrase, maxsplit=1)[0]
    folded = word.casefold()
    words = grammar_words()
    if folded in words["an"] or phrase.casefold() in words["an"]:
        return f"an {phrase}"
    if folded in words["a"] or folded.startswith("euro"):
        return f"a {phrase}"
    starts_with_vowel = word[:1] in VOWEL_LETTERS if word.isupper() else folded[:1] in "aeiouéáóíœæ"
    return f"{'an' if starts_with_vowel else 'a'} {phrase}"


def plural(phrase: str) -> str:
    """The plural of a noun or of a phrase that ends in one: sticky buns, cherry pies, mice."""
    head, _, noun = phrase.rpartition(" ")
    folded = noun.casefold()
    irregular = grammar_words()["irregular"]
    if folded in irregular:
        many = irregular[folded]
    elif re.search(r"[^aeiou]y$", folded):
        many = f"{noun[:-1]}ies"
    elif re.search(r"(s|x|z|ch|sh)$", folded):
        many = f"{noun}es"
    else:
        many = f"{noun}s"
    return f"{head} {many}".strip()


def singulars(word: str) -> tuple[str, ...]:
    """What a word may be the plural of, itself included; for comparing, not for writing."""
    word = word.casefold()
    found = [word]
    found += [one for one, many in grammar_words()["irregular"].items() if many == word]
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            found.append(word[: -len(ending)] + instead)
    return tuple(dict.fromkeys(found))


def plain_words(text: str) -> list[str]:
    """The words of a text for comparing: lower case, without possessives and punctuation."""
    folded = re.sub(r"['’]s?\b", "", text.casefold())
    return re.findall(r"[\w&]+(?:-\w+)*", folded)


def running(theme: str) -> str:
    """A title as it stands in the middle of a sentence: small letters but for names and abbreviations."""
    proper = grammar_words()["proper"]
    words = [word if _keeps_its_capital(word, proper) else word.lower() for word in theme.split()]
    text = " ".join(words)
    for phrase in grammar_words()["proper_phrases"]:
        text = re.sub(rf"\b{re.escape(phrase)}(?!\w)", phrase, text, flags=re.IGNORECASE)
    return text


def _keeps_its_capital(word: str, proper: list[str]) -> bool:
    bare = re.sub(r"['’]s?$", "", word)
    return bare.casefold() in proper or word.casefold() in proper or bare == "I" or (len(bare) > 1 and bare.isupper())


def cut_to_words(text: str, most: int) -> str:
    """Shorten a text to `most` characters at the end of a word, marked by "…"; empty if not one word fits."""
    if len(text) <= most:
        return text
    whole = text[:most] if text[most : most + 1].isspace() else text[:most].rpartition(" ")[0]
    while whole and len(whole.rstrip(" ,;:.!?-–—") + "…") > most:
        whole = whole.rpartition(" ")[0]
    return whole.rstrip(" ,;:.!?-–—") + "…" if whole.strip(" ,;:.!?-–—") else ""
