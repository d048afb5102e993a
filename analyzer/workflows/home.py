"""Where sessions, keys, results and caches are, and what a user's words may get wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from analyzer.packs.resources import hooks_folder
from analyzer.store.database import open_database, said, shown_url, sqlite_url
from analyzer.store.files import make_folder
from analyzer.store.problems import DatabaseUnusable
from analyzer.store.read_only import may_write, reading
from analyzer.store.workspace import Workspace


class UsageProblem(Exception):  # noqa: N818 - a wrong word by the user, and the sentence says what to do
    """The command was given words that do not fit together."""


@dataclass(frozen=True, slots=True)
class Home:
    """A workspace folder and a database; `database` is a URL, empty for SQLite in the workspace."""

    path: Path
    database: str = ""

    @property
    def workspace(self) -> Workspace:
        """Give the workspace."""
        return Workspace(self.path)

    @contextmanager
    def results(self) -> Iterator[Engine]:
        """Open the database, bringing it up to date, and close it again."""
        workspace = self.workspace
        workspace.prepare()
        engine = open_database(self.database or sqlite_url(workspace.database))
        try:
            yield engine
        except DatabaseError as problem:
            advice = "the evidence is not affected; free some space, then run `analyzer replay`"
            raise DatabaseUnusable(f"the database cannot be used ({said(problem)}): {advice}") from problem
        finally:
            engine.dispose()

    @property
    def keeps(self) -> bool:
        """Say whether new results can be kept."""
        return bool(self.database) or may_write(self.workspace.database)

    @contextmanager
    def kept(self) -> Iterator[Engine]:
        """Open the database for those who only read in it, also where nothing may be written."""
        with self.results() if self.keeps else reading(self.workspace.database) as engine:
            yield engine

    def places(self) -> tuple[str, ...]:
        """Say in lines where things are; a password in the database URL is hidden."""
        workspace = self.workspace
        return (
            f"sessions: {workspace.sessions_folder}",
            f"database: {shown_url(self.database or sqlite_url(workspace.database))}",
            f"signing key: {workspace.key_file}",
            f"hooks: {hooks_folder()}",
        )

    def folder(self, *names: str) -> Path:
        """Give a private folder of the workspace, made when it is missing."""
        return make_folder(self.workspace.path.joinpath(*names))
