from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from analyzer.capture.wireguard import Listen, open_wireguard


def test_keys_and_configuration_are_private_and_gone_at_the_end(tmp_path):
    said = []
    with open_wireguard(tmp_path, Listen.parse("192.168.1.7:51820"), said.append, lambda: False) as made:
        files = {file.name: file for file in made.folder.iterdir()}
        assert {stat.S_IMODE(file.stat().st_mode) for file in files.values()} == {0o600}
        assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
        keys = json.loads(files["keys.json"].read_text())
        text = made.configuration.read_text()
        server = X25519PrivateKey.from_private_bytes(base64.b64decode(keys["server_key"]))
        public = base64.b64encode(server.public_key().public_bytes_raw()).decode()
        assert f"PrivateKey = {keys['client_key']}\n" in text
        assert f"PublicKey = {public}\n" in text
        assert keys["server_key"] not in text
        assert "Endpoint = 192.168.1.7:51820\n" in text
        assert made.mode == f"wireguard:{files['keys.json']}@192.168.1.7:51820"
    assert list(tmp_path.iterdir()) == []


def test_an_emulator_comes_to_this_machines_loopback_under_its_own_name_for_it(tmp_path):
    with open_wireguard(tmp_path, Listen.parse("127.0.0.1:51820"), print, lambda: False, emulator=True) as made:
        assert "Endpoint = 10.0.2.2:51820\n" in made.configuration.read_text()
        assert made.mode.endswith("@127.0.0.1:51820")


def test_what_a_killed_recording_left_goes_whatever_number_its_process_had(tmp_path):
    lefts = [tmp_path / name for name in (str(os.getpid()), "1", "4194305", "recording-x")]
    for left in lefts:
        left.mkdir()
        (left / "keys.json").write_text("secret")
    with open_wireguard(tmp_path, Listen("192.168.1.7", 1), print, lambda: False) as made:
        assert list(tmp_path.iterdir()) == [made.folder]
    assert list(tmp_path.iterdir()) == []


def test_recordings_beside_one_another_keep_their_keys_until_their_process_is_killed(tmp_path):
    listen = Listen("192.168.1.7", 1)
    with open_wireguard(tmp_path, listen, print, lambda: False) as first:
        with open_wireguard(tmp_path, listen, print, lambda: False) as second:
            assert first.configuration.exists()
            assert second.folder != first.folder
        assert first.configuration.exists()
        script = (
            "import pathlib, sys; from analyzer.capture.wireguard import Listen, open_wireguard\n"
            "with open_wireguard(pathlib.Path(sys.argv[1]), Listen('192.168.1.7', 1), print, lambda: False):\n"
            "    print(flush=True); sys.stdin.read()"
        )
        run = [sys.executable, "-c", script, str(tmp_path)]
        with subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            other.stdout.readline()
            with open_wireguard(tmp_path, listen, print, lambda: False):
                assert len(list(tmp_path.iterdir())) == 3
            other.kill()
        assert len(list(tmp_path.iterdir())) == 2
        with open_wireguard(tmp_path, listen, print, lambda: False) as last:
            assert {*tmp_path.iterdir()} == {first.folder, last.folder}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("51820", "is not ADDRESS:PORT"),
        ("phone.example:51820", "is not ADDRESS:PORT"),
        ("[::1]:51820", "is not ADDRESS:PORT"),
        ("0.0.0.0:51820", "no address that a device can be told"),
        ("224.0.0.1:51820", "no address that a device can be told"),
        ("192.168.1.7:", "is no port"),
        ("192.168.1.7:0", "is no port"),
        ("192.168.1.7:99999999999", "is no port"),
        ("192.168.1.7:+1", "is no port"),
    ],
)
def test_what_is_no_address_of_an_interface_is_refused(text, why):
    with pytest.raises(ValueError, match=why):
        Listen.parse(text)
