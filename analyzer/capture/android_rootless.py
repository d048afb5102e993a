"""An Android device without root: what heeds its proxy setting, its screen and its log; no hooks, no certificate."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Final

from analyzer.capture.android_device import AndroidDevice
from analyzer.capture.android_plain_run import PlainRun
from analyzer.capture.android_screen import LOOK_FILE, AndroidScreen, DumpedHierarchies
from analyzer.capture.android_traffic import AndroidTraffic
from analyzer.capture.android_trust_check import TrustSeen
from analyzer.capture.android_undo import undo_as_root, undo_changes
from analyzer.capture.android_video import Video
from analyzer.capture.changes import ChangeJournal
from analyzer.capture.device import EnvironmentProblem, OnAppEvent, OnGated
from analyzer.model.vocabulary import GapKind

_NO_ROOT: Final = "none"
_UNHOOKED: Final = "recorded without root, so no hook was in place: what the app read and did was not seen"
_UNTRUSTED: Final = (
    "recorded without root, so the device does not trust the proxy's certificate: only apps that trust what their user "
    "installs can be read"
)
_NOT_PLANTED: Final = "Without root nothing of the persona is on the device"
_NO_PACKETS: Final = "packets of one app can be told apart only with root"


class RootlessDevice(AndroidDevice):
    """A `Device` of which only what any user of adb may do is used; the proxy is the one way for its traffic."""

    def prepare(self, proxy: tuple[str, int], ca_certificate: Path) -> None:  # noqa: ARG002 - nobody installs it
        """Send what heeds the device's proxy setting to the proxy."""
        way = self._way
        if way is None:
            raise EnvironmentProblem(f"No way for the traffic of {self.serial} was given; this is a mistake of ours.")
        with ExitStack() as stack:
            journal = stack.enter_context(ChangeJournal(self._settings.workspace, self.serial))
            undo_as_root(self._shell, self._ports, journal)  # what a killed process left
            stack.callback(journal.undo_all, undo_changes(self._shell, self._ports))
            if self._settings.persona.values:
                self.not_planted = (_NOT_PLANTED,)
            self.trust = TrustSeen("untried", _UNTRUSTED)
            journal.note(LOOK_FILE, {})
            self._screen = AndroidScreen(self._shell, DumpedHierarchies(self._shell))
            traffic = AndroidTraffic(self._shell, _NO_ROOT, self._ports, journal, way.tell_gap)
            stack.callback(traffic.restore)
            way.relay.lead(proxy)
            traffic.use_proxy(proxy[1])
            traffic.doubt(GapKind.AGENT_LOST, "app", _UNHOOKED)
            traffic.doubt(GapKind.TRAFFIC_OPAQUE, "the proxy's certificate", _UNTRUSTED)
            if way.beside is not None and way.beside.packets:
                way.beside.missing("packets", _NO_PACKETS)
            if way.beside is not None and way.beside.video:
                video = Video(self._shell, journal, way.beside)
                stack.callback(video.stop)
                video.start()
            way.prepared()
            self._prepared, self._changes = stack.pop_all(), journal

    def launch(self, package: str, on_gated: OnGated, on_event: OnAppEvent) -> None:  # noqa: ARG002 - nothing holds it
        """Start the app, unhooked; a run that is still going on is ended first."""
        self.stop(package)
        self._screen.light()
        self._run = run = PlainRun(self._shell, package, on_event)
        run.start(lambda: self._packages.start(package))

    def set_ahead(self, seconds: int) -> None:  # noqa: ARG002
        """Say that the clock stays."""
        raise EnvironmentProblem(f"The clock of {self.serial} cannot be set without root.")
