from __future__ import annotations

import pytest
from pydantic import ValidationError

from analyzer.model.vocabulary import LinkMethod
from analyzer.report.document_results import DecisionEntry, LinkEntry


def test_words_outside_of_the_vocabulary_are_refused() -> None:
    with pytest.raises(ValidationError, match="outcome"):
        DecisionEntry.model_validate(
            {"rule": "r", "outcome": "compliant", "why": "", "operator": "", "at_us": 0, "at": None}
        )


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_confidence_lies_between_zero_and_one(confidence: float) -> None:
    with pytest.raises(ValidationError, match="confidence"):
        LinkEntry(
            id="l1",
            event="e",
            flow_index=0,
            observation=None,
            method=LinkMethod.VALUE,
            distance_us=0,
            confidence=confidence,
        )
