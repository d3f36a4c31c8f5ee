import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts a suite in the background lets it ignore Ctrl-C; the programs under test must not inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
