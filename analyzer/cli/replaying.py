"""The command `replay`."""

from __future__ import annotations

from typing import Annotated

import typer

from analyzer.cli.keyboard import keys
from analyzer.cli.options import (
    DEFAULT_WORKSPACE,
    AppType,
    Database,
    Json,
    Lang,
    Language,
    PackNames,
    Policy,
    Profile,
    SessionWord,
    Verbose,
    Workspace,
)
from analyzer.cli.settling import settle
from analyzer.cli.showing import show
from analyzer.cli.talk import say
from analyzer.packs.loader import ALL
from analyzer.report.playback import KEYS, Player, moments
from analyzer.report.sentences import told
from analyzer.report.tables import Paper
from analyzer.workflows.analyze import Lens, Result
from analyzer.workflows.home import UsageProblem
from analyzer.workflows.replay import replay as again
from analyzer.workflows.shipped import SHIPPED


def replay(
    session: SessionWord,
    pack: PackNames = [],  # noqa: B006
    app_type: AppType = "",
    profile: Profile = "standard",
    policy: Policy = None,
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    as_json: Json = False,
    play: Annotated[bool, typer.Option("--play", help="Show the recording in the terminal as it happened.")] = False,
    speed: Annotated[
        float | None,
        typer.Option(min=0, max=1024, metavar="N", help="With --play: so many times as fast; 0 shows all at once."),
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Analyse a sealed session again: the same evidence, today's rules; what differs from the kept result is said.

    Example: analyzer replay latest --pack cn-191-2019 --json
    """
    home = settle(workspace, database, verbose=verbose)
    if (play and as_json) or (speed is not None and not play):
        raise UsageProblem("--speed belongs to --play, and --play is for people: leave --json away.")
    if session == SHIPPED:
        say("This is the recording that travels with the package, of com.example on the lab device.")
    lens = Lens(tuple(pack), profile, app_type, policy)
    if what := _unusual(lens):
        say(
            f"What {what} takes the place of the session's kept result; "
            f"plain `analyzer replay {session}` brings the usual one back."
        )
    replayed = again(home, session, lens, language.value)
    if play:
        _play(replayed.result, speed, language)
        return
    show(home, replayed.result, as_json=as_json, language=language)
    if not as_json or len(replayed.lines) > 1:  # that nothing differs is no news to a machine
        for line in replayed.lines:
            say(line)


def _unusual(lens: Lens) -> str:
    """Say what gives another result than plain `replay` does; empty where nothing does."""
    if lens.packs and ALL not in lens.packs:
        return "these packs alone give"
    usual = Lens()
    named = {
        "this profile": lens.profile != usual.profile,
        "this app type": lens.app_type != usual.app_type,
        "this policy": lens.policy != usual.policy,
    }
    chosen = [name for name, other in named.items() if other]
    return f"{' and '.join(chosen)} {'give' if len(chosen) > 1 else 'gives'}" if chosen else ""


def _play(result: Result, speed: float | None, language: Language) -> None:
    """Show a recording at its own speed in a terminal, all at once elsewhere."""
    console = Paper()
    pace = (1.0 if console.is_terminal else 0.0) if speed is None else speed
    if console.is_terminal and pace:
        say(told(KEYS, language.value))
    with keys() as wait:
        Player(console, wait, pace, language.value).play(moments(result.document, language.value))
