# ruff: noqa: INP001, T201 - a script, in no package; what it prints is the answer
"""Measures detection from a flow file of mitmproxy to the database, on a seeded corpus; see --help."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from corpus import PACKAGE, write
from persona import persona, persona_file

from analyzer.analysis.indicators_gather import gather_indicators
from analyzer.packs.loader import load_packs

STAGES = {
    "mitmproxy": "mitmproxy's FlowReader only",
    "reader": "our reader only",
    "capture": "import, sealed",
    "verify": "verify",
    "one": "analysis, 1 process",
    "cores": "analysis, all cores",
    "database": "document and database",
    "everything": "everything",
}
MEGA = 1_000_000
LIMIT = 300 * MEGA
_LOOK_S = 0.25
"""So often the memory is looked at: asking costs the machine as much as many a stage does."""
HERE = Path(__file__).resolve().parent


@dataclass
class Measured:
    """Seconds of each run of a stage, and the largest memory that was seen: of one process, and of all together."""

    seconds: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    largest: int = 0
    together: int = 0

    @property
    def median(self) -> float:
        """Give the median of the seconds."""
        return statistics.median(self.seconds)

    @property
    def worked(self) -> float:
        """Give the median of the seconds that all cores together worked; a busy machine changes them little."""
        return statistics.median(self.busy)


def options(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench detect", description=__doc__)
    parser.add_argument("--flows", type=int, nargs="*", default=[10_000, 100_000], help="sizes of the corpora")
    parser.add_argument("--runs", type=int, default=5, help="runs per stage; the table shows medians")
    parser.add_argument("--stages", nargs="*", choices=list(STAGES), default=list(STAGES), help="only these stages")
    parser.add_argument("--memory", action="store_true", help="only a session of 1 GB, and the memory it takes")
    parser.add_argument("--memory-mb", type=int, default=1_000, help="the size of that session's flow file")
    parser.add_argument("--profile", choices=list(STAGES), help="only the hottest functions of this stage")
    return parser.parse_args(words)


def main(words: list[str]) -> None:
    """Make the corpora, run the stages, print the tables."""
    wanted = options(words)
    with tempfile.TemporaryDirectory(prefix="analyzer-bench-") as folder:
        place = Path(folder)
        (place / "persona.yaml").write_text(persona_file(), encoding="utf-8")
        if wanted.profile:
            file = place / "profiled.mitm"
            write(file, wanted.flows[0], persona())
            profile(place, file, wanted.profile)
        elif wanted.memory:
            memory(place, wanted.memory_mb * MEGA)
        else:
            compare(place, wanted)


def compare(place: Path, wanted: argparse.Namespace) -> None:
    """Print the table of every corpus, and how the time grows with the flows."""
    packs = load_packs()
    known = gather_indicators(PACKAGE, persona(), (), packs.catalog, packs.taxonomy)
    forms = len({one.pattern for one in known.all()})
    print(f"{sum(map(len, persona().values()))} known values in {forms} forms; {os.cpu_count()} cores")
    whole: list[Measured] = []
    for count in wanted.flows:
        file = place / f"{count}.mitm"
        write(file, count, persona())
        table = {name: Measured() for name in wanted.stages}
        for _ in range(wanted.runs):
            for name in wanted.stages:
                measure(place, file, name, table[name])
        show(count, file.stat().st_size, table)
        whole += [table["everything"]] if "everything" in table else []
        file.unlink()
        shutil.rmtree(place / "workspace", ignore_errors=True)
    if len(whole) > 1:
        times = wanted.flows[-1] / wanted.flows[0]
        grown = f"{whole[-1].median / whole[0].median:.1f} times the time"
        print(f"\n{times:g} times the flows take {grown}, {whole[-1].worked / whole[0].worked:.1f} times the CPU time")


def measure(place: Path, file: Path, name: str, into: Measured) -> None:
    """Run one stage in a process of its own, and note its time and memory."""
    workspace = place / "workspace"
    if name in {"capture", "everything"}:
        shutil.rmtree(workspace, ignore_errors=True)
    if name in {"verify", "one", "cores", "database"} and not (workspace / "sessions").exists():
        stage(place, file, "capture", Measured())
    stage(place, file, name, into)


def stage(place: Path, file: Path, name: str, into: Measured) -> None:
    """Start the process of a stage, and look at its memory until it ends."""
    command = [sys.executable, str(HERE / "stages.py"), name, str(file), str(place / "workspace")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while process.poll() is None:
            into.together = max(into.together, resident(process.pid))
            time.sleep(_LOOK_S)
        output = process.stdout.read() if process.stdout else b""
    if process.returncode:
        raise SystemExit(f"the stage {name} ended with code {process.returncode}")
    answer = json.loads(output)
    into.seconds.append(answer["seconds"])
    into.busy.append(answer["busy"])
    into.largest = max(into.largest, answer["peak"])
    into.together = max(into.together, into.largest)


def resident(pid: int) -> int:
    """Give the memory of a process and its children in bytes; pages that they share count once per sharer's part."""
    total = 0
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        for one in (str(pid), *children):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii").splitlines()
            total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except (OSError, ValueError):
        return total
    return total


def show(count: int, size: int, table: dict[str, Measured]) -> None:
    """Print one table."""
    reading = table.get("mitmproxy")
    print(f"\n{count} flows, {size / MEGA:.0f} MB as .mitm; medians of {len(next(iter(table.values())).seconds)}")
    titles = ("stage", "seconds", "CPU s", "flows/s", "MB/s", "peak MB", "all MB", "× FlowReader", "in CPU s")
    print("{:<28}{:>9}{:>8}{:>9}{:>8}{:>9}{:>8}{:>14}{:>10}".format(*titles))
    for name, found in table.items():
        took, busy = found.median, found.worked
        ratio = f"{took / reading.median:>14.2f}{busy / reading.worked:>10.2f}" if reading else ""
        speed = f"{count / took:>9.0f}{size / MEGA / took:>8.1f}"
        used = f"{found.largest / MEGA:>9.0f}{found.together / MEGA:>8.0f}"
        print(f"{STAGES[name]:<28}{took:>9.2f}{busy:>8.2f}{speed}{used}{ratio}")


def memory(place: Path, size: int) -> None:
    """Print the memory that a large session takes, from import to database."""
    file = place / "large.mitm"
    write(file, 10**9, persona(), size)
    found = Measured()
    measure(place, file, "everything", found)
    session = sum(path.stat().st_size for path in (place / "workspace" / "sessions").rglob("*") if path.is_file())
    print(f"{file.stat().st_size / MEGA:.0f} MB of flows, a session of {session / MEGA:.0f} MB: {found.median:.0f} s")
    print(f"peak memory: {found.largest / MEGA:.0f} MB in the largest process, {found.together / MEGA:.0f} MB in all")
    print(f"limit: {LIMIT / MEGA:.0f} MB; {'kept' if found.together <= LIMIT else 'NOT kept'}")


def profile(place: Path, file: Path, name: str) -> None:
    """Print the hottest functions of a stage."""
    if name not in {"mitmproxy", "reader", "capture", "everything"}:
        stage(place, file, "capture", Measured())
    command = [sys.executable, str(HERE / "stages.py"), name, str(file), str(place / "workspace"), "--profile"]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
