from __future__ import annotations

import subprocess
import sys
import time

import pytest

from analyzer.capture.device import EnvironmentProblem
from analyzer.workflows.home import Home
from analyzer.workflows.lab_folder import MOST_LABS, alone, lab_folder


def test_a_second_recorder_in_one_workspace_gets_a_lab_of_its_own(tmp_path):
    home = Home(tmp_path)
    with lab_folder(home) as first:
        with lab_folder(home) as second:
            assert (first.name, second.name) == ("lab", "lab-2")
        with lab_folder(home) as again:
            assert again == second
    with lab_folder(home) as later:
        assert later == first


def test_too_many_recorders_are_told_to_wait(tmp_path):
    home = Home(tmp_path)
    held = [lab_folder(home) for _ in range(MOST_LABS)]
    for one in held:
        one.__enter__()
    with pytest.raises(EnvironmentProblem, match="--workspace"), lab_folder(home):
        pass
    for one in held:
        one.__exit__(None, None, None)


def test_what_is_prepared_alone_waits_for_the_other_process(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from analyzer.workflows.lab_folder import alone\n"
        f"with alone(Path({str(tmp_path)!r})): print('in', flush=True); time.sleep(0.5)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"in\n"
        start = time.monotonic()
        with alone(tmp_path):
            assert time.monotonic() - start > 0.2
