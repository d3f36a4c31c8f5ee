"""A picture for a product: its page is read, its photo set into a scene, and name, price and offer set over it."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, Field, field_validator

from pressroom.arguments import Context
from pressroom.assets import Assets
from pressroom.drafts import Draft, DraftMedia
from pressroom.errors import BadInput, Unavailable
from pressroom.fetching import Fetching
from pressroom.generators.base import ImageRequest, ReferencePicture
from pressroom.jobs import Job
from pressroom.makers import ImageMaker
from pressroom.media import EXTENSIONS, media_type_of
from pressroom.moderating import moderate
from pressroom.pipeline import PICTURES_QUEUE, Choice, Outcome, Pipeline, Request, Start, Step
from pressroom.ports import Clock
from pressroom.product_pictures.finishing import finished
from pressroom.product_pictures.layout import calm_side
from pressroom.product_pictures.photos import check_photo, photo_on_scene
from pressroom.product_pictures.prompts import check_prompt, scene_prompt
from pressroom.product_pictures.wishes import Found, Wish
from pressroom.retry import Policy
from pressroom.saved_pages import NOWHERE, beside, read_saved
from pressroom.sources.web_page import read_product
from pressroom.steps import PublishingSettings, fitting_step, publish_everywhere
from pressroom.web_addresses import shown

PAGES = ("text/html", "application/xhtml+xml")
PHOTOS = ("image/*", "application/octet-stream", "binary/octet-stream")
"""Some stores of pictures do not say what they send; the bytes do."""
MOST_PAGE_BYTES = 20_000_000
MOST_PHOTO_BYTES = 30_000_000
MOST_PHOTOS = 5
"""That are tried until one is a picture; a page may list fifty."""
PHOTO_ATTEMPTS = 3
"""Then the picture is made without a photo: better than none."""
_LANGUAGE = re.compile(rb"""<html\b[^>]{0,400}?\blang\s*=\s*["']?([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3})""")

STYLE = "studio"


class Settings(PublishingSettings):
    channels: tuple[str, ...] = ()
    """Names of `[channels.NAME]` sections where the picture is posted; none: it is made and not posted."""
    image: str = Field("offline_image", min_length=1)
    """The generator that draws the scene: a module's name or a `[generators.NAME]` section."""
    prompt: str = ""
    """For the scene, with {name}, {brand} and {calm}, the side that words are set on; empty for our own."""
    width: int = Field(1080, ge=320, le=3840)
    """Of the picture, in pixels: 1080 x 1080, 1080 x 1350 or 1200 x 628 suit most networks."""
    height: int = Field(1080, ge=320, le=3840)
    """Of the picture, in pixels."""
    quality: int = Field(90, ge=40, le=100)
    """Of the JPEG."""
    keep_images_days: float = Field(7, gt=0)
    """How long the finished picture is kept; its job goes after a day, or `keep_days`."""

    @field_validator("prompt")
    @classmethod
    def _can_be_filled_in(cls, value: str) -> str:
        return check_prompt(value)


class Photo(BaseModel):
    """The product's own photo; an empty key: it has none that can be used."""

    key: str = ""
    revision: int = 0
    sha256: str = ""
    media_type: str = ""


class Scene(BaseModel):
    key: str
    revision: int
    alt_text: str


def one_picture(wish: Wish, fetching: Fetching) -> list[Start]:
    """Start one job, unless its page is at an address that is never fetched: that is told at once."""
    if wish.url and wish.file is None:
        fetching.refuse_hopeless(wish.url)
    return [Start(wish.model_dump(mode="json", exclude_defaults=True))]


def read_page(wish: Wish, fetching: Fetching) -> Outcome[Found]:
    """Read the product from its page; what the wish says itself goes before."""
    html, url, charset = _page(wish, fetching)
    found = _read(html, url, charset, wish) if url else Found(name=wish.name)
    found = found.with_wish(wish)
    product = found.model_dump(mode="json", exclude={"photos", "high", "language"}, exclude_defaults=True)
    return Outcome(output=found, phase="page_read", result={"name": found.name, "product": product})


def fetch_photo(job: Job, found: Found, fetching: Fetching, assets: Assets, context: Context) -> Outcome[Photo]:
    """Fetch the first of the product's photos that is a picture large enough; a product without one is no failure."""
    problems: list[str] = []
    passing: Unavailable | None = None
    for place in found.photos[:MOST_PHOTOS]:
        try:
            data = _photo(place, fetching)
            check_photo(data, _shown(place))
        except BadInput as error:
            problems.append(error.what)
            continue
        except Unavailable as error:
            passing = passing or error
            problems.append(error.what)
            continue
        sha256, media_type = hashlib.sha256(data).hexdigest(), media_type_of(data)
        key = f"product-photos/{job.id}{EXTENSIONS.get(media_type, '')}"
        asset = assets.store(key, data, job=job, media_type=media_type, sha256=sha256)
        photo = Photo(key=asset.key, revision=asset.revision, sha256=sha256, media_type=media_type)
        return Outcome(output=photo, assets=(asset,), phase="photo_fetched", result={"photo": _shown(place)})
    if passing is not None and context.attempt < PHOTO_ATTEMPTS:
        raise passing
    why = problems[0] if problems else "The page shows no photo of it."
    return Outcome(output=Photo(), phase="without_photo", result={"photo_problem": why})


def draw_scene(
    job: Job, found: Found, photo: Photo, settings: Settings, image: ImageMaker, assets: Assets
) -> Outcome[Scene]:
    """Have the scene drawn, the product in it, one side of it calm."""
    words = found.words()
    calm = calm_side(settings.width, settings.height, is_right_to_left=words.is_right_to_left)
    data = assets.read(photo.key, photo.revision) if photo.key else b""
    reference = ReferencePicture(sha256=photo.sha256, media_type=photo.media_type, data=data) if data else None
    is_taken = reference is not None and image.takes_references
    picture = image.draw(
        ImageRequest(
            prompt=scene_prompt(words, calm, settings.prompt, is_shown=is_taken),
            theme=words.name[:200],
            style=STYLE,
            width=settings.width,
            height=settings.height,
            seed=words.name,
            references=(reference,) if reference and is_taken else (),
            calm_side=calm,
        )
    )
    drawn, media_type, alt_text = picture.data, picture.media_type, picture.alt_text
    if data and not is_taken:
        # The model has never seen the product: it stands in front of what was drawn, as its photo shows it.
        drawn, media_type = photo_on_scene(drawn, data, settings.width, settings.height, calm, words.name), "image/jpeg"
    asset = assets.store(f"scenes/{job.id}{EXTENSIONS.get(media_type, '.jpg')}", drawn, job=job, media_type=media_type)
    scene = Scene(key=asset.key, revision=asset.revision, alt_text=alt_text or f"{words.name} in soft light.")
    return Outcome(output=scene, assets=(asset,), phase="scene_drawn")


def set_words(job: Job, found: Found, scene: Scene, settings: Settings, assets: Assets, clock: Clock) -> Outcome[Draft]:
    """Set name, price and offer over the scene, and store the finished picture under `product-images/`."""
    words = found.words()
    drawn = assets.read(scene.key, scene.revision)
    picture = finished(drawn, words, settings.width, settings.height, settings.quality)
    file_name = f"{_slug(words.name)}-{job.id[-10:]}.jpg"
    alt_text = f"{scene.alt_text} The words: {picture.text}."
    asset = assets.store(
        f"product-images/{file_name}",
        picture.data,
        job=job,
        media_type="image/jpeg",
        width=picture.width,
        height=picture.height,
        about={"title": words.name, "alt_text": alt_text, "product_url": found.url},
        expires_at=max(clock.now() + timedelta(days=settings.keep_images_days), job.expires_at or clock.now()),
    )
    draft = Draft(
        text=" – ".join(part for part in (words.name, words.price, words.offer) if part),
        media=[DraftMedia.of(asset, alt_text)],
        link=found.url,
        title=words.name,
        about={"product": words.name},
    )
    result = {
        "image_key": asset.key,
        "image_revision": asset.revision,
        "file_name": file_name,
        "overlay_text": picture.text,
        "alt_text": alt_text,
        "contrast": round(picture.contrast, 1),
    }
    return Outcome(output=draft, assets=(asset,), phase="done", result=result)


def publishes(settings: Settings) -> bool:
    return bool(settings.channels)


def demo_input() -> dict[str, str]:
    """Return what a demo shows: the saved page of a shop, and the photo beside it, that come with Pressroom."""
    return {"file": str(files("pressroom.samples") / "terra-mug.html")}


def _page(wish: Wish, fetching: Fetching) -> tuple[bytes, str, str]:
    """Return the page, its address and what the server says of its encoding; nothing for a wish without a page."""
    if wish.file is not None:
        return read_saved(wish.file, "The saved page"), wish.url or NOWHERE, ""
    if not wish.url:
        return b"", "", ""
    page = fetching.get(wish.url, accept=PAGES, max_bytes=MOST_PAGE_BYTES)
    return page.data, page.url, page.charset


def _read(html: bytes, url: str, charset: str, wish: Wish) -> Found:
    try:
        product = read_product(html, url, charset)
    except BadInput:
        if not wish.name.strip():
            raise
        return Found(name=wish.name, url=wish.url)  # whoever gives the name needs no product on the page
    language = _LANGUAGE.search(html[:20_000])
    return Found(
        name=product.name,
        brand=product.brand,
        price=product.price,
        high=product.price_high,
        original_price=product.original_price,
        currency=product.currency,
        offer=product.offer,
        language=language[1].decode().replace("_", "-") if language else "",
        url=wish.url and url,
        photos=tuple(_places(product.image_urls, url, wish)),
    )


def _places(urls: tuple[str, ...], base: str, wish: Wish) -> list[str]:
    """Return where the photos are: beside a saved page, or else on the web."""
    if wish.file is None:
        return list(urls)
    found = [(beside(wish.file, url, base), url) for url in urls]
    return [str(file) if file else url for file, url in found if file or not url.startswith(NOWHERE)]


def _photo(place: str, fetching: Fetching) -> bytes:
    if place.startswith(("https://", "http://")):
        return fetching.get(place, accept=PHOTOS, max_bytes=MOST_PHOTO_BYTES).data
    return read_saved(Path(place), "The photo")


def _shown(place: str) -> str:
    return shown(place) if place.startswith(("https://", "http://")) else Path(place).name


def _slug(name: str) -> str:
    words = re.findall(r"[^\W_]+", name.casefold())
    return "-".join(words)[:60].strip("-") or "product"


pipeline = Pipeline(
    "product_image",
    trigger=Request(),
    input=Wish,
    settings=Settings,
    keep=timedelta(hours=24),
    starts=one_picture,
    steps=[
        Step(read_page, retry=Policy(attempts=4)),
        Step(fetch_photo, retry=Policy(attempts=PHOTO_ATTEMPTS + 1)),
        Step(draw_scene, queue=PICTURES_QUEUE),
        Step(set_words, queue=PICTURES_QUEUE),
        Choice(publishes, then=[moderate, fitting_step(), publish_everywhere()]),
    ],
)
