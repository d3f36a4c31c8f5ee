"""The two models that come with RapidOCR: loaded when text is first read, shared by a process, let go when idle."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pressroom.errors import ConfigurationError
from pressroom.memory_use import give_back

if TYPE_CHECKING:
    from pressroom.generators.reading_text.decoding import Alphabet
    from pressroom.generators.reading_text.second_look import SecondLook

THREADS = 2
"""That work on one picture."""
IDLE_SECONDS = 600.0
"""After which the models are let go: they take some 100 MB."""
_PACKAGE = "rapidocr_onnxruntime"
_FINDING = "ch_PP-OCRv4_det_infer.onnx"
_READING = "ch_PP-OCRv4_rec_infer.onnx"
MODEL = "PP-OCRv4"


class Models:
    """Two sessions, each loaded when it is first asked for."""

    @cached_property
    def finding(self) -> Any:
        """Tells of each pixel how likely it belongs to a line of text."""
        return _session(_FINDING, THREADS)

    @cached_property
    def reading(self) -> Any:
        """Tells of each narrow column of a line which character it shows; asked by several threads at once."""
        return _session(_READING, 1)

    @cached_property
    def second_look(self) -> SecondLook:
        from pressroom.generators.reading_text.second_look import SecondLook

        return SecondLook()

    def ready(self) -> None:
        """Load what reads lines, before several threads ask for it at once."""
        assert self.alphabet.characters
        self.second_look.load()

    @cached_property
    def alphabet(self) -> Alphabet:
        from pressroom.generators.reading_text.decoding import Alphabet

        listed = self.reading.get_modelmeta().custom_metadata_map["character"].splitlines()
        return Alphabet(("", *listed, " "))


class SharedModels:
    """Lends the models to one picture at a time, so that no two of them lie in memory at once."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._turn = threading.Lock()
        self._idle_seconds = idle_seconds
        self._models: Models | None = None
        self._ending: threading.Timer | None = None

    @property
    def are_loaded(self) -> bool:
        return self._models is not None

    @contextmanager
    def lent(self) -> Iterator[Models]:
        """Wait for a turn; the models are given back with the memory that the picture took."""
        with self._turn:
            if self._ending is not None:
                self._ending.cancel()
            self._models = self._models or Models()
            try:
                yield self._models
            finally:
                give_back()
                self._ending = threading.Timer(self._idle_seconds, self.let_go)
                self._ending.daemon = True
                self._ending.start()

    def let_go(self) -> None:
        """Free the models, unless a picture is being read; the next one loads them again."""
        if self._turn.acquire(blocking=False):
            try:
                self._models = None
            finally:
                self._turn.release()
            give_back()


@cache
def shared_models() -> SharedModels:
    """Return the models of this process; nothing is loaded by this."""
    return SharedModels()


def folder_of_models() -> Path:
    """Return where the package keeps its models, without importing it. Raises `ConfigurationError` if they are gone."""
    from importlib.util import find_spec

    spec = find_spec(_PACKAGE)
    for place in spec.submodule_search_locations or () if spec else ():
        folder = Path(place) / "models"
        if all((folder / name).is_file() for name in (_FINDING, _READING)):
            return folder
    raise ConfigurationError(
        "The models that read text in pictures are not installed.",
        where="generator rapid_ocr",
        todo="Install the package rapidocr-onnxruntime again: `pip install --force-reinstall rapidocr-onnxruntime`.",
    )


def _session(name: str, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # An arena would keep what the largest picture took; busy waiting would take the cores from the other workers.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    model = str(folder_of_models() / name)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
