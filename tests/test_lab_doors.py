"""The entries of the catalog, exercised on the lab: each with a value, and each where Android gives none."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from agent_rig import LAB, NEEDS_JVM, PROGRAMS, Observed, command
from shipped import catalog

from analyzer.analysis.readings import Reading, read_call
from analyzer.capture.agent_build import build_agent
from analyzer.capture.lab_java import find_java
from analyzer.model.clock import Instant
from analyzer.model.evidence import Event, EvidenceRef
from analyzer.model.results import Call
from analyzer.model.vocabulary import Ending, HookKind, HookStatus, Source, ValueKind, Where
from analyzer.packs.catalog_entries import Hook
from analyzer.workflows.catalogs import unexercised

pytestmark = [*NEEDS_JVM]
CATALOG = catalog()
WANTED = 250
ARMED = 350
SIGNALS = {"", "dialog", "click", "own", "attached", "listener"}
WANTED_SIGNALS = 70
ELSEWHERE = {
    *("code.dex_loader", "code.packer"),  # test_late_code.py
    *("crypto.digest", "crypto.digest_update", "crypto.mac", "crypto.mac_init", "crypto.mac_update", "crypto.cipher"),
    *("crypto.cipher_init", "crypto.cipher_update", "crypto.digest_reset", "network.connect", "process.exit"),
    *("process.halt", "network.tls_handshake"),  # test_agent.py
    "process.kill",  # test_sends.py
    *("native.open", "native.fopen", "file.open"),  # here, of files
    *("native.openat", "native.popen", "native.system", "native.interfaces", "native.netlink", "native.execve"),
    *("native.property_get", "native.property_find", "native.property_read", "native.property_read_old"),
    *(name for name, hook in CATALOG.hooks.items() if hook.special == "native_crypto"),  # test_native_doors.py
    *("work.coroutine_dispatched", "work.coroutine_run"),  # test_origins.py; they write no event
    *("network.open_connection", "network.connection_out", "network.connection_in", "network.okhttp_enqueue"),
    *("crypto.base64_java", "crypto.deflate_input", "crypto.deflate", "process.builder", "process.exec"),
    *("activity.create", "activity.start", "activity.restart", "activity.pause", "activity.stop", "activity.leave"),
    *("activity.focus", "ui.permissions_result", "application.create", "application.trim_memory"),
    *("web.javascript_bridge", "ui.checked"),  # test_sends.py
    *("content.query", "content.row_string", "interface.mac", "network.http_client", "network.http_client_async"),
    "network.tls_hello",  # the lab's apps
    *("tap.ssl_write", "tap.ssl_write_ex", "tap.ssl_read", "tap.ssl_read_ex"),
    *("tap.jvm_sent", "tap.jvm_received", "tap.jvm_closed"),  # test_taps.py
}
"""What other tests exercise."""
UNCALLED = {
    *("activity.create", "activity.start", "activity.pause", "activity.stop", "activity.restart", "activity.leave"),
    *("activity.focus", "application.create", "application.trim_memory", "ui.permissions_result"),
    *("web.javascript_bridge", "network.okhttp_enqueue", "work.service_created", "ui.checked"),
}
"""Methods without code, which HotSpot does not call by reflection, and those of abstract classes."""


@cache
def there() -> set[str]:
    """Name the classes that the lab has, or the programs beside it."""
    return {
        name.removesuffix(".class").replace("/", ".")
        for jar in (LAB / "lab.jar", PROGRAMS)
        for name in zipfile.ZipFile(jar).namelist()
        if name.endswith(".class")
    }


def doors() -> dict[str, Hook]:
    """Give the entries that concern personal data and whose class is there, by id."""
    classes = there()
    return {
        hook.id: hook
        for hook in CATALOG.hooks.values()
        if hook.data_types() and hook.special == "" and any(name in classes for name in hook.target.classes)
    }


def signals() -> dict[str, Hook]:
    """Give the entries that tell what happens, and whose class is there, by id; not those that end the process."""
    classes = there()
    return {
        hook.id: hook
        for hook in CATALOG.hooks.values()
        if not hook.data_types()
        and hook.special in SIGNALS
        and not hook.ends
        and hook.target.method != "<init>"
        and any(name in classes for name in hook.target.classes)
    }


def line(hook: Hook) -> str:
    """Write the line of the list that makes the program call a method: where a case decides, with the first case."""
    owner = next(name for name in reversed(hook.target.classes) if name in there())
    text = next(iter(hook.select.cases)) if hook.select is not None else "x"
    return f"{owner} {hook.target.method} {text}"


PARTS = {
    "loc.precise": {"lat": 31.2304, "lon": 121.4737},
    "loc.coarse": {"lat": 31.23, "lon": 121.47},
    "loc.cell": "4711",
    "loc.wifi_current": {"ssid": "Home 7", "bssid": "00:00:5e:00:53:a7"},
    "loc.wifi_scan": {"ssid": "Cafe 9", "bssid": "00:00:5e:00:53:b4"},
    "id.ip": "192.168.7.23",
    "id.mac_wifi": "00:00:5e:00:53:1d",
    "id.mac_bluetooth": "00:00:5e:00:53:2e",
    "comm.contacts": {"name": "Ann", "phone": "+8613800138000"},
    "dev.accounts": {"name": "ann@mail.example", "type": "com.google"},
}
NUMBERS = {"int", "long", "double", "float", "boolean"}
"""Answers of these types are an answer also where the persona has nothing: nothing is not told apart from zero."""


TYPES = sorted({each for hook in CATALOG.hooks.values() for each in hook.data_types()})


def value(data_type: str) -> str:
    """Give the planted text of a data type that has no parts."""
    planted = PARTS.get(data_type)
    return planted if isinstance(planted, str) else str(4711 + TYPES.index(data_type))


def observe(bundle: str, folder: Path, *, given: bool) -> Observed:
    """Run the program with a value for every data type and every permission, or with neither."""
    values = {each: [PARTS.get(each, value(each))] for each in TYPES} if given else {}
    permissions = sorted({name for hook in CATALOG.hooks.values() for name in hook.permissions}) if given else []
    (folder / "META-INF").mkdir(parents=True)
    facts = f"package=example.doors\ntargetSdk=22\npermissions={','.join(permissions)}\n"
    (folder / "META-INF" / "lab-app.properties").write_text(facts)
    (folder / "persona.json").write_text(json.dumps({"values": values}))
    (folder / "doors.txt").write_text("\n".join(line(hook) for hook in (*doors().values(), *signals().values())))
    properties = {
        "lab.persona": folder / "persona.json",
        "lab.data": folder / "data",
        "lab.package": "com.example.doors",
    }
    words = command("Doors", str(folder / "doors.txt"), properties=properties)
    words[words.index("-cp") + 1] += f":{folder}"
    return Observed(bundle, CATALOG.hooks.values(), words)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> str:
    return build_agent(tmp_path_factory.mktemp("agent")).source


@pytest.fixture(scope="module")
def given(bundle, tmp_path_factory) -> Observed:
    return observe(bundle, tmp_path_factory.mktemp("given") / "app", given=True)


@pytest.fixture(scope="module")
def denied(bundle, tmp_path_factory) -> Observed:
    return observe(bundle, tmp_path_factory.mktemp("denied") / "app", given=False)


@dataclass(frozen=True)
class Simulated:
    """One line of a table: a method that answers like many others."""

    owner: str
    result: str
    name: str
    data_type: str
    permission: str


def table(path: Path) -> Iterator[Simulated]:
    owner = ""
    for row in path.read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(r"  (?:static |final )*(\S+) (\w+)\(.*\) = (\S+)(?: needs (\S+))?", row)
        if found and found[3] != "-":
            yield Simulated(owner, found[1], found[2], found[3], found[4] or "")
        elif not found and not row.startswith("#"):
            owner = row.removeprefix("interface ").split(" ", 1)[0]


TABLES = [*table(LAB / "src" / "simulated.txt"), *table(PROGRAMS.parent / "src" / "simulated.txt")]
BY_METHOD = {(name, hook.target.method): hook for hook in CATALOG.hooks.values() for name in hook.target.classes}


def readings(run: Observed, hook: Hook) -> list[tuple[Event, Reading]]:
    """Give the events of a hook that concern personal data, with what the analysis reads in them."""
    found = []
    for event in run.events:
        if event.hook == hook.id:
            ref = EvidenceRef("1", Source.EVENTS, event.seq)
            read = read_call(Call(f"1/{event.seq}", ref, Instant(0, "agent", event.seq), event, None), CATALOG)
            if read is not None:
                found.append((event, read[1]))
    return found


def test_the_agent_armed_most_entries_and_met_no_problem(given, denied):
    assert given.gaps == denied.gaps == []
    assert sum(state.status is HookStatus.ARMED for state in given.states.values()) > ARMED


@pytest.mark.parametrize("one", TABLES, ids=lambda one: f"{one.owner}.{one.name}")
def test_a_simulated_method_gives_its_value_and_nothing_without_value_or_permission(given, denied, one):
    hook = BY_METHOD[one.owner, one.name]
    event, reading = readings(given, hook)[0]
    assert reading.data_type == one.data_type
    assert one.permission in ("", *hook.permissions)
    assert event.ending is Ending.RETURNED
    planted = PARTS.get(one.data_type)
    if one.result == "String" and hook.where is Where.RETURN and not isinstance(planted, dict):
        assert reading.text == value(one.data_type)
    elif hook.where is Where.RETURN and one.result != "void":
        assert reading.real
    event, reading = readings(denied, hook)[0]
    assert (event.ending is Ending.THREW) == bool(one.permission)
    assert reading.data_type == one.data_type or hook.select is not None
    if one.permission:
        assert event.exception.startswith("java.lang.SecurityException")
    assert not reading.real or one.result in NUMBERS or hook.where is not Where.RETURN


def test_at_least_this_many_entries_are_exercised_with_and_without_an_answer(given, denied):
    both = [
        hook.id
        for hook in doors().values()
        if any(reading.real or asked(event, hook) for event, reading in readings(given, hook))
        and any(not reading.real and not asked(event, hook) for event, reading in readings(denied, hook))
    ]
    assert len(both) >= WANTED


def test_what_happens_is_told_too_whoever_makes_it_happen(given):
    armed = {name for name in signals() if given.states[name].status is HookStatus.ARMED}
    told = {event.hook for event in given.events}
    assert armed - told - UNCALLED == set()
    assert len(armed & told) >= WANTED_SIGNALS


def test_the_list_of_entries_that_no_call_exercises_is_true(given):
    told = {event.hook for event in given.events}
    listed = set(unexercised())
    assert listed & (told | ELSEWHERE) == set()
    assert set(CATALOG.hooks) - told - ELSEWHERE - listed == set()


def test_who_asked_for_a_screen_and_who_sent_a_broadcast_is_told(given):
    received = [event for event in given.events if event.hook == "work.receiver"][-1]
    sent = dict(received.arguments[0].fields)
    assert sent["sender"].text == "com.other.app"
    assert dict(sent["intent"].fields)["action"].text == "android.intent.action.BOOT_COMPLETED"
    (begun,) = (event for event in given.events if event.hook == "activity.create")
    assert dict(begun.this.fields)["referrer"].text == "com.other.app"


def test_a_touch_is_told_with_its_place_where_the_finger_did_not_move(given):
    places = {
        hook: [[part.text for _, part in event.this.fields] for event in given.events if event.hook == hook]
        for hook in ("ui.touch", "ui.touch_dialog")
    }
    assert places == {"ui.touch": [["541", "560"]], "ui.touch_dialog": [["41", "60"]]}


def asked(event: Event, hook: Hook) -> bool:
    """Say whether a request went through; what was asked for comes later, or never."""
    return hook.kind is HookKind.REQUEST and event.ending is Ending.RETURNED


def test_files_that_tell_a_device_apart_are_seen_where_the_c_library_opens_them(bundle):
    run = Observed(bundle, CATALOG.hooks.values(), command("Files"))
    opened = [(event.ending, reading.data_type) for hook in native("open") for event, reading in readings(run, hook)]
    assert (Ending.RETURNED, "dev.hardware_profile") in opened
    assert (Ending.THREW, "id.mac_wifi") in opened
    assert {data_type for _, data_type in opened} == {"dev.hardware_profile", "id.mac_wifi", "loc.wifi_current"}
    armed = {hook.id for hook in native("") if run.states[hook.id].status is HookStatus.ARMED}
    assert {"native.open", "native.openat", "native.fopen", "native.popen", "native.interfaces"} <= armed
    assert run.states["native.property_get"].status is HookStatus.OVERLOAD_ABSENT


def test_what_the_vm_opens_for_itself_is_not_the_apps(bundle):
    # HotSpot reads /proc/cpuinfo before the first instruction of the program, and again when it is to describe itself.
    run = Observed(bundle, native(""), command("Files", "vm"))
    assert run.lines[-1] == "told true"
    opened = [event.arguments[-1].text for event in run.events]
    assert opened == ["/proc/cpuinfo", "/proc/net/arp", "/sys/class/net/wlan0/address", "/proc/cpuinfo"]


# A process of native code that creates the VM and calls the C library before and after: no compiler is needed for it.
HOST = """
import ctypes, sys
c, jvm = ctypes.CDLL(None), ctypes.CDLL(sys.argv[1])
class Arguments(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("count", ctypes.c_int), ("options", ctypes.c_void_p), ("l", ctypes.c_bool)]
def read():
    for name in ("open", "open64"):
        getattr(c, name)(b"/proc/cpuinfo", 0)
    for name in ("fopen", "fopen64"):
        getattr(c, name).restype = ctypes.c_void_p
        assert getattr(c, name)(b"/proc/cpuinfo", b"r")
    assert not c.fopen(b"/sys/class/net/p2p0/address", b"r")
    for name in ("sys/class/net/address", "sys/class/net/p2p0/x/address", "sys/class/net//address", "proc/cpuinfo2"):
        assert not c.fopen(b"/" + name.encode(), b"r")
read()
vm, env = ctypes.c_void_p(), ctypes.c_void_p()
arguments = Arguments(0x10006, 0, None, False)
assert jvm.JNI_CreateJavaVM(ctypes.byref(vm), ctypes.byref(env), ctypes.byref(arguments)) == 0
read()
print("read", flush=True)
c._exit(0)
"""


def test_each_call_of_the_c_library_is_told_once_and_its_pointer_is_no_number(bundle):
    library = find_java().home / "lib" / "server" / "libjvm.so"
    run = Observed(bundle, native(""), [sys.executable, "-I", "-c", HOST, str(library)])
    assert run.lines == ["read"]
    assert run.states["native.open64"].detail == "open64 is open"
    told = [(event.hook, event.ending, event.result) for event in run.events]
    assert [hook.removesuffix("64") for hook, _, _ in told] == ["native.open"] * 2 + ["native.fopen"] * 3
    assert [ending for _, ending, _ in told] == [Ending.RETURNED] * 4 + [Ending.THREW]
    assert [result.kind for _, _, result in told[:2]] == [ValueKind.NUMBER] * 2
    assert [result and (result.kind, result.text) for _, _, result in told[2:]] == [(ValueKind.OBJECT, "")] * 2 + [None]


def native(name: str) -> list[Hook]:
    return [hook for hook in CATALOG.hooks.values() if hook.family == "native" and hook.target.export.startswith(name)]
