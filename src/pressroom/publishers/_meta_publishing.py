"""Publishers whose network makes a container of a post first: one call publishes it, its state tells afterwards."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Any, ClassVar

from pressroom.errors import OutcomeUnknown, PostRejected, PressroomError
from pressroom.http_answers import Deadline
from pressroom.http_api import HttpApi
from pressroom.publications import Attempt, Post, Receipt
from pressroom.publishers._meta_containers import Containers
from pressroom.publishers._meta_errors import limit_ends_at, plain
from pressroom.publishers._meta_graph import id_in, permalink
from pressroom.publishers._meta_published import Published
from pressroom.publishers._meta_quota import check_quota
from pressroom.publishers.base import Found, Publisher, Reading


class ContainerPublisher(Publisher):
    """Names what its network names differently, and makes containers in `prepare`."""

    publish_edge: ClassVar[str]
    list_edge: ClassVar[str]
    limit_edge: ClassVar[str]
    """Edges of the account: that publish, list posts, and tell how many may be published."""
    text_field: ClassVar[str]
    status_field: ClassVar[str]
    why_field: ClassVar[str]
    """Of a container: its state, and why it failed."""

    _api: HttpApi

    @abstractmethod
    def shown_text(self, post: Post) -> str:
        """Return the words as the network is to show them."""

    @abstractmethod
    def fallback_address(self, prepared: dict[str, Any]) -> str:
        """Return where a post can be looked for whose own address is not told."""

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        if prepared.get("published"):
            return self._published_before(post, prepared)
        deadline = Deadline(self.timeout)
        try:
            answer = self._api.call(
                "POST",
                f"/{prepared['account']}/{self.publish_edge}",
                "publish the post",
                is_public=True,
                deadline=deadline,
                data={"creation_id": prepared["container"]["id"]},
            )
        except PostRejected as refused:
            raise plain(refused) from refused
        media_id, now = id_in(answer.document()), self.channel.clock.now()
        if not media_id:
            raise self._unclear(f"{self.title} took the post and did not say under which id.")
        url = permalink(self._api, media_id, "permalink", self.fallback_address(prepared), deadline)
        return Receipt(remote_id=media_id, url=url, at=now, limit_ends_at=limit_ends_at(answer, now))

    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        listed_by: datetime = attempt.started_at + 2 * self.timeout + self.settles_in
        return self._published(prepared).read_back(self.shown_text(post), post, prepared, listed_by)

    def containers(self, account: str) -> Containers:
        return Containers(
            api=self._api,
            status_field=self.status_field,
            why_field=self.why_field,
            check_quota=lambda: check_quota(self._api, f"/{account}/{self.limit_edge}"),
        )

    def _published_before(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        """Return the receipt of an earlier attempt that was taken for lost and went through after all."""
        try:
            reading = self._published(prepared).find(self.shown_text(post), post, prepared)
        except PressroomError as error:
            what = f"An earlier attempt was published, and could not be looked for: {error.what}"
            raise self._unclear(what) from error
        if isinstance(reading, Found):
            return reading.receipt
        raise self._unclear("An earlier attempt was published, and which post came of it is not known.")

    def _published(self, prepared: dict[str, Any]) -> Published:
        return Published(
            containers=self.containers(prepared["account"]),
            edge=self.list_edge,
            text_field=self.text_field,
            fallback=self.fallback_address(prepared),
        )

    def _unclear(self, what: str) -> OutcomeUnknown:
        todo = "Pressroom looks for it before anything is sent again."
        return OutcomeUnknown(what, where=f"channel {self.channel.name}", todo=todo)
