"""The script that `mitmdump -s` loads: the flow recorder, wired to the store and to the live preview."""

from __future__ import annotations

from analyzer.capture.flow_recorder import FlowRecorder
from analyzer.capture.lab_routes import LabRouter
from analyzer.capture.relay_door import NowhereRouter
from analyzer.store.recording import RecordingWriter
from analyzer.workflows.preview import RequestPreview

addons = [LabRouter(), NowhereRouter(), FlowRecorder(RecordingWriter.open_existing, RequestPreview)]
