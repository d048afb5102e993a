from __future__ import annotations

import pytest

from analyzer.capture.android import ListedDevice
from analyzer.capture.wireguard import Listen
from analyzer.workflows.home import Home
from analyzer.workflows.listener import hold_listener

PHONE = ListedDevice("R58M", "phone", "Double", "device")


def test_its_user_is_told_where_it_listens_what_to_load_and_what_to_take_away(tmp_path):
    said = []
    with hold_listener(Home(tmp_path), Listen("192.168.1.7", 51820), PHONE, said.append, lambda: False) as made:
        assert "listens for WireGuard on 192.168.1.7:51820 (UDP), because --wireguard-listen says so" in said[0]
        assert f"adb -s R58M push {made.configuration} /sdcard/Download/" in said[1]
        assert made.configuration.is_file()
        assert made.folder.parent == (tmp_path / "wireguard").absolute()
    assert not made.folder.exists()
    assert "key is deleted" in said[2]
    assert len(said) == 3


def test_what_to_take_away_is_said_after_a_failure_too(tmp_path):
    said = []
    held = hold_listener(Home(tmp_path), Listen("192.168.1.7", 51820), PHONE, said.append, lambda: False)
    with pytest.raises(OSError, match="full"), held as made:
        raise OSError("full")
    assert not made.folder.exists()
    assert "take it and analyzer.conf away" in said[-1]


def test_without_a_tunnel_nothing_is_made_or_said(tmp_path):
    with hold_listener(Home(tmp_path), None, PHONE, pytest.fail, lambda: False) as made:
        assert made is None
    assert list(tmp_path.iterdir()) == []
