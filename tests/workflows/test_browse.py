from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from importlib.util import find_spec

import pytest

from analyzer.store.views import VIEWS
from analyzer.workflows import browse as module
from analyzer.workflows.analyze import stored
from analyzer.workflows.browse import BrowserMissing, description, prepare
from analyzer.workflows.home import Home, UsageProblem


def fetch(address: str, process: subprocess.Popen[bytes]) -> bytes:
    for _ in range(200):
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bytes(answer.read())
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(address)


@pytest.mark.skipif(find_spec("datasette") is None, reason="Datasette is not installed (the test extra has it)")
def test_datasette_shows_the_views_on_loopback(tmp_path):
    home = Home(tmp_path)
    document = stored(home, "shipped").document
    browsing = prepare(home)
    assert browsing.address.startswith("http://127.0.0.1:")
    with subprocess.Popen(browsing.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            page = fetch(browsing.address, process).decode()
            query = f"{browsing.address}/sent_to_third_parties_before_any_choice.json?_shape=array"
            rows = json.loads(fetch(query, process))
            table = json.loads(fetch(f"{browsing.address}/view_verdicts.json?_shape=array", process))
        finally:
            process.terminate()
            said, _ = process.communicate(timeout=60)
    assert said == b""  # the server's own lines are nothing that a person asked for
    assert all(view.name in page for view in VIEWS)
    assert len(table) == len(document.verdicts)
    assert {row["host"] for row in rows} >= {"ads.adnova.test"}


def test_a_taken_port_is_left_alone(tmp_path):
    first = int(prepare(Home(tmp_path)).address.split(":")[2].split("/")[0])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        assert f":{first}/" not in prepare(Home(tmp_path)).address
    assert first < 32_768


def test_every_question_that_is_offered_is_one_that_the_database_answers(tmp_path):
    home = Home(tmp_path)
    with home.results():
        pass
    with sqlite3.connect(home.workspace.database) as database:
        for query in description()["databases"]["analyzer"]["queries"].values():
            database.execute(query["sql"]).fetchall()
    database.close()


def test_another_database_is_not_shown(tmp_path):
    with pytest.raises(UsageProblem, match="--database"):
        prepare(Home(tmp_path, "postgresql://a/b"))


def test_without_datasette_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(BrowserMissing, match="pip install datasette"):
        prepare(Home(tmp_path))
