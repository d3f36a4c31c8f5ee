"""Networks and model services as strict HTTP servers on loopback, with faults by script.

A further one is a subclass of `server.FakeServer` with `answer`, `refusal`, `holdings`, `dump` and `load`.
"""
