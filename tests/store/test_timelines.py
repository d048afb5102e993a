from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import AppState, Phase, Source
from analyzer.store.results import save
from analyzer.store.timelines import timeline
from analyzer.store.workspace import Workspace


def test_a_timeline_comes_back_in_order_and_whole(engine: Engine, workspace: Workspace, make: Any) -> None:
    info = make.info(workspace)
    save(engine, info, make.analysis(2500), b"{}")
    rows = list(timeline(engine, info.id))
    assert [row.position for row in rows] == list(range(2500))
    first, second = rows[:2]
    assert first.ref == EvidenceRef("1-accept", Source.FLOWS, 1)
    assert second.ref is None
    assert (first.title, first.phase, first.app_state) == ("POST 0", Phase.INITIAL, AppState.FOREGROUND)
    assert (first.data_types, first.observations, first.uncertainty_us) == (("id.imei",), ("o0",), 3)


def test_a_timeline_can_be_narrowed_to_a_phase_or_a_recording(engine: Engine, workspace: Workspace, make: Any) -> None:
    info = make.info(workspace)
    save(engine, info, make.analysis(5), b"{}")
    assert [row.title for row in timeline(engine, info.id, phase=Phase.ACCEPTED)] == ["POST 3", "POST 4"]
    assert len(list(timeline(engine, info.id, recording="1-accept"))) == 5
    assert not list(timeline(engine, info.id, recording="2-refuse"))
    assert not list(timeline(engine, "another"))


def test_a_session_may_be_saved_again_while_its_timeline_is_read(
    engine: Engine, workspace: Workspace, make: Any
) -> None:
    info = make.info(workspace)
    save(engine, info, make.analysis(3), b"{}")
    rows = timeline(engine, info.id)
    next(rows)
    save(engine, info, make.analysis(3, "r2"), b"{}")
    assert len(list(rows)) == 2
