from __future__ import annotations

import pytest
from pydantic import ValidationError

from analyzer.model.vocabulary import Source
from analyzer.report.document_evidence import RefEntry, ToolEntry


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(ValidationError, match="extra"):
        RefEntry.model_validate({"recording": "1", "source": "events", "line": 1, "more": 1})


def test_entries_cannot_be_changed() -> None:
    entry = RefEntry(recording="1", source=Source.EVENTS, line=1)
    with pytest.raises(ValidationError, match="frozen"):
        entry.line = 2  # type: ignore[misc]


def test_lines_are_counted_from_one() -> None:
    with pytest.raises(ValidationError, match="greater"):
        RefEntry(recording="1", source=Source.EVENTS, line=0)


def test_texts_are_bounded_wherever_they_stand() -> None:
    assert len(ToolEntry(analyzer="x" * 10**6, python="", agent_sha256="").analyzer) < 5000
