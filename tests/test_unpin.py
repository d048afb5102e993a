"""What `run --unpin` changes: pins are passed, the system's own check stays, and every change is told."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from agent_rig import NEEDS_JVM, Observed, command
from house import ROOT

from analyzer.capture.agent_build import build_agent
from analyzer.capture.android_trust_check import serving
from analyzer.capture.certificate import TRUST_STORE_PASSWORD, ensure_authority, java_trust_store
from analyzer.capture.lab_java import find_java
from analyzer.model.evidence import Mark
from analyzer.model.vocabulary import HookStatus, MarkKind
from analyzer.packs.catalog_entries import Target
from analyzer.packs.changes import Change, Changes, load_unpinning

pytestmark = [*NEEDS_JVM]
OWN = (
    Change("unpin.page", Target(("program.Pinned$Page",), "onError"), skips=True, calls=(1, "proceed")),
    Change("unpin.given", Target(("program.Pinned",), "given"), skips=True),
)
UNPINNED = Changes((*load_unpinning().entries, *OWN), "")


@pytest.fixture(scope="module")
def look(tmp_path_factory):
    """Give what runs the program against a server whose authority the system knows, or does not know."""
    folder = tmp_path_factory.mktemp("pinned")
    bundle = build_agent(folder / "agent").source
    authority, other = ensure_authority(folder / "ours"), ensure_authority(folder / "other")

    def run(changes: Changes, *, trusted: bool = True) -> Observed:
        store = java_trust_store(authority if trusted else other, folder, find_java().home / "bin" / "keytool")
        known = {"javax.net.ssl.trustStore": store, "javax.net.ssl.trustStorePassword": TRUST_STORE_PASSWORD}
        with serving(authority) as port:
            line = command("Pinned", str(port))
            line[1:1] = [f"-D{name}={value}" for name, value in known.items()]
            return Observed(bundle, (), line, changes)

    return run


@pytest.fixture(scope="module")
def unpinned(look) -> Observed:
    return look(UNPINNED)


def test_without_the_option_pins_hold(look):
    observed = look(Changes())
    assert observed.lines[:4] == ["own refused", "system connected", "okhttp refused", "page cancelled for certificate"]
    assert [one for one in observed.records if isinstance(one, Mark)] == []


def test_with_it_the_app_trusts_what_the_system_trusts(unpinned):
    assert unpinned.lines[:4] == ["own connected", "system connected", "okhttp passed", "page proceeded"]


def test_the_systems_own_check_stays(look):
    assert look(UNPINNED, trusted=False).lines[:2] == ["own refused", "system refused"]


def test_each_change_is_told_with_who_asked_and_nothing_else_is(unpinned):
    marks = [one for one in unpinned.records if isinstance(one, Mark)]
    assert {one.kind for one in marks} == {MarkKind.PINNING_REMOVED}
    told = sorted((one.details["hook"], one.details["caller"], one.details["process"]) for one in marks)
    assert told == [
        ("unpin.okhttp", "program.Pinned", "program"),
        ("unpin.page", "program.Pinned", "program"),
        ("unpin.ssl_context", "program.Pinned", "program"),
    ]


def test_what_gives_something_back_is_left_as_it_is(unpinned):
    assert unpinned.lines[4] == "given 7"
    assert unpinned.states["unpin.given"].status is HookStatus.FAILED
    assert "gives something back" in unpinned.states["unpin.given"].detail
    assert unpinned.states["unpin.ssl_context"].status is HookStatus.ARMED
    assert unpinned.gaps == []


@pytest.mark.long
def test_what_a_pinned_host_gets_is_read_and_the_session_says_how(tmp_path):
    words = ["--package", "com.example", "--device", "lab", "--consent", "ignore", "--dwell", "40", "--unpin", "--json"]
    order = [sys.executable, "-m", "analyzer", "run", *words, "--workspace", tmp_path]
    document = json.loads(subprocess.run(order, cwd=ROOT, capture_output=True, check=True, timeout=900).stdout)
    assert document["coverage"]["opaque_hosts"] == []
    assert "pin.pushlink.test" in {one["recipient"]["host"] for one in document["observations"] if one["recipient"]}
    assert any("--unpin" in sentence for sentence in document["session"]["interventions"])
    (mark,) = [mark["details"] for mark in document["marks"] if mark["kind"] == "pinning_removed"]
    assert (mark["hook"], mark["caller"]) == ("unpin.ssl_context", "cn.pushlink.client.PushService")
    (found,) = [one for one in document["verdicts"] if one["rule"] == "cn.191.3.1"]
    assert "--unpin" in found["reasons"][-1]
