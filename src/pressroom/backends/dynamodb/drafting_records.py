"""What a change does to publications, assets, claims and schedules."""

from __future__ import annotations

from pressroom.backends.dynamodb import keys, records
from pressroom.backends.dynamodb.conditions import absent, all_of, any_of, is_
from pressroom.backends.dynamodb.draft import Draft
from pressroom.backends.dynamodb.table_shapes import STATE
from pressroom.backends.dynamodb.transaction import conflict, refuse
from pressroom.backends.dynamodb.values import Record, maybe_us, text, us
from pressroom.changes import Claim, ScheduleMove
from pressroom.errors import Conflict
from pressroom.media import Asset
from pressroom.publications import Publication

_GONE_AFTER_SECONDS = 30 * 86_400
"""After the end of a claim: housekeeping forgets it long before DynamoDB may."""


def draft_publications(draft: Draft) -> None:
    """Draft the last version of each; several of one in a change must follow each other."""
    first: dict[str, int] = {}
    last: dict[str, Publication] = {}
    for publication in draft.change.publications:
        before = last.get(publication.id)
        if before and (before.key, before.version) != (publication.key, publication.version - 1):
            raise Conflict(
                f"The publication {publication.id} changes twice from another version.", where=publication.id
            )
        first.setdefault(publication.id, publication.version - 1)
        last[publication.id] = publication
    for publication in last.values():
        _draft_publication(draft, publication, first[publication.id])


def draft_assets(draft: Draft) -> None:
    removed = {(asset.key, asset.revision) for asset in draft.change.removed_assets}
    stored: dict[tuple[str, int], Asset] = {}
    for asset in draft.change.assets:
        known = stored.setdefault((asset.key, asset.revision), asset)
        if known.sha256 != asset.sha256:
            raise _other_bytes(asset)
    for key, asset in stored.items():
        if key not in removed:
            same = any_of(absent("sha256"), is_("sha256", asset.sha256))
            record = draft.fit(keys.asset(*key)[0], records.asset_record(asset))
            draft.transaction.put(STATE, keys.asset(*key), record, same, refuse(_other_bytes(asset)))
    for key in removed:
        draft.transaction.remove(STATE, keys.asset(*key), None, conflict(f"{key[0]} is removed twice.", key[0]))


def draft_claims(draft: Draft) -> None:
    for claim in draft.change.claims:
        key = keys.claim(claim.key)
        record = draft.fit(key[0], claim_record(claim, draft.now_us))
        taken = conflict(f"{claim.key} was claimed before.", claim.key)
        draft.transaction.put(STATE, key, record, absent("at"), taken)


def claim_record(claim: Claim, now: int) -> Record:
    ends_at = claim.expires_at
    return {
        "key": claim.key,
        "note": text(claim.note),
        "at": now,
        "ends_as": "claim" if ends_at else None,
        "ends_at": maybe_us(ends_at),
        "gone_after": us(ends_at) // 1_000_000 + _GONE_AFTER_SECONDS if ends_at else None,
    }


def draft_schedule(draft: Draft) -> None:
    move: ScheduleMove | None = draft.change.schedule
    if move is None:
        return
    key = keys.schedule(move.name)
    as_expected = is_("next_at", us(move.before)) if move.before else absent("next_at")
    moved = conflict(f"The schedule {move.name} was moved meanwhile.", move.name)
    if move.after is not None:
        draft.transaction.put(STATE, key, {"next_at": us(move.after)}, as_expected, moved)
    else:
        draft.transaction.remove(STATE, key, as_expected, moved)


def _draft_publication(draft: Draft, publication: Publication, before: int) -> None:
    key = keys.publication(publication.job_id, publication.id)
    changed = conflict(f"The publication {publication.id} has changed meanwhile.", publication.id)
    record = draft.fit(key[0], records.publication_record(publication))
    if before > 0:
        same = all_of(is_("version", before), is_("publication_key", publication.key))
        draft.transaction.put(STATE, key, record, same, changed)
        return
    if before < 0:
        raise Conflict(f"The publication {publication.id} has no version.", where=publication.id)
    draft.transaction.put(STATE, key, record, absent("version"), changed)
    place = {"job_id": publication.job_id, "id": publication.id}
    by_key = conflict(f"Another publication already has the key {publication.key}.", publication.key)
    draft.transaction.put(STATE, keys.publication_by_id(publication.id), place, absent("id"), changed)
    draft.transaction.put(STATE, keys.publication_by_key(publication.key), place, absent("id"), by_key)


def _other_bytes(asset: Asset) -> Conflict:
    return Conflict(f"Revision {asset.revision} of {asset.key} is there with other bytes.", where=asset.key)
