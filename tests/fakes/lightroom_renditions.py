"""The pictures of the fake Lightroom: the sizes that are always made, and those on demand."""

from __future__ import annotations

from tests.fakes.lightroom_answers import forbidden, invalid, not_found
from tests.fakes.lightroom_state import Photo
from tests.fakes.messages import Answer, Request

ALWAYS = {"thumbnail2x": 320, "640": 640, "1280": 1280, "2048": 2048}
ON_DEMAND = ("2560", "fullsize")
KEPT_SECONDS = 24 * 60 * 60  # AdobeDocs, Read and Generate Renditions, 2026-11-20


def order(request: Request, photo: Photo, now: float, seconds: float) -> Answer:
    """`POST …/renditions`: make one on demand; 202, and it is there some time later."""
    sizes = [size.strip() for size in request.headers.get("x-generate-renditions", "").split(",")]
    if not set(sizes) <= set(ON_DEMAND):
        raise invalid(type="value not supported")
    for size in sizes:
        photo.made[size] = now + seconds
    return Answer(202)


def read(photo: Photo, size: str, now: float, *, has_full_access: bool) -> Answer:
    if size in ON_DEMAND:
        if not has_full_access:
            raise forbidden()
        at = photo.made.get(size)
        if at is None or not at <= now < at + KEPT_SECONDS:
            raise not_found("rendition")
        edge = None if size == "fullsize" else int(size)
    elif size in ALWAYS:
        if not photo.is_complete or photo.ready_at > now:
            raise not_found("rendition")
        edge = ALWAYS[size]
    else:
        raise invalid(type="value not supported")
    return Answer(200, _made_smaller(photo.picture, edge), {"content-type": "image/jpeg"})


def draw(label: str, width: int = 96, height: int = 64) -> bytes:
    """A JPEG that is another one for another label."""
    import pyvips

    noise = pyvips.Image.gaussnoise(width, height, mean=128, sigma=40, seed=sum(map(ord, label)) * 7919 + len(label))
    data: bytes = noise.cast("uchar").write_to_buffer(".jpg", Q=80)
    return data


def _made_smaller(picture: bytes, edge: int | None) -> bytes:
    import pyvips

    image = pyvips.Image.new_from_buffer(picture, "")
    if edge is None or max(image.width, image.height) <= edge:
        return picture
    data: bytes = pyvips.Image.thumbnail_buffer(picture, edge, height=edge, size="down").write_to_buffer(".jpg", Q=85)
    return data
