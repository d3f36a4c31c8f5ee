"""The wake that tells nobody: its listeners wait for their time, and can be woken alone."""

from __future__ import annotations

from pressroom.backends.quiet_wake import QuietWake


def test_a_listener_waits_for_its_time_whatever_is_notified() -> None:
    wake = QuietWake()
    listener = wake.listen(["steps"])
    wake.notify()
    wake.notify(["steps"])
    assert not listener.wait(0.01)


def test_a_listener_can_be_woken_alone_and_once() -> None:
    wake = QuietWake()
    one, other = wake.listen(), wake.listen()
    one.ring()
    assert not other.wait(0)
    assert one.wait(5)
    assert not one.wait(0)
    one.close()
