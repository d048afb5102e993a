from __future__ import annotations

import shutil

import pytest

from analyzer.capture.agent_build import AgentBuildProblem, bridge, build_agent, compile_agent
from analyzer.packs.resources import hooks_folder

SOURCES = hooks_folder() / "agent"
CLOCK = (SOURCES / "clock.ts").read_text(encoding="utf-8")


def test_the_agents_types_are_in_order():
    assert compile_agent(SOURCES, check=True)


def test_a_type_error_is_named_with_its_file_and_line(tmp_path):
    copy = shutil.copytree(SOURCES, tmp_path / "agent")
    (copy / "clock.ts").write_text('const never: number = "never";\n' + CLOCK, encoding="utf-8")
    with pytest.raises(AgentBuildProblem, match=r"clock\.ts:1: Type 'string' is not assignable"):
        compile_agent(copy, check=True)


def test_the_bundle_has_the_java_bridge_before_the_agent(tmp_path):
    bundle = build_agent(tmp_path)
    assert bundle.source.startswith(bridge())
    assert "const Java = bridge" in bundle.source
    assert len(bundle.sha256) == 64


def test_an_unchanged_agent_is_taken_from_the_cache(tmp_path):
    first = build_agent(tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_text("from the cache", encoding="utf-8")
    assert build_agent(tmp_path).source == "from the cache"
    kept.unlink()
    assert build_agent(tmp_path) == first


def test_a_changed_agent_is_built_anew(tmp_path):
    copy = shutil.copytree(SOURCES, tmp_path / "agent")
    first = build_agent(tmp_path / "cache", copy)
    with (copy / "clock.ts").open("a", encoding="utf-8") as file:
        file.write("\nexport const CHANGED = send;\n")
    with (copy / "index.ts").open("a", encoding="utf-8") as file:
        file.write('\nsend("changed");\n')
    assert build_agent(tmp_path / "cache", copy).sha256 != first.sha256
    assert len(list((tmp_path / "cache").iterdir())) == 2
