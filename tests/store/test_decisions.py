from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text

from analyzer.model.vocabulary import Outcome
from analyzer.store.decisions import Decided, keep_decisions
from analyzer.store.results import delete, save
from analyzer.store.workspace import Workspace


def _rows(engine: Engine) -> list[tuple[Any, ...]]:
    query = "select rule, outcome, analyst_outcome, analyst, analyst_at, analyst_why from view_verdicts order by rule"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_the_newest_decision_on_a_rule_stands_beside_its_verdict(
    engine: Engine, workspace: Workspace, make: Any
) -> None:
    info, analysis = make.info(workspace), make.analysis()
    save(engine, info, analysis, b"{}")
    before = _rows(engine)
    rule = before[0][0]
    first = Decided(rule, Outcome.VIOLATED, "seen\0 by eye", "Li", 1_790_000_000_000_000)
    second = Decided(rule, Outcome.SUSPECTED, "seen again", "", 1_790_000_001_000_000)
    keep_decisions(engine, info.id, (first, second))
    after = _rows(engine)
    assert after[0] == (*before[0][:2], "suspected", "", "2026-09-21T14:13:21.000000Z", "seen again")
    assert after[1:] == before[1:]
    keep_decisions(engine, info.id, (first,))
    assert _rows(engine)[0][2:4] == ("violated", "Li")


def test_decisions_go_with_their_session_and_none_is_kept_on_an_unknown_one(
    engine: Engine, workspace: Workspace, make: Any
) -> None:
    info = make.info(workspace)
    one = Decided("r", Outcome.VIOLATED, "why", "", 0)
    keep_decisions(engine, info.id, (one,))
    save(engine, info, make.analysis(), b"{}")
    keep_decisions(engine, info.id, (one,))
    delete(engine, info.id)
    with engine.connect() as connection:
        assert connection.execute(text("select count(*) from decisions")).scalar_one() == 0
