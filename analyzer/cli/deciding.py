"""The command `decide`."""

from __future__ import annotations

from typing import Annotated

import typer

from analyzer.cli.options import DEFAULT_WORKSPACE, Database, Lang, Language, SessionWord, Verbose, Workspace
from analyzer.cli.settling import settle, tell_shipped
from analyzer.cli.talk import say
from analyzer.model.vocabulary import Outcome
from analyzer.report.labels import label
from analyzer.report.text import shown
from analyzer.workflows import decisions
from analyzer.workflows.analyze import stored


def decide(
    session: SessionWord,
    rule: Annotated[
        str, typer.Argument(metavar="RULE", help="The rule, as the table of verdicts names it: cn.191.3.1.")
    ],
    outcome: Annotated[Outcome, typer.Option(help="The outcome in your own judgement.")],
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why you decide so; it is shown wherever the verdict is.")],
    operator: Annotated[str, typer.Option(metavar="TEXT", help="Who decides.")] = "",
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """Put your own judgement beside the tool's: the evidence and the verdict stay as they are.

    Example: analyzer decide latest cn.191.4.1 --outcome violated --why unneeded
    """
    home = settle(workspace, database, verbose=verbose)
    tell_shipped(home, session)
    document = stored(home, session).document
    entry = decisions.decide(home, document, rule, outcome, why, operator)
    verdict = next(one for one in document.verdicts if one.rule == entry.rule)
    who = f", decided by {shown(entry.operator)}" if entry.operator else ""
    given, tools = (label("outcome", one, language.value) for one in (entry.outcome, verdict.outcome))
    say(f"{entry.rule} of {document.session.id}: {given}{who}.")
    say(f"The tool's verdict stays beside it: {tools}.")
