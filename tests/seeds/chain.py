"""Runs a lab app through the whole product, as the command does, and scores the result against the app's own log."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from truth import Score, compare, read_truths

from analyzer.capture.interruption import Stop
from analyzer.model.vocabulary import Strategy
from analyzer.workflows.analyze import Lens, Result, analyze
from analyzer.workflows.home import Home
from analyzer.workflows.record import RunOrder, record


@dataclass
class Quiet:
    """A view that keeps what it is told."""

    said: list[str] = field(default_factory=list)

    def phase(self, name: str) -> None:
        self.said.append(name)

    def event(self, api: str, data_type: str = "", sdk: str = "") -> None:
        self.said.append(api)

    def flow(self, host: str, method: str = "", data_types: Iterable[str] = ()) -> None:
        self.said.append(host)

    def gap(self, kind: str, subject: str) -> None:
        self.said.append(kind)

    def message(self, text: str) -> None:
        self.said.append(text)


@dataclass(frozen=True)
class Run:
    """A recorded and analysed session, and what the app says it did."""

    home: Home
    session: str
    result: Result

    @property
    def document(self) -> dict[str, Any]:
        return dict(json.loads(self.result.data))

    @property
    def outcomes(self) -> dict[str, str]:
        return {verdict["rule"]: verdict["outcome"] for verdict in self.document["verdicts"]}

    def scores(self, document: dict[str, Any] | None = None) -> list[Score]:
        truths = read_truths(self.home.folder("lab", "truth", self.session))
        return compare(truths, document or self.document)


def run_app(
    folder: Path, package: str, strategies: Iterable[str], files: tuple[Path, ...] = (), seconds: float = 8.0
) -> Run:
    """Record an app with some strategies and analyse the session.

    On a busy machine the choice waits longer: what the app sends first would else arrive after it.
    """
    seconds *= max(1.0, os.getloadavg()[0] / 3)
    home = Home(folder)
    chosen = tuple(Strategy(name) for name in strategies)
    order = RunOrder(package, chosen, files, "lab", seconds, seconds)
    session = record(home, order, Quiet(), Stop())
    return Run(home, session, analyze(home, session, Lens()))


def complaint(scores: Iterable[Score]) -> str:
    """Give the scores that are not perfect in words; empty when all are."""
    return "\n".join(str(score) for score in scores if not score.perfect)
