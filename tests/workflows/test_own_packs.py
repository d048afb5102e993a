from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from bundles import read, rewritten

from analyzer.packs.loader import DATA
from analyzer.report.outline import read_outline
from analyzer.workflows import own_packs
from analyzer.workflows.analyze import Lens, analyze
from analyzer.workflows.bundle import write_bundle
from analyzer.workflows.check import check
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.own_packs import keep_own, kept_own
from analyzer.workflows.unbundle import check_bundle, import_bundle


def made(folder: Path) -> Path:
    """Make a pack of one's own, in a folder that is called otherwise than the pack."""
    shutil.copytree(DATA / "rules" / "eu-eprivacy", folder)
    head = folder / "pack.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("id: eu-eprivacy", "id: lab-own"), encoding="utf-8")
    rules = folder / "terminal-equipment.yaml"
    rules.write_text(rules.read_text().replace("id: eu.eprivacy", "id: lab.own"))
    return folder


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def judged(home, tmp_path) -> Path:
    """Judge the shipped session by a pack of one's own and by one that ships; gives the pack's folder."""
    own = made(tmp_path / "our rules")
    analyze(home, "shipped", Lens((str(own), "cn-191-2019")))
    return own


def test_a_result_of_rules_of_ones_own_is_made_again_from_the_kept_copy(home, judged):
    shutil.rmtree(judged)
    found = check(home, "shipped")
    assert not found.differs
    assert "the same result, byte for byte" in found.lines[-1]


def test_a_copy_that_was_changed_is_none(home, judged):
    (copy,) = (home.path / "packs").glob("*/our rules/pack.yaml")
    copy.chmod(0o600)
    copy.write_text(copy.read_text() + "# more\n")
    assert check(home, "shipped").differs


def test_a_bundle_carries_rules_of_ones_own_and_names_them_so(home, judged, tmp_path):
    file = tmp_path / "b.zip"
    with file.open("wb") as out:
        write_bundle(home, "shipped", out)
    assert read(file, "data/packs/rules/our rules/pack.yaml") == (judged / "pack.yaml").read_bytes()
    elsewhere = Home(tmp_path / "elsewhere")
    found = check_bundle(elsewhere, file)
    assert (found.intact, found.differs) == (True, False)
    assert "rules of the signer's own, which do not ship: lab-own" in found.lines
    assert any("other than those installed here: rules/our rules" in line for line in found.lines)
    _, lines = import_bundle(elsewhere, file)
    assert any("not judged here" in line and "name the folder with --pack" in line for line in lines)
    gone = {f"data/packs/rules/our rules/{path.name}": None for path in judged.iterdir()}
    assert check_bundle(elsewhere, rewritten(file, tmp_path / "c.zip", gone, sign=True)).differs


def test_a_folder_that_is_called_as_a_shipped_pack_beside_it_is_not_bundled(home, tmp_path):
    own = made(tmp_path / "own" / "eu-eprivacy")
    (own / "more.yaml").write_text(_same_as("eu-eprivacy/eu.eprivacy.5.3"), encoding="utf-8")
    analyze(home, "shipped", Lens((str(own),)))
    with pytest.raises(UsageProblem, match="is called eu-eprivacy, as one that ships: rename it"):
        write_bundle(home, "shipped", io.BytesIO())


def _same_as(rule: str) -> str:
    return f"""
rules:
- {{id: lab.more, clause: '1', title: {{en: more}}, text: {{original: more}}, text_fidelity: verbatim, decidable: full,
   source: [us], confidence: 0.9, reasoning: the same as another, same_as: {rule}}}
"""


def test_what_is_too_much_for_a_pack_or_has_a_strange_name_is_not_kept(home, tmp_path, monkeypatch):
    keep_own(home, [str(made(tmp_path / "a\nb"))])
    monkeypatch.setattr(own_packs, "MOST_BYTES", 100)
    keep_own(home, [str(made(tmp_path / "own")), "eu-eprivacy", "all"])
    assert not list((home.path / "packs").glob("*/*"))


def test_a_result_that_names_a_place_outside_of_the_copies_gets_nothing(home, tmp_path):
    made(tmp_path / "own")
    session = '{"id": "s", "digest": "", "run_id": "", "judged_by": {"packs": {"rules/own": "../.."}}}'
    verdicts = '[{"rule": "r", "pack": "lab-own", "outcome": "violated"}]'
    text = f'{{"schema": "analyzer.result/1", "session": {session}, "verdicts": {verdicts}}}'
    home.folder("packs")
    assert kept_own(home, read_outline(text.encode())) == {}
