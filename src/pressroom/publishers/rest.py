"""Any REST API, by configuration alone: what is sent, what a reply means and how a post is found again are settings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pressroom.errors import (
    ConfigurationError,
    OutcomeUnknown,
    PostRejected,
    Unavailable,
)
from pressroom.http_answers import Answer
from pressroom.oauth import OAuth, TokenInfo
from pressroom.post_limits import broken_limits
from pressroom.publications import Attempt, Post, PostMedia, Receipt
from pressroom.publishers._rest_auth import NEEDS, renews, secrets_of
from pressroom.publishers._rest_calls import Service
from pressroom.publishers._rest_check import findings
from pressroom.publishers._rest_mistakes import rehearsed, sample_values
from pressroom.publishers._rest_oauth import connected
from pressroom.publishers._rest_plan import plan_of
from pressroom.publishers._rest_preparation import Preparation, Prepared, begun
from pressroom.publishers._rest_replies import Place, Reply, address_of, text_of
from pressroom.publishers._rest_requests import Ready
from pressroom.publishers._rest_settings import RestSettings
from pressroom.publishers._rest_shown import shown
from pressroom.publishers._rest_templates import TemplateMistake
from pressroom.publishers._rest_values import sample_bytes, sample_post
from pressroom.publishers._rest_webhook import RestWebhook
from pressroom.publishers.base import (
    Absent,
    CannotTell,
    Channel,
    Finding,
    Found,
    ImageRules,
    Keep,
    Publisher,
    Reading,
    ReadMedia,
    TextRules,
)
from pressroom.webhooks import Webhook

_POSTING, _LOOKING = "publish the post", "look for the post"


class Rest(Publisher):
    """A website, a content management system or a webhook; limits and rules are those of the channel's settings."""

    Settings = RestSettings
    settings: RestSettings
    title = "REST API"
    # The settings `text` and `images` of the channel say otherwise.
    text_rules = TextRules(limit=5000, counted_in="characters", alt_text_limit=1000)
    # The settings `text` and `images` of the channel say otherwise.
    image_rules = ImageRules(formats=("image/jpeg", "image/png", "image/webp"), max_bytes=10_000_000, most=10)
    takes_secrets = ("webhook_secret",)
    needs_secrets = tuple(dict.fromkeys(names for names in NEEDS.values() if names))

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        settings = self.settings
        self.plan = plan_of(settings, f"channels.{channel.name}")
        self.service = Service(channel, settings)
        # What is a network's own elsewhere is the channel's here; the class holds the defaults.
        self.__dict__ |= {
            "title": settings.service_name,
            "text_rules": settings.text.rules,
            "image_rules": settings.images.rules,
            "needs_secrets": (NEEDS[settings.auth.kind],),
            "repeatable": settings.idempotent,
        }

    def length(self, text: str) -> int:
        return self.settings.text.length(text)

    def warnings(self, post: Post) -> tuple[str, ...]:
        broken = broken_limits(post, self.text_rules, self.image_rules, self.length, self.title)
        mistakes = rehearsed(self.plan, self.settings, post, self.channel.clock.now())
        return (*broken, *(f"The post cannot be sent: {mistake}." for mistake in mistakes))

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        state = begun(prepared, self.channel.clock.now())
        if "key" not in prepared:
            keep(state)
        work = self._preparation(post, state)
        try:
            work.run(read, keep)
            # Rendered now, so that a mistake shows before an attempt is begun, and not in the midst of it.
            work.outgoing(self.plan.public, work.sending(work.current_values(read), read, None))
        except TemplateMistake as mistake:
            raise ConfigurationError(
                f"A template of the channel {self.channel.name} cannot be rendered for this post: {mistake}.",
                where=f"[channels.{self.channel.name}]",
                todo="Mend it in pressroom.toml, then redrive the post.",
            ) from mistake
        result = Prepared(work.state)
        result.read = read
        return result

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        read = getattr(prepared, "read", None) or _not_at_hand
        work = self._preparation(post, dict(prepared))
        try:
            values = work.current_values(read)
            outgoing = work.outgoing(self.plan.public, work.sending(values, read, None))
        except TemplateMistake as mistake:
            raise PostRejected(f"The post cannot be written: {mistake}.", where=self._where) from mistake
        answer = self.service.send(outgoing, _POSTING, is_public=True)
        rule = self.service.accept(answer, self.plan.public.settings.success, _POSTING, is_public=True)
        id_at = Place(rule.id, "outcomes.id") if rule and rule.id else self.plan.id
        url_at = Place(rule.url, "outcomes.url") if rule and rule.url else self.plan.url
        receipt = self._receipt(answer, id_at, url_at, values)
        if receipt is None:
            raise OutcomeUnknown(
                f"{self.title} took the post and did not say under which id ({id_at.source}).",
                where=self._where,
                todo="Pressroom looks for it before anything is sent again.",
            )
        return receipt

    def may_repeat(self, prepared: dict[str, Any], attempt: Attempt) -> bool:
        if not self.settings.idempotent or "now" not in prepared:
            return False
        known_until = datetime.fromisoformat(prepared["now"]) + timedelta(seconds=self.settings.idempotent_for_seconds)
        return self.channel.clock.now() < known_until

    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        verify = self.plan.verify
        if verify is None or self.settings.verify is None:
            return CannotTell(f"{self.title} is not asked: [channels.{self.channel.name}.verify] is not configured.")
        work = self._preparation(post, dict(prepared))
        try:
            values = work.current_values(sample_bytes)
            outgoing = work.outgoing(verify, work.sending(values, sample_bytes, None))
        except TemplateMistake as mistake:
            return CannotTell(f"The request that looks for it cannot be written: {mistake}.")
        answer = self.service.send(outgoing, _LOOKING)
        if answer.status in self.settings.verify.absent:
            return Absent()
        self.service.accept(answer, verify.settings.success, _LOOKING)
        return self._reading(answer, self.settings.verify.found, values)

    def _reading(self, answer: Answer, found_at: str, values: dict[str, Any]) -> Reading:
        reply = Reply(answer)
        if found_at:
            if reply.document is None:
                raise Unavailable(f"{self.title} gave an answer that cannot be read when asked to {_LOOKING}.")
            found = reply.at(found_at)
            if found is None:
                return Absent()
            if isinstance(found, list) and len(found) > 1:
                return CannotTell(f"{self.title} shows {len(found)} posts that could be this one.")
        receipt = self._receipt(answer, self.plan.verify_id, self.plan.verify_url, values)
        if receipt is None:
            return CannotTell(f"{self.title} shows a post and not under which id ({self.plan.verify_id.source}).")
        return Found(receipt)

    def _receipt(self, answer: Answer, id_at: Place, url_at: Place, values: dict[str, Any]) -> Receipt | None:
        """Return the receipt that a reply holds; None if it does not say an id."""
        reply = Reply(answer)
        try:
            remote_id = text_of(id_at.find(reply, values))
        except TemplateMistake:
            return None
        if not remote_id:
            return None
        try:
            url = address_of(url_at.find(reply, {**values, "id": remote_id}), self.settings.base_url)
        except TemplateMistake:
            url = ""  # the post is there all the same, and its id says which one it is
        now = self.channel.clock.now()
        return Receipt(remote_id=remote_id, url=url, at=now, limit_ends_at=self.service.used_up(answer))

    def check(self) -> list[Finding]:
        """Look whether the settings are complete and the service takes the credentials, without posting."""
        return list(findings(self.channel, self.settings, self.plan, self.service))

    def dry_run(self) -> tuple[str, ...]:
        return self.shown_requests(sample_post(), sample_bytes)

    def shown_requests(self, post: Post, read: ReadMedia) -> tuple[str, ...]:
        """Return each request for this post as text, secrets masked, with samples of what replies would say."""
        values = sample_values(self.plan, self.settings, post, self.channel.clock.now(), read)
        requests = [one for one in (*self.plan.requests, self.plan.verify) if one is not None]
        work = self._preparation(post, {"key": values["key"], "now": values["now"].isoformat()})
        texts = []
        for one in requests:
            if not one.is_wanted(values) or (one in self.plan.preparing and one.step.for_each and not post.media):
                continue
            outgoing = work.outgoing(one, work.sending(values, read, None))
            auth = self.settings.auth if self.service.gets_credentials(outgoing.url) else None
            text = shown(outgoing, auth, values, secrets_of(self.channel))
            texts.append(f"# {self._heading(one)}\n{text}")
        return tuple(texts)

    def _heading(self, one: Ready) -> str:
        if one is self.plan.verify:
            return "only after an unclear answer: is the post there?"
        if one is self.plan.public:
            return f"{one.name}: makes the post public"
        return f"{one.name}: for each picture" if one.step.for_each else f"{one.name}: prepares the post"

    def oauth(self) -> OAuth | None:
        auth = self.settings.auth
        if not renews(auth) or not auth.authorize_url:
            return None
        client_id = self.channel.secret("client_id")
        if not client_id:
            raise ConfigurationError(
                f"The secret channels.{self.channel.name}.client_id is not set.",
                where=self._where,
                todo=f"Store it with `pressroom secrets set channels.{self.channel.name}.client_id`.",
            )
        return OAuth(
            authorize_url=auth.authorize_url,
            token_url=self.service.tokens.url,
            client_id=client_id,
            client_secret=self.channel.secret("client_secret") or "",
            scopes=auth.scopes,
            client_in_header=auth.client_in == "header",
            finish=connected,
        )

    def webhook(self) -> Webhook | None:
        hook, secret = self.settings.webhook, self.channel.secret("webhook_secret")
        if hook is None or not secret:
            return None
        return RestWebhook(hook, secret.strip(), self.channel.clock.now, self._where)

    def tokens(self) -> list[TokenInfo]:
        ends_at = self.service.tokens.ends_at
        return [TokenInfo(kind="access token", expires_at=ends_at, renews_itself=True)] if ends_at else []

    def _preparation(self, post: Post, state: dict[str, Any]) -> Preparation:
        return Preparation(self.channel, self.settings, self.plan, self.service, post, state)

    @property
    def _where(self) -> str:
        return f"channel {self.channel.name}"


def _not_at_hand(media: PostMedia) -> bytes:
    raise Unavailable(f"The picture {media.key} is not at hand.", where=media.key, todo="It is tried again later.")
