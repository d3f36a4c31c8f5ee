"""Whether a photo that was edited has been posted before: then its new revision is kept and not posted again."""

from __future__ import annotations

from datetime import datetime, timedelta

from pressroom.errors import Deferred
from pressroom.jobs import Job
from pressroom.ports import JobStore, Ledger, Publications
from pressroom.publications import Publication, PublicationState

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
_UNSENT = (PublicationState.REQUESTED, PublicationState.SCHEDULED, PublicationState.REJECTED)


class PhotoHistory:
    """One photo's versions, each with a job. They are dealt with one after the other."""

    def __init__(self, photo: str, ledger: Ledger, jobs: JobStore, publications: Publications) -> None:
        self._photo, self._ledger, self._jobs, self._publications = photo, ledger, jobs, publications

    def why_not_again(self, job: Job, now: datetime) -> str:
        """Return why the photo's new version is not posted; empty if this job is the one that posts it.

        The first job that gets here posts, and notes so. A job that came to nothing, such as one for a half-written
        file, leaves its place to the next version. Raises `Deferred` while it is not known whether it does.
        """
        for turn in range(1, 1000):
            key = f"posts:{self._photo}:{turn}"
            if self._ledger.claim(key, {"job_id": job.id}):
                return ""
            entry = self._ledger.get(key)
            assert entry is not None, "a claimed key is known"
            other = self._jobs.get(entry.note["job_id"])
            if other is None or other.id == job.id:
                return ""
            posted = self._publications.of_job(other.id)
            if any(one.state is PublicationState.PUBLISHED for one in posted):
                return f"An earlier version of this photo is posted by the job {other.id}."
            if not other.status.has_ended:
                wait = min(max(now - job.created_at, FIRST_WAIT), LONGEST_WAIT)
                raise Deferred(now + wait, f"An earlier version of this photo is still being dealt with by {other.id}.")
            if not all(map(_is_nowhere, posted)):
                return f"An earlier version of this photo may have been posted by the job {other.id}."
        return "Too many versions of this photo have failed."


def _is_nowhere(publication: Publication) -> bool:
    return publication.state in _UNSENT and publication.open_attempt is None
