# ruff: noqa: INP001, T201 - a script, in no package; what it prints is the answer
"""Measures how the time for linking, judging and replay grows with a session of calls and requests; see --help."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from calls import write_calls
from corpus import write
from detect import MEGA, Measured, profile, stage
from persona import persona, persona_file

STAGES = {
    "capture": "import, sealed",
    "one": "analysis, 1 process",
    "concluding": "of it: linking and judging",
    "database": "document and database",
    "replay": "replay, to the database",
    "everything": "everything",
}
LIMIT = 12
"""Ten times the session may take at most so many times the time."""
TIMES = 10


def options(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench chain", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000, help="calls, and requests, of the smaller session")
    parser.add_argument("--times", type=int, default=TIMES, help="so many times as many has the larger one")
    parser.add_argument("--runs", type=int, default=3, help="runs per stage; the table shows medians")
    parser.add_argument("--stages", nargs="*", choices=list(STAGES), default=list(STAGES), help="only these stages")
    parser.add_argument("--profile", choices=list(STAGES), help="only the hottest functions of this stage")
    return parser.parse_args(words)


def main(words: list[str]) -> None:
    """Make two sessions, run the stages on both, print the table."""
    wanted = options(words)
    with tempfile.TemporaryDirectory(prefix="analyzer-bench-") as folder:
        place = Path(folder)
        (place / "persona.yaml").write_text(persona_file(), encoding="utf-8")
        if wanted.profile:
            profile(place, _session(place, wanted.size), wanted.profile)
            return
        tables = [_measured(place, size, wanted) for size in (wanted.size, wanted.size * wanted.times)]
        show(wanted, *tables)


def _measured(place: Path, size: int, wanted: argparse.Namespace) -> dict[str, Measured]:
    file = _session(place, size)
    table = {name: Measured() for name in wanted.stages}
    workspace = place / "workspace"
    for _ in range(wanted.runs):
        for name in wanted.stages:
            if name in {"capture", "everything"}:
                shutil.rmtree(workspace, ignore_errors=True)
            elif not (workspace / "sessions").exists():
                stage(place, file, "capture", Measured())
            stage(place, file, name, table[name])
    shutil.rmtree(workspace, ignore_errors=True)
    return table


def _session(place: Path, size: int) -> Path:
    """Write the requests of a session, and beside them its calls; give the file of the requests."""
    file = place / f"{size}.mitm"
    write(file, size, persona())
    write_calls(file.with_suffix(".jsonl"), size, persona())
    return file


def show(wanted: argparse.Namespace, small: dict[str, Measured], large: dict[str, Measured]) -> None:
    """Print the table, and how the time grows with the session."""
    sizes = f"{wanted.size} and {wanted.size * wanted.times} calls and as many requests"
    print(f"{sizes}; medians of {wanted.runs}, in seconds of CPU")
    titles = ("stage", "CPU s", f"× {wanted.times}", "ratio", "peak MB", f"× {wanted.times}")
    print("{:<28}{:>9}{:>9}{:>8}{:>9}{:>9}".format(*titles))
    for name, found in small.items():
        other = large[name]
        times = f"{found.worked:>9.2f}{other.worked:>9.2f}{other.worked / found.worked:>8.1f}"
        print(f"{STAGES[name]:<28}{times}{found.together / MEGA:>9.0f}{other.together / MEGA:>9.0f}")
    if wanted.times == TIMES:
        worst = max(other.worked / small[name].worked for name, other in large.items())
        kept = "kept" if worst <= LIMIT else "NOT kept"
        print(f"limit: {TIMES} times the session takes at most {LIMIT} times the CPU time; {kept}")


if __name__ == "__main__":
    main(sys.argv[1:])
