"""A real server with one bedtime story, whose parts come when a test says so."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from pressroom.changes import Change
from pressroom.entrypoints.api.app import create_app
from pressroom.entrypoints.pages.story import link_of
from pressroom.following import job_event
from pressroom.jobs import Job
from pressroom.links import query_of
from pressroom.media import Asset
from pressroom.runtime import Runtime
from pressroom.runtimes.embedded import open_embedded
from pressroom.sentences import sentences
from pressroom.sound_finishing import finished
from pressroom.speech import SpeechRequest
from pressroom.stories import Form
from pressroom.story_text import NamedKind, Story
from pressroom.testing import ScriptedSpeech

PROSE = (
    "On the last warm evening of September, when the swallows had already begun to talk about leaving, Tilda the "
    "hedgehog could not find her lantern. “It was here,” she said, “and now it is not.” The orchard was very quiet.",
    "She looked under the bench. She looked behind the old wheelbarrow — twice, because things like to hide there.",
    "“Perhaps,” said Otis, who was an owl and never in a hurry, “it has gone to light somebody home.”",
    "And so it was: far down by the gate a small light went to and fro, and beside it a mole was counting the steps.",
)
VERSE = (
    "The moon came up behind the hill,\nthe mill was dark, the wheel was still,\n"
    "and down the lane, so soft and slow,\nthere walked a light, and it was low.",
    "“Who goes,” the owl said, “there so late?”\n“A mole,” it said, “beside the gate,\n"
    "who lost the way and found a star,\nand does not know just where they are.”",
)


class StorySite:
    def __init__(self, url: str, runtime: Runtime, form: Form) -> None:
        self.url, self.runtime = url, runtime
        [self.job] = runtime.runner.request("bedtime_story", {"again": True})
        paragraphs = PROSE if form == "prose" else VERSE
        self.story = Story(
            title="The lantern that went for a walk",
            paragraphs=paragraphs * 3,
            form=form,
            language="en",
            characters=(NamedKind(name="Tilda", kind="a hedgehog"), NamedKind(name="Otis", kind="an owl")),
            scenes=(NamedKind(name="the old orchard"),),
        )
        self._keep("json", self.story.model_dump_json().encode(), "application/json")

    @property
    def page(self) -> str:
        return self.url + link_of(self.runtime, self.job.id)

    def paint(self, data: bytes, width: int, height: int) -> Asset:
        about = {"alt_text": "A hedgehog with a lantern under an apple tree"}
        return self._keep("jpg", data, "image/jpeg", width=width, height=height, about=about)

    def speak(self) -> None:
        """Hum the story, with the marks of its sentences first, as the pipeline stores them."""
        voice, request = ScriptedSpeech(), SpeechRequest(text=self.story.spoken)
        sound = finished([(voice.sound(voice.ask(request), request), 0)])
        marks = [{"at": round(mark.at_seconds, 3), "start": mark.start, "end": mark.end} for mark in sound.marks]
        assert len(marks) == len(sentences(self.story.spoken))
        self._keep("marks.json", json.dumps(marks).encode(), "application/json")
        self._keep("mp3", sound.data, "audio/mpeg")

    def end(self) -> None:
        self.runtime.runner.cancel(self.job.id)

    def expire(self) -> str:
        """Return a genuine link to the story whose time is over."""
        asset = self.runtime.ports.assets.get(f"stories/{self.job.id}.json")
        assert asset is not None
        query = query_of(self.runtime.ports.blobs, asset.key, asset.revision, self.job.created_at)
        return f"{self.url}/stories/{self.job.id}?{query}"

    def _keep(self, ending: str, data: bytes, media_type: str, **more: object) -> Asset:
        job = self.runtime.ports.jobs.get(self.job.id)
        assert isinstance(job, Job)
        key = f"stories/{job.id}.{ending}"
        asset = self.runtime.assets.store(key, data, job=job, media_type=media_type, **more)  # type: ignore[arg-type]
        told = job_event("AssetStored", job, self.runtime.ports.clock.now(), subject=key, data=asset.as_dict())
        self.runtime.bus.commit(Change(assets=(asset,), events=(told,)))
        return asset


@contextmanager
def story_site(workspace: Path, form: Form = "prose") -> Iterator[StorySite]:
    with open_embedded(workspace, {}) as runtime, socket.create_server(("127.0.0.1", 0)) as bound:
        server = uvicorn.Server(uvicorn.Config(create_app(runtime), log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        try:
            yield StorySite(f"http://127.0.0.1:{bound.getsockname()[1]}", runtime, form)
        finally:
            server.should_exit = True
            thread.join()
