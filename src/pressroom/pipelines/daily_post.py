"""A themed picture and its post for every national day: drawn in the morning, posted when the picture is stored."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from pressroom.assets import Assets
from pressroom.drafts import Draft, DraftMedia
from pressroom.errors import BadInput, NotFound, Skip
from pressroom.findings import Finding
from pressroom.generators.base import ImageRequest, TextRequest
from pressroom.jobs import Job
from pressroom.makers import ImageMaker, TextMaker
from pressroom.moderating import moderate
from pressroom.pipeline import On, Outcome, Pipeline, Schedule, Start
from pressroom.ports import Clock
from pressroom.publishing import Publishing
from pressroom.sources.calendar import Calendar, Theme, read_calendar
from pressroom.steps import PublishingSettings, channels, fitting_step, publish_everywhere


class Day(BaseModel):
    model_config = ConfigDict(extra="forbid")

    date: datetime.date | None = Field(None, description="The day whose theme is drawn; today by default.")
    theme: str = Field("", description="One theme of that day, by its name or its number from 0; all by default.")
    again: bool = Field(False, description="Make it again although that day's theme has been made.")


class Settings(PublishingSettings):
    calendar: str = "config/national-days.json"
    """The calendar file's key in the asset store."""
    image: str = Field("offline_image", min_length=1)
    """The generator that draws: a module's name or a `[generators.NAME]` section."""
    text: str = ""
    """The generator that writes the caption; empty for `caption` below as it stands."""
    prompt: str = ""
    """The prompt for the picture, with {theme} and {name}; empty for the calendar's own."""
    caption: str = "{name}!"
    """The caption where no generator writes it, with {theme} and {name}."""
    style: str = "spooky"
    """The mood of picture and words; offline: spooky, cozy, cheerful, minimal or retro."""
    lettering: bool = True
    """Whether the day's name is set into pictures that are drawn offline."""
    width: int = Field(1600, ge=256, le=3840)
    """Of the picture, in pixels."""
    height: int = Field(900, ge=256, le=3840)
    """Of the picture, in pixels."""

    @field_validator("prompt", "caption")
    @classmethod
    def _can_be_filled_in(cls, value: str) -> str:
        try:
            value.format(theme="", name="")
        except (LookupError, ValueError, AttributeError) as error:
            raise ValueError(f"cannot be filled in ({error}); its placeholders are {{theme}} and {{name}}") from error
        return value


class Drawn(BaseModel):
    key: str
    revision: int
    media_type: str
    width: int
    height: int
    alt_text: str


class Chosen(BaseModel):
    """The theme of this job's day."""

    day: datetime.date
    theme: Theme
    prompt: str


def one_job_per_theme(day: Day, settings: Settings, clock: Clock, assets: Assets) -> Sequence[Start]:
    """One job for each theme of the day, so that each is made and posted once, wherever it stands among the others."""
    date = day.date or clock.now().astimezone(ZoneInfo(_zone(settings))).date()
    themes = _calendar(settings, assets).themes_on(date)
    again = f":{clock.now().isoformat()}" if day.again else ""
    starts = [
        Start({"date": date.isoformat(), "theme": theme.theme}, f"daily_post:{date}:{_slug(theme.theme)}{again}")
        for theme in (_called(day.theme, themes) if day.theme else themes)
    ]
    if themes and not starts:
        raise BadInput(
            f"{date} has no theme called {day.theme!r}.",
            todo="Its themes: " + ", ".join(f"{theme.index} = {theme.theme}" for theme in themes) + ".",
        )
    return starts or [Start({"date": date.isoformat()}, f"daily_post:{date}{again}")]


def choose_theme(day: Day, settings: Settings, assets: Assets, publishing: Publishing) -> Outcome[Chosen]:
    """Look up the theme of the job's day; a day without one is skipped."""
    assert day.date is not None, "a job is for one day"
    channels(settings, publishing)  # a picture that can be posted nowhere is not paid for
    calendar = _calendar(settings, assets)
    themes = calendar.themes_on(day.date)
    if not themes:
        raise Skip(
            f"{day.date:%-d %B} has no theme in the calendar.",
            where=settings.calendar,
            todo="Add one there if that day should have a post.",
        )
    theme = next((theme for theme in themes if not day.theme or _slug(theme.theme) == _slug(day.theme)), None)
    if theme is None:
        # Another theme of the day in its place would be posted twice: it has a job of its own.
        raise Skip(
            f"The theme {day.theme!r} of {day.date:%-d %B} is no longer in the calendar.",
            where=settings.calendar,
            todo="Put it back there if it should have a post.",
        )
    template = calendar.model_copy(update={"prompt": settings.prompt}) if settings.prompt else calendar
    prompt = template.prompt_for(theme) or f"A {settings.style} illustration for {theme.name}."
    chosen = Chosen(day=day.date, theme=theme, prompt=prompt)
    return Outcome(output=chosen, result={"theme": theme.theme, "day": day.date.isoformat(), "name": theme.name})


def draw_picture(job: Job, chosen: Chosen, settings: Settings, image: ImageMaker, assets: Assets) -> Outcome[Drawn]:
    """Draw the day's theme and store the picture under `images/`."""
    picture = image.draw(
        ImageRequest(
            prompt=chosen.prompt,
            theme=chosen.theme.theme,
            style=settings.style,
            title=chosen.theme.name if settings.lettering else "",
            width=settings.width,
            height=settings.height,
            seed=f"{chosen.day}:{chosen.theme.index}:{job.key}",
        )
    )
    extension = {"image/png": ".png", "image/webp": ".webp"}.get(picture.media_type, ".jpg")
    alt_text = picture.alt_text or f"An illustration for {chosen.theme.name}."
    asset = assets.store(
        _picture_key(chosen, extension),
        picture.data,
        job=job,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        about={"title": chosen.theme.name, "alt_text": alt_text},
    )
    drawn = Drawn(
        key=asset.key,
        revision=asset.revision,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        alt_text=alt_text,
    )
    return Outcome(output=drawn, assets=(asset,), phase="uploaded", result={"image": asset.key})


def write_caption(chosen: Chosen, drawn: Drawn, settings: Settings, text: TextMaker | None) -> Outcome[Draft]:
    """Write the words for the stored picture."""
    caption = settings.caption.format(theme=chosen.theme.theme, name=chosen.theme.name)
    if text is not None:
        caption = text.write(
            TextRequest(
                purpose="caption",
                prompt=(
                    f"Write one {settings.style} social media post of at most 260 characters for {chosen.theme.name}. "
                    "It accompanies a picture. Answer with the post alone, without quotation marks."
                ),
                theme=chosen.theme.name,
                style=settings.style,
                max_characters=260,
                seed=f"{chosen.day}:{chosen.theme.index}",
            )
        )
    draft = Draft(
        text=caption,
        media=[DraftMedia(**drawn.model_dump())],
        title=chosen.theme.name,
        about={"day": chosen.day.isoformat(), "theme": chosen.theme.theme},
    )
    return Outcome(output=draft, result={"caption": caption})


def check(settings: Settings, assets: Assets) -> list[Finding]:
    """Look whether the calendar is there and readable; every job reads it first."""
    try:
        calendar = _calendar(settings, assets)
    except BadInput as error:
        return [Finding(ok=False, what=error.what, todo=error.todo)]
    return [Finding(ok=True, what=f"{settings.calendar} has themes on {len(calendar.days)} days.")]


def _picture_key(chosen: Chosen, extension: str) -> str:
    words = re.findall(r"[^\W_]+", chosen.theme.theme.replace("'", "").replace("’", ""))
    theme = "".join(word[:1].upper() + word[1:] for word in words)[:80]
    month = f"{chosen.day:%B}".lower()
    named = f"_{theme}" if theme else ""
    return f"images/{month}_{chosen.day.day}_{chosen.theme.index}{named}{extension}"


def _called(wanted: str, themes: Sequence[Theme]) -> Sequence[Theme]:
    """Return the themes of that name, or else the one of that number as the calendar is now."""
    slug = _slug(wanted)
    named = [theme for theme in themes if slug in (_slug(theme.theme), _slug(theme.name))]
    return named or [theme for theme in themes if wanted == str(theme.index)]


def _slug(theme: str) -> str:
    return "-".join(theme.casefold().split())


def _calendar(settings: Settings, assets: Assets) -> Calendar:
    try:
        return read_calendar(assets.read(settings.calendar), settings.calendar)
    except NotFound as error:
        raise BadInput(
            f"There is no calendar {settings.calendar} in the asset store.",
            where="[pipelines.daily_post] calendar",
            todo=f"Put the file at assets/{settings.calendar} in the workspace, or name another.",
        ) from error


def _zone(settings: Settings) -> str:
    return settings.zone or SCHEDULE.zone


SCHEDULE = Schedule("0 8 * * 1-5", zone="America/New_York")

pipeline = Pipeline(
    "daily_post",
    trigger=SCHEDULE,
    input=Day,
    settings=Settings,
    starts=one_job_per_theme,
    steps=[
        choose_theme,
        draw_picture,
        On("AssetStored", subject="images/"),
        write_caption,
        moderate,
        fitting_step(),
        publish_everywhere(),
    ],
)
