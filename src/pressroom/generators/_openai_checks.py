"""What `doctor` asks about a generator of OpenAI: the key, the server, and how long the model will live."""

from __future__ import annotations

from datetime import date, timedelta

from pressroom.errors import PressroomError
from pressroom.findings import Finding
from pressroom.generators._openai import OpenAIOptions, ServerOptions, api_key, document_of, send
from pressroom.generators._openai_errors import Asked, refusal
from pressroom.generators._openai_models import End, has_price, known_end
from pressroom.generators.base import Setup
from pressroom.unencrypted import is_open_to_listeners

WARN_BEFORE = timedelta(days=60)
SECONDS = 10.0


def findings(setup: Setup, options: ServerOptions, default_model: str) -> list[Finding]:
    """Look at everything that can be looked at without making (and paying for) anything."""
    section = f"[generators.{setup.name}]"
    found = []
    try:
        key = api_key(setup)
        found.append(Finding(ok=True, what=f"The API key of {section} is set."))
        if is_open_to_listeners(options.base_url):
            found.append(
                Finding(
                    ok=True,
                    what=f"{section} sends its API key to {options.host} without encryption.",
                    todo="Use an https:// address in base_url.",
                )
            )
        asked = Asked(setup.name, options.model, options.host, setup.clock.now(), is_billed=False)
        reply = send(asked, options, "GET", "/models", key, min(SECONDS, options.timeout_seconds))
        if reply.status in (404, 405) and options.host != "api.openai.com":
            found.append(Finding(ok=True, what=f"{options.host} answers, but does not list its models."))
            ends = _end(None, options.model, default_model)
        elif not 200 <= reply.status < 300:
            raise refusal(reply.status, reply.headers, reply.body, asked)
        else:
            found.append(Finding(ok=True, what=f"{options.host} answers and accepts the key."))
            listed = _listed(reply.body)
            if options.model not in listed:
                return [*found, _missing(section, options, default_model)]
            ends = _end(listed[options.model], options.model, default_model)
    except PressroomError as error:
        return [*found, Finding(ok=False, what=error.what, todo=error.todo)]
    found.append(_life(section, options.model, ends, setup.clock.now().date()))
    if _lacks_price(options):
        found.append(
            Finding(
                ok=True,
                what=f"The price of {options.model} is not known; budgets count it as the dearest model.",
                todo=f"Set input_price and output_price in {section}, in US dollars for a million tokens.",
            )
        )
    return found


def _lacks_price(options: ServerOptions) -> bool:
    if not isinstance(options, OpenAIOptions) or has_price(options.model):
        return False
    return options.input_price is None or options.output_price is None


def _listed(body: bytes) -> dict[str, str | None]:
    """Return the shutdown date of each listed model, as the server gives it."""
    models = document_of(body).get("data")
    known = (model for model in (models if isinstance(models, list) else []) if isinstance(model, dict))
    return {str(model.get("id")): model.get("shutdown_date") for model in known}


def _end(said: str | None, model: str, default_model: str) -> End | None:
    known = known_end(model)
    try:
        on = date.fromisoformat(said) if said else None
    except (ValueError, TypeError):
        on = None
    if on is None:
        return known
    return End(on, known.instead if known else default_model)


def _life(section: str, model: str, end: End | None, today: date) -> Finding:
    if end is None:
        return Finding(ok=True, what=f"The model {model} of {section} is alive; no end is announced.")
    todo = f'Move to another one in time: model = "{end.instead}" in {section}.'
    if end.on <= today:
        return Finding(ok=False, what=f"The model {model} of {section} ended on {end.on.isoformat()}.", todo=todo)
    left = end.on - today
    return Finding(
        ok=True,
        what=f"The model {model} of {section} ends on {end.on.isoformat()}, in {left.days} days.",
        todo=todo if left <= WARN_BEFORE else "",
    )


def _missing(section: str, options: ServerOptions, default_model: str) -> Finding:
    end = known_end(options.model)
    what = f"{options.host} does not list the model {options.model} of {section}"
    return Finding(
        ok=False,
        what=f"{what}: it ended on {end.on.isoformat()}." if end else f"{what}.",
        todo=f'Set another one there: model = "{end.instead if end else default_model}".',
    )
