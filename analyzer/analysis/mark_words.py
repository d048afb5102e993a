"""What the marks of a recording are called where people read of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer.model.vocabulary import MarkKind

MARK_WORDS: Final[Mapping[MarkKind, tuple[str, str]]] = {
    MarkKind.RECORDING_STARTED: ("beginning of a recording", "beginnings of recordings"),
    MarkKind.RECORDING_ENDED: ("end of a recording", "ends of recordings"),
    MarkKind.DATA_CLEARED: ("clearing of the app's data", "clearings of the app's data"),
    MarkKind.DEVICE_CALIBRATED: ("calibration of the device", "calibrations of the device"),
    MarkKind.TRUST_CHECKED: ("look whether the device trusts the proxy", "looks whether the device trusts the proxy"),
    MarkKind.HOST_CLAIMED: ("host that only a header names", "hosts that only a header names"),
    MarkKind.SCREEN_READER: ("choice of what reads the screen", "choices of what reads the screen"),
    MarkKind.PINNING_REMOVED: ("removal of a certificate pinning", "removals of certificate pinnings"),
    MarkKind.AGENT_ATTACHED: ("beginning of the watch in a process", "beginnings of the watch in a process"),
    MarkKind.AGENT_DETACHED: ("end of the watch in a process", "ends of the watch in a process"),
    MarkKind.PROCESS_STARTED: ("start of a process", "starts of processes"),
    MarkKind.PROCESS_ENDED: ("end of a process", "ends of processes"),
    MarkKind.APP_STARTED: ("start of the app", "starts of the app"),
    MarkKind.APP_EXITED: ("app exit", "app exits"),
    MarkKind.APP_CRASHED: ("crash of the app", "crashes of the app"),
    MarkKind.NOTICE_SHOWN: ("privacy notice on the screen", "privacy notices on the screen"),
    MarkKind.DIALOG_SHOWN: ("consent dialog on the screen", "consent dialogs on the screen"),
    MarkKind.TAPPED: ("touch", "touches"),
    MarkKind.ACCEPTED: ("acceptance", "acceptances"),
    MarkKind.REFUSED: ("refusal", "refusals"),
    MarkKind.WITHDRAWN: ("withdrawal", "withdrawals"),
    MarkKind.PERMISSION_ASKED: ("permission window", "permission windows"),
    MarkKind.PERMISSION_GRANTED: ("granted permission", "granted permissions"),
    MarkKind.PERMISSION_DENIED: ("denied permission", "denied permissions"),
    MarkKind.PERMISSIONS_READ: ("look at the app's permissions", "looks at the app's permissions"),
    MarkKind.FOREGROUNDED: ("return to the foreground", "returns to the foreground"),
    MarkKind.BACKGROUNDED: ("move to the background", "moves to the background"),
    MarkKind.SILENCED: ("end of the app's use", "ends of the app's use"),
    MarkKind.RELAUNCHED: ("new start", "new starts"),
    MarkKind.CLOCK_MOVED: ("setting of the clock", "settings of the clock"),
    MarkKind.DWELL_ENDED: ("untouched wait", "untouched waits"),
    MarkKind.FILE_BEGUN: ("beginning of a file beside the records", "beginnings of files beside the records"),
    MarkKind.FILE_ENDED: ("end of a file beside the records", "ends of files beside the records"),
    MarkKind.POLICY_REACHED: ("walk that reached the privacy policy", "walks that reached the privacy policy"),
    MarkKind.POLICY_NOT_FOUND: ("walk that found no privacy policy", "walks that found no privacy policy"),
    MarkKind.INTERRUPTED: ("interruption", "interruptions"),
}
"""One of a kind, and several."""
