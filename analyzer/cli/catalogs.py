"""The commands `hooks list | check` and `packs list | show | check`."""

from __future__ import annotations

from typing import Annotated

import typer

from analyzer.cli.commands import PlainCommand, WholeLines
from analyzer.cli.options import DEFAULT_WORKSPACE, Database, Lang, Language, Verbose, Workspace
from analyzer.cli.settling import settle
from analyzer.cli.talk import headed, put, report, say, spoken
from analyzer.report.tables import print_rows
from analyzer.workflows import catalogs

hooks_app = typer.Typer(
    help="Look at the hook catalog and check it.", no_args_is_help=True, rich_markup_mode=None, cls=WholeLines
)
packs_app = typer.Typer(
    help="Look at the rule packs and check them.", no_args_is_help=True, rich_markup_mode=None, cls=WholeLines
)


@hooks_app.command("list", cls=PlainCommand)
def hooks_list(
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """List the hooks by data type, with API levels.

    Example: analyzer hooks list
    """
    _ = language
    settle(workspace, database, verbose=verbose)
    print_rows(headed("data type", "hook", "target", "kind", "API levels"), catalogs.hooks())
    _say_counts()


@hooks_app.command("check", cls=PlainCommand)
def hooks_check(
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """Check the hook catalog and build the agent from it.

    Example: analyzer hooks check
    """
    _ = language
    settle(workspace, database, verbose=verbose)
    report(catalogs.check_hooks(), "The catalog is in order and the agent builds.")
    _say_counts()


def _say_counts() -> None:
    for line in catalogs.hook_counts():
        say(line)


@packs_app.command("list", cls=PlainCommand)
def packs_list(
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """List the packs of rules.

    Example: analyzer packs list --language zh
    """
    settle(workspace, database, verbose=verbose)
    rows = [(*row[:-2], spoken(row[-2]), row[-1]) for row in catalogs.list_packs(language.value)]
    print_rows(headed("pack", "version", "rules", "conditions", "judges", "title"), rows)
    for line in catalogs.owner_counts():
        say(line)


@packs_app.command("show", cls=PlainCommand)
def packs_show(
    pack: Annotated[
        str,
        typer.Argument(
            metavar="PACK",
            help="A pack's name, as `packs list` prints it; or `app-types`, `profiles`, `sdks`, `endpoints`.",
        ),
    ],
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """Show the rules of a pack with clause, text, source and confidence.

    Example: analyzer packs show cn-191-2019
    """
    settle(workspace, database, verbose=verbose)
    put(catalogs.show_pack(pack, language.value))


@packs_app.command("check", cls=PlainCommand)
def packs_check(
    pack: Annotated[
        list[str],
        typer.Option(
            "--pack", metavar="NAME|DIR", help="Check this pack (name or folder) only, not all; repeat for several."
        ),
    ] = [],  # noqa: B006
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """Check every pack and run the examples of every rule.

    Example: analyzer packs check --pack ./my-pack
    """
    _ = language
    settle(workspace, database, verbose=verbose)
    report(catalogs.check_packs(tuple(pack)), "The packs are in order and every example behaves.")
