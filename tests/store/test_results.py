from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from analyzer.model.vocabulary import Outcome
from analyzer.store.decisions import Decided, keep_decisions
from analyzer.store.results import Summary, beginning, copy_document, delete, document, save, summaries
from analyzer.store.schema import FREQUENCIES, LINKS, METADATA, OBSERVATIONS, PERMISSIONS, VERDICTS
from analyzer.store.workspace import Workspace


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }


def test_what_is_saved_can_be_queried(engine: Engine, workspace: Workspace, make: Any) -> None:
    save(engine, make.info(workspace), make.analysis(), b"{}")
    with engine.connect() as connection:
        seen = connection.execute(select(OBSERVATIONS)).one()
        verdict = connection.execute(select(VERDICTS)).first()
    assert (seen.data_type, seen.place, seen.encodings) == ("id.imei", "body", ["gzip", "base64"])
    assert (seen.sdk, seen.registrable_domain, seen.party) == ("tracker", "tracker.example", "third")
    assert verdict
    assert verdict.title["zh"] == "未公开收集使用规则"
    assert verdict.explanation["children"][0]["condition"] == "phase is initial"


def test_saving_again_replaces_every_row_of_that_session_and_no_other(
    engine: Engine, workspace: Workspace, make: Any
) -> None:
    first, second = make.info(workspace), make.info(workspace, "com.other")
    save(engine, first, make.analysis(3), b"old")
    save(engine, second, make.analysis(2), b"other")
    save(engine, first, make.analysis(1, "r2"), b"new")
    assert counts(engine)["observations"] == 3
    assert document(engine, first.id) == b"new"
    assert document(engine, first.id, "r1") is None
    assert document(engine, first.id, "r2") == b"new"
    assert document(engine, second.id) == b"other"


def test_a_save_that_fails_half_way_changes_nothing(engine: Engine, workspace: Workspace, make: Any) -> None:
    info = make.info(workspace)
    save(engine, info, make.analysis(2), b"old")
    before = counts(engine)
    broken = make.analysis(2, "r2")
    twice = type(broken)(
        **{name: getattr(broken, name) for name in ("run_id", "observations", "verdicts")}, links=(broken.links[0],) * 2
    )
    with pytest.raises(IntegrityError):
        save(engine, info, twice, b"new")
    assert counts(engine) == before
    assert document(engine, info.id) == b"old"


def test_how_often_data_was_read_and_what_permissions_were_used_for_can_be_asked(
    engine: Engine, workspace: Workspace, make: Any
) -> None:
    info = make.info(workspace)
    save(engine, info, make.analysis(1), b"{}")
    with engine.connect() as connection:
        often = connection.execute(select(FREQUENCIES)).one()
        use = connection.execute(select(PERMISSIONS)).one()
    assert (often.session_id, often.data_type, often.reads, often.most, often.most_allowed) == (
        info.id,
        "id.imei",
        5,
        4,
        4,
    )
    assert (often.over, often.complete, often.curve) == (1, 0, [4, 1])
    assert (use.permission, use.declared, use.asked, use.granted, use.opens) == ("CAMERA", 1, 0, None, ["sens.camera"])


def test_deleting_a_session_leaves_no_row_behind(engine: Engine, workspace: Workspace, make: Any) -> None:
    info = make.info(workspace)
    save(engine, info, make.analysis(5), b"{}")
    keep_decisions(engine, info.id, (Decided("r", Outcome.VIOLATED, "why", "", 0),))
    assert all(counts(engine).values())
    assert delete(engine, info.id)
    assert not any(counts(engine).values())
    assert not delete(engine, info.id)


def test_summaries_list_sessions_with_their_outcomes(engine: Engine, workspace: Workspace, make: Any) -> None:
    info = make.info(workspace)
    save(engine, info, make.analysis(3), b"{}")
    assert summaries(engine) == [
        Summary(
            session_id=info.id,
            run_id="r1",
            created_us=info.created_us,
            package="com.example",
            version_name="",
            device_kind="lab",
            case="",
            observations=3,
            verdicts=((Outcome.VIOLATED, 1), (Outcome.NOT_OBSERVED, 1)),
        )
    ]


def test_large_results_are_saved_in_bulk(engine: Engine, workspace: Workspace, make: Any) -> None:
    analysis = make.analysis(5000)
    start = time.process_time()  # the machine may have more to do
    save(engine, make.info(workspace), analysis, b"x" * 1_000_000)
    assert time.process_time() - start < 10
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(LINKS)).scalar_one() == 5000


def test_the_beginning_of_a_document_can_be_read_alone(engine: Engine, workspace: Workspace, make: Any) -> None:
    info = make.info(workspace)
    assert beginning(engine, info.id, 3) == b""
    save(engine, info, make.analysis(1), b"abcdef")
    assert (beginning(engine, info.id, 3), beginning(engine, info.id, 99)) == (b"abc", b"abcdef")


def test_two_that_save_one_session_at_once_do_not_hinder_each_other(
    engine: Engine, workspace: Workspace, make: Any
) -> None:
    info = make.info(workspace)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda at: save(engine, info, make.analysis(at), b"%d" % at), range(1, 9)))
    found = document(engine, info.id)
    assert found is not None
    assert counts(engine)["observations"] == int(found)


@pytest.mark.parametrize("size", [0, 1, 5, (1 << 20) + 3, 1 << 22])
def test_a_document_is_read_in_pieces_and_its_beginning_alone(
    engine: Engine, workspace: Workspace, make: Any, size: int
) -> None:
    info, data = make.info(workspace), bytes(range(256)) * ((3 << 20) // 256)
    save(engine, info, make.analysis(), data)
    out = BytesIO()
    assert copy_document(engine, info.id, out)
    assert out.getvalue() == data
    assert beginning(engine, info.id, size) == data[:size]
    assert not copy_document(engine, "other", BytesIO())
    assert beginning(engine, "other", size) == b""
