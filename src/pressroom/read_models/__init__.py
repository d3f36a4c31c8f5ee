"""Read models are folded from the event log and can be rebuilt from nothing."""
