"""What a step may ask for by type beside its job and earlier outputs: ports and mechanisms, never a whole runtime."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pressroom.arguments import Context, Provide
from pressroom.assets import Assets
from pressroom.generation import Asking, ImageMaker, Maker, TextMaker, maker
from pressroom.ports import AssetIndex, Clock, Ledger
from pressroom.publishing import Publishing


def provisions(asking: Asking, publishing: Publishing, ledger: Ledger, index: AssetIndex) -> Provide:
    """Return the function that gives steps what they ask for."""
    fixed: Mapping[Any, Any] = {
        Assets: asking.assets,
        AssetIndex: index,
        Clock: asking.clock,
        Ledger: ledger,
        Publishing: publishing,
    }
    makers: tuple[type[Maker[Any]], ...] = (ImageMaker, TextMaker)

    def provide(context: Context, name: str, wanted: Any) -> Any:
        if wanted in makers:
            return maker(asking, context, name, wanted)
        return fixed.get(wanted)

    return provide
