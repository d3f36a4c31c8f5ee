"""A story for every evening: chosen, written and announced, then read aloud and illustrated at the same time."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pressroom.assets import Assets
from pressroom.findings import Finding
from pressroom.generators.base import ImageRequest, TextRequest
from pressroom.jobs import Job
from pressroom.links import Links
from pressroom.makers import ImageMaker, SpeechMaker, TextMaker
from pressroom.media import EXTENSIONS
from pressroom.pipeline import Outcome, Parallel, Pipeline, Schedule, Start
from pressroom.ports import Clock, Tables
from pressroom.publishing import Publishing
from pressroom.readers import Reader
from pressroom.speech import SpeechRequest
from pressroom.stories import Character, Form, Scene, StoryFacts
from pressroom.story_choice import Wanted, is_recent
from pressroom.story_choice import choose as choose_story
from pressroom.story_mail import READERS, MailSettings, telling
from pressroom.story_mail_checks import mail_findings
from pressroom.story_prompts import picture_alt_text, picture_prompt, picture_theme, story_prompt
from pressroom.story_tables import NAME, TOLD, named, rows, samples_said
from pressroom.story_text import NamedKind, NoStory, Story, StoryText, read_story

SOUND_EXTENSIONS = {"audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/wav": ".wav"}
LONGEST_CHARACTERS = 8_000


def _names(given: Any) -> Any:
    """Read "Tilly, Otis" as two names."""
    texts = [given] if isinstance(given, str) else given
    return [name.strip() for text in texts for name in str(text).split(",")] if isinstance(texts, list) else texts


Names = Annotated[list[str], BeforeValidator(_names)]


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    date: datetime.date | None = Field(None, description="The evening it is for; today by default.")
    form: Form | None = Field(None, description="prose or verse; as the settings say by default.")
    characters: Names = Field([], description="Who must be in it, by name; may stand several times.")
    scenes: Names = Field([], description="Where it must happen, by name, in that order.")
    again: bool = Field(False, description="Tell another one although that evening has its story.")


class Settings(MailSettings):
    text: str = Field("offline_text", min_length=1)
    """The generator that writes."""
    speech: str = "espeak"
    """The generator that reads aloud; empty for a story without sound."""
    image: str = "offline_image"
    """The generator that illustrates; empty for a story without a picture."""
    form: Literal["prose", "verse", "alternate"] = "prose"
    """alternate: prose and verse by turns."""
    language: str = "en"
    """A BCP 47 tag; what is written offline is English."""
    characters: int = Field(2, ge=1, le=3)
    """How many are in a story."""
    scenes: int = Field(2, ge=1, le=2)
    """At how many places it happens."""
    pace: float = Field(0.9, ge=0.5, le=2)
    """How fast it is read aloud; 1 is the voice's own."""
    parts_wait_minutes: float = Field(10, gt=0, le=1440)
    """How long the letters wait for the picture and the sound; what is late still appears on the story's page."""
    width: int = Field(1600, ge=256, le=3840)
    """Of the picture, in pixels."""
    height: int = Field(1200, ge=256, le=3840)
    """Of the picture, in pixels."""


class Chosen(BaseModel):
    """What the story is made of."""

    facts: StoryFacts


class Told(BaseModel):
    """The stored story, by its key."""

    key: str
    revision: int
    title: str


class Narrated(BaseModel):
    key: str
    media_type: str
    seconds: float
    marks: str = ""
    """The key of a JSON list: when each piece of the spoken text begins, and its first and last character."""


class Illustrated(BaseModel):
    key: str
    media_type: str
    width: int
    height: int
    alt_text: str


def one_story_an_evening(wish: Wish, settings: Settings, clock: Clock, tables: Tables) -> Sequence[Start]:
    """One job for each evening, whoever asks and however often, unless another story is asked for."""
    day = wish.date or clock.now().astimezone(ZoneInfo(settings.zone or SCHEDULE.zone)).date()
    named(wish.characters, rows(tables, "characters", Character), "character")
    named(wish.scenes, rows(tables, "scenes", Scene), "scene")
    again = f":{clock.now().isoformat()}" if wish.again else ""
    values = wish.model_dump(mode="json", exclude_defaults=True) | {"date": day.isoformat()}
    return [Start(values, f"{NAME}:{day}{again}")]


def choose(job: Job, wish: Wish, settings: Settings, tables: Tables, clock: Clock) -> Outcome[Chosen]:
    """Choose characters, scenes and plot that were not together lately, and note durably that they are now."""
    assert wish.date is not None, "a job is for one evening"
    characters, scenes = rows(tables, "characters", Character), rows(tables, "scenes", Scene)
    wanted = Wanted(
        day=wish.date,
        form=wish.form or settings.form,
        characters=tuple(row.key for row in named(wish.characters, characters, "character")),
        scenes=tuple(row.key for row in named(wish.scenes, scenes, "scene")),
        how_many=(settings.characters, settings.scenes),
    )
    row = _noted(job, wanted, tables, characters, scenes, clock)
    facts = StoryFacts(
        form=row["form"],
        language=settings.language,
        plot=row["plot"],
        characters=tuple(characters[key] for key in row["characters"]),
        scenes=tuple(scenes[key] for key in row["scenes"]),
        number=row["number"],
        number_of_plot=row["number_of_plot"],
    )
    notices = [
        said for said in (*(samples_said(tables, name) for name in ("characters", "scenes")), row["notice"]) if said
    ]
    result = {"day": wish.date.isoformat()} | ({"notices": notices} if notices else {})
    return Outcome(output=Chosen(facts=facts), result=result)


def _noted(
    job: Job,
    wanted: Wanted,
    tables: Tables,
    characters: Mapping[str, Character],
    scenes: Mapping[str, Scene],
    clock: Clock,
) -> dict[str, Any]:
    """Note what is chosen, under a number of its own; a step that runs again finds what it noted before."""
    while True:
        told = tables.all(TOLD)
        for row in told.values():
            if row["job"] == job.id and characters.keys() >= {*row["characters"]} and scenes.keys() >= {*row["scenes"]}:
                return row
        row = choose_story(wanted, list(characters), list(scenes), told.values(), job.id) | {"job": job.id}
        if tables.add(TOLD, f"{row['number']:08}", row):
            today = min(wanted.day, clock.now().date())  # a story for next month makes nothing forgotten
            tables.remove(TOLD, [key for key, old in told.items() if not is_recent(old, today)])
            return row


def write_story(job: Job, chosen: Chosen, text: TextMaker, assets: Assets) -> Outcome[Told]:
    """Have the story written; it is stored and announced in one commit, so that neither is ever without the other."""
    facts = chosen.facts
    names = " and ".join(character.name for character in facts.characters)
    request = TextRequest(
        purpose="story",
        prompt=story_prompt(facts),
        theme=f"{names} at {facts.scenes[-1].name}",
        style=facts.form,
        max_characters=LONGEST_CHARACTERS,
        seed=job.id,
        facts=facts.model_dump(mode="json"),
    )
    written = _written(text, request, facts.form)
    story = Story(
        **written.model_dump(),
        form=facts.form,
        language=facts.language,
        characters=tuple(NamedKind(name=each.name, kind=each.kind) for each in facts.characters),
        scenes=tuple(NamedKind(name=each.name) for each in facts.scenes),
    )
    asset = assets.store(
        f"stories/{job.id}.json", story.model_dump_json(indent=1).encode(), job=job, media_type="application/json"
    )
    created = {"key": asset.key, "revision": asset.revision, "form": story.form, "language": story.language}
    told = Told(key=asset.key, revision=asset.revision, title=story.title)
    return Outcome(
        output=told,
        assets=(asset,),
        events=(("StoryCreated", asset.key, created),),
        phase="told",
        # Not its title, which would stay in the log of events when the story has gone.
        result={"story": asset.key},
    )


def _written(text: TextMaker, request: TextRequest, form: Form) -> StoryText:
    """Return the story; a writer that answers with something else is asked once more."""
    reading = partial(read_story, form=form)
    try:
        return text.compose(request, reading)
    except NoStory:
        return text.compose(request, reading)


def narrate(job: Job, told: Told, settings: Settings, speech: SpeechMaker | None, assets: Assets) -> Outcome[Narrated]:
    """Have the story read aloud, and keep when which piece of it is heard."""
    if speech is None:
        return Outcome()
    story = Story.model_validate_json(assets.read(told.key, told.revision))
    sound = speech.speak(SpeechRequest(text=story.spoken, language=story.language, pace=settings.pace))
    extension = SOUND_EXTENSIONS.get(sound.media_type, "")
    marks = [{"at": round(mark.at_seconds, 3), "start": mark.start, "end": mark.end} for mark in sound.marks]
    kept = assets.store(
        f"stories/{job.id}.marks.json", json.dumps(marks).encode(), job=job, media_type="application/json"
    )
    asset = assets.store(
        f"stories/{job.id}{extension}",
        sound.data,
        job=job,
        media_type=sound.media_type,
        about={"seconds": round(sound.seconds, 2)},
    )
    narrated = Narrated(key=asset.key, media_type=asset.media_type, seconds=sound.seconds, marks=kept.key)
    result = {"sound": asset.key, "marks": kept.key, "seconds": round(sound.seconds, 2)}
    return Outcome(output=narrated, assets=(asset, kept), result=result)


def illustrate(
    job: Job, told: Told, chosen: Chosen, settings: Settings, image: ImageMaker | None, assets: Assets
) -> Outcome[Illustrated]:
    """Have the story illustrated: who is in it, at the place where it ends."""
    if image is None:
        return Outcome()
    characters, scene = chosen.facts.characters, chosen.facts.scenes[-1]
    picture = image.draw(
        ImageRequest(
            prompt=picture_prompt(characters, scene),
            theme=picture_theme(characters, scene),
            style="bedtime",
            width=settings.width,
            height=settings.height,
            seed=job.id,
        )
    )
    asset = assets.store(
        f"stories/{job.id}{EXTENSIONS.get(picture.media_type, '')}",
        picture.data,
        job=job,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        about={"alt_text": picture.alt_text or picture_alt_text(characters, scene)},
    )
    illustrated = Illustrated(
        key=asset.key,
        media_type=asset.media_type,
        width=picture.width,
        height=picture.height,
        alt_text=asset.about["alt_text"],
    )
    return Outcome(output=illustrated, assets=(asset,), result={"picture": asset.key})


def wait_for_parts(settings: Settings) -> datetime.timedelta:
    return datetime.timedelta(minutes=settings.parts_wait_minutes)


def check(settings: Settings, publishing: Publishing, tables: Tables, links: Links, clock: Clock) -> list[Finding]:
    """Look whether readers will be told of the stories."""
    return list(mail_findings(pipeline, settings, publishing, tables, links, clock.now()))


SCHEDULE = Schedule("15 19 * * *")

tables = {"characters": Character, "scenes": Scene, READERS: Reader}
"""What people fill with `pressroom populate bedtime_story`."""

pipeline = Pipeline(
    NAME,
    trigger=SCHEDULE,
    input=Wish,
    settings=Settings,
    starts=one_story_an_evening,
    keep=datetime.timedelta(days=2),
    steps=[
        choose,
        write_story,
        Parallel(narrate, illustrate, deadline=wait_for_parts, optional=True),
        *telling(),
    ],
)
