"""Every foreign text of a session is an attack, and every export is read back: none of them gets out as code."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile

import pytest
import traffic
import yaml
from bs4 import BeautifulSoup
from mitmproxy.io import FlowReader
from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import Trace
from rich.console import Console

from analyzer.analysis.compare import compare
from analyzer.capture.interruption import Stop
from analyzer.report.comparison import comparison_bytes
from analyzer.report.console import print_verdicts
from analyzer.report.document import ResultDocument
from analyzer.report.live import LiveView
from analyzer.report.playback import moments
from analyzer.store.bag import open_bag
from analyzer.workflows.analyze import Lens, analyze
from analyzer.workflows.bundle import write_bundle
from analyzer.workflows.compare import side
from analyzer.workflows.export_capture import export_capture
from analyzer.workflows.export_result import export_result
from analyzer.workflows.home import Home
from analyzer.workflows.import_capture import ImportOrder, import_captures
from analyzer.workflows.import_statement import state

ATTACKS = {
    "script": "<script>alert(1)</script>",
    "attribute": "\"'><img src=x onerror=alert(1)>",
    "template": "{{7*7}}{% raw %}${7*7}`x`",
    "scheme": "javascript:alert(1)//",
    "markup": "[bold red]x[/bold red][link=http://evil.example]y[/link] [/]",
    "markdown": "](http://evil.example) ![x](http://evil.example/p.png) <b>|`",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(A1)",
    "title": "a\x1b]0;owned\x07b",
    "clipboard": "a\x1b]52;c;ZXZpbA==\x07b",
    "link": "\x1b]8;;http://evil.example\x1b\\x",
    "clear": "\x1b[2J\x1b[1;31mred",
    "c1": "\x9b2J\x9d0;x\x9c",
    "bidi": "abc\u202egnp.exe\u2066x",
    "hidden": "a\u200b\u2060\U000e0041b",
    "lines": "a\r\nb\u2028c\x85d\n\nSet-Cookie: x",
    "nul": "a\x00b",
    "surrogate": "a\ud800b",
    "path": "../../../../etc/passwd",
    "backslash": "..\\..\\windows\\x",
    "sql": "'); DROP TABLE verdicts; --",
    "entity": "]]>&#0;&lt;!--",
}
FORMULA = re.compile(r"[=+\-@\t\r]")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
TEXTS = tuple(ATTACKS.values())
BOUNDARY = "xx"


class Nobody:
    """A view that shows nothing."""

    def file(self, name: str, size: int) -> None: ...
    def at(self, position: int, records: int) -> None: ...
    def message(self, text: str) -> None: ...


def _entry(second: float, attack: str) -> dict:
    """Give a request in which an attack stands in every place that an app chooses, beside a known value."""
    body = json.dumps({attack: attack, "imei": traffic.IMEI, "list": [attack, {"k": attack}]})
    one = traffic.entry(
        second, f"https://api.example.org/{attack}?{attack}={attack}&imei={traffic.IMEI}#{attack}", body
    )
    one["request"]["headers"] += [{"name": "X-Note", "value": attack}, {"name": attack, "value": traffic.IMEI}]
    one["request"]["headers"] += [{"name": "Cookie", "value": f"{attack}={attack}"}]
    one["response"] |= {"statusText": attack, "redirectURL": attack, "headers": [{"name": attack, "value": attack}]}
    one["response"]["content"] = {
        "size": 1,
        "mimeType": attack,
        "text": json.dumps({"imei": traffic.IMEI, "t": attack}),
    }
    return one


def _multipart(second: float, attack: str) -> dict:
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{attack}"; filename="{attack}"\r\n\r\n'
    one = traffic.entry(second, "https://up.example.org/x", f"{part}{traffic.IMEI}\r\n--{BOUNDARY}--\r\n")
    one["request"]["headers"][0]["value"] = one["request"]["postData"]["mimeType"] = (
        f"multipart/form-data; boundary={BOUNDARY}"
    )
    return one


def _host(second: float, attack: str) -> dict:
    return traffic.told(second, re.sub(r"[/?#@:\s\\]", "", attack) or "x")


def _calls(at: int, attack: str) -> list[dict]:
    when = f"2026-01-31T12:00:{10 + at:02}+00:00"
    api = {"api": "android.telephony.TelephonyManager.getImei()", "result": traffic.IMEI, "args": [attack]}
    hostile = {"api": f"{attack}.{attack}({attack})", "result": attack, "args": [attack, [attack]], "exception": attack}
    stack = {"stack": [f"{attack}.run({attack}:1)", f"com.a.{attack}.b(A.java:2)"], "process": attack, "thread": attack}
    return [
        {"time": when, **api, **stack},
        {"time": when, **hostile, **stack},
        {"time": when, "hook": attack, **hostile},
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """Give a workspace with one session, of an import in which every text is an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    entries = [make(at % 50, text) for make in (_entry, _multipart, _host) for at, text in enumerate(TEXTS)]
    calls = [line for at, text in enumerate(TEXTS) for line in _calls(at, text)]
    (folder / "a.har").write_bytes(traffic.har(*entries))
    (folder / "b.jsonl").write_text("".join(json.dumps(line) + "\n" for line in calls))
    marks = [
        {"kind": "dialog_shown", "time": "+1", "details": {"text": text, text[:99] or "x": text}} for text in _plain()
    ]
    (folder / "m.jsonl").write_text(
        "".join(json.dumps(mark) + "\n" for mark in [*marks, {"kind": "accepted", "time": "+9"}])
    )
    (folder / "p.yaml").write_text(
        yaml.safe_dump({"persona": TEXTS[0], "values": {"id.imei": [traffic.IMEI, *_plain()]}})
    )
    home = Home(folder / "w")
    order = ImportOrder(
        (folder / "a.har", folder / "b.jsonl"),
        "com.example",
        statement=state(folder / "m.jsonl", "", "", no_consent=False),
        persona=folder / "p.yaml",
        case="\n".join(_plain()),
        operator=TEXTS[0],
    )
    analyze(home, import_captures(home, order, Nobody(), Stop()), Lens())
    return home


def _plain() -> list[str]:
    return [text for text in TEXTS if "\ud800" not in text]


def _export(home: Home, kind: str, language: str = "en", **more) -> str:
    return b"".join(export_result(home, "latest", kind, language, **more)).decode("utf-8")


def test_the_attacks_arrive_in_the_session(home):
    whole = _export(home, "json")
    document = json.loads(whole)
    assert len(document["flows"]) >= 3 * len(TEXTS) - 2  # an address that is none is a gap
    assert len(document["events"]) >= len(TEXTS)  # the names of their classes are none, which is a gap each
    for name in ("script", "formula", "path", "sql", "markup"):
        assert json.dumps(ATTACKS[name])[1:-1] in whole or ATTACKS[name] in whole, name


@pytest.mark.parametrize("redact", [False, True], ids=["plain", "redacted"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_no_element_and_no_attribute_of_theirs(home, language, redact):
    text = _export(home, "html", language, redact=redact)
    assert not UNPRINTABLE.search(text)
    page = BeautifulSoup(text, "html.parser")
    assert not [
        tag
        for tag in page.find_all("script")
        if "alert(1)" in (tag.string or "") and tag.get("type") != "application/json"
    ]
    assert not page.find_all(["img", "iframe", "object", "embed", "base", "link"], src=True)
    for tag in page.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")], tag.name
        for name in ("href", "src", "action", "formaction"):
            assert "javascript:" not in str(tag.get(name, ""))
    data = [tag.string or "" for tag in page.find_all("script") if tag.get("type") == "application/json"]
    assert all("</" not in one and "<!--" not in one for one in data)
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]


@pytest.mark.parametrize("redact", [False, True], ids=["plain", "redacted"])
@pytest.mark.parametrize(("kind", "table"), [("csv", False), ("timesketch", True)])
def test_no_cell_of_a_table_computes(home, kind, table, redact):
    text = _export(home, kind, table=table, redact=redact)
    assert not UNPRINTABLE.search(text)
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) > len(TEXTS)
    assert len({len(row) for row in rows if len(row) > 1}) <= 3
    assert not [
        cell for row in rows for cell in row if FORMULA.match(cell) and not re.fullmatch(r"[+-]?[\d.]+( s)?", cell)
    ]


@pytest.mark.parametrize("redact", [False, True], ids=["plain", "redacted"])
@pytest.mark.parametrize("kind", ["json", "timesketch", "case"])
def test_every_line_of_json_is_json_and_safe_on_a_terminal(home, kind, redact):
    text = _export(home, kind, redact=redact)
    assert not UNPRINTABLE.search(text)
    lines = text.splitlines() if kind == "timesketch" else [text]
    assert all(isinstance(json.loads(line), dict) for line in lines)


def test_the_result_says_the_same_characters_although_no_terminal_obeys_them(home):
    document = ResultDocument.model_validate_json(analyze(home, "latest", Lens()).data)
    assert json.loads(_export(home, "json")) == document.model_dump(mode="json", by_alias=True)
    told = "\n".join(mark.details["text"] for mark in document.marks if "text" in mark.details)
    assert all(ATTACKS[name] in told for name in ("title", "c1", "bidi", "hidden", "lines"))


def test_the_comparison_is_safe_on_a_terminal(home):
    one = side(analyze(home, "latest", Lens()).document)
    text = comparison_bytes(compare(one, one)).decode()
    assert not UNPRINTABLE.search(text)
    assert "evil" in text


def test_what_perfetto_shows_has_no_control_in_it(home):
    trace = Trace.FromString(b"".join(export_result(home, "latest", "perfetto", "en")))
    texts = []
    for packet in trace.packet:
        event = packet.track_event
        texts += [packet.track_descriptor.name, event.name]
        texts += [text for note in event.debug_annotations for text in (note.name, note.string_value)]
    assert any("evil" in text for text in texts)
    assert not [text for text in texts if UNPRINTABLE.search(text)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_summary_has_no_markup_of_theirs(home, language):
    text = _export(home, "markdown", language)
    assert not UNPRINTABLE.search(text)
    bare = re.sub(r"\\.|&[a-z]+;|&#\d+;", "", text)
    assert "<script" not in bare
    assert "<img" not in bare
    assert "](http://evil" not in bare
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("| ")}
    assert len(widths) <= 8


@pytest.mark.parametrize("redact", [False, True], ids=["plain", "redacted"])
def test_the_captures_are_what_their_readers_take(home, redact):
    out = io.BytesIO()
    export_capture(home, "latest", "har", out, redact=redact)
    assert len(json.loads(out.getvalue())["log"]["entries"]) >= 3 * len(TEXTS) - 2
    assert not UNPRINTABLE.search(out.getvalue().decode())
    out = io.BytesIO()
    export_capture(home, "latest", "mitm", out, redact=redact)
    assert len(list(FlowReader(io.BytesIO(out.getvalue())).stream())) >= 3 * len(TEXTS) - 2


def test_the_bundle_holds_no_name_of_theirs_and_opens(home, tmp_path):
    out = io.BytesIO()
    write_bundle(home, "latest", out)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        names = archive.namelist()
    assert all(re.fullmatch(r"[\w./ -]+", name, re.ASCII) and ".." not in name for name in names)
    (tmp_path / "b.zip").write_bytes(out.getvalue())
    (tmp_path / "into").mkdir()
    assert not open_bag(tmp_path / "b.zip", tmp_path / "into").problems


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_terminal_shows_them_and_obeys_none(home, language):
    document = analyze(home, "latest", Lens()).document
    out = io.StringIO()
    terminal = Console(file=out, force_terminal=True, color_system=None, width=200)
    print_verdicts(document, terminal, language)
    for moment in moments(document, language):
        terminal.print(moment.line)
    ours = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())
    assert not UNPRINTABLE.search(ours)
    assert "evil" in ours


def test_the_live_view_shows_them_and_obeys_none():
    out = io.StringIO()
    with LiveView(Console(file=out, force_terminal=False, width=200)) as view:
        for text in TEXTS:
            view.phase(text)
            view.event(text, text, text)
            view.flow(text, text, [text])
            view.gap(text, text)
            view.message(text)
    assert not UNPRINTABLE.search(out.getvalue())
    assert "evil" in out.getvalue()


def test_the_database_keeps_its_tables_and_what_they_say(home):
    with sqlite3.connect(home.workspace.database) as database:
        assert database.execute("SELECT count(*) FROM verdicts").fetchone()[0] > 10
        assert database.execute("SELECT count(*) FROM view_timeline").fetchone()[0] > len(TEXTS)
    database.close()
    assert {path.name for path in home.path.iterdir()} <= {
        "sessions",
        "analyzer.db",
        "analyzer.db-shm",
        "analyzer.db-wal",
        "keys",
        "reports",
        "cache",
        "staging",
        "imports",
    }
