import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A suite started in the background by a shell ignores Ctrl-C; the programs under test must not inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
