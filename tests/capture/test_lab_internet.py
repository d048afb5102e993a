from __future__ import annotations

import json
import socket
import ssl
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest
import wsproto
from wsproto.events import AcceptConnection, BytesMessage, Request, TextMessage

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_internet import LabAddresses, LabInternet


@pytest.fixture(scope="module")
def internet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabInternet]:
    made = LabInternet(tmp_path_factory.mktemp("internet"))
    made.start()
    yield made
    made.stop()
    made.stop()
    assert [thread.name for thread in threading.enumerate() if thread.name == "lab-internet"] == []


def trusting(internet: LabInternet, *protocols: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(internet.certificate.authority))
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


def secured(internet: LabInternet, protocol: str) -> ssl.SSLSocket:
    connection = socket.create_connection(internet.addresses.https, timeout=60)
    return trusting(internet, protocol).wrap_socket(connection, server_hostname="localhost")


def test_cleartext_and_tls_answer_on_loopback(internet: LabInternet) -> None:
    urls = (
        f"http://127.0.0.1:{internet.addresses.http[1]}/collect?x=1",
        f"https://127.0.0.1:{internet.addresses.https[1]}/collect?x=1",
    )
    for url in urls:
        with urllib.request.urlopen(url, b"z" * 300_000, context=trusting(internet), timeout=60) as answer:
            assert json.load(answer) == {"ok": True, "received": 300_000}


def test_http_2_is_spoken(internet: LabInternet) -> None:
    with secured(internet, "h2") as connection:
        assert connection.selected_alpn_protocol() == "h2"
        client = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
        client.initiate_connection()
        headers = [(":method", "POST"), (":path", "/a"), (":scheme", "https"), (":authority", "track.ads.example")]
        client.send_headers(1, headers)
        client.send_data(1, b"four", end_stream=True)
        connection.sendall(client.data_to_send())
        body = b""
        while True:
            for event in client.receive_data(connection.recv(65536)):
                if isinstance(event, h2.events.DataReceived):
                    body += event.data
                if isinstance(event, h2.events.StreamEnded):
                    assert json.loads(body) == {"ok": True, "received": 4}
                    return


def test_a_web_socket_echoes_text_and_bytes(internet: LabInternet) -> None:
    with secured(internet, "http/1.1") as connection:
        client = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
        connection.sendall(client.send(Request(host="live.example", target="/ws")))
        heard: list[object] = []
        while len(heard) < 3:
            client.receive_data(connection.recv(65536))
            for event in client.events():
                if isinstance(event, AcceptConnection):
                    connection.sendall(
                        client.send(TextMessage(data="你好")) + client.send(BytesMessage(data=b"\x00\x01"))
                    )
                heard.append(event.data if isinstance(event, TextMessage | BytesMessage) else type(event))
        assert heard == [AcceptConnection, "你好", b"\x00\x01"]


def test_raw_tcp_echoes(internet: LabInternet) -> None:
    with socket.create_connection(internet.addresses.tcp, timeout=60) as connection:
        connection.sendall(b"raw bytes")
        assert connection.recv(100) == b"raw bytes"


def test_it_listens_on_loopback_only_and_says_where(internet: LabInternet) -> None:
    addresses = internet.addresses
    assert {host for host, _ in (addresses.https, addresses.http, addresses.tcp)} == {"127.0.0.1"}
    assert LabAddresses(("127.0.0.1", 1), ("127.0.0.1", 2), ("127.0.0.1", 3)).text() == (
        "https=127.0.0.1:1,http=127.0.0.1:2,tcp=127.0.0.1:3"
    )


def test_it_stops_at_once_with_clients_connected_and_frees_its_ports(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made = LabInternet(tmp_path)
    addresses = made.start()
    idle = [
        socket.create_connection(address, timeout=60) for address in (addresses.https, addresses.http, addresses.tcp)
    ]
    idle[2].sendall(b"x")
    assert idle[2].recv(1) == b"x"
    made.stop()
    for client in idle:
        client.close()
    for address in (addresses.https, addresses.http, addresses.tcp):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, timeout=60)
    with pytest.raises(EnvironmentProblem, match="not running"):
        _ = made.addresses
    assert capfd.readouterr() == ("", "")


def test_it_can_be_started_again(tmp_path: Path) -> None:
    made = LabInternet(tmp_path)
    for _ in range(2):
        address = made.start().http
        with urllib.request.urlopen(f"http://127.0.0.1:{address[1]}/", timeout=60) as answer:
            assert answer.status == 200
        made.stop()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="file"):
        LabInternet(tmp_path / "file" / "x").start()
