"""Company and places for a tale that was given too few of them."""

from __future__ import annotations

from pressroom.stories import Character, Scene


def companions() -> tuple[Character, ...]:
    """Friends who fit beside anybody."""
    return (
        Character(
            name="Dusk",
            said="DUSK",
            kind="a moth with grey velvet sleeves",
            pronouns="she",
            traits=("gentle", "curious"),
            wish="to be mistaken for a butterfly",
            fear="woollen cupboards",
            saying="I came because there was a light.",
            carries=("a candle in a jar", "a very soft brush"),
        ),
        Character(
            name="Button",
            said="BUT-ton",
            kind="a small brown dog from next door",
            pronouns="he",
            traits=("loyal", "cheerful"),
            wish="to catch up with the moon",
            fear="the vacuum cleaner",
            saying="I am coming too.",
            carries=("a piece of rope", "a rubber bone"),
        ),
        Character(
            name="Marlow",
            said="MAR-low",
            kind="a scarecrow on leave",
            pronouns="they",
            traits=("thoughtful", "kind"),
            wish="to be told that they look friendly",
            fear="sparks",
            saying="I have nowhere else to stand.",
            carries=("a straw hat", "a bag of sunflower seeds"),
        ),
    )


def doorsteps(like: Scene) -> tuple[Scene, ...]:
    """Places near home from which one can set out; the hour and the weather are those of the other place."""
    return (
        Scene(
            name="the front step",
            where="on the front step",
            time=like.time,
            weather=like.weather,
            sounds=("the tick of the cooling roof",),
            smells=("supper", "mown grass"),
            problem="the lamp had gone out",
            object="a watering can with a dent",
            calm="the step grew cool",
        ),
        Scene(
            name="the garden wall",
            where="by the garden wall",
            time=like.time,
            weather=like.weather,
            sounds=("a neighbour’s piano",),
            smells=("warm stone", "mint"),
            problem="the gate was shut",
            object="a flowerpot with a face",
            calm="the ivy stopped rustling",
        ),
        Scene(
            name="the window seat",
            where="in the window seat",
            time=like.time,
            weather=like.weather,
            sounds=("the kettle talking to itself",),
            smells=("tea", "old curtains"),
            problem="the curtain was stuck",
            object="a row of seven snow globes",
            calm="the kettle fell silent",
        ),
    )
