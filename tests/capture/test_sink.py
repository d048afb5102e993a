from __future__ import annotations

import inspect

import pytest

from analyzer.capture.journal import ObservedSink
from analyzer.capture.sink import EvidenceSink
from analyzer.store.recording import RecordingWriter


@pytest.mark.parametrize("sink", [RecordingWriter, ObservedSink])
@pytest.mark.parametrize("name", ["append", "keep"])
def test_every_sink_takes_what_capture_hands_over(sink, name):
    wanted = inspect.signature(getattr(EvidenceSink, name))
    assert inspect.signature(getattr(sink, name)).parameters == wanted.parameters
