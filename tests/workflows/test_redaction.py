"""Copies without personal values, held against our own search: nothing of the phone's is found in them any more."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from urllib.parse import urlsplit

import pytest
import yaml
from mitmproxy.io import FlowReader

from analyzer.capture.interruption import Stop
from analyzer.packs.loader import load_packs
from analyzer.report.document import ResultDocument, to_bytes
from analyzer.report.progress import FileProgress
from analyzer.workflows.analyze import Lens, analyze, stored
from analyzer.workflows.export_capture import export_capture
from analyzer.workflows.export_result import WRITERS, export_result
from analyzer.workflows.home import Home
from analyzer.workflows.import_capture import ImportOrder, import_captures
from analyzer.workflows.import_statement import state
from analyzer.workflows.redaction import found_values, namer, redacted, redactor


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    stored(home, "shipped")
    return home


@pytest.fixture(scope="module")
def values(home) -> set[str]:
    """Everything that identifies the lab's person and phone, as text."""
    document = stored(home, "shipped").document
    found = {value for kind, value in found_values(document) if kind not in {"dev.installed_apps", "comm.contacts"}}
    for kind, texts in document.session.persona.values.items():
        if kind.startswith(("id.", "person.")):
            found.update(texts)
    return found | {"周慕白", "13800138471", "31.2304", "121.4737"}


@pytest.fixture(scope="module")
def copy(home) -> ResultDocument:
    result = stored(home, "shipped")
    return redacted(home.workspace, result.document, redactor(home.workspace, result))


@pytest.mark.parametrize("format_", WRITERS)
def test_no_value_is_left_in_any_format(home, copy, values, format_):
    text = b"".join(export_result(home, "shipped", format_, "en")).decode("utf-8", "replace")
    assert format_ == "markdown" or any(value in text for value in values)  # the summary shows none as it is
    made = b"".join(WRITERS[format_](copy, "en")).decode("utf-8", "replace")
    assert not [value for value in values if value in made]
    assert format_ == "markdown" or "[id.imei#" in made


@pytest.mark.parametrize("format_", ["har", "mitm"])
def test_nothing_of_the_phone_is_found_in_traffic_that_was_exported_so(home, values, tmp_path, format_):
    out = io.BytesIO()
    export_capture(home, "shipped", format_, out, redact=True)
    assert not [value for value in values if value.encode() in out.getvalue()]
    file = tmp_path / f"copy.{format_}"
    file.write_bytes(out.getvalue())
    before = stored(home, "shipped").document
    (tmp_path / "persona.yaml").write_text(yaml.safe_dump(persona(before)))
    other = Home(tmp_path / "other")
    order = ImportOrder((file,), "com.example", state(None, "", "", no_consent=True), tmp_path / "persona.yaml")
    with FileProgress() as view:
        found = analyze(other, import_captures(other, order, view, Stop()), Lens()).document.observations
    assert {one.data_type for one in before.observations if one.flow_index is not None} >= {"id.imei", "loc.precise"}
    assert [one for one in found if one.method == "indicator"] == []


def persona(document: ResultDocument) -> dict[str, object]:
    """Write the values of a session as a persona file again."""
    known = load_packs().taxonomy.types
    values = {
        kind: [json.loads(text) if text.startswith("{") else text for text in texts]
        for kind, texts in document.session.persona.values.items()
        if kind in known
    }
    return {"persona": "lab", "values": values}


def test_a_value_has_one_name_in_all_formats_and_another_in_another_workspace(home, copy, tmp_path):
    imei = next(one.value for one in stored(home, "shipped").document.observations if one.data_type == "id.imei")
    name = next(one.value for one in copy.observations if one.data_type == "id.imei")
    out = io.BytesIO()
    export_capture(home, "shipped", "har", out, redact=True)
    assert name in out.getvalue().decode()
    assert namer(home.workspace)("id.imei", imei) == name
    assert namer(Home(tmp_path).workspace)("id.imei", imei) != name


def test_every_copy_says_that_it_is_one(home, copy):
    out = io.BytesIO()
    export_capture(home, "shipped", "mitm", out, redact=True)
    out.seek(0)
    assert all("same name" in flow.metadata["redaction"] for flow in FlowReader(out).stream())
    lines = b"".join(WRITERS["timesketch"](copy, "en")).splitlines()
    assert all("values_replaced" in json.loads(line)["tag"] for line in lines)
    said = {"html": "replaced by names", "markdown": "replaced by names", "case": "same name", "perfetto": "replaced)"}
    for format_, words in said.items():
        assert words in b"".join(WRITERS[format_](copy, "en")).decode("utf-8", "replace")


def test_the_copy_still_obeys_the_schema_and_says_what_it_is(home, copy):
    assert b"".join(export_result(home, "shipped", "json", "en", redact=True)) == to_bytes(copy)
    assert "same name" in copy.session.redaction
    out = io.BytesIO()
    export_capture(home, "shipped", "har", out, redact=True)
    assert json.loads(out.getvalue())["log"]["comment"] == copy.session.redaction


def test_a_value_in_the_name_of_a_host_a_header_or_a_call_is_left_in_no_format(tmp_path):
    imei, home = "867431059238179", Home(tmp_path / "home")
    flow = {
        "startedDateTime": "2026-01-31T04:00:01Z",
        "request": {
            "method": imei,
            "url": f"https://{imei}.dns.example/p?a={imei}&b=2",
            "headers": [{"name": f"X-{imei}", "value": "1"}],
        },
        "response": {"status": 200, "statusText": f"OK {imei}", "headers": [{"name": f"Y-{imei}", "value": "1"}]},
    }
    refused = {
        "startedDateTime": "2026-01-31T04:00:02Z",
        "request": {"method": "GET", "url": f"https://{imei}.no.example/"},
        "response": {"status": 0},
        "_error": f"net::ERR_CERT_AUTHORITY_INVALID {imei}",
    }
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [flow, refused]}}))
    lines = [
        {"time": "2026-01-31T04:00:03Z", "api": f"a.B{imei}.c()", "stack": [f"x.C{imei}.d(E.java:1)"]},
        {"time": "2026-01-31T04:00:04Z", "mark": "dialog_shown", imei: "a", "host": imei, "source": imei},
    ]
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "p.yaml").write_text(f"persona: dev-{imei}\nvalues: {{id.imei: ['{imei}']}}\n")
    files, nobody = (tmp_path / "a.har", tmp_path / "b.jsonl"), state(None, "", "", no_consent=True)
    with FileProgress() as view:
        order = ImportOrder(files, "com.example", nobody, tmp_path / "p.yaml")
        analyze(home, import_captures(home, order, view, Stop()), Lens())
    made = {name: b"".join(export_result(home, "latest", name, "en", redact=True)) for name in WRITERS}
    for name in ("har", "mitm"):
        out = io.BytesIO()
        export_capture(home, "latest", name, out, redact=True)
        made[name] = out.getvalue()
    assert [name for name, data in made.items() if imei.encode() in data] == []
    shown = namer(home.workspace)("id.imei", imei)
    assert all(f"{shown}.dns.example".encode() in made[name] for name in ("json", "html", "csv", "mitm"))
    asked = json.loads(made["har"])["log"]["entries"][0]["request"]
    url = urlsplit(asked["url"])
    assert (url.netloc[-12:], url.query[-4:], url.fragment) == (".dns.example", "&b=2", "")
    assert asked["queryString"] == [{"name": "a", "value": shown}, {"name": "b", "value": "2"}]


def test_a_digest_of_joined_values_is_replaced_like_the_values(home):
    result = stored(home, "shipped")
    info = result.document.session
    imei, android_id = (info.persona.values[kind][0] for kind in ("id.imei", "id.android_id"))
    joined = hashlib.md5(f"{imei}_{android_id}".encode())
    made = redactor(home.workspace, result)
    for text in (joined.hexdigest(), joined.hexdigest().upper(), base64.b64encode(joined.digest()).decode()):
        assert "[id.imei#" in made.text(f'{{"d": "{text}"}}')
