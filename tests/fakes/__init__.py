"""Networks and model services as strict HTTP servers on loopback, with faults by script."""
