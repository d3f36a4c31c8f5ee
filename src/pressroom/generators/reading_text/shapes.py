"""What is handed about: pixels, and the corners of lines."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[Any]
"""Height x width x 3 values of 8 bits, red first."""
Corners: TypeAlias = NDArray[np.float32]
"""Four points: of a line that reads from left to right, from its top left clockwise."""
