from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from analyzer.cli.commands import COMMANDS, LazyCommands
from analyzer.cli.main import app

LOADED = """
import sys
from analyzer.cli.main import app, ended
ended(lambda: app(sys.argv[1:], prog_name="analyzer"))
loaded = {name for name in sys.modules if name.partition(".")[0] in HEAVY or name.startswith("analyzer.")}
print(*sorted(loaded), file=sys.stderr)
"""
HEAVY = (
    "mitmproxy",
    "frida",
    "sqlalchemy",
    "rich",
    "jinja2",
    "yaml",
    "alembic",
    "cryptography",
    "adbutils",
)
LIGHT = {
    "analyzer.cli",
    "analyzer.cli.main",
    "analyzer.cli.commands",
    "analyzer.cli.talk",
    "analyzer.cli.endings",
    "analyzer.cli.options",
    "analyzer.report.labels",
    "analyzer.report.sentences",
    "analyzer.model",
    "analyzer.model.vocabulary",
    "analyzer.report",
    "analyzer.report.text",
}


@pytest.fixture(scope="module")
def group() -> LazyCommands:
    made = typer.main.get_command(app)
    assert isinstance(made, LazyCommands)
    return made


@pytest.mark.parametrize("word", ["--version", "--help", "-h"])
def test_version_and_help_load_none_of_what_the_commands_need(word):
    code = LOADED.replace("HEAVY", repr(HEAVY))
    done = subprocess.run([sys.executable, "-c", code, word], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout
    assert set(done.stderr.split()) <= LIGHT


def test_the_list_says_of_each_command_what_its_own_help_says(group):
    for name, place in COMMANDS.items():
        said = " ".join((group.commands[name].help or "").split("\n\n")[0].split())
        assert said == place.says, name


def test_no_line_of_the_list_is_cut_short(analyzer):
    text = " ".join(analyzer("--help").out.decode().split())
    assert all(place.says in text for place in COMMANDS.values())
    assert "..." not in text.partition("Commands:")[2]


def test_a_command_that_is_mistyped_is_guessed_without_loading_any(analyzer):
    said = analyzer("sesions")
    assert said.code == 2
    assert "sessions" in said.err


def test_a_problem_names_the_command_that_helps_for_the_workspace_that_was_given(analyzer, tmp_path):
    said = analyzer("sessions", "show", "latest", "--workspace", tmp_path / "a b")
    assert said.code == 2
    assert f"`analyzer run --package … --workspace '{tmp_path / 'a b'}'`" in said.err
    assert "`analyzer run --package …`" in analyzer("sessions", "show", "latest").err


def test_a_ctrl_c_while_a_command_loads_is_told_and_ends_with_130(group, monkeypatch, capsys):
    def stop(_name: str) -> None:
        raise KeyboardInterrupt

    fresh = LazyCommands()
    monkeypatch.setattr("analyzer.cli.commands.import_module", stop)
    with pytest.raises(SystemExit) as ending:
        fresh.commands["run"]
    assert ending.value.code == 130
    assert capsys.readouterr().err == "Interrupted before anything was done.\n"


def test_an_example_can_be_typed_as_it_stands_and_bounds_are_no_formula(analyzer, monkeypatch):
    monkeypatch.setenv("ANALYZER_CALLED_AS", "scripts/analyzer")
    said = analyzer("run", "--help").out.decode()
    assert "Example: scripts/analyzer run --package com.example --device lab" in " ".join(said.split())
    assert "<=x<=" not in said
