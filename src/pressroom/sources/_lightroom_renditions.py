"""Gets the picture of an asset: the sizes that are always there, and those that Lightroom makes on demand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pressroom.errors import BadInput, NotFound, Unavailable
from pressroom.http_answers import Answer, Deadline
from pressroom.media import media_type_of
from pressroom.sources._lightroom_api import LightroomApi

# AdobeDocs, Read and Generate Renditions, 2026-11-20
ALWAYS_THERE = ("640", "1280", "2048")
ON_DEMAND = ("2560", "fullsize")
LONGEST_MAKING = timedelta(minutes=10)
LOOKED_AFTER_SECONDS = (1.0, 2.0, 4.0, 8.0)
"""For most photos this is enough, and a worker can be spared for so long; after it the queue does the waiting."""
FIRST_WAIT = timedelta(seconds=30)
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """One rendition of one version of an asset."""

    catalog: str
    asset: str
    version: str
    name: str
    """Of the photo, for people."""
    size: str

    @property
    def asset_path(self) -> str:
        return f"/v2/catalogs/{self.catalog}/assets/{self.asset}"

    @property
    def path(self) -> str:
        return f"{self.asset_path}/renditions/{self.size}"


class Renditions:
    """Remembers what was asked for, so that a later attempt goes on waiting; may be shared by threads."""

    def __init__(
        self,
        api: LightroomApi,
        largest_bytes: int,
        within: timedelta,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`within` is the time for one download."""
        self._api = api
        self._largest_bytes = largest_bytes
        self._within = within
        self._sleep = sleep
        self._asked: dict[Wanted, datetime] = {}
        self._lock = threading.Lock()

    def get(self, wanted: Wanted) -> bytes:
        """Return the JPEG.

        Raises `NotFound` if the photo is gone, `Unavailable` if the rendition is not ready yet, and `BadInput` if
        there can be none.
        """
        if wanted.size in ON_DEMAND:
            self._have_made(wanted)
        answer = self._ask("GET", wanted, "fetch", (200, 404), headers={"accept": "image/jpeg"})
        if answer.status == 404:
            self._look_for_the_photo(wanted)
            raise Unavailable(
                f"Lightroom has not made the picture of {wanted.name} yet.",
                where=self._api.where,
                todo="It is tried again later.",
            )
        return self._checked(wanted, answer)

    def _checked(self, wanted: Wanted, answer: Answer) -> bytes:
        received = len(answer.body)
        is_endless = not answer.is_whole and received >= self._largest_bytes
        if is_endless or max(received, _length(answer)) > self._largest_bytes:
            raise BadInput(
                f"The picture of {wanted.name} at Lightroom is larger than {self._largest_bytes:,} bytes.",
                where=self._api.where,
                todo="Raise largest_bytes of the source, or choose a smaller rendition.",
            )
        if not answer.is_whole:
            raise Unavailable(
                f"The download of {wanted.name} from Lightroom was cut off.",
                where=self._api.where,
                todo="It is tried again later.",
            )
        if media_type_of(answer.body) != "image/jpeg":
            raise Unavailable(
                f"What Lightroom sent as the picture of {wanted.name} is no JPEG.",
                where=self._api.where,
                todo="It is tried again later.",
            )
        return answer.body

    def _have_made(self, wanted: Wanted) -> None:
        """Return when the rendition is there; ask for it if it is not. AdobeDocs wants HEAD, POST, HEAD and so on."""
        if self._is_there(wanted):
            return
        asked_at = self._asked_at(wanted)
        if asked_at is None:
            self._order(wanted)
            asked_at = self._remember(wanted)
            for seconds in LOOKED_AFTER_SECONDS:
                self._sleep(seconds)
                if self._is_there(wanted):
                    return
        self._look_for_the_photo(wanted)
        raise self._not_ready(wanted, asked_at)

    def _is_there(self, wanted: Wanted) -> bool:
        answer = self._ask("HEAD", wanted, "look for", (200, 404))
        if answer.status == 200:
            with self._lock:
                self._asked.pop(wanted, None)
        return answer.status == 200

    def _order(self, wanted: Wanted) -> None:
        doing = f"make a picture ({wanted.size}) of {wanted.name}"
        path, header = f"{wanted.asset_path}/renditions", {"x-generate-renditions": wanted.size}
        answer = self._api.call("POST", path, doing, ok=(200, 201, 202, 403), headers=header)
        if answer.status == 403:
            raise self._no_access(wanted)

    def _not_ready(self, wanted: Wanted, asked_at: datetime) -> Unavailable:
        now = self._api.clock.now()
        if now - asked_at >= LONGEST_MAKING:
            with self._lock:
                self._asked.pop(wanted, None)
            return Unavailable(
                f"Lightroom has not made a picture ({wanted.size}) of {wanted.name} within ten minutes.",
                where=self._api.where,
                todo='It is asked for again; if it stays so, set rendition = "2048".',
            )
        # As long again as it has taken so far: exponential back-off, carried out by the queue.
        wait = min(max(now - asked_at, FIRST_WAIT), asked_at + LONGEST_MAKING - now)
        return Unavailable(
            f"Lightroom is still making the picture ({wanted.size}) of {wanted.name}.",
            where=self._api.where,
            todo="It is looked for again later.",
            retry_at=now + wait,
        )

    def _ask(self, method: str, wanted: Wanted, doing: str, ok: Sequence[int], **how: object) -> Answer:
        words = f"{doing} the picture ({wanted.size}) of {wanted.name}"
        on_demand = (403,) if wanted.size in ON_DEMAND else ()
        answer = self._api.call(
            method, wanted.path, words, ok=(*ok, *on_demand), deadline=Deadline(self._within), **how
        )
        if answer.status == 403:
            raise self._no_access(wanted)
        return answer

    def _no_access(self, wanted: Wanted) -> BadInput:
        """Return what a 403 means, whose body a HEAD does not have, if the app may read the asset all the same."""
        self._look_for_the_photo(wanted)
        return BadInput(
            f"Lightroom does not give the app pictures of the size {wanted.size}: not available with basic access.",
            where=self._api.where,
            todo='Ask Adobe for it, or set rendition = "2048".',
        )

    def _look_for_the_photo(self, wanted: Wanted) -> None:
        try:
            self._api.document(wanted.asset_path, f"look for {wanted.name}")
        except NotFound as error:
            raise NotFound(
                f"The photo {wanted.name} is no longer in Lightroom.", where=self._api.where, detail=error.detail
            ) from None

    def _asked_at(self, wanted: Wanted) -> datetime | None:
        with self._lock:
            return self._asked.get(wanted)

    def _remember(self, wanted: Wanted) -> datetime:
        now = self._api.clock.now()
        with self._lock:
            self._asked[wanted] = now
            while len(self._asked) > MOST_REMEMBERED:
                del self._asked[next(iter(self._asked))]
        return now


def _length(answer: Answer) -> int:
    said = answer.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0
