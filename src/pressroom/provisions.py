"""What a step may ask for by type beside its job and earlier outputs: ports and mechanisms, never a whole runtime."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.arguments import Context, Provide
from pressroom.assets import Assets
from pressroom.fetching import Fetching
from pressroom.generation import Asking
from pressroom.links import Links
from pressroom.makers import KINDS, maker
from pressroom.ports import AssetIndex, BlobStore, Clock, JobStore, Ledger, Ports, Publications, Tables
from pressroom.publishing import Publishing
from pressroom.source_desk import SourceDesk


def provisions(
    asking: Asking, publishing: Publishing, sources: SourceDesk, fetching: Fetching, links: Links, ports: Ports
) -> Provide:
    """Return the function that gives steps what they ask for."""
    fixed: Mapping[Any, Any] = {
        Assets: asking.assets,
        AssetIndex: ports.assets,
        BlobStore: ports.blobs,
        Clock: ports.clock,
        Fetching: fetching,
        JobStore: ports.jobs,
        Ledger: ports.ledger,
        Links: links,
        Publications: ports.publications,
        Publishing: publishing,
        SourceDesk: sources,
        Tables: ports.tables,
    }

    def provide(context: Context, name: str, wanted: Any) -> Any:
        if wanted in KINDS:
            return maker(asking, context, name, wanted)
        return fixed.get(wanted)

    return provide
