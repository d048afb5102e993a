"""The command `run`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from analyzer.capture.changes import noted_serials
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.interruption import Interrupted
from analyzer.cli.interruption import INTERRUPTED, work_until_stopped
from analyzer.cli.options import (
    DEFAULT_WORKSPACE,
    AppType,
    CaseText,
    Consent,
    Database,
    FailOn,
    Json,
    Lang,
    Language,
    OperatorName,
    PackNames,
    PersonaFile,
    Policy,
    Profile,
    Verbose,
    Workspace,
)
from analyzer.cli.settling import settle
from analyzer.cli.showing import show
from analyzer.cli.talk import say
from analyzer.model.vocabulary import TrafficWay
from analyzer.report.live import LiveView
from analyzer.workflows.analyze import Lens, analyze, check_lens
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.record import NotRestored, RunOrder, record

LONGEST_S: Final = 86_400.0
"""A day; no recording waits or observes longer than that at a stretch."""


Way = Annotated[
    Consent,
    typer.Option(
        help="What to do with the consent dialog; deny: accept it, deny every permission; manual: you choose."
    ),
]
Dwell = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=LONGEST_S,
        metavar="SECONDS",
        help="Seconds to leave the dialog untouched; default 30, 5 on the lab device.",
    ),
]
Duration = Annotated[
    float | None,
    typer.Option(
        min=0, max=LONGEST_S, metavar="SECONDS", help="Seconds to observe after the choice; default: as --dwell."
    ),
]
Background = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=LONGEST_S,
        metavar="SECONDS",
        help="Seconds to observe in the background, once consent was given; default: as --duration",
    ),
]
Silent = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=LONGEST_S,
        metavar="SECONDS",
        help="Seconds of these, the last ones, with the screen off; default: half of --background",
    ),
]
Later = Annotated[
    bool,
    typer.Option(
        "--later",
        help="After a refusal, also start the app with the device's clock 25, 47 and 49 hours ahead.",
    ),
]
FridaServer = Annotated[
    Path | None,
    typer.Option("--frida-server", metavar="FILE", help="This frida-server (or its .xz) instead of the official one."),
]
Traffic = Annotated[
    TrafficWay,
    typer.Option(
        "--traffic",
        help="How an Android app's traffic comes here: redirected by its user id, by the device's proxy setting, or by "
        "its WireGuard app.",
    ),
]
WireGuardListen = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS:PORT",
        help="For --traffic wireguard: the address and UDP port of this computer at which the device's tunnel ends.",
    ),
]
WithoutRoot = Annotated[
    bool,
    typer.Option(
        "--without-root",
        help="Record a device without root by --traffic proxy: no hooks, no certificate; only screens are judged.",
    ),
]
Unpin = Annotated[
    bool, typer.Option("--unpin", help="Take the app's own checks of certificates away, and note that in the session.")
]
PassRefused = Annotated[
    bool,
    typer.Option(
        "--pass-refused", help="Record once more, hosts that refused the proxy passed through and read inside the app."
    ),
]
TlsKeys = Annotated[
    bool, typer.Option("--tls-keys", help="Keep the secrets of the proxy's TLS connections beside the flows.")
]
Pcap = Annotated[
    bool, typer.Option("--pcap", help="Keep the app's packets beside the flows, where the device has a tcpdump.")
]
Video = Annotated[bool, typer.Option("--video", help="Keep the device's screen as video beside its screens.")]


Apks = Annotated[
    list[Path], typer.Option(metavar="FILE", help="Install this APK (or lab app jar) first; repeat for splits.")
]


def run(
    package: Annotated[str, typer.Option(metavar="ID", help="Package name of the app, for example com.example.")],
    apk: Apks = [],  # noqa: B006
    device: Annotated[str, typer.Option(metavar="SERIAL", help="Serial of the device, or `lab`.")] = "",
    consent: Way = Consent.ACCEPT,
    dwell: Dwell = None,
    duration: Duration = None,
    background: Background = None,
    silent: Silent = None,
    persona: PersonaFile = None,
    pack: PackNames = [],  # noqa: B006
    app_type: AppType = "",
    profile: Profile = "standard",
    policy: Policy = None,
    frida_server: FridaServer = None,
    traffic: Traffic = TrafficWay.REDIRECT,
    wireguard_listen: WireGuardListen = "",
    case: CaseText = "",
    operator: OperatorName = "",
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    later: Later = False,
    keep_data: Annotated[bool, typer.Option("--keep-data", help="Do not clear the app's data first.")] = False,
    without_root: WithoutRoot = False,
    unpin: Unpin = False,
    pass_refused: PassRefused = False,
    tls_keys: TlsKeys = False,
    pcap: Pcap = False,
    video: Video = False,
    as_json: Json = False,
    fail_on: Annotated[FailOn | None, typer.Option(help="End with exit code 5 when a rule has this outcome.")] = None,
    verbose: Verbose = False,
) -> None:
    """Record an app on a device, analyse what it did, and judge it clause by clause.

    The app's data is cleared first (unless --keep-data).

    Example: analyzer run --package com.example --device lab
    """
    home = settle(workspace, database, verbose=verbose)
    order = RunOrder(
        package=package,
        files=tuple(apk),
        device=device,
        strategies=consent.strategies(),
        dwell=dwell,
        duration=duration,
        background=background,
        silent=silent,
        later=later,
        keep_data=keep_data,
        persona=persona,
        case=case,
        operator=operator,
        server=frida_server,
        traffic=traffic,
        wireguard_listen=wireguard_listen,
        without_root=without_root,
        unpin=unpin,
        pass_refused=pass_refused,
        tls_keys=tls_keys,
        pcap=pcap,
        video=video,
    )
    lens = Lens(tuple(pack), profile, app_type, policy)
    check_lens(lens)
    session_id, trouble = recorded(home, order, language)
    try:
        result = analyze(home, session_id, lens)
        show(home, result, as_json=as_json, language=language)
    except KeyboardInterrupt:
        say(interruption(session_id))
        raise typer.Exit(INTERRUPTED) from None
    if trouble:
        raise EnvironmentProblem(trouble)
    if fail_on is not None and result.has_outcome(fail_on.value):
        raise typer.Exit(5)


def recorded(home: Home, order: RunOrder, language: Language) -> tuple[str, str]:
    """Record a session; give its id, and why the device is not as it was before: empty where it is."""
    for file in order.files:
        if not file.is_file():
            raise UsageProblem(f"{file} is not there: name the file of the app with --apk.")
    try:
        with LiveView(language=language.value) as view:
            work = partial(record, home, order, view)
            return work_until_stopped(work, left=lambda: _left(home)), ""
    except NotRestored as problem:
        return problem.session_id, str(problem)
    except Interrupted as interrupted:
        say(interruption(str(interrupted)))
        raise typer.Exit(INTERRUPTED) from None


def _left(home: Home) -> str:
    """Say what is to be done where the work was left at once, and with it perhaps a device that is not as before."""
    said = "Left at once; `analyzer replay latest` seals and judges what was recorded."
    changed = noted_serials(home.workspace.path)
    return f"{said} What was changed on {', '.join(changed)} takes `analyzer device restore` back." if changed else said


def interruption(session_id: str) -> str:
    """Say what became of a session that was interrupted; an empty id stands for one that had not begun."""
    if not session_id:
        return "Interrupted before anything was recorded."
    return f"Interrupted; what was recorded is sealed as {session_id}: `analyzer replay {session_id}` judges it."
