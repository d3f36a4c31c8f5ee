"""The network while it learns: NumPy alone, with its gradients written out. What it computes, `SecondLook` computes."""

from __future__ import annotations

from typing import Any

from pressroom.generators.reading_text.second_look import HEIGHT, WIDTH, patches
from pressroom.generators.reading_text.signs import SIGNS

_LAYERS = ((1, 5, 2), (2, 3, 1), (3, 3, 1))
"""Number, size of the patches and margin of each layer of patches; each halves the sides."""
_DEPTHS = (1, 12, 24, 40)
_HIDDEN = 128
TOLD = 2 * SIGNS + 4


class Network:
    """Weights, and Adam, which changes them."""

    def __init__(self, letters: int, seed: int = 0) -> None:
        import numpy as np

        self._random = np.random.default_rng(seed)
        sides = [(HEIGHT, WIDTH)]
        for _ in _LAYERS:
            sides.append(((sides[-1][0] + 1) // 2, (sides[-1][1] + 1) // 2))
        self._flat = sides[-1][0] * sides[-1][1] * _DEPTHS[-1]
        shapes = {f"w{number}": (size * size * _DEPTHS[number - 1], _DEPTHS[number]) for number, size, _ in _LAYERS}
        shapes |= {"w4": (self._flat + TOLD, _HIDDEN), "w5": (_HIDDEN, letters), "w6": (_HIDDEN, 1)}
        self.weights: dict[str, Any] = {}
        for name, shape in shapes.items():
            drawn = self._random.standard_normal(shape) * (2 / shape[0]) ** 0.5
            self.weights[name] = drawn.astype(np.float32) * (0.3 if name in ("w5", "w6") else 1)
            self.weights[name.replace("w", "b")] = np.zeros(shape[1], np.float32)
        self._mean = {name: np.zeros_like(value) for name, value in self.weights.items()}
        self._square = {name: np.zeros_like(value) for name, value in self.weights.items()}
        self._step = 0

    def answers(self, windows: Any, told: Any) -> tuple[Any, Any]:
        """Return for each letter the logarithms of its shares, up to a constant, and of a space behind it."""
        letters, spaces, _ = self._forward(windows, told)
        return letters, spaces

    def learn(self, windows: Any, told: Any, letters: Any, spaces: Any, rate: float) -> float:
        """Take one step towards the right answers; return how wrong the letters were. -1 in `spaces` is unknown."""
        import numpy as np

        count = len(windows)
        given, space, between = self._forward(windows, told)
        shares = np.exp(given - given.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        wrong = float(-np.log(shares[np.arange(count), letters] + 1e-9).mean())
        shares[np.arange(count), letters] -= 1
        likely = 1 / (1 + np.exp(-space))
        slope = np.where(spaces >= 0, likely - (spaces == 1), 0).astype(np.float32) * 0.7 / count
        self._change(self._gradients(shares / count, slope, between, count), rate)
        return wrong

    def _forward(self, windows: Any, told: Any) -> tuple[Any, Any, dict[str, Any]]:
        import numpy as np

        between: dict[str, Any] = {}
        weights, layer = self.weights, windows[..., None]
        for number, size, margin in _LAYERS:
            columns, down, across = patches(layer, size, margin)
            layer = np.maximum(columns @ weights[f"w{number}"] + weights[f"b{number}"], 0)
            layer = layer.reshape(len(windows), down, across, -1)
            between |= {f"columns{number}": columns, f"layer{number}": layer}
        between["whole"] = whole = np.concatenate([layer.reshape(len(windows), -1), told], axis=1)
        between["hidden"] = hidden = np.maximum(whole @ weights["w4"] + weights["b4"], 0)
        return hidden @ weights["w5"] + weights["b5"], (hidden @ weights["w6"] + weights["b6"])[:, 0], between

    def _gradients(self, letters: Any, spaces: Any, between: dict[str, Any], count: int) -> dict[str, Any]:
        weights, hidden = self.weights, between["hidden"]
        found = {
            "w5": hidden.T @ letters,
            "b5": letters.sum(axis=0),
            "w6": (hidden.T @ spaces)[:, None],
            "b6": spaces.sum()[None],
        }
        slope = (letters @ weights["w5"].T + spaces[:, None] @ weights["w6"].T) * (hidden > 0)
        found |= {"w4": between["whole"].T @ slope, "b4": slope.sum(axis=0)}
        slope = slope @ weights["w4"][: self._flat].T
        for number, size, margin in reversed(_LAYERS):
            layer = between[f"layer{number}"]
            slope = slope.reshape(-1, layer.shape[-1]) * (layer.reshape(-1, layer.shape[-1]) > 0)
            found |= {f"w{number}": between[f"columns{number}"].T @ slope, f"b{number}": slope.sum(axis=0)}
            if number > 1:
                before = between[f"layer{number - 1}"]
                slope = _gathered(slope @ weights[f"w{number}"].T, before.shape, size, margin, layer.shape)
        return found

    def _change(self, gradients: dict[str, Any], rate: float) -> None:
        import numpy as np

        self._step += 1
        for name, gradient in gradients.items():
            self._mean[name] += 0.1 * (gradient - self._mean[name])
            self._square[name] += 0.001 * (gradient**2 - self._square[name])
            mean, square = self._mean[name] / (1 - 0.9**self._step), self._square[name] / (1 - 0.999**self._step)
            decay = 3e-5 * self.weights[name] if name.startswith("w") else 0
            self.weights[name] -= np.float32(rate) * (mean / (np.sqrt(square) + 1e-8) + decay)


def _gathered(slopes: Any, shape: tuple[int, ...], size: int, margin: int, after: tuple[int, ...]) -> Any:
    """Add up what each value of a layer contributes to the patches that it is part of."""
    import numpy as np

    count, height, width, depth = shape
    down, across = after[1], after[2]
    whole = np.zeros((count, height + 2 * margin + 1, width + 2 * margin + 1, depth), np.float32)
    parts = slopes.reshape(count, down, across, size, size, depth)
    for row in range(size):
        for column in range(size):
            whole[:, row : row + 2 * down : 2, column : column + 2 * across : 2] += parts[:, :, :, row, column]
    return whole[:, margin : margin + height, margin : margin + width]
