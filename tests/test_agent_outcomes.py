"""A program of more than 500 calls gives the same outcomes with the agent, without it, and when the agent fails."""

from __future__ import annotations

from dataclasses import replace

import pytest
from agent_rig import NEEDS_JVM, PROGRAMS, Observed, command, without_agent

from analyzer.capture.agent_build import build_agent
from analyzer.model.vocabulary import GapKind, HookKind, HookStatus
from analyzer.packs.catalog import load_catalog
from analyzer.packs.catalog_entries import Hook, Target

pytestmark = [*NEEDS_JVM]

TARGET = (
    *("flag", "small", "shorter", "letter", "number", "wide", "single", "fraction", "twice", "touch"),
    *("touchQuietly", "factorial", "depth", "over", "echo", "same", "sorted", "objects", "fill", "bytes", "join"),
    *("list", "generic", "length", "fails", "count", "holds", "<init>"),
)
KINDS = ["longs", "doubles", "flags", "table", "map", "many", "locked", "even", "odd", "nothing", "frames"]
METHODS = [
    *(("program.Target", method) for method in TARGET),
    *(("program.Outcomes$Kinds", method) for method in KINDS),
    *(("program.Outcomes$Box", method) for method in ("<init>", "of", "same")),
    *(("program.Outcomes$Polite", method) for method in ("greet",)),
    *(("program.Outcomes$Warm", method) for method in ("greet",)),
    *(("program.Outcomes$Greeter", method) for method in ("plain", "twice")),
    ("java.lang.StrictMath", "sin"),
    ("java.lang.Thread", "holdsLock"),
    ("java.lang.Runtime", "availableProcessors"),
    ("java.lang.System", "getProperty"),
]
LINE = command("Outcomes")


def hook(owner: str, method: str) -> Hook:
    name = f"test.{owner.rsplit('.', 1)[-1].replace('$', '_').lower()}.{method.strip('<>').lower()}"
    return Hook(name, "test", HookKind.READ, Target((owner,), method))


def hooks() -> list[Hook]:
    """Give a hook for every method that the program calls, those that read rows included, and the whole catalog."""
    opened = replace(hook("program.Outcomes$Kinds", "query"), special="cursor_open")
    read = [
        replace(hook("android.database.AbstractCursor", method), special="cursor_read")
        for method in ("getString", "getInt")
    ]
    rows = [replace(one, target=Target(("android.database.MatrixCursor",), one.target.method)) for one in read]
    return [*load_catalog().hooks.values(), *(hook(*each) for each in METHODS), opened, *rows]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> str:
    return build_agent(tmp_path_factory.mktemp("agent")).source


@pytest.fixture(scope="module")
def plain() -> list[str]:
    return without_agent(LINE)


@pytest.fixture(scope="module")
def observed(bundle) -> Observed:
    return Observed(bundle, hooks(), LINE)


def outcomes(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith("frames ")]


def test_five_hundred_outcomes_are_the_same(plain, observed):
    assert len(outcomes(plain)) > 500
    assert outcomes(observed.lines) == outcomes(plain)


def test_every_method_of_the_program_was_hooked_and_seen(observed):
    ours = {one.id for one in hooks() if one.family == "test"}
    assert {name for name in ours if observed.states[name].status is not HookStatus.ARMED} == set()
    assert ours - {event.hook for event in observed.events} == set()
    assert {gap.kind for gap in observed.gaps} <= {GapKind.EVENTS_SAMPLED}


def own_view(lines: list[str]) -> list[list[str]]:
    return [line.split()[1:] for line in lines if line.startswith("frames ")]


def test_an_app_that_looks_for_hooks_finds_them_where_the_readme_says(plain, observed):
    stack, line, modifiers = own_view(observed.lines)
    assert own_view(plain) == [["getStackTrace", "frames", "main"], [line_of_throw()], ["public", "synchronized"]]
    assert stack == ["getStackTrace", "frames", "frames", "main"]
    assert line == ["-2"]
    assert modifiers == ["public", "synchronized", "native"]


def line_of_throw() -> str:
    source = (PROGRAMS.parent / "src" / "program" / "Target.java").read_text().splitlines()
    return str(1 + next(at for at, text in enumerate(source) if 'throw new Own("own")' in text))


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_error_inside_a_hook_falls_back_to_the_original(plain, bundle, when):
    # An extractor that is no table makes the agent stumble over the first object that it is to describe.
    method = ("program.Target", "same") if when == "before" else ("program.Outcomes$Box", "of")
    broken = replace(hook(*method), extractor="toString")
    observed = Observed(bundle, [broken], LINE)
    assert outcomes(observed.lines) == outcomes(plain)
    problems = [gap for gap in observed.gaps if gap.kind is GapKind.AGENT_ERROR]
    assert problems
    assert {gap.subject for gap in problems} == {broken.id}
