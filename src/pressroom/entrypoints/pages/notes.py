"""What a page says after an action. The address carries only the note's name, so nobody can put words here."""

from __future__ import annotations

NOTES = {
    "requested": "The job was started.",
    "cancelled": "The job was cancelled.",
    "retried": "The job goes on.",
    "it_is_there": "Noted: the post is there. The job goes on.",
    "send_again": "The post will be sent again.",
    "give_up": "Given up: the post will not be sent.",
    "approve": "Approved: the post goes out as it stands.",
    "refuse": "Refused: the post will never be sent.",
    "redriven": "Put back on its queue with its failures forgotten.",
    "discarded": "Discarded for good.",
    "resumed": "The channel is open again, and its posts go on.",
}
