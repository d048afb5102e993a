from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzer.capture.lab_java import MAIN_CLASS
from analyzer.capture.lab_leftovers import end_leftovers, leftovers, ownership
from analyzer.capture.lab_watch import started_at


@contextmanager
def looks_like_a_lab_process(state: Path, owner: str | None = None, main: str = MAIN_CLASS) -> Iterator[int]:
    properties = {**ownership(state), **({"lab.owner": owner} if owner else {})}
    arguments = [f"-D{name}={value}" for name, value in properties.items()]
    command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)", *arguments, main]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        try:
            yield child.pid
        finally:
            child.kill()


def test_a_process_whose_analyzer_is_gone_is_ended(tmp_path: Path) -> None:
    with looks_like_a_lab_process(tmp_path, owner="4194305:99") as pid:
        assert list(leftovers(tmp_path)) == [pid]
        assert end_leftovers(tmp_path) == [pid]
        assert started_at(pid) == ""
    assert end_leftovers(tmp_path) == []


def test_a_reused_id_does_not_pass_for_the_analyzer(tmp_path: Path) -> None:
    owner = ownership(tmp_path)["lab.owner"].split(":")[0]
    with looks_like_a_lab_process(tmp_path, owner=f"{owner}:1") as pid:
        assert list(leftovers(tmp_path)) == [pid]


def test_the_processes_of_a_living_analyzer_are_left_alone(tmp_path: Path) -> None:
    with looks_like_a_lab_process(tmp_path) as pid:
        assert end_leftovers(tmp_path) == []
        assert started_at(pid)


def test_other_programs_and_other_workspaces_are_left_alone(tmp_path: Path) -> None:
    with looks_like_a_lab_process(tmp_path, "4194305:99", "Other"), looks_like_a_lab_process(tmp_path / "b", "1:9"):
        assert end_leftovers(tmp_path) == []
