"""Turn what was counted of the collection into entries of the document, and curves into characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from analyzer.model.results import Frequency, PermissionUse
from analyzer.report.document_results import FrequencyEntry, PermissionEntry

_HEIGHTS: Final = "▁▂▃▄▅▆▇█"
_NOTHING: Final = "·"


def frequency_entry(one: Frequency) -> FrequencyEntry:
    """Write how often one party read one type of data."""
    return FrequencyEntry(**asdict(one))


def permission_entry(one: PermissionUse) -> PermissionEntry:
    """Write one permission and its use."""
    return PermissionEntry(**asdict(one))


def drawn(curve: Sequence[int]) -> str:
    """Draw a curve in characters, one for each step: a dot for none, a block as high as its share of the highest."""
    highest = max(curve, default=0)
    return "".join(_HEIGHTS[(count * len(_HEIGHTS) - 1) // highest] if count else _NOTHING for count in curve)
