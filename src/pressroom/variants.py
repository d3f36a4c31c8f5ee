"""Makes of one photo what each network wants of it: decoded once, then cut, reduced and encoded for each channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pressroom.errors import BadInput, ConfigurationError
from pressroom.imaging.attribution import Attribution
from pressroom.imaging.bare_files import bare
from pressroom.imaging.encoding import FORMATS, Encoded, encode, writable
from pressroom.imaging.framing import Frame, allowed, frame
from pressroom.imaging.libvips import a_turn
from pressroom.imaging.picture_decoding import decode
from pressroom.imaging.picture_fitting import SharedPicture, fit
from pressroom.imaging.picture_opening import PictureLimits, open_picture
from pressroom.photos import PhotoInfo
from pressroom.pictures import PictureSettings
from pressroom.publishers.base import ImageRules
from pressroom.transforms.base import Surroundings, Transform

if TYPE_CHECKING:
    import pyvips

_TINY = 8
"""Pixels; a limit on bytes that asks for less asks for no picture."""
_SMALLEST_DECODE = 1 / 2
"""Enough to see whether a picture that stays as it is can be decoded to its end: damage is told line by line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One variant that is wanted."""

    name: str
    """The channel."""
    rules: ImageRules
    """What the network demands."""
    picture: PictureSettings
    """How the user wants it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    data: bytes
    media_type: str
    width: int
    height: int
    is_original: bool
    """The bytes are the given ones: the picture was what the network wants, and carried nothing else."""


def make_variants(
    data: bytes,
    wanted: Sequence[Wanted],
    *,
    filters: Sequence[Transform] = (),
    filters_of: Mapping[str, Sequence[Transform]] | None = None,
    around: Surroundings | None = None,
    limits: PictureLimits | None = None,
) -> dict[str, Variant]:
    """Return the variant of each channel, by its name. The same input gives the same bytes.

    `filters` are applied once, to the picture from which all are cut; `filters_of[name]` to one finished variant.
    Raises `BadInput` if the picture cannot be read, or if one channel cannot have a variant of it: `refusals` says
    beforehand which.
    """
    with a_turn():
        return _Making(data, wanted, filters, filters_of or {}, around or _no_surroundings(), limits).variants()


def refusals(data: bytes, wanted: Sequence[Wanted], *, limits: PictureLimits | None = None) -> dict[str, BadInput]:
    """Return, by channel, why it can have no variant of this picture; quick, because only the header is read.

    Raises `BadInput` if the picture cannot be read at all.
    """
    opened = open_picture(data, limits or PictureLimits())
    found: dict[str, BadInput] = {}
    for each in wanted:
        try:
            _check_formats(each)
            frame(opened.width, opened.height, each.rules, each.picture, name=each.name)
        except BadInput as error:
            found[each.name] = error
    return found


class _Making:
    """The variants of one photo while they are made."""

    def __init__(
        self,
        data: bytes,
        wanted: Sequence[Wanted],
        filters: Sequence[Transform],
        filters_of: Mapping[str, Sequence[Transform]],
        around: Surroundings,
        limits: PictureLimits | None,
    ) -> None:
        self._data, self._wanted, self._filters, self._filters_of = data, wanted, filters, filters_of
        self._around = around
        self._opened = open_picture(data, limits or PictureLimits(), around.info.name)

    def variants(self) -> dict[str, Variant]:
        opened = self._opened
        for each in self._wanted:
            _check_formats(each)
        frames = [self._frame(each, opened.width, opened.height) for each in self._wanted]
        as_it_is = [self._as_it_is(each, framed) for each, framed in zip(self._wanted, frames, strict=True)]
        scales = [framed.scale for framed, left in zip(frames, as_it_is, strict=True) if left is None]
        shared, width, height = self._shared(min(1.0, max(scales, default=_SMALLEST_DECODE)))
        made: list[tuple[Wanted, Variant]] = []
        for each, left in zip(self._wanted, as_it_is, strict=True):
            variant = left or next((done for other, done in made if self._are_alike(each, other)), None)
            made.append((each, variant or self._made(each, shared, self._frame(each, width, height))))
        return {each.name: variant for each, variant in made}

    def _shared(self, scale: float) -> tuple[SharedPicture, float, float]:
        """Return the picture that all are cut from, and what its full size would be."""
        image = decode(self._opened, scale)
        filtered = self._filtered(image, self._filters)
        across, down = filtered.width / image.width, filtered.height / image.height
        return SharedPicture(filtered), self._opened.width * across, self._opened.height * down

    def _made(self, each: Wanted, shared: SharedPicture, framed: Frame) -> Variant:
        keeps_alpha = FORMATS[writable(each.rules.formats, has_alpha=True)[0]].has_alpha
        image = fit(shared, framed, each.picture, has_alpha=keeps_alpha)
        filters = self._filters_of.get(each.name, ())
        filtered = self._filtered(image.copy_memory(), filters) if filters else image
        if (filtered.width, filtered.height) != (image.width, image.height):
            # A border has made it larger than the network takes.
            again = self._frame(each, filtered.width, filtered.height)
            filtered = fit(SharedPicture(filtered), again, each.picture, has_alpha=keeps_alpha)
        encoded = self._encoded(each, filtered)
        return Variant(
            data=encoded.data,
            media_type=encoded.media_type,
            width=encoded.width,
            height=encoded.height,
            is_original=False,
        )

    def _encoded(self, each: Wanted, image: pyvips.Image) -> Encoded:
        formats = writable(each.rules.formats, has_alpha=image.hasalpha())
        if not image.hasalpha() and self._opened.media_type == "image/jpeg":  # it stays one where that is possible
            formats.sort(key=lambda media_type: media_type != "image/jpeg")

        def smaller(share: float) -> tuple[int, int]:
            width, height = allowed(image.width * share, image.height * share, each.rules)
            if width < each.rules.min_width or max(width, height) <= _TINY:
                raise BadInput(
                    f"This picture has too much detail for channel {each.name}: even with fewer "
                    f"pixels it is above {each.rules.max_bytes:,} bytes.",
                    where=f"channel {each.name}",
                    todo="Crop it, or make it calmer.",
                )
            return width, height

        return encode(
            image, formats, each.rules.max_bytes, each.picture.quality, self._attribution(each.picture), smaller
        )

    def _as_it_is(self, each: Wanted, framed: Frame) -> Variant | None:
        """Return the picture with not a pixel changed, if it is what is wanted but for metadata at the most."""
        opened = self._opened
        if not (framed.leaves_alone and opened.is_upright and opened.is_plain):
            return None
        if self._filters or self._filters_of.get(each.name) or each.picture.quality:
            return None
        if opened.media_type not in each.rules.formats or self._attribution(each.picture):
            return None
        data = bare(self._data, opened.media_type)
        if data is None or len(data) > each.rules.max_bytes:
            return None
        return Variant(
            data=data,
            media_type=opened.media_type,
            width=opened.width,
            height=opened.height,
            is_original=data == self._data,
        )

    def _frame(self, each: Wanted, width: float, height: float) -> Frame:
        return frame(width, height, each.rules, each.picture, name=each.name)

    def _are_alike(self, one: Wanted, other: Wanted) -> bool:
        first, second = ([(type(f), f.settings) for f in self._filters_of.get(w.name, ())] for w in (one, other))
        return (one.rules, one.picture, first) == (other.rules, other.picture, second)

    def _attribution(self, picture: PictureSettings) -> Attribution:
        info, opened = self._around.info, self._opened
        return Attribution.of(
            (info.copyright or opened.copyright) if "copyright" in picture.keep else "",
            (info.credit or opened.credit) if "credit" in picture.keep else "",
        )

    def _filtered(self, image: pyvips.Image, filters: Sequence[Transform]) -> pyvips.Image:
        import pyvips

        for each in filters:
            try:
                image = _as_given(each.apply(image, self._around)).copy_memory()
            except pyvips.Error as error:
                raise BadInput(
                    f"The filter {each.settings.use} cannot be applied to {self._opened.name}.",
                    where=self._opened.name,
                    todo="Look at the filter's settings.",
                    detail=str(error),
                ) from error
        return image


def _as_given(image: Any) -> Any:
    """Bring what a filter returns back to 8 bits of sRGB."""
    if image.interpretation != "srgb":
        image = image.colourspace("srgb")
    return image if image.format == "uchar" else image.cast("uchar")


def _check_formats(each: Wanted) -> None:
    if not writable(each.rules.formats, has_alpha=False):
        raise BadInput(
            f"Channel {each.name} takes {' and '.join(each.rules.formats)} only, and none of these can be written.",
            where=f"channel {each.name}",
            todo="Take this channel out of the pipeline's list.",
        )


def _no_surroundings() -> Surroundings:
    def read(key: str) -> bytes:
        raise ConfigurationError(f"The picture {key!r} is asked for where there is no store.", where=key)

    return Surroundings(info=PhotoInfo(), read=read)
