"""What a transform is: one change of a picture's pixels, with its settings. A module holds one, named by its module."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict

from pressroom.photos import PhotoInfo

if TYPE_CHECKING:
    import pyvips


class TransformSettings(BaseModel):
    """One entry of a list of filters; a transform extends it with its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    use: str
    """The transform's module name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a transform may look at beside the pixels."""

    info: PhotoInfo
    read: Callable[[str], bytes]
    """Returns the bytes of the newest revision of an asset by its key, such as a watermark's picture."""


class Transform(ABC):
    Settings: ClassVar[type[TransformSettings]] = TransformSettings

    def __init__(self, settings: TransformSettings) -> None:
        self.settings = settings

    @abstractmethod
    def apply(self, image: pyvips.Image, around: Surroundings) -> pyvips.Image:
        """Return the changed picture: 8 bits a band, sRGB or sRGB with alpha, as it is given."""
