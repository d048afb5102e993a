"""What `run --unpin` changes: pins are passed, the system's own check stays, and every change is told."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from agent_rig import NEEDS_JVM, Observed, command
from house import ROOT

from analyzer.capture.agent_build import build_agent
from analyzer.capture.android_trust_check import NAME, leaf, serving
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
    assert observed.lines[:3] == ["own refused", "system connected", "okhttp refused"]
    assert observed.lines[3:5] == ["cronet pinned", "page cancelled for certificate"]
    assert [one for one in observed.records if isinstance(one, Mark)] == []


def test_with_it_the_app_trusts_what_the_system_trusts(unpinned):
    assert unpinned.lines[:3] == ["own connected", "system connected", "okhttp passed"]
    assert unpinned.lines[3:5] == ["cronet unpinned", "page proceeded"]


def test_the_systems_own_check_stays(look):
    assert look(UNPINNED, trusted=False).lines[:2] == ["own refused", "system refused"]


def test_each_change_is_told_with_who_asked_and_nothing_else_is(unpinned):
    marks = [one for one in unpinned.records if isinstance(one, Mark)]
    assert {one.kind for one in marks} == {MarkKind.PINNING_REMOVED}
    told = sorted((one.details["hook"], one.details["caller"], one.details["process"]) for one in marks)
    assert told == [
        ("unpin.cronet_pins", "program.Pinned", "program"),
        ("unpin.okhttp", "program.Pinned", "program"),
        ("unpin.page", "program.Pinned", "program"),
        ("unpin.ssl_context", "program.Pinned", "program"),
    ]


def test_what_gives_something_back_is_left_as_it_is(unpinned):
    assert unpinned.lines[5] == "given 7"
    assert unpinned.states["unpin.given"].status is HookStatus.FAILED
    assert "gives something back" in unpinned.states["unpin.given"].detail
    assert unpinned.states["unpin.ssl_context"].status is HookStatus.ARMED
    assert unpinned.gaps == []


NATIVE = """
import socket, ssl, sys
wire = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
try:
    ssl.create_default_context().wrap_socket(wire, server_hostname="127.0.0.1")
    print("openssl connected", flush=True)
except ssl.SSLError:
    print("openssl refused", flush=True)
import grpc
from concurrent.futures import ThreadPoolExecutor
pem = open(sys.argv[2], "rb").read()
server = grpc.server(ThreadPoolExecutor(1))
port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(pem, pem)]))
server.start()
known = grpc.ssl_channel_credentials(open(sys.argv[3], "rb").read())
named = [("grpc.ssl_target_name_override", sys.argv[4])]
try:
    grpc.secure_channel(f"127.0.0.1:{port}", known, named).unary_unary("/a/b")(b"x")
except grpc.RpcError as error:
    ends = {grpc.StatusCode.UNIMPLEMENTED: "connected", grpc.StatusCode.UNAVAILABLE: "refused"}
    print("boringssl", ends[error.code()], flush=True)
    assert error.code() != grpc.StatusCode.UNAVAILABLE or "CERTIFICATE_VERIFY_FAILED" in error.details()
server.stop(None)
"""
"""Two connections whose servers nobody knows. The second library exports nothing of the BoringSSL within it."""
(GRPC,) = (one.name for one in Path(find_spec("grpc").submodule_search_locations[0]).glob("_cython/cygrpc*.so"))
NATIVE_ENTRIES = tuple(change for change in load_unpinning().entries if change.target.export)


@pytest.fixture(scope="module")
def native(tmp_path_factory):
    """Give what runs a program with two libraries for TLS, one that exports its functions and one that does not."""
    folder = tmp_path_factory.mktemp("native")
    bundle = build_agent(folder / "agent").source
    authority, other = ensure_authority(folder / "unknown"), ensure_authority(folder / "other")

    own = folder / "own.pem"
    own.write_bytes(leaf(authority))

    def run(*entries: Change) -> Observed:
        with serving(authority) as port:
            line = [sys.executable, "-I", "-c", NATIVE, str(port), str(own), str(other), NAME]
            return Observed(bundle, (), line, Changes(entries, ""))

    return run


def engine(**found: dict[str, tuple[str, ...]]) -> tuple[Change, ...]:
    """Give the shipped entries; the one for Flutter's engine goes for another library that has BoringSSL within it."""
    (flutter,) = (change for change in NATIVE_ENTRIES if change.found is not None)
    there = replace(flutter.found, libraries=(GRPC,), **found)
    return (*(change for change in NATIVE_ENTRIES if change != flutter), replace(flutter, found=there))


def test_native_code_checks_its_server_by_itself(native):
    assert native().lines == ["openssl refused", "boringssl refused"]


def test_native_checks_pass_whether_their_library_exports_them_or_not(native):
    observed = native(*engine())
    assert observed.lines == ["openssl connected", "boringssl connected"]
    told = {(one.details["hook"], one.details["api"]) for one in observed.records if isinstance(one, Mark)}
    assert ("unpin.flutter", "ssl_verify_peer_cert") in told
    assert ("unpin.openssl_context", "SSL_CTX_set_verify") in told
    assert observed.states["unpin.flutter"].status is HookStatus.ARMED
    assert observed.states["unpin.flutter"].detail == f"{GRPC}: ssl_verify_peer_cert"


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ({"holds": {"x64": ("bf 10 00 00 00 31 f6 ba 7e 7e 7e 7e",)}, "begins": {}}, "not found"),
        ({"holds": {"arm64": ("00 02 80 52 e1 03 1f 2a",)}, "begins": {}}, "not known on x64"),
        ({"holds": {"x64": ("ba 7? 00 00 00 31 f6 bf 10 00 00 00",)}, "begins": {}}, "functions"),
        ({"holds": {"x64": ("48 8b ?? ?? 48 8b ?? ??",)}, "begins": {}}, "places"),
    ],
)
def test_a_check_that_is_not_found_in_a_library_that_is_there_is_said_and_left_alone(native, found, why):
    observed = native(*engine(**found))
    assert observed.lines == ["openssl connected", "boringssl refused"]
    assert observed.states["unpin.flutter"].status is HookStatus.FAILED
    assert why in observed.states["unpin.flutter"].detail


def test_a_library_that_never_comes_is_absent_and_no_gap(native):
    observed = native(*NATIVE_ENTRIES)
    assert observed.states["unpin.flutter"].status is HookStatus.CLASS_ABSENT
    assert observed.gaps == []


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
