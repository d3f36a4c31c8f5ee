"""For the tests of whoever builds on Pressroom: a clock to move, scripted generators, a recording publisher."""

from pressroom.testing.clock import ManualClock
from pressroom.testing.generators import ScriptedImage, ScriptedText, plain_png
from pressroom.testing.publishers import Lost, RecordingPublisher, a_channel

__all__ = ["Lost", "ManualClock", "RecordingPublisher", "ScriptedImage", "ScriptedText", "a_channel", "plain_png"]
