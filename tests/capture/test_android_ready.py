from __future__ import annotations

import frida
import pytest

from analyzer.capture.android_facts import read_facts
from analyzer.capture.android_ready import find_hindrances, tell_server
from analyzer.capture.android_shell import AndroidShell


def hindrances(double):
    shell = AndroidShell(double.serial, double.server)
    return find_hindrances(shell, read_facts(shell))


def test_a_device_that_can_all_is_hindered_by_nothing_and_is_left_as_it_was(android):
    double = android(root="magisk")
    before = double.snapshot()
    assert hindrances(double) == []
    assert double.snapshot() == before


@pytest.mark.parametrize(("offset", "way"), [(-7200.0, "2.0 hours behind"), (90_000.0, "25.0 hours ahead")])
def test_a_clock_that_is_far_off_is_told(offset, way, android):
    (lack,) = hindrances(android(clock_offset=offset))
    assert way in lack.sentence
    assert "auto_time 1" in lack.remedy


def test_a_lock_that_asks_for_a_secret_is_told(android):
    double = android()
    double.change("extra", "says_secure", to=True)
    (lack,) = hindrances(double)
    assert "asks for a PIN" in lack.sentence


def test_a_frida_server_of_somebody_else_is_named_with_what_ends_it(android):
    double = android(root="magisk")
    shell = AndroidShell(double.serial, double.server)
    place = "/data/local/tmp/frida-server"
    line = f"cp /system/bin/app_process64 {place}; ({place} 99 >/dev/null 2>&1 &)"
    shell.run_as_root("magisk", "sh", "-c", line)
    (lack,) = hindrances(double)
    assert "frida-server 99" in lack.sentence
    assert "shell su -c 'kill " in lack.remedy


@pytest.mark.parametrize("program", ["iptables", "ip6tables"])
def test_a_device_that_cannot_redirect_is_told_with_the_other_ways(program, android):
    (lack,) = hindrances(android(root="magisk", denied=(program,)))
    assert f"its {program} does not work" in lack.sentence
    assert "--traffic proxy" in lack.remedy


def test_where_the_frida_server_comes_from_is_told_with_what_to_do_without_network(android, tmp_path):
    double = android()
    facts = read_facts(AndroidShell(double.serial, double.server))
    name = f"frida-server-{frida.__version__}-android-x86_64"
    told = tell_server(facts, tmp_path)
    assert f"/{frida.__version__}/{name}.xz into {tmp_path}" in told
    (tmp_path / f"{name}.xz").touch()
    assert tell_server(facts, tmp_path).endswith("is here")
    assert tell_server(facts._replace(abi="riscv64"), tmp_path) == ""
