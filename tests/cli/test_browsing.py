from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from importlib.util import find_spec

import pytest

from analyzer.workflows.browse import prepare
from analyzer.workflows.home import Home


@pytest.mark.skipif(find_spec("datasette") is None, reason="Datasette is not installed (the test extra has it)")
def test_browse_says_where_to_look_and_becomes_the_browser_itself(tmp_path):
    command = [sys.executable, "-m", "analyzer", "browse", "--workspace", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stderr
        assert b"Datasette is starting" in process.stderr.readline()
        told = process.stderr.readline().decode()
        assert told.startswith("Look at http://127.0.0.1:")
        with urllib.request.urlopen(told.split()[2], timeout=60) as answer:  # it answers as soon as it is said
            assert answer.status == 200
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(60) != 0


@pytest.mark.skipif(find_spec("datasette") is None, reason="Datasette is not installed (the test extra has it)")
def test_ctrl_c_before_the_address_answers_shows_no_traceback(tmp_path):
    slow = tmp_path / "datasette"
    slow.mkdir()
    (slow / "__init__.py").touch()
    (slow / "cli.py").write_text("import sys, time\nprint('loading', file=sys.stderr, flush=True)\ntime.sleep(600)\n")
    command = prepare(Home(tmp_path)).command
    place = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=place) as process:
        assert process.stderr
        assert process.stderr.readline() == b"loading\n"
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(60) == -signal.SIGINT
        assert process.stderr.read() == b""


def test_browse_of_another_database_is_a_usage_error(analyzer):
    said = analyzer("browse", "--database", "postgresql://a/b")
    assert said.code == 2
    assert "leave --database away" in said.err
