"""The commands by their names, loaded when they are asked for, and their help in whole sentences."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from analyzer.cli.endings import ending
from analyzer.cli.options import DEFAULT_WORKSPACE
from analyzer.cli.talk import LANGUAGE, PLACE, called, say

_STOPPED: Final = 130
_KIND: Final = re.compile(r" <.*>$")
_RANGE: Final = re.compile(r" *\[[0-9.]+<=x<=[0-9.]+\]")
"""Bounds that the library writes as it computes with them."""
_NONE_OF: Final = re.compile(r"'(.*)' is not one of (.*)\.")
_QUOTED: Final = re.compile(r"'([^']*)'")
_TERMS: Final = {
    "Input should be a valid number": "it must be a number.",
    "Input should be a valid integer": "it must be a whole number.",
}
"""How the library says it, and how a person does."""
_REQUIRED: Final = re.compile(r"^\{(.*?)(?:\.\.\.)?\}(\.\.\.)?$")


class Place(NamedTuple):
    """Where a command, or a group of some, is to be found, and what the list of all says of it."""

    module: str
    attribute: str
    says: str


COMMANDS: Final[dict[str, Place]] = {
    "run": Place("recording", "run", "Record an app on a device, analyse what it did, and judge it clause by clause."),
    "import": Place(
        "importing", "import_", "Import captures that exist already into a sealed session, and print its id."
    ),
    "replay": Place(
        "replaying",
        "replay",
        "Analyse a sealed session again: the same evidence, today's rules; what differs from the kept result is said.",
    ),
    "export": Place(
        "results",
        "export",
        "Write a session's result, or its traffic as a HAR or mitmproxy flow file, to a file or to stdout.",
    ),
    "verify": Place(
        "results",
        "verify",
        "Check seal, record chain and signature, and that analysing again gives the same result.",
    ),
    "compare": Place(
        "compare",
        "compare",
        "Say what a later session shows as new, still there or fixed, and what it could not have shown.",
    ),
    "decide": Place(
        "deciding", "decide", "Put your own judgement beside the tool's: the evidence and the verdict stay as they are."
    ),
    "sessions": Place("sessions", "sessions_app", "List, show and delete sessions."),
    "browse": Place(
        "browsing",
        "browse",
        "Look around in the results of all sessions, in a browser on this machine; needs Datasette.",
    ),
    "devices": Place(
        "machine",
        "devices",
        "List the devices that an app can run on: Android devices, emulators and the embedded lab device.",
    ),
    "doctor": Place(
        "machine", "doctor", "Check this machine: Python, mitmproxy, Frida, the lab device, Android devices."
    ),
    "calibrate": Place(
        "calibrating",
        "calibrate",
        "Record the lab's app on an Android device, and say what this device lets us see of what the app says it did.",
    ),
    "device": Place("device", "device_app", "Prepare an Android device, and take every change back."),
    "hooks": Place("catalogs", "hooks_app", "Look at the hook catalog and check it."),
    "packs": Place("catalogs", "packs_app", "Look at the rule packs and check them."),
}


def worded(message: str) -> str:
    """Say what is wrong with an option's word without the library's terms, and which word may have been meant."""
    said = message.removeprefix("Value error, ")
    for beginning, words in _TERMS.items():
        if said.startswith(beginning):
            return words
    found = _NONE_OF.fullmatch(said)
    near = get_close_matches(found[1].lower(), _QUOTED.findall(found[2]), n=1) if found else []
    return f"{said.removesuffix('.')}; did you mean '{near[0]}'?" if near else said


class PlainCommand(TyperCommand):
    """A command whose help names its arguments as people write them, without the types of the language it is in."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words; what is wrong with one is said as a person would, with the word that was meant."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as problem:
            problem.message = worded(problem.message)
            raise

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Give the words of the usage line: `FILE...`, not `{FILE...}...`."""
        return [_REQUIRED.sub(r"\1\2", piece) for piece in super().collect_usage_pieces(ctx)]

    def invoke(self, ctx: Any) -> Any:
        """Do it; a problem that is known is said while it is known, too, where the command works."""
        place, language = PLACE.set(_place(ctx.params)), LANGUAGE.set(ctx.params.get("language") or "en")
        try:
            return super().invoke(ctx)
        except Exception as problem:
            code = ending(problem)
            if code is None:
                raise
            raise typer.Exit(code) from problem
        finally:
            PLACE.reset(place)
            LANGUAGE.reset(language)

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write what it does, with an example that can be typed as it stands."""
        whole = self.help
        self.help = whole and whole.replace("Example: analyzer ", f"Example: {called()} ")
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = whole

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments, then options."""
        rows: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None:
                kind = param.param_type_name
                says = _RANGE.sub("", record[1])
                rows[kind].append((_KIND.sub("", record[0]) if kind == "argument" else record[0], says))
        for kind, heading in (("argument", "Arguments"), ("option", "Options")):
            if rows[kind]:
                with formatter.section(heading):
                    formatter.write_dl(rows[kind])


class WholeLines(TyperGroup):
    """A group whose list of commands says each one's sentence whole."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list."""
        rows = [(name, self.says(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def says(self, ctx: Any, name: str) -> str:
        """Give the first sentence of a command's help."""
        command = self.get_command(ctx, name)
        return " ".join(((command and command.help) or "").split("\n\n")[0].split())


class LazyCommands(WholeLines):
    """The group of all commands: what a command needs is loaded when it is used, and not for the list of them."""

    def __init__(self, **settings: Any) -> None:
        """Take the commands from `COMMANDS`."""
        super().__init__(**settings)
        self.commands = _Loading()

    def list_commands(self, ctx: Any) -> list[str]:
        """Give the names."""
        _ = ctx
        return list(self.commands)

    def says(self, ctx: Any, name: str) -> str:
        """Give the sentence without loading the command."""
        _ = ctx
        return COMMANDS[name].says


class _Loading(MutableMapping[str, Any]):
    """Commands by name, each loaded when it is looked up first."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = dict.fromkeys(COMMANDS)

    def __getitem__(self, name: str) -> Any:
        if self._loaded[name] is None:
            self._loaded[name] = _load(name, COMMANDS[name])
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)


def _place(params: Mapping[str, Any]) -> str:
    """Give the options by which a further command works at the same place; none for the usual one."""
    workspace, usual = params.get("workspace"), (DEFAULT_WORKSPACE, Path(os.environ.get("ANALYZER_WORKSPACE") or "."))
    place = "" if workspace is None or workspace in usual else f" --workspace {shlex.quote(str(workspace))}"
    return place + (" --database …" if params.get("database") else "")  # it may hold a password


def _load(name: str, place: Place) -> Any:
    try:
        found = getattr(import_module(f"analyzer.cli.{place.module}"), place.attribute)
    except KeyboardInterrupt:  # Ctrl-C while the libraries load: nothing has begun yet
        say("Interrupted before anything was done.")
        sys.exit(_STOPPED)
    if isinstance(found, typer.Typer):
        command: Any = typer.main.get_group(found)
    else:
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(name, cls=PlainCommand)(found)
        command = typer.main.get_command(alone)
    command.name = name
    return command
