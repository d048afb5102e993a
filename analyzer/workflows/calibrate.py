"""Calibrate a device: record the lab's app there, and hold what was seen against the app's own account."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Final

from analyzer.analysis.calibration import SeenHook, SeenTraffic, SeenValue, Sight, hold_against
from analyzer.capture.android import adb_server
from analyzer.capture.android_account import read_account_lines
from analyzer.capture.android_facts import read_build
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem
from analyzer.codec.calibration import read_account
from analyzer.model.calibration import Calibration, Check, Proof
from analyzer.model.vocabulary import Channel, FlowKind, HookStatus, Strategy, Tier
from analyzer.packs.loader import load_besides_rules
from analyzer.report.document import ResultDocument
from analyzer.store import calibrations
from analyzer.workflows.analyze import Lens, analyze
from analyzer.workflows.calibrated import instruments
from analyzer.workflows.device import find_device
from analyzer.workflows.home import Home
from analyzer.workflows.record import RunOrder

PACKAGE: Final = "com.example"
_DWELL_S: Final = 15.0
_WEIGHT: Final = (HookStatus.ARMED, HookStatus.FAILED, HookStatus.OVERLOAD_ABSENT, HookStatus.CLASS_ABSENT)
"""Of several processes, the answer that lets us see most counts: the hook can work on this device."""


def order(serial: str, files: tuple[Path, ...], server: Path | None) -> RunOrder:
    """Say what to record on the device; an empty `serial` takes the only one. Raises `EnvironmentProblem`."""
    device = find_device(serial)
    return RunOrder(
        PACKAGE, (Strategy.ACCEPT,), files, device, _DWELL_S, _DWELL_S, case=f"calibration of {device}", server=server
    )


def conclude(home: Home, session_id: str) -> Calibration:
    """Compare the session with the app's account, which the device's log still has, and keep what came of it."""
    document = analyze(home, session_id, Lens()).document
    session = document.session
    shell = AndroidShell(session.device.serial, adb_server())
    account, unread = read_account(read_account_lines(shell, _pids(document)))
    if not account:
        raise EnvironmentProblem(
            f"The app on {shell.serial} wrote no account of what it did into the device's log, so there is nothing to "
            "compare with: build the lab's app with scripts/build-apk, and name it with --apk."
        )
    checks = hold_against(account, sight(document), load_besides_rules().catalog)
    if unread:
        cut = f"{unread} lines of the app's account could not be read: the log cuts long ones off"
        checks = (*checks, Check("account", "lines", Proof.NOT_EXERCISED, cut))
    calibration = Calibration(
        serial=shell.serial,
        model=session.device.model,
        android_version=session.device.android_version,
        api_level=session.device.api_level,
        abi=session.device.abi,
        build=read_build(shell),
        created_us=time.time_ns() // 1000,
        session=session.id,
        digest=session.digest,
        instruments=instruments(home),
        checks=checks,
    )
    calibrations.keep(home.workspace.path, calibration)
    return calibration


def summary(calibration: Calibration) -> str:
    """Say in one sentence what was proven."""
    parts = []
    for kind, plural in (("hook", "hooks"), ("decoder", "decoders"), ("path", "paths of traffic")):
        count = Counter(check.proof for check in calibration.checks if check.kind == kind)
        parts.append(f"{count[Proof.PROVEN]} of {count.total()} {plural} proven, {count[Proof.MISSED]} missed")
    where = f"{calibration.model} (Android {calibration.android_version}, API {calibration.api_level})"
    return f"{calibration.serial}, {where}: {'; '.join(parts)}; evidence: session {calibration.session}."


def _pids(document: ResultDocument) -> set[int]:
    return {event.pid for event in document.events}


def sight(document: ResultDocument) -> Sight:
    """Give what a result saw of the app, in the words of a calibration."""
    hooks: dict[str, SeenHook] = {}
    for one in sorted(document.coverage.hooks, key=lambda one: _WEIGHT.index(one.status), reverse=True):
        before = hooks.get(one.hook)
        hooks[one.hook] = SeenHook(one.status, one.proven + (before.fired if before else 0), one.detail)
    sent = [one for one in document.observations if one.channel is Channel.NETWORK and one.tier is not Tier.DECLARED]
    values = [
        SeenValue(one.data_type, one.recipient.host if one.recipient else "", one.where.value, one.encodings)
        for one in sent
    ]
    flows = [flow for flow in document.flows if flow.owner.value == "app"]
    return Sight(
        hooks,
        values,
        SeenTraffic(
            tuple(flow.request_line for flow in flows if flow.kind in {FlowKind.HTTP, FlowKind.WEBSOCKET}),
            frozenset(flow.host for flow in flows if not flow.read),
            frozenset(link.method.value for link in document.links),
            any(flow.messages for flow in flows),
        ),
    )
