from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
import typer
from house import ROOT

from analyzer import __version__
from analyzer.cli.main import app, ended
from analyzer.store.problems import EvidenceRefused

EVERYWHERE = {"--workspace", "--database", "--language", "--verbose", "--help"}
PRESENT = {
    "run": {
        "--package", "--apk", "--device", "--consent", "--dwell", "--duration", "--background", "--silent", "--later",
        "--keep-data", "--unpin", "--pass-refused", "--traffic", "--wireguard-listen", "--without-root",
        "--tls-keys", "--pcap", "--video", "--persona",
        "--pack", "--app-type", "--profile", "--policy", "--frida-server", "--case", "--operator", "--json",
        "--fail-on",
    },
    "import": {
        "--package", "--persona", "--marks", "--accepted-at", "--refused-at", "--no-consent", "--case", "--operator",
    },
    "replay": {"--pack", "--profile", "--policy", "--app-type", "--json", "--play", "--speed"},
    "export": {"--format", "--output", "--redact", "--key", "--tsa", "--tsa-ca"},
    "verify": {"--pack", "--tsa-ca"},
    "browse": set(),
    "decide": {"--outcome", "--why", "--operator"},
    "compare": {"--fail-on", "--json"},
    "calibrate": {"--device", "--apk", "--frida-server", "--json"},
    "devices": set(),
    "doctor": set(),
    "device setup": {"--device"},
    "device restore": {"--device"},
    "sessions list": set(),
    "sessions show": {"--json"},
    "sessions delete": {"--yes"},
    "hooks list": set(),
    "hooks check": set(),
    "packs list": set(),
    "packs show": set(),
    "packs check": {"--pack"},
}  # fmt: skip
"""The commands and options that this version has; the contract names more, which come later."""


def _commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, type(group)) or hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield before + name, command


COMMANDS = dict(_commands(typer.main.get_command(app)))


def _options(said: str) -> set[str]:
    return set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", said, re.MULTILINE))


def test_the_commands_are_exactly_these():
    assert set(COMMANDS) == set(PRESENT)


@pytest.mark.parametrize("name", PRESENT)
def test_a_command_has_exactly_its_options_and_those_of_everywhere(analyzer, name):
    said = analyzer(*name.split(), "--help")
    assert said.code == 0
    assert _options(said.out.decode()) == PRESENT[name] | EVERYWHERE
    assert not re.search(r"<(?:str|path|list|float)|^Usage:.*\{", said.out.decode(), re.MULTILINE | re.IGNORECASE), (
        "what an option or argument takes is said in words"
    )


@pytest.mark.parametrize("name", PRESENT)
def test_the_help_of_a_command_teaches_by_an_example_that_the_command_line_accepts(analyzer, name):
    text = " ".join(analyzer(*name.split(), "--help").out.decode().split())
    found = re.search(rf"Example: analyzer {name}( .*?)? (Options|Arguments):", text)
    assert found, text
    words = (found[1] or "").split()
    COMMANDS[name].make_context(name, words)


def test_the_readme_lists_every_command_and_option():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = {}
    for line in re.findall(r"^analyzer ([a-z].*)$", "\n".join(_blocks(readme, "usage")), re.MULTILINE):
        words = re.match(r"[a-z]+(?: (?:list|show|delete|check|setup|restore)\b)?", line)
        assert words
        listed[words[0]] = set(re.findall(r"--[a-z-]+", line))
    assert listed == PRESENT


def _blocks(text: str, kind: str) -> list[str]:
    return [block.replace("\\\n", " ") for block in re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)]


def test_the_version_is_told(analyzer):
    assert analyzer("--version").rows == [f"analyzer {__version__}"]


@pytest.mark.parametrize("words", [("--workspace", "x"), ("--language", "zh"), ("--verbose",)])
def test_an_option_before_the_command_is_told_where_it_belongs(analyzer, words):
    said = analyzer(*words, "sessions", "list")
    assert said.code == 2
    assert f"Write {words[0]} after the command" in said.err


def test_without_words_the_help_is_shown(analyzer):
    said = analyzer()
    assert "Commands:" in said.out.decode() + said.err


def test_a_known_problem_has_its_exit_code(capsys):
    def refuse() -> None:
        raise EvidenceRefused("the manifest is none")

    assert ended(refuse) == 4
    assert capsys.readouterr().err == "analyzer: the manifest is none\n"


def test_a_reader_that_goes_away_is_no_error():
    def gone() -> None:
        raise BrokenPipeError

    assert ended(gone) == 0


def test_an_unknown_problem_is_not_hidden():
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ended(fail)


def test_the_module_is_the_command():
    command = [sys.executable, "-m", "analyzer", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, f"analyzer {__version__}\n")


@pytest.mark.parametrize("words", [("packs", "show", "cn-191-2019"), ("sessions", "show", "no-such")])
def test_letters_that_the_terminal_lacks_are_escaped(words, tmp_path):
    ascii_only = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "analyzer", *words, "--language", "zh"]
    done = subprocess.run(
        command, capture_output=True, cwd=tmp_path, env={**os.environ, **ascii_only}, timeout=60, check=False
    )
    said = done.stdout + done.stderr
    assert b"Traceback" not in said
    assert said.isascii()
    assert b"\\u" in said
    assert done.returncode in {0, 2}
