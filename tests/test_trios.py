"""Each rule that can be judged is broken by one recorded lab app, kept by another, and blind where one was not watched.

`tests/data/trios.tar.xz` holds recordings of the lab apps of `tests/lab_apps` (`scripts/build-lab --app` builds them):
`pushy`, `greedy`, `modest`, `restoring`, `daily` and `patient` are modes of `trio` (the last two refused, with
`--later`), `deep` is one of `deep`; `weather` is the recording that is shipped.
What is blind needs no recording of its own: the device is taken for lost from the start.
"""

from __future__ import annotations

import tarfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
from house import ROOT

from analyzer.analysis.pipeline import Looked, conclude, look_through
from analyzer.model.evidence import Gap, Line, Session
from analyzer.model.vocabulary import Decidable, GapKind, Outcome
from analyzer.packs.loader import ALL, Packs, load_packs
from analyzer.store.reader import blob_reader, open_session
from analyzer.store.workspace import Workspace
from analyzer.workflows.policies import read_policy
from analyzer.workflows.shipped import unpack

POLICIES = {
    "full": """本应用收集您的IMEI、Android ID、OAID、位置信息，用于统计。我们会向 StatFlow 提供您的 IMEI，用于统计启动。
您可以撤回同意、查询、更正、删除个人信息，注销账号，投诉举报请联系 privacy@example.com。您可以关闭个性化推荐。
我们采取加密措施，保存期限为六个月。""",
    "denying": """本应用收集您的手机号码，用于登录。我们不会收集您的设备标识，包括IMEI。
我们可能会收集其他信息等，用于改善服务。""",
    "hard": """本应用收集您的手机号码，用于登录。注销账号需邮寄身份证复印件，并提供手持身份证的照片。
您可以撤回同意、查询、更正、删除个人信息，投诉举报请联系 privacy@example.com。""",
    "targeting": """本应用收集您的手机号码，用于登录。我们会根据您的浏览记录向您推送定向广告和个性化推荐内容。
您可以撤回同意、查询、更正、删除个人信息，注销账号。""",
}
JUDGED = {
    "weather": ("denying",),
    "pushy": ("full, lost", "full", "targeting"),
    "banner": ("denying", "lost"),
    "deep": ("lost", "targeting"),
    "greedy": ("full",),
    "modest": ("denying", "full, lost"),
    "restoring": ("hard",),
    "patient": ("full", "lost"),
}
"""By what each recording is judged: a policy, or none; `lost` where the device was."""

CLASSES = {
    Outcome.VIOLATED: "broken",
    Outcome.SUSPECTED: "broken",
    Outcome.NOT_OBSERVED: "kept",
    Outcome.INCONCLUSIVE: "blind",
}

Seen: TypeAlias = dict[str, dict[str, list[str]]]
"""Rule, then class, then the recordings with what they were judged by."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trios")
    with tarfile.open(ROOT / "tests/data/trios.tar.xz") as archive:
        archive.extractall(path, filter="data")
    for name, words in POLICIES.items():
        (path / f"{name}.txt").write_text(f"隐私政策\n{words}\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs((ALL,))


@pytest.fixture(scope="module")
def seen(folder: Path, packs: Packs) -> Seen:
    found: Seen = defaultdict(lambda: defaultdict(list))
    for app, lenses in JUDGED.items():
        judged = judge_by(app, folder, packs)
        for lens in lenses:
            for rule, outcome in judged(lens).items():
                found[rule][CLASSES.get(outcome, "neither")].append(f"{app} ({lens})")
    return found


def judge_by(app: str, folder: Path, packs: Packs) -> Callable[[str], dict[str, Outcome]]:
    """Look through a recording once; give what judges it by a policy, as it is or as if the device had been lost."""
    path = unpack(Workspace(folder / "shipped")) if app == "weather" else next((folder / app).iterdir())
    read = blob_reader(path)
    looked = look_through(open_session(path), packs, read)

    def judged(lens: str) -> dict[str, Outcome]:
        name, _, _ = lens.partition(", ")
        policy = read_policy(folder / f"{name}.txt") if name in POLICIES else None
        kinds = {"lost": GapKind.DEVICE_LOST, "clock": GapKind.CLOCK_NOT_MOVED}
        hidden = [lost(looked.session, kind) for word, kind in kinds.items() if word in lens]
        shown: Looked = replace(looked, session=hidden[0]) if hidden else looked
        kind = min(packs.app_types) if policy else ""
        analysis = conclude(shown, packs, read, app_type=kind, policy=policy)
        return {verdict.rule: verdict.outcome for verdict in analysis.verdicts}

    return judged


def lost(session: Session, kind: GapKind) -> Session:
    """Take the device, or its clock, for lost from the start of each recording."""
    recordings = []
    for one in session.recordings:
        gap = Gap(0, "recorder", one.marks[0].record.stamp, kind, "lab", "as the test says")
        recordings.append(replace(one, gaps=(*one.gaps, Line(len(one.gaps) + 1, gap))))
    return replace(session, recordings=tuple(recordings))


@pytest.mark.long
def test_each_rule_that_can_be_judged_is_broken_kept_and_blind(seen: Seen, packs: Packs) -> None:
    closed = {Decidable.NONE, Decidable.DEFERRED}
    rules = [rule for pack in packs.rule_packs for rule in pack.rules]
    judged = [rule.id for rule in rules if not rule.untested and rule.decidable not in closed]
    assert len(judged) > 100
    for one in ("broken", "kept", "blind"):
        for rule in judged:
            print(f"{rule:28} {one:6} {', '.join(seen[rule][one])}")
        assert [rule for rule in judged if not seen[rule][one]] == [], f"{one} by no recording"


CLOCK = ("cn.191.3.2b", "cn.ndsr.22.5", "cn.pg20202a.3.3")


@pytest.mark.parametrize(
    ("app", "lens", "outcome"),
    [
        ("daily", "", Outcome.VIOLATED),
        ("patient", "", Outcome.NOT_OBSERVED),
        ("patient", "clock", Outcome.INCONCLUSIVE),
        ("patient", "lost", Outcome.INCONCLUSIVE),
    ],
)
def test_who_asks_again_every_day_is_told_from_who_waits_48_hours_by_the_clock_that_was_set(
    folder: Path, packs: Packs, app: str, lens: str, outcome: Outcome
) -> None:
    outcomes = judge_by(app, folder, packs)(lens)
    assert [outcomes[rule] for rule in CLOCK if rule in outcomes] == [outcome] * len(CLOCK)


def test_no_rule_says_that_nothing_was_seen_where_the_device_was_lost(folder: Path, packs: Packs) -> None:
    outcomes = judge_by("deep", folder, packs)("lost")
    assert Outcome.INCONCLUSIVE in outcomes.values()
    assert [rule for rule, outcome in outcomes.items() if outcome is Outcome.NOT_OBSERVED] == []
