"""Prints what detection finds, misses and wrongly claims: `python tests/corpus [--seeds N] [--held-out]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from corpus.sets import DOCUMENTED, LATER, judge, judge_held_out  # noqa: E402 - the path is set above
from corpus.table import floors, tell  # noqa: E402 - the path is set above


def main() -> None:
    """Judge some seeds and print the tables."""
    parser = argparse.ArgumentParser(prog="python tests/corpus", description=__doc__)
    parser.add_argument("--seeds", type=int, default=4, help="how many invented people (default 4)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default 0)")
    parser.add_argument("--held-out", action="store_true", help="only the templates that nothing was built with")
    parser.add_argument("--documented", action="store_true", help="only the requests as vendors document them")
    parser.add_argument("--misses", type=int, default=0, help="also name so many misses and wrong claims")
    parser.add_argument("--floors", action="store_true", help="print the floors that the tests hold instead")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    if asked.documented:
        total = judge(seeds, DOCUMENTED + LATER, systematic=False)
    else:
        total = judge_held_out(seeds) if asked.held_out else judge(seeds)
    print(floors(total) if asked.floors else tell(total, asked.misses))


if __name__ == "__main__":
    main()
