"""Looks at each letter of a line a second time: which marks it bears, and whether a space follows it.

The reading model knows few letters with accents and often joins words. What looks here is a small network of our own
(README.md), computed with NumPy: it sees a letter with its neighbourhood, and what the reading model took it for.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

from pressroom.generators.reading_text import cutting
from pressroom.generators.reading_text.decoding import Character
from pressroom.generators.reading_text.signs import SIGNS, number_of
from pressroom.generators.reading_text.spelling import Looked, Speller

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pressroom.generators.reading_text.shapes import Corners, Pixels

    Values = NDArray[np.float32]

HEIGHT, WIDTH = 48, 52
"""Pixels of what is seen of each letter, its middle in the middle."""
ABOVE, BELOW, BESIDE = 0.24, 0.16, 0.08
"""The line, as shares of its height, is seen too: marks on capitals reach out of it."""
_IS_INK, _IS_RULE = 0.3, 0.8
"""From how dark a pixel is ink, and the share of a row from which it is no row of letters."""


class SecondLook:
    """The network, which may be asked by several threads at once."""

    def load(self) -> None:
        """Read the weights, 0.5 MB."""
        assert self._weights
        assert self.speller

    def look(self, line: Pixels, characters: Sequence[Character], scale: float, height: float = 0.0) -> Looked:
        """Return what is seen of a line, `line` and `scale` being as from `cut_whole`, `height` as in the picture."""
        import numpy as np

        if not characters:
            return Looked((), np.zeros((0, len(self.letters)), np.float16), ())
        letters, spaces = self._asked(seen(line, [one.at * scale for one in characters]), features(characters, scale))
        letters *= self._stored["possible"][[number_of(one.sign) for one in characters]]
        followed = []
        for place, one in enumerate(characters[:-1]):
            following = characters[place + 1]
            both = number_of(one.sign) and number_of(following.sign)
            followed.append(bool(spaces[place] > 0 if both else following.space_before > 0.5))
        return Looked(characters, letters.astype(np.float16), (*followed, False), height)

    def _asked(self, windows: Values, told: Values) -> tuple[Values, Values]:
        """Return for each letter the shares of the letters it may be, and how likely a space follows (above 0)."""
        import numpy as np

        weights = self._weights
        layer = windows[..., None]
        for number, size, margin in ((1, 5, 2), (2, 3, 1), (3, 3, 1)):
            columns, down, across = patches(layer, size, margin)
            values = columns @ weights[f"w{number}"] + weights[f"b{number}"]
            layer = np.maximum(values, 0, out=values).reshape(len(windows), down, across, -1)
        whole = np.concatenate([layer.reshape(len(windows), -1), told], axis=1)
        hidden = np.maximum(whole @ weights["w4"] + weights["b4"], 0)
        letters = hidden @ weights["w5"] + weights["b5"]
        letters = np.exp(letters - letters.max(axis=1, keepdims=True))
        letters /= letters.sum(axis=1, keepdims=True)
        return letters, (hidden @ weights["w6"] + weights["b6"])[:, 0]

    @cached_property
    def _weights(self) -> dict[str, Any]:
        import numpy as np

        return {name: value.astype(np.float32) for name, value in self._stored.items() if name[0] in "wb"}

    @cached_property
    def speller(self) -> Speller:
        return Speller(self.letters)

    @cached_property
    def letters(self) -> list[str]:
        """Which letter each output stands for; the first, empty, for one without marks."""
        return [str(one) for one in self._stored["letters"]]

    @cached_property
    def _stored(self) -> dict[str, Any]:
        import numpy as np

        file = resources.files("pressroom.generators.reading_text") / "second_look.npz"
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            return dict(stored)


def cut_whole(image: Pixels, corners: Corners, line: Pixels) -> tuple[Pixels, float]:
    """Cut a line again with what is above and below it, and say how much larger it is than as it was read."""
    whole = cutting.cut(image, cutting.grown(corners, ABOVE, BELOW, BESIDE), HEIGHT)
    return whole, whole.shape[1] / line.shape[1]


def seen(line: Pixels, middles: Sequence[float]) -> Values:
    """Return what is seen of each letter: grey, from 0 for the paper to 1 for the ink."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(line, cv2.COLOR_RGB2GRAY)
    darkest, lightest = np.percentile(grey, 1), np.percentile(grey, 99)
    around = np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]))
    ink = np.clip((grey.astype(np.float32) - darkest) / max(lightest - darkest, 1.0), 0, 1)
    if around > (darkest + lightest) / 2:
        ink = 1 - ink
    ink[_rules(ink)] = 0
    padded = np.pad(ink, ((0, 0), (WIDTH, WIDTH)))
    starts = np.clip(np.rint(np.array(middles)), 0, grey.shape[1] - 1).astype(int) + WIDTH - WIDTH // 2
    result: Values = np.stack([padded[:, start : start + WIDTH] for start in starts]).astype(np.float32)
    return result


def _rules(ink: Values) -> NDArray[np.bool_]:
    """Return which rows a rule above or below the letters takes up: beneath an A it would be seen as that of an Ą."""
    import numpy as np

    crossed = (ink > _IS_INK).mean(axis=1) > _IS_RULE
    beside = np.convolve(crossed, [1, 1, 1], "same") > 0
    result: NDArray[np.bool_] = beside
    return result


def features(characters: Sequence[Character], scale: float) -> Values:
    """Return what the reading model told of each letter: what it is, what follows, and how far its neighbours are."""
    import numpy as np

    told = np.zeros((len(characters), 2 * SIGNS + 4), np.float32)
    for place, one in enumerate(characters):
        told[place, number_of(one.sign)] = 1
        following = characters[place + 1] if place + 1 < len(characters) else None
        told[place, SIGNS + (number_of(following.sign) if following else 0)] = 1
        if following:
            told[place, 2 * SIGNS] = following.space_before
            told[place, 2 * SIGNS + 1] = min((following.at - one.at) * scale / HEIGHT, 2.0)
        if place:
            told[place, 2 * SIGNS + 2] = min((one.at - characters[place - 1].at) * scale / HEIGHT, 2.0)
        told[place, 2 * SIGNS + 3] = one.sureness
    return told


def patches(layer: Values, size: int, margin: int) -> tuple[Values, int, int]:
    """Return every second patch of a layer as a row, and how many there are down and across."""
    import numpy as np

    count, height, width, depth = layer.shape
    padded = np.pad(layer, ((0, 0), (margin, margin), (margin, margin), (0, 0)))
    down, across = (height + 2 * margin - size) // 2 + 1, (width + 2 * margin - size) // 2 + 1
    first, row, column, value = padded.strides
    views = np.lib.stride_tricks.as_strided(
        padded, (count, down, across, size, size, depth), (first, row * 2, column * 2, row, column, value)
    )
    return views.reshape(count * down * across, size * size * depth), down, across
