from __future__ import annotations

import json

import pytest

from analyzer.report.document import ResultDocument, to_bytes
from analyzer.report.outline import read_outline


def test_an_outline_has_what_decides_a_result(document: ResultDocument) -> None:
    outline = read_outline(to_bytes(document))
    assert outline.session.run_id == document.session.run_id
    assert outline.packs == list(dict.fromkeys(verdict.pack for verdict in document.verdicts))
    assert document.session.judged_by is not None
    assert outline.session.judged_by is not None
    assert outline.session.judged_by.packs_digest == document.session.judged_by.packs_digest


def test_forms_that_lack_what_others_have_and_have_what_others_lack_are_read() -> None:
    session = {"id": "s", "digest": "d", "run_id": "r", "old": 1}
    ref = {"recording": "1-accept", "source": "screens", "line": 1}
    policy = {"name": "p.txt", "sha256": "0", "lines": 2, "ref": ref}
    verdict = {"rule": "a", "pack": "b", "outcome": "violated", "score": 3}
    data = json.dumps({"schema": "analyzer.result/1", "session": session, "verdicts": [verdict], "policy": policy})
    outline = read_outline(data.encode())
    assert (outline.session.judged_by, outline.packs, outline.given_policy) == (None, ["b"], None)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "it is no result: "),
        (b"[" * 100_000, "it is no result: "),
        (b'{"schema": "analyzer.result/1"}', "it is no result: "),
        (b'{"schema": "x", "session": {"id": "", "digest": "", "run_id": ""}, "verdicts": []}', "its schema is 'x'"),
        (
            b'{"schema": "analyzer.result/12", "session": {"id": "", "digest": "", "run_id": ""}, "verdicts": []}',
            "analyzer.result/12 was written by a newer analyzer: update this one",
        ),
    ],
)
def test_what_is_no_result_of_ours_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match="it") as refused:
        read_outline(data)
    assert said in str(refused.value)
