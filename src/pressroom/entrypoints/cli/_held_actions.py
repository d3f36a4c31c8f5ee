"""What a person may say of a post that waits for them, and what each word means."""

OUTCOMES = {
    "it_is_there": "the post is public; --url or --remote-id keeps where",
    "send_again": "it is surely not there",
    "give_up": "leave it, whether it is there or not",
}
DECISIONS = {
    "approve": "post it as it stands",
    "refuse": "never post it; its job is cancelled",
}
ACTIONS = OUTCOMES | DECISIONS
