"""The agent for programs under the tap."""

from __future__ import annotations

import pytest

from analyzer.capture.agent_build import build_agent


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> str:
    return build_agent(tmp_path_factory.mktemp("agent")).source
