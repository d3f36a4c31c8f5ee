"""For the tests of whoever builds on Pressroom: a clock to move, scripted generators, a recording publisher, and a
whole runtime in memory."""

from pressroom.testing.clock import ManualClock
from pressroom.testing.generators import ScriptedImage, ScriptedModeration, ScriptedText, plain_png
from pressroom.testing.publishers import Lost, RecordingPublisher, a_channel
from pressroom.testing.recognition import ScriptedRecognition
from pressroom.testing.runtime import memory_runtime, work_off
from pressroom.testing.speech import ScriptedSpeech

__all__ = [
    "Lost",
    "ManualClock",
    "RecordingPublisher",
    "ScriptedImage",
    "ScriptedModeration",
    "ScriptedRecognition",
    "ScriptedSpeech",
    "ScriptedText",
    "a_channel",
    "memory_runtime",
    "plain_png",
    "work_off",
]
