"""Puts what recordings lost into a table: kind of trouble, seeds, records and milliseconds, time to open it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from statistics import median

Suffered = tuple[str, int, float, float, float]
"""Kind, records lost, milliseconds from the first of them to the fault, milliseconds of these for which the machine
kept the writers waiting, CPU seconds until the session was sealed, analysed and verified."""


def fault_table(suffered: Iterable[Suffered]) -> Iterator[str]:
    """Give the lines of the table; none when nothing was suffered."""
    by_kind: dict[str, list[Suffered]] = defaultdict(list)
    for one in suffered:
        by_kind[one[0]].append(one)
    if not by_kind:
        return
    yield ""
    heads = f"{'records lost':>18}{'ms lost':>18}{'of these waited':>20}{'reopened, CPU s':>18}"
    yield f"{'trouble':24}{'seeds':>6}{heads}"
    yield f"{'':24}{'':6}{'median    max':>18}{'median    max':>18}{'median    max':>20}{'median    max':>18}"
    for kind, each in by_kind.items():
        columns = zip(*(one[1:] for one in each), strict=True)
        records, ms, still, seconds = ([median(column), max(column)] for column in columns)
        yield (
            f"{kind:24}{len(each):6}{records[0]:11.0f}{records[1]:7.0f}{ms[0]:11.0f}{ms[1]:7.0f}"
            f"{still[0]:13.0f}{still[1]:7.0f}{seconds[0]:11.1f}{seconds[1]:7.1f}"
        )
