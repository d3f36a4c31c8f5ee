"""The text of pictures, read with the real models: words, places, turned pages, and what must not be read."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.generator import Make, OfflineGeneratorContract
from pressroom.contracts.recognition_generator import RecognitionGeneratorContract
from pressroom.generators.base import Setup
from pressroom.generators.rapid_ocr import RapidOcr, RapidOcrOptions
from pressroom.testing import ManualClock


def made(**settings: Any) -> RapidOcr:
    return RapidOcr(Setup("rapid_ocr", RapidOcrOptions(**settings), MemorySecrets(), ManualClock()))


class TestContract(OfflineGeneratorContract, RecognitionGeneratorContract):
    @pytest.fixture
    def make(self) -> Make:
        return made
