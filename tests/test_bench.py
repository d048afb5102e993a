"""The benchmark runs, and prints its table; how fast anything is, no test says."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from browser import missing
from house import ROOT

from analyzer.codec.foreign import Broken
from analyzer.codec.hook_lines import read_hook_lines
from analyzer.model.evidence import Event

BENCH = ROOT / "scripts" / "benchmarks" / "detect.py"
CHAIN = BENCH.with_name("chain.py")
HOOKS = BENCH.with_name("hooks.py")


def _bench(*words: str, bench: Path = BENCH) -> str:
    command = [sys.executable, str(bench), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_benchmark_measures_from_the_flow_file_to_the_database():
    printed = _bench("--flows", "50", "200", "--runs", "1", "--stages", "mitmproxy", "everything")
    first, *_ = printed.splitlines()
    values, forms = (int(word) for word in first.split() if word.isdecimal() and int(word) >= 40)
    assert values == 40
    assert forms > 1500
    rows = [line for line in printed.splitlines() if line.startswith("everything")]
    assert len(rows) == 2
    assert all(float(figure) > 0 for figure in rows[1].split()[1:])
    assert "4 times the flows take" in printed


@pytest.mark.long
def test_the_benchmark_of_the_chain_compares_a_session_with_one_that_is_larger():
    words = ("--size", "20", "--times", "2", "--runs", "1", "--stages", "concluding")
    printed = _bench(*words, bench=CHAIN).splitlines()
    assert printed[0].startswith("20 and 40 calls and as many requests")
    (row,) = [line for line in printed if line.startswith("of it: linking and judging")]
    assert all(float(figure) > 0 for figure in row.split()[5:])


def test_the_calls_of_the_benchmark_can_be_imported(tmp_path):
    bench = CHAIN.parent
    code = f"import sys; sys.path.insert(0, {str(bench)!r}); from calls import *; from persona import persona; "
    code += f"write_calls(Path({str(tmp_path / 'calls.jsonl')!r}), 40, persona())"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=1200)
    with (tmp_path / "calls.jsonl").open("rb") as file:
        records = list(read_hook_lines(file, "bench"))
    assert sum(isinstance(one, Event) for one in records) == 40
    assert not [one for one in records if isinstance(one, Broken)]
    assert {"crypto.digest", "network.okhttp", "network.connect"} <= {
        one.hook for one in records if isinstance(one, Event)
    }


def test_the_benchmark_says_what_it_can_do():
    assert "--memory" in _bench("--help")


@pytest.mark.lab
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the lab's JVM needs an x86-64 machine")
def test_the_benchmark_of_the_hooks_measures_their_cost_and_loses_no_call():
    words = ("--rounds", "2", "--threads", "3", "--calls", "500", "--flood", "1000", "--armings", "1")
    printed = _bench(*words, bench=HOOKS)
    assert printed.count("a hook that only calls through") == 3
    judged = [line for line in printed.splitlines() if line.endswith("kept") and not re.search("event|ms from", line)]
    assert len(judged) == 6
    assert not [line for line in judged if "NOT kept" in line]


def test_the_benchmark_of_the_report_page_paints_and_zooms_it():
    if shutil.which("chromium") is None:
        missing("Chromium", "chromium")
    bench = ROOT / "scripts" / "benchmarks" / "report.py"
    command = [sys.executable, str(bench), "--entries", "300", "--runs", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr
    entries, *figures = done.stdout.splitlines()[-1].replace("/", "").split()
    assert entries == "300"
    assert len(figures) == 8
    assert all(float(figure) > 0 for figure in figures)
