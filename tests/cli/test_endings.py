from __future__ import annotations

import errno
import re
from importlib import import_module

import pytest
from unprivileged import unprivileged

from analyzer.cli.endings import ENDINGS, ending
from analyzer.store.problems import EvidenceRefused


@pytest.mark.parametrize("name", ENDINGS)
def test_every_known_problem_is_named_as_it_is_called(name):
    module, _, kind = name.rpartition(".")
    assert issubclass(getattr(import_module(module), kind), Exception)


def test_a_known_problem_becomes_one_sentence_and_its_exit_code(capsys):
    assert ending(EvidenceRefused("the manifest\x1b is none")) == 4
    assert re.fullmatch(r"analyzer: the manifest.* is none\n", capsys.readouterr().err)
    assert set(ENDINGS.values()) == {2, 3, 4}


def test_a_problem_of_a_known_kind_has_the_code_of_the_kind(capsys):
    assert ending(FileNotFoundError(errno.ENOENT, "No such file or directory", "x")) == 3
    assert "(x)" in capsys.readouterr().err
    assert ending(OSError(errno.ENOSPC, "No space left on device")) == 3
    assert "free some space" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["sessions", "list"], ["verify", "latest"]])
def test_a_workspace_that_may_not_be_read_is_a_matter_of_the_machine_and_says_what_to_do(words, tmp_path):
    workspace = tmp_path / "workspace"
    workspace.mkdir(mode=0)
    said = unprivileged(*words, "--workspace", workspace)
    assert said.returncode == 3
    assert "choose another folder with --workspace" in said.stderr


def test_a_reader_that_goes_away_is_no_problem(capsys):
    assert ending(BrokenPipeError(errno.EPIPE, "Broken pipe")) == 0
    assert capsys.readouterr().err == ""


def test_an_unknown_problem_is_not_spoken_of(capsys):
    assert ending(ZeroDivisionError("x")) is None
    assert capsys.readouterr().err == ""
