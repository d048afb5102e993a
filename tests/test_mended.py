"""Lab apps that break the rules by dialog, policy, background, SDK and consent string, and versions that keep them."""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from faults import ROOT
from seeds.chain import Run, run_app

from analyzer.capture.lab_apps import DESCRIPTION
from analyzer.workflows.analyze import Lens, judge

BUILDER = ROOT / "scripts" / "build_lab.py"
PACKS = ("cn-191-2019", "eu-gdpr", "eu-cjeu", "cn-tc260-pg", "cn-pipl-2021", "iab-tcf", "cn-miit-337-2019")
BROKEN = {
    "cn.191.1.3": "suspected",
    "cn.191.3.4": "violated",
    "cn.191.4.4": "suspected",
    "eu.cjeu.c673_17": "violated",
    "eu.gdpr.32": "violated",
    "eu.gdpr.4.11": "violated",
    "cn.pg20204a.3.2g": "suspected",
}

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory, warm: Callable[[Path], Path]):
    sys.path.insert(0, str(BUILDER.parent))
    spec = importlib.util.spec_from_file_location("build_lab", BUILDER)
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    try:
        javac = builder.find_javac()
    except builder.BuildProblem as problem:
        pytest.skip(str(problem))
    runs: dict[str, Run] = {}

    @cache
    def built(app: str) -> Path:
        jar: Path = tmp_path_factory.mktemp("jars") / f"{app}.jar"
        builder.build_app(javac, ROOT / "tests/lab_apps" / app, jar, builder.LAB / "lab.jar")
        return jar

    def recorded(name: str, app: str = "deep", consent: tuple[str, ...] = ("accept",)) -> Run:
        if name not in runs:
            folder = tmp_path_factory.mktemp(name)
            jar = in_mode(built(app), folder / f"{name}.jar", name)
            runs[name] = run_app(warm(folder), f"com.example.{app}", consent, (jar,))
        return runs[name]

    return recorded


def in_mode(jar: Path, target: Path, mode: str) -> Path:
    """Make the jar of one version of an app; the one that is not bad is the second."""
    with zipfile.ZipFile(jar) as whole, zipfile.ZipFile(target, "w") as changed:
        for name in whole.namelist():
            data = whole.read(name)
            if name == DESCRIPTION and mode != "deep":
                data = data.replace(b"mode=deep", f"mode={mode}".encode()).replace(b"=1", b"=2")
            changed.writestr(name, data)
    return target


def outcomes(run: Run) -> dict[str, str]:
    result, _, _ = judge(run.result.path, Lens(PACKS))
    return {verdict.rule: verdict.outcome.value for verdict in result.document.verdicts}


def marks(run: Run) -> dict[str, dict[str, str]]:
    return {mark["kind"]: mark["details"] for mark in run.document["marks"]}


def test_every_rule_that_the_first_version_breaks_is_found_broken(version):
    found = outcomes(version("deep"))
    assert {rule: found[rule] for rule in BROKEN} == BROKEN


def test_the_mended_version_is_held_nothing_against(version):
    found = outcomes(version("mended"))
    assert {rule: found[rule] for rule in BROKEN} == dict.fromkeys(BROKEN, "not_observed")
    assert {rule for rule, outcome in found.items() if outcome in {"violated", "suspected"}} == set()


def test_the_walk_counts_the_operations_and_puts_the_app_back(version):
    deep, mended = marks(version("deep")), marks(version("mended"))
    assert (deep["policy_reached"]["operations"], mended["policy_reached"]["operations"]) == ("6", "2")
    assert {"backgrounded", "foregrounded"} <= set(deep)


RULE = """
rules:
- id: x.silent
  clause: "1"
  title: {zh: 静默收集, en: Collection with the screen off}
  text: {zh: 静默收集, en: The app reads an IMEI while nobody uses it.}
  text_fidelity: of the tests
  decidable: full
  source: [tests]
  confidence: 1
  reasoning: An IMEI was read with the screen off.
  suspected_when:
    observation: {app_state: [silent], data_type: [id.imei], tier_at_least: accessed}
  ceiling: suspected
  needs: {app_states: [silent], hooks: [id.imei]}
  examples: {blind: [{name: the screen stayed on, expect: not_tested, phases: [accepted]}]}
"""


def test_what_is_done_with_the_screen_off_is_told_apart_from_the_background(version, tmp_path):
    (tmp_path / "pack.yaml").write_text(
        "{id: x, version: '1', by_default: false, jurisdiction: CN, source: [tests], confidence: 1, "
        "instrument: {zh: 测试, en: Tests, status: in force}}"
    )
    (tmp_path / "rules.yaml").write_text(RULE)
    found = {}
    for name in ("deep", "mended"):
        run = version(name)
        kinds = [mark["kind"] for mark in run.document["marks"] if mark["kind"].endswith(("grounded", "silenced"))]
        assert kinds == ["backgrounded", "silenced", "backgrounded", "foregrounded"]
        result, _, _ = judge(run.result.path, Lens((str(tmp_path),)))
        found[name] = {one.rule: one.outcome.value for one in result.document.verdicts}["x.silent"]
    assert found == {"deep": "suspected", "mended": "not_observed"}
    (imei,) = [one for one in version("deep").document["frequencies"] if one["data_type"] == "id.imei"]
    assert imei["background"] > 0
    assert imei["silent"] > 0


def test_an_app_hears_that_the_screen_goes_off_and_what_it_does_then_is_seen(version):
    (own,) = [one for one in version("deep").document["frequencies"] if one["data_type"] == "id.android_id"]
    assert own["reads"] == 1
    assert own["background"] + own["silent"] == 1


def test_what_the_first_version_did_was_seen_and_nothing_else(version):
    run = version("deep")
    assert [score.perfect for score in run.scores()] == [True] * len(run.scores()), run.scores()


IGNORED = {
    "cn.191.3.2a": "violated",
    "cn.pg20204a.3.1": "suspected",
    "cn.miit337.7": "suspected",
    "cn.pipl.5": "suspected",
    "iab.tcf.li_profiling": "suspected",
    "iab.tcf.signal_vs_traffic": "suspected",
}


@pytest.mark.slow
def test_a_banner_with_a_pale_refusal_that_a_vendor_ignores_is_found_out(version):
    run = version("banner", "banner", ("accept", "refuse"))
    found = outcomes(run)
    assert {rule: found[rule] for rule in IGNORED} == IGNORED
    perfect = {score.name: score.perfect for score in run.scores()}
    assert (perfect["reads"], perfect["sends"], perfect["links"]) == (True, True, True), run.scores()


@pytest.mark.slow
def test_what_the_banner_wrote_down_is_a_witness_of_the_choice(version):
    run = version("banner", "banner", ("accept", "refuse"))
    kinds = {mark["kind"] for mark in run.document["marks"]}
    assert {"permission_granted", "policy_not_found"} <= kinds
    chosen = {span["phase"] for span in run.document["phases"]}
    assert {"initial", "accepted", "refused"} <= chosen
    assert "unknown" not in chosen


def test_an_sdk_that_the_policy_of_the_app_does_not_name_is_suspected_by_the_policy_that_the_walk_found(version):
    found = outcomes(version("undeclared"))
    assert found["cn.191.2.1"] == "suspected"
    (claim,) = [one for one in version("undeclared").document["claims"] if one["recipient"]]
    assert (claim["data_type"], claim["status"]) == ("id.imei", "undeclared")
    assert version("undeclared").document["policy"]["ref"]["source"] == "screens"


def test_the_same_sdk_is_held_nothing_against_where_the_policy_names_it(version):
    run = version("declared")
    assert outcomes(run)["cn.191.2.1"] == "inconclusive"
    assert {one["status"] for one in run.document["claims"]} == {"declared"}


def test_without_a_policy_nothing_is_decided_about_it(version):
    assert outcomes(version("banner", "banner", ("accept", "refuse")))["cn.191.2.1"] == "not_decidable"
