"""Show the database in Datasette, on this machine alone."""

from __future__ import annotations

import json
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

from analyzer.store.views import VIEWS
from analyzer.workflows.decisions import record_all_decisions
from analyzer.workflows.home import Home, UsageProblem

LOOPBACK: Final = "127.0.0.1"
_BEFORE: Final = """\
select app, session, company, host, data_type, sdk, times, first_at from view_recipients
where party = 'third' and phase = 'initial' order by app, first_at"""
_ACROSS: Final = """\
select data_type, count(distinct app) as apps, sum(times) as times, group_concat(distinct app) as which
from view_personal_data_by_sdk where phase in ('initial', 'refused') group by data_type order by apps desc"""


_PORTS: Final = range(8001, 8101)
"""From Datasette's own on, and below those that outgoing connections get."""

READY: Final = "ANALYZER_BROWSER_READY"
"""The variable of the environment that holds what is said once the address answers."""

_QUIETLY: Final = f"""\
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
from datasette.cli import cli
from uvicorn import Server
from uvicorn.config import LOGGING_CONFIG
for handler in LOGGING_CONFIG["handlers"].values():
    handler["level"] = "WARNING"
serve, startup = Server.serve, Server.startup
async def served(self, *given, **named):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return await serve(self, *given, **named)
async def started(self, *given, **named):
    await startup(self, *given, **named)
    if self.started and (told := os.environ.get({READY!r})):
        print(told, file=sys.stderr, flush=True)
Server.serve, Server.startup = served, started
cli(prog_name="datasette")
"""
"""Datasette, with a server that tells its troubles only and not each request (uvicorn names this way to say so).

What is said once it listens comes from the environment; until the server heeds Ctrl-C itself, that ends it in silence.
"""


class BrowserMissing(Exception):  # noqa: N818 - what is missing is named, and the sentence says what to do
    """Datasette is not installed."""


@dataclass(frozen=True, slots=True)
class Browsing:
    """What to run, and where it will be seen."""

    command: tuple[str, ...]
    address: str


def prepare(home: Home) -> Browsing:
    """Bring the database up to date and say how to show it; raises `UsageProblem`, `BrowserMissing`."""
    if home.database:
        raise UsageProblem("analyzer browse shows the workspace's own database: leave --database away.")
    if find_spec("datasette") is None:
        raise BrowserMissing("Datasette is not installed: `pip install datasette` (or analyzer[browse]), then again.")
    with home.results() as engine:
        record_all_decisions(home, engine)
    described = home.folder("cache") / "datasette.json"
    described.write_text(json.dumps(description(), ensure_ascii=False, indent=1), encoding="utf-8")
    port = _free_port()
    command = (
        *(sys.executable, "-c", _QUIETLY, "serve", str(home.workspace.database)),
        *("--host", LOOPBACK, "--port", str(port), "--metadata", str(described)),
        *("--setting", "allow_download", "off", "--setting", "default_page_size", "200"),
    )
    return Browsing(command, f"http://{LOOPBACK}:{port}/analyzer")


def description() -> dict[str, Any]:
    """Describe views and their columns for Datasette, with two questions that many ask."""
    views = {view.name: {"description": view.shows, "columns": view.columns} for view in VIEWS}
    queries = {
        "sent_to_third_parties_before_any_choice": {
            "title": "What third parties received before anybody had chosen",
            "sql": _BEFORE,
        },
        "taken_without_consent_across_apps": {
            "title": "What was taken before a choice or after a refusal, across apps",
            "sql": _ACROSS,
        },
    }
    about = "Results of analyses, derived from sealed evidence; `analyzer replay` makes them again."
    return {"title": "analyzer", "databases": {"analyzer": {"description": about, "tables": views, "queries": queries}}}


def _free_port() -> int:
    for port in _PORTS:
        with socket.socket() as taken, suppress(OSError):
            taken.bind((LOOPBACK, port))
            return port
    raise OSError(f"the ports {_PORTS[0]} to {_PORTS[-1]} of this machine are taken")
