from __future__ import annotations

import http.client
import ssl
import time
from pathlib import Path

from analyzer.capture.lab_internet import LabInternet
from analyzer.capture.lab_routes import LabRoutes
from analyzer.capture.proxy import Proxy
from analyzer.codec.records import decode
from analyzer.model.evidence import AppFacts, DeviceFacts, Record, Request, Response, SessionInfo
from analyzer.model.vocabulary import SessionKind, Strategy
from analyzer.store.chain import genesis, link, split
from analyzer.store.session import SessionWriter
from analyzer.store.workspace import Workspace


def _ask(proxy: Proxy, host: str) -> None:
    trusting = ssl.create_default_context(cafile=str(proxy.ca_certificate))
    connection = http.client.HTTPSConnection(*proxy.address, context=trusting, timeout=60)
    connection.set_tunnel(host, 443)
    connection.request("POST", "/", b"x" * 2_000_000)
    assert connection.getresponse().read()
    connection.close()


def test_the_shipped_addon_writes_the_flows_of_a_recording(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    info = SessionInfo(
        workspace.new_id("com.example", 1),
        SessionKind.RECORDED,
        1,
        AppFacts("com.example"),
        DeviceFacts("lab", "lab"),
        "0",
    )
    internet = LabInternet(tmp_path / "internet")
    places = internet.start()
    proxy = Proxy(lambda _message: None)
    try:
        with SessionWriter.create(workspace, info) as session:
            recording = session.add_recording(Strategy.ACCEPT)
            proxy.start(recording.path, tmp_path / "ca", LabRoutes(places.http, places.https, places.tcp))
            _ask(proxy, "a.example")
            time.sleep(0.25)
            on_disk_while_running = (recording.path / "flows.jsonl").read_bytes()
            counts = proxy.stop()
    finally:
        proxy.stop()
        internet.stop()
    assert on_disk_while_running.count(b"\n") == 2
    assert counts == {"request": 1, "response": 1}
    request, response = _chained_records(recording.path, info.id)
    assert isinstance(request, Request)
    assert isinstance(response, Response)
    assert request.body.blob is not None
    assert (recording.path / request.body.blob.path).stat().st_size == 2_000_000


def _chained_records(folder: Path, session: str) -> list[Record]:
    head, records = genesis(session, folder.name, "flows.jsonl"), []
    for line in (folder / "flows.jsonl").read_bytes().splitlines():
        parts = split(line)
        assert parts is not None
        head = link(head, parts[0])
        assert parts[1] == head
        records.append(decode(parts[0]))
    return records
