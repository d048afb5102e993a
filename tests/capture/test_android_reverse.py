from __future__ import annotations

import socket

import pytest

from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.device import EnvironmentProblem


def test_ports_of_the_device_lead_here_until_they_are_closed(android):
    double = android()
    ports = ReversePorts(double.serial, double.server)
    with socket.create_server(("127.0.0.1", 0)) as here:
        assert ports.open({28100: here.getsockname()[1]})
        with double.connect("127.0.0.1", 28100) as near, here.accept()[0] as far:
            near.sendall(b"from the device")
            assert far.recv(100) == b"from the device"
        ours = {28100: here.getsockname()[1]}
        ports.close({28199: 1, **ours})
        ports.close(ours)
        with pytest.raises(AssertionError, match="refused"):
            double.connect("127.0.0.1", 28100)


def test_a_port_that_somebody_else_leads_elsewhere_by_now_stays_open(android):
    double = android()
    ports = ReversePorts(double.serial, double.server)
    with socket.create_server(("127.0.0.1", 0)) as here:
        target = here.getsockname()[1]
        assert ports.open({28100: target})
        ports.close({28100: target + 1})
        with double.connect("127.0.0.1", 28100), here.accept()[0]:
            pass
        ports.close({28100: target})


def test_a_run_of_ports_is_opened_whole_or_not_at_all(android):
    double = android()
    ports = ReversePorts(double.serial, double.server)
    with double.listen(28101):
        assert not ports.open({28100: 1, 28101: 2})
    with pytest.raises(AssertionError, match="refused"):
        double.connect("127.0.0.1", 28100)
    assert ports.plan(2)[:2] == [[28100, 28101], [28300, 28301]]


def test_a_port_that_another_program_had_when_it_was_asked_for_leads_here_later(android):
    double = android()
    ports = ReversePorts(double.serial, double.server)
    with double.listen(28101):
        assert not ports.open({28101: 1})
    with socket.create_server(("127.0.0.1", 0)) as here:
        ours = {28101: here.getsockname()[1]}
        assert ports.open(ours)
        with double.connect("127.0.0.1", 28101), here.accept()[0]:
            pass
        ports.close(ours)


def test_a_device_that_is_gone_is_one_sentence(android):
    double = android()
    ports = ReversePorts(double.serial, double.server)
    double.unplug()
    with pytest.raises(EnvironmentProblem, match="does not answer"):
        ports.close({28100: 1})
