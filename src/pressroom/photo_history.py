"""Whether a photo that was edited has been posted before: then its new revision is kept and not posted again."""

from __future__ import annotations

from pressroom.jobs import Job, JobStatus
from pressroom.ports import JobStore, Ledger, Publications
from pressroom.publications import PublicationState


def why_not_again(photo: str, job: Job, ledger: Ledger, jobs: JobStore, publications: Publications) -> str:
    """Return why the photo's new version is not posted; empty if this job is the one that posts it.

    The first job that gets here posts, and notes so. A job that came to nothing, such as one for a half-written file,
    leaves its place to the next version.
    """
    for turn in range(1, 1000):
        key = f"posts:{photo}:{turn}"
        if ledger.claim(key, {"job_id": job.id}):
            return ""
        entry = ledger.get(key)
        assert entry is not None, "a claimed key is known"
        other = entry.note["job_id"]
        if other == job.id:
            return ""
        if not _came_to_nothing(other, jobs, publications):
            return f"An earlier version of this photo is posted by the job {other}; set republish_edits to post edits."
    return "Too many versions of this photo have failed."


def _came_to_nothing(job_id: str, jobs: JobStore, publications: Publications) -> bool:
    other = jobs.get(job_id)
    if other is None or not other.status.has_ended or other.status is JobStatus.COMPLETED:
        return False
    return all(found.state is PublicationState.REJECTED for found in publications.of_job(job_id))
