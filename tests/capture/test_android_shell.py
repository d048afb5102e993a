from __future__ import annotations

import gc
import socket

import pytest
from adb_wire import PHONE, Phone, plugged_in, real_adb_server

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem

HOSTILE = ("com.example; touch pwned", "$(touch pwned)", "`touch pwned`", "it's", 'a"b', "", "a\nb", "名 字", "*", "-n")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with real_adb_server(tmp_path_factory.mktemp("adb")) as address:
        yield address


@pytest.mark.parametrize("root", ["adbd", "magisk", "su"])
def test_a_hostile_word_arrives_as_one_word_also_as_root(root, server, tmp_path):
    phone = Phone(tmp_path / "phone", PHONE, root=root)
    wanted = "".join(f"<{word}>" for word in HOSTILE)
    with plugged_in(phone, server) as serial:
        shell = AndroidShell(serial, server)
        assert shell.run("words", *HOSTILE).out == wanted
        assert shell.run_as_root(root, "words", *HOSTILE).out == wanted
        assert shell.run_as_root(root, "id", "-u").out == "0"
    assert not (phone.home / "pwned").exists()


def test_exit_code_and_complaint_come_back_apart_and_long_output_whole(server, tmp_path):
    with plugged_in(Phone(tmp_path / "phone", PHONE), server) as serial:
        shell = AndroidShell(serial, server)
        said = shell.run("nosuchthing")
        assert (said.code, said.out) == (127, "")
        assert "nosuchthing" in said.err
        assert shell.run("flood").out == "x" * 20_000


# adbutils leaves the socket of a refused transport to the garbage collector.
def test_an_unplugged_device_is_one_sentence_that_says_what_to_do(server, tmp_path):
    with plugged_in(Phone(tmp_path / "phone", PHONE), server) as serial:
        shell = AndroidShell(serial, server)
    with pytest.raises(EnvironmentProblem, match="Check the cable"):
        shell.run("id")
    gc.collect()


def test_bytes_files_ports_and_endless_output_go_through(android, tmp_path):
    double = android()
    shell = AndroidShell(double.serial, double.server)
    (tmp_path / "file").write_bytes(bytes(range(256)) * 40)
    shell.push(tmp_path / "file", "/data/local/tmp/a b", 0o600)
    assert shell.read("cat", "/data/local/tmp/a b") == bytes(range(256)) * 40
    with double.listen(27123) as listener:
        port = shell.forward(27123)
        with socket.create_connection(("127.0.0.1", port)) as wire, listener.accept()[0] as inside:
            wire.sendall(b"hello")
            assert inside.recv(9) == b"hello"
        shell.end_forward(port)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    stream = shell.stream("sh", "-c", "while echo line; do sleep 0.05; done")
    assert next(iter(stream)) == "line"
    stream.close()
    assert list(stream) == []
