"""The commands `sessions list | show | delete`."""

from __future__ import annotations

from typing import Annotated

import typer

from analyzer.cli.commands import PlainCommand, WholeLines
from analyzer.cli.options import DEFAULT_WORKSPACE, Database, Json, Lang, Language, SessionWord, Verbose, Workspace
from analyzer.cli.settling import settle
from analyzer.cli.showing import show
from analyzer.cli.talk import headed, put, say, spoken
from analyzer.report.tables import print_rows
from analyzer.workflows import sessions
from analyzer.workflows.analyze import stored
from analyzer.workflows.home import UsageProblem

sessions_app = typer.Typer(
    help="List, show and delete sessions.", no_args_is_help=True, rich_markup_mode=None, cls=WholeLines
)


@sessions_app.command("list", cls=PlainCommand)
def sessions_list(
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """List the sessions of the workspace, oldest first.

    Example: analyzer sessions list
    """
    _ = language
    found = sessions.sessions(settle(workspace, database, verbose=verbose))
    rows = [(*row[:-2], *map(spoken, row[-2:])) for row in found]
    print_rows(headed("session", "app", "version", "device", "recordings", "sealed", "violated"), rows)


@sessions_app.command("show", cls=PlainCommand)
def sessions_show(
    session: SessionWord,
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Show a session's verdicts, personal data and coverage.

    Example: analyzer sessions show latest
    """
    home = settle(workspace, database, verbose=verbose)
    show(home, stored(home, session), as_json=as_json, language=language)


@sessions_app.command("delete", cls=PlainCommand)
def sessions_delete(
    session: SessionWord,
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    verbose: Verbose = False,
) -> None:
    """Delete a session's evidence and results for good; its id, from the start on, with the date at least.

    Example: analyzer sessions delete 20261123-181500 --yes
    """
    _ = language
    home = settle(workspace, database, verbose=verbose)
    name = sessions.doomed(home, session)
    if not yes and not _confirmed(name):
        say("Nothing was deleted.")
        return
    sessions.delete(home, name)
    say(f"Deleted {name}.")


def _confirmed(name: str) -> bool:
    """Ask whether to delete; raises `UsageProblem` where nobody can answer, and ends with 130 at Ctrl-C."""
    try:
        return typer.confirm(spoken(f"Delete the evidence of {name} for good?"), err=True)
    except typer.Abort as end:
        put("", err=True)
        if isinstance(end.__context__, KeyboardInterrupt):
            say("Nothing was deleted.")
            raise typer.Exit(130) from None
        raise UsageProblem("Nothing was deleted, for nobody answered: --yes deletes without asking.") from None
