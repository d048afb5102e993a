from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.util import find_spec

import pytest


@pytest.mark.skipif(find_spec("datasette") is None, reason="Datasette is not installed (the test extra has it)")
def test_browse_says_where_to_look_and_becomes_the_browser_itself(tmp_path):
    command = [sys.executable, "-m", "analyzer", "browse", "--workspace", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stderr
        assert b"Look at http://127.0.0.1:" in process.stderr.readline()
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(60) != 0


def test_browse_of_another_database_is_a_usage_error(analyzer):
    said = analyzer("browse", "--database", "postgresql://a/b")
    assert said.code == 2
    assert "leave --database away" in said.err
