# ruff: noqa: INP001, T201 - scripts, in no package; what they print is the answer
"""The stages that are measured; each runs in a process of its own and prints how long its work took.

python stages.py STAGE FLOWS-FILE WORKSPACE [--profile]
"""

from __future__ import annotations

import cProfile
import json
import pstats
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from corpus import PACKAGE
from mitmproxy.io import FlowReader

from analyzer.analysis.flow_pass import Kept, Task
from analyzer.analysis.pipeline import conclude, look_through
from analyzer.capture.interruption import Stop
from analyzer.codec.mitm import read_mitm
from analyzer.packs.loader import load_packs
from analyzer.report.document import document_pieces
from analyzer.store import results
from analyzer.store.reader import blob_reader, open_session
from analyzer.store.verify import verify
from analyzer.workflows.analyze import Lens, analyze
from analyzer.workflows.home import Home
from analyzer.workflows.import_capture import ImportOrder, import_captures
from analyzer.workflows.import_statement import Statement
from analyzer.workflows.workers import Workers

HOTTEST = 25


class Silent:
    """Shows nothing of an import."""

    def file(self, name: str, size: int) -> None:
        """Begin a file."""

    def at(self, position: int, records: int) -> None:
        """Tell how far it is."""

    def message(self, text: str) -> None:
        """Say something."""


class Stages:
    """The stages by name, over one flow file and one workspace."""

    def __init__(self, file: Path, workspace: Path) -> None:
        self.file = file
        self.workspace = workspace

    def mitmproxy(self) -> int:
        """Read the file with mitmproxy's own reader, and do nothing else."""
        with self.file.open("rb") as file:
            return sum(1 for _ in FlowReader(file).stream())

    def reader(self) -> int:
        """Read the file with our reader, and do nothing else."""
        with self.file.open("rb") as file:
            return sum(1 for _ in read_mitm(file, "bench"))

    def capture(self) -> str:
        """Import: read, keep the original, write and chain the records, seal."""
        return self._import(Home(self.workspace))

    def verify(self) -> int:
        """Verify seal and chains of the imported session."""
        found = verify(self._session())
        if found.problems:
            raise SystemExit(f"the session is damaged: {found.problems[0]}")
        return found.lines

    def one(self) -> int:
        """Analyse in one process, to the observations and verdicts."""
        return self._analyse(1)

    def cores(self) -> int:
        """Analyse with all cores."""
        return self._analyse(0)

    def database(self) -> int:
        """Write the result document and the rows of the database (the analysis before it is not measured)."""
        looked, analysis = self._look(0)
        begin, busy = time.perf_counter(), _busy()
        data = b"".join(document_pieces(looked.session, analysis))
        with Home(self.workspace / "other").results() as engine:
            results.save(engine, looked.session.info, analysis, data)
        self.began, self.busy = begin, busy
        return len(data)

    def concluding(self) -> int:
        """Link what was seen to the calls, follow the phases and judge (looking through the flows is not measured)."""
        path, packs = self._session(), load_packs()
        session, read_blob = open_session(path), blob_reader(path)
        looked = look_through(session, packs, read_blob)
        self.began, self.busy = time.perf_counter(), _busy()
        return len(conclude(looked, packs, read_blob).links)

    def replay(self) -> str:
        """Analyse the sealed session as a replay does: verify, analyse, write document and database."""
        return analyze(Home(self.workspace), self._session().name, Lens()).path.name

    def everything(self) -> str:
        """Import, seal, verify, analyse, write document and database: the whole way from the file to the result."""
        home = Home(self.workspace)
        return analyze(home, self._import(home), Lens()).path.name

    def run(self, name: str) -> dict[str, object]:
        """Run a stage; give its seconds and the peak memory of this process in bytes."""
        stage: Callable[[], object] = getattr(self, name)
        self.began, self.busy = time.perf_counter(), _busy()
        answer = stage()
        seconds = time.perf_counter() - self.began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return {"seconds": seconds, "busy": _busy() - self.busy, "peak": peak, "answer": answer}

    def _import(self, home: Home) -> str:
        persona = self.file.with_name("persona.yaml")
        calls = self.file.with_suffix(".jsonl")
        files = (self.file, calls) if calls.exists() else (self.file,)
        return import_captures(home, ImportOrder(files, PACKAGE, Statement(), persona), Silent(), Stop())

    def _session(self) -> Path:
        return max((self.workspace / "sessions").glob("2*"))

    def _analyse(self, processes: int) -> int:
        return len(self._look(processes)[1].observations)

    def _look(self, processes: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - as the pipeline gives it
        path, packs = self._session(), load_packs()
        session, read_blob = open_session(path), blob_reader(path)
        looked = look_through(session, packs, read_blob, map if processes == 1 else Workers[Task, Kept]())
        return looked, conclude(looked, packs, read_blob)


def _busy() -> float:
    """Give the seconds that all cores together worked for this process and the children that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(words: list[str]) -> None:
    """Run one stage."""
    name, file, workspace = words[:3]
    stages = Stages(Path(file), Path(workspace))
    if "--profile" not in words:
        print(json.dumps(stages.run(name)))
        return
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    stages.run(name)
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(HOTTEST)


if __name__ == "__main__":
    main(sys.argv[1:])
